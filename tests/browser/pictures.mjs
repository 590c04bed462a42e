// Not a test: draws the two pictures of the README, docs/img/public.png (a guide) and docs/img/desk.png (a morning's queue), from the demo.
//   node tests/browser/pictures.mjs        (JINGBAN names the program, default build/jingban)
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { idNumber } from '../http/browser.mjs';
import { client, root, serve } from '../http/lib.mjs';
import { PASSWORD, signIn } from '../http/staff.mjs';
import { demoPeople, launch } from './lib.mjs';

const REGION = '421300', out = path.join(root, 'docs/img');
const server = await serve(), web = client(server.base), browser = await launch();
let serial = 100;

async function apply(matter, facts, applicant, more = {}) {
  const r = await web.postJson(`/regions/${REGION}/matters/${matter}/applications`, { facts, applicant, ...more }, { 'idempotency-key': `p-${++serial}` });
  assert.equal(r.status, 201, JSON.stringify(r.body));
  return r.body.no;
}
// A newcomer's enrolment: an employee's takes five working days, a freelancer's is done the same day.
function enrol(name, { employed = true, given = true } = {}) {
  const p = { name, id_number: idNumber('421303', `19${70 + serial % 29}0${1 + serial % 9}1${serial % 9}`, String(++serial)), mobile: `1390000${serial}0` };
  const form = { filler_phone: p.mobile, ...(employed && { unit_name: '演示一号机械有限公司', unit_no: '1' }),
    employees: [{ person_name: name, id_kind: '居民身份证', id_number: p.id_number, employee_action: '增加', mobile: p.mobile, ...(employed && { declared_wage: '4800.00' }) }] };
  return apply('02', { insured_status: employed ? '在职职工' : '灵活就业人员', employee_action: '增加' }, p, { form, materials: given ? { [employed ? '1.2' : '2.1']: 'given' } : {} });
}
const people = demoPeople(REGION).filter((p) => p.insurance === '职工医保');
const certificate = (i) => apply('08', { insurance: '职工医保' }, { ...people[i], mobile: '13912345678' });
const retired = people.filter((p) => p.identity === '退休人员');
const filing = (i) => apply('10', { retired: '是', outside_pool: '是', hukou_moved: '是', proof_mode: '提交材料' }, { ...retired[i], mobile: '13912345678' });

async function at(time) {
  const r = await web.postJson('/demo/clock', { now: `2026-11-${time}:00+08:00` });
  assert.equal(r.status, 200, JSON.stringify(r.body));
}
async function act(login, no, action, body = {}) {
  const staff = await signIn(server, REGION, login);
  const r = await staff.post(`/desk/cases/${no}/actions/${action}`, body);
  assert.equal(r.status, 200, `${action}: ${JSON.stringify(r.body)}`);
}

await at('13T09:40');
const first = await enrol('欧阳思远');
await act('window', first, 'accept');
await at('16T10:05');
const second = await enrol('周桂兰');
await act('window', second, 'accept');
await act('reviewer', second, 'pass');
await at('17T14:30');
await enrol('何俊杰');
const short = await enrol('马晓彤', { given: false });
await act('window', short, 'notice');
await at('19T09:15');
await act('window', await enrol('陈可馨'), 'accept');
await enrol('郭天佑');
await at('20T15:50');
await certificate(0);
await enrol('唐静怡');
await act('window', await enrol('许嘉诚'), 'accept');
await enrol('邓佳怡');
await at('23T08:35');
await enrol('沈博文', { employed: false });
await at('23T08:52');
await certificate(1);
await act('window', await enrol('曾梦琪', { employed: false }), 'accept');
await at('23T09:08');
await filing(2);
await enrol('彭一鸣');
await certificate(4);
await enrol('苏梓萱');
await at('23T09:20');
await filing(5);
await act('window', await enrol('江紫萱'), 'accept');
await enrol('石磊');
for (const name of ['田雨欣', '夏宇航', '汪若曦']) await enrol(name);

mkdirSync(out, { recursive: true });
const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, reducedMotion: 'reduce' }), page = await context.newPage();
await page.goto(`${server.base}/r/${REGION}/m/02`);
await page.screenshot({ path: path.join(out, 'public.png') });
await at('23T09:30');
await signIn(server, REGION, 'window');
await page.goto(server.base + '/desk/login');
await page.selectOption('#f-region', REGION);
await page.fill('#f-login', 'window');
await page.fill('#f-password', PASSWORD);
await Promise.all([page.waitForNavigation(), page.press('#f-password', 'Enter')]);
await page.keyboard.press('j');
await page.screenshot({ path: path.join(out, 'desk.png') });
await browser.close();
await server.stop();
console.log(`${out}: public.png, desk.png`);
