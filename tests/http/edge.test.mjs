// At the edge: too much, too often, behind a proxy; what a clerk sees of other people's files and other agencies' cases.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { idNumber } from './browser.mjs';
import { client, root, serve } from './lib.mjs';
import { browse, oneTime, signIn } from './staff.mjs';

const REGION = '211282', PUBLIC = '421300', RECORDS = '420281';
const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
const flexible = { insured_status: '灵活就业人员', employee_action: '增加' };
let server, web;
before(async () => { server = await serve(['--trust-proxy', '--public-url', 'https://yb.example'], { timeout: 120000 }); web = client(server.base); });
after(() => server?.stop());

let serial = 100, key = 0, host = 0;
const somebody = () => ({ name: '林小满', id_number: idNumber(PUBLIC.slice(0, 4) + '03', '19900307', ++serial), mobile: '13812345678' });
const formOf = (p) => ({ filler_phone: p.mobile, employees: [{ person_name: p.name, id_kind: '居民身份证', id_number: p.id_number, employee_action: '增加', mobile: p.mobile }] });
const peer = () => `203.0.113.${++host}`;
const send = (body, from = peer(), { region = PUBLIC, matter = '02' } = {}) =>
  web.postJson(`/regions/${region}/matters/${matter}/applications`, body, { 'idempotency-key': `edge-${++key}`, 'x-forwarded-for': from });
const whole = (p, form = formOf(p)) => ({ facts: flexible, applicant: p, form, materials: { 2.1: 'given' } });

// --- too much ---

test('half a megabyte of noughts is refused, and the program lives', async () => {
  for (const size of [255000, 19000]) {
    const noughts = Array(size).fill(0), p = somebody();
    for (const form of [{ a: noughts }, { employees: noughts }, { filler_phone: noughts }, { employees: [{ person_name: noughts }] }]) {
      const r = await send(whole(p, form));
      assert.equal(r.status, size > 20000 ? 413 : 422, JSON.stringify(r.body));
      if (size > 20000) assert.match(r.body.detail, /内容太多/);
    }
  }
  const maps = await send(whole(somebody(), { employees: Array(9000).fill({}) }));
  assert.deepEqual([maps.status, maps.body.errors[0].field], [422, 'employees']);
  const deep = await send(whole(somebody(), { filler_phone: { a: 1 } }));
  assert.deepEqual([deep.status, deep.body.errors[0].field], [422, 'filler_phone']);
  const p = somebody(), fine = await send(whole(p, { ...formOf(p), filler_phone: 13812345678, unheard_of: [{ of: 1 }] }));
  assert.equal(fine.status, 201, JSON.stringify(fine.body));
  assert.equal(server.child.exitCode, null);
});

// --- too often ---

test('sixty drafts an hour from one address, then a wait; other addresses go on', async () => {
  const from = peer(), make = (who) => web.postJson(`/regions/${PUBLIC}/matters/02/drafts`, { facts: flexible }, { 'x-forwarded-for': who });
  for (let i = 0; i < 60; i++) assert.equal((await make(from)).status, 201, `draft ${i}`);
  const r = await make(from);
  assert.deepEqual([r.status, r.body.id], [429, 'ERR_LOCKED']);
  assert.match(r.body.detail, /60 分钟后/);
  assert.equal((await make(peer())).status, 201);
  const page = await web.post(`/r/${PUBLIC}/m/02/apply`, flexible, { 'x-forwarded-for': from });
  assert.deepEqual([page.status, page.headers.get('retry-after')], [429, '3600']);
});

test('three hundred applications an hour from one address', async () => {
  const from = peer();
  for (let i = 0; i < 300; i++) assert.equal((await send({ ...whole(somebody()), materials: { 99: 'given' } }, from)).status, 422, `application ${i}`);
  assert.equal((await send(whole(somebody()), from)).status, 429);
  assert.equal((await send(whole(somebody()))).status, 201);
});

test('who is insured cannot be searched for: twenty refusals, then a wait', async () => { //= R102
  const from = peer(), ask = (who) => send({ facts: { insurance: '职工医保' }, applicant: somebody() }, who, { region: RECORDS, matter: '10' });
  for (let i = 0; i < 20; i++) assert.deepEqual((await ask(from)).body.id, 'ERR_RECORD_MISSING');
  assert.equal((await ask(from)).status, 429);
  assert.equal((await ask(peer())).status, 409);
});

test('thirty attempts to sign in within ten minutes', async () => {
  const headers = { 'x-forwarded-for': peer() }, wrong = (i) => ({ region: REGION, login: `nobody${i}`, password: '不对不对不对' });
  for (let i = 0; i < 30; i++) assert.equal((await web.postJson('/sessions', wrong(i), headers)).status, 401);
  const r = await web.postJson('/sessions', wrong(30), headers);
  assert.deepEqual([r.status, r.body.id], [429, 'ERR_LOCKED']);
  const page = await web.post('/desk/login', wrong(31), headers);
  assert.deepEqual([page.status, page.headers.get('retry-after')], [429, '600']);
  assert.equal((await web.get('/desk/login', headers)).status, 200);
});

// --- behind a proxy ---

test('the cookie of staff is Secure when the site is https', async () => {
  const password = oneTime(server, RECORDS, 'reviewer');
  const r = await web.post('/desk/login', { region: RECORDS, login: 'reviewer', password }, { 'x-forwarded-for': peer() });
  assert.equal(r.status, 303);
  assert.match(r.headers.get('set-cookie'), /; Secure/);
});

// --- the desk ---

function uscc(n) {
  const set = '0123456789ABCDEFGHJKLMNPQRTUWXY', org = `TE${String(n).padStart(6, '0')}`;
  const ow = [3, 7, 9, 10, 5, 8, 4, 2], value = (c) => (c <= '9' ? Number(c) : c.charCodeAt(0) - 55);
  const o = 11 - [...org].reduce((s, c, i) => s + value(c) * ow[i], 0) % 11;
  const body = `91${REGION}${org}${o === 11 ? '0' : o === 10 ? 'X' : o}`;
  let sum = 0, w = 1;
  for (const c of body) { sum += set.indexOf(c) * w; w = (w * 3) % 31; }
  return body + set[(31 - sum % 31) % 31];
}

const given = (code) => ({
  unit_action: '新参保', unit_name: '演示边缘有限公司', uscc: code, legal_name: '王建国', legal_id_number: idNumber('110101', '19700101', 112),
  contact_name: '李红', contact_mobile: '13900000001', unit_address: '演示路1号', insurances: '职工基本医疗保险',
});

async function unitCase(staff, code) {
  const { body } = await staff.get('/desk/intake/08'), form = {}, known = given(code);
  for (const f of body.form.sections.flatMap((s) => s.fields ?? []))
    if (f.id in known) form[f.id] = known[f.id];
    else if (f.required) form[f.id] = f.options?.length ? f.options[0].option : { 日期: '2026-11-01', 手机: '13900000001', 电话: '13900000001' }[f.type] ?? '演示';
  const r = await staff.post('/desk/intake/08', { facts: { unit_class: '企业' }, form, point: 'hall', materials: [{ key: '1' }, { key: '2' }, { key: '3' }] },
    { 'idempotency-key': `edge-${++key}` });
  assert.equal(r.status, 200, JSON.stringify(r.body));
  return r.body.no;
}

test('finishing in one go: a refused step stops it with a notice, what was done stays', async () => {
  const clerk = await signIn(server, REGION, 'window'), accept = (no) => clerk.post(`/desk/cases/${no}/actions/accept`, { finish: true });
  const code = uscc(901), first = await unitCase(clerk, code), second = await unitCase(clerk, code), third = await unitCase(clerk, code);
  assert.equal((await accept(first)).body.case.status, 'closed');
  const r = await accept(second);
  assert.equal(r.status, 200, JSON.stringify(r.body));
  assert.deepEqual([r.body.case.status, r.body.notice_id], ['working', 'ERR_ENROLMENT_DUPLICATE']);
  assert.match(r.body.notice, /重复参保/);
  const page = await browse(server, REGION, 'window');
  const sent = await page.send(`/desk/c/${third}/accept`, { finish: '1' }, `/desk/c/${third}`);
  assert.deepEqual([sent.status, sent.location], [303, `/desk/c/${third}?done=accept&stopped=ERR_ENROLMENT_DUPLICATE`], sent.text.slice(0, 300));
  assert.match(await page.text(sent.location), /没有接着办：不能同时重复参保/);
  assert.ok(!(await page.text(`/desk/c/${third}?stopped=somebody's+words`)).includes('没有接着办'));
});

test("a file's own name is shown once the case is revealed", async () => {
  const made = await web.postJson(`/regions/${PUBLIC}/matters/02/drafts`, { facts: flexible }, { 'x-forwarded-for': peer() });
  const at = `${server.base}/api/v1/regions/${PUBLIC}/drafts/${made.body.draft.token}`, p = somebody(), files = new FormData();
  const put = (part, body) => fetch(`${at}/${part}`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal((await put('applicant', { applicant: p })).status, 200);
  assert.equal((await put('form', formOf(p))).status, 200);
  files.append('file', new Blob([Buffer.from('%PDF-1.4\n%synthetic\n')]), '林小满的身份证.pdf');
  assert.equal((await fetch(`${at}/uploads/2.1`, { method: 'POST', body: files })).status, 201);
  const sent = await fetch(`${at}/submit`, { method: 'POST' });
  assert.equal(sent.status, 201, await sent.clone().text());
  const { no } = await sent.json(), clerk = await signIn(server, PUBLIC, 'window');
  assert.equal((await clerk.get(`/desk/cases/${no}`)).body.case.uploads[0].name, '文件 1');
  const open = await clerk.post(`/desk/cases/${no}/reveal`, { reason: '核对证件' });
  assert.equal(open.body.case.uploads[0].name, '林小满的身份证.pdf');
});

test("staff of another agency neither list, open nor act on the bureau's cases", async () => {
  const add = (login, agency) => /一次性口令：([^（]+)（/.exec(execFileSync(binary, ['staff', 'add', '--data', server.data, ...server.db, '--region', REGION,
    '--login', login, '--name', '外来', '--roles', 'window', '--agency', agency], { cwd: root, encoding: 'utf8' }))[1];
  const clerk = await signIn(server, REGION, 'window'), no = await unitCase(clerk, uscc(902));
  const stranger = await signIn(server, REGION, 'tieling', add('tieling', 'tieling')), centre = await signIn(server, REGION, 'centre', add('centre', 'centre'));
  for (const query of ['', '?stage=%E5%8F%97%E7%90%86']) {
    assert.deepEqual((await stranger.get(`/desk/cases${query}`)).body.cases, []);
    assert.ok((await centre.get(`/desk/cases${query}`)).body.cases.some((c) => c.no === no));
  }
  assert.deepEqual((await stranger.get('/desk/tasks')).body.tasks, []);
  assert.equal((await stranger.get(`/desk/cases/${no}`)).status, 403);
  assert.equal((await stranger.post(`/desk/cases/${no}/reveal`, { reason: '好奇' })).status, 403);
  assert.equal((await stranger.post(`/desk/cases/${no}/actions/accept`)).status, 403);
  assert.equal((await centre.get(`/desk/cases/${no}`)).status, 200);
});
