// Supervision: complaints and the supervision phone (R8), the supervisor's page, a city's report over its counties with circulars and
// rectification tasks (R286).
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, idNumber } from './browser.mjs';
import { client, root, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';

const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
let server, web;
before(async () => { server = await serve([], { timeout: 120000 }); web = client(server.base); });
after(() => server?.stop());

const CITY = '421300', COUNTY = '421381', STRANGER = '211282', R = '420281';
const TEXT = '十一月二十日上午在大厅三号窗口等了两个小时，没有人叫号。';
const advance = async (days) => assert.equal((await web.postJson('/demo/clock', { advance_workdays: days })).status, 200);
const complain = (body = {}, headers = {}, region = R) => web.postJson(`/regions/${region}/complaints`, { kind: 'complaint', text: TEXT, ...body }, headers);

// Rows of the running server's database, whichever it is.
function rows(sql) {
  const url = server.db[1];
  const out = url ? execFileSync('psql', ['-X', '-A', '-t', '-d', url, '-c', sql], { encoding: 'utf8' })
    : execFileSync('sqlite3', ['-readonly', path.join(server.data, 'jingban.db'), sql], { encoding: 'utf8' });
  return out.trim().split('\n').map((l) => l.trim()).filter(Boolean);
}

let serial = 100, key = 0;
async function register(region) {
  const p = { name: '林小满', id_number: idNumber(region, '19900307', ++serial), mobile: '13812345678' };
  const form = { filler_phone: p.mobile, employees: [{ person_name: p.name, id_kind: '居民身份证', id_number: p.id_number, employee_action: '增加', mobile: p.mobile }] };
  const r = await web.postJson(`/regions/${region}/matters/02/applications`, { facts: { insured_status: '灵活就业人员', employee_action: '增加' }, applicant: p, form, materials: { '2.1': 'given' } },
    { 'idempotency-key': `s-${++key}` });
  assert.equal(r.status, 201, JSON.stringify(r.body));
  return r.body;
}

test('a complaint without scripts: sent, given to a named person, answered, read with its code, published in other words', async () => { //= R8
  const page = new Browser(server.base);
  await page.open(`/r/${CITY}/complaint`);
  page.has('0722-7115868', '15 个工作日内答复', '系统口径');
  await page.submit('/complaint', { text: '短', case_no: '123' });
  assert.equal(page.status, 422);
  page.has('类别：没有选择', '内容：太短', '办件编号：不是本地的办件编号');
  assert.ok(page.html.includes('>短</textarea>'), 'nothing typed is lost');
  await page.submit('/complaint', { kind: 'complaint', text: TEXT, target: '三号窗口的小赵', contact: '13900001111 王五', case_no: '', matter: '02' });
  page.has('收到了', '等待交办', '三号窗口的小赵', TEXT, '系统口径');
  const [, no, code] = /\/complaint\/(TS421300-2026-\d{6})\/([0-9A-Z]{10})\?new=1/.exec(page.url);
  page.has(no, code);
  const link = page.url.replace('?new=1', '');

  const boss = await browse(server, CITY, 'supervisor'), list = await boss.text('/desk/complaints');
  assert.ok(list.includes(no) && !list.includes('13900001111') && !list.includes('王五'));
  const at = new RegExp(`/desk/complaints/(\\d+)">${no}`).exec(list)[1], path = `/desk/complaints/${at}`;
  const one = await boss.text(path);
  assert.ok(one.includes(TEXT) && !one.includes('13900001111'));
  const reviewer = /value="(\d+)">审核演示/.exec(one)[1], window = /value="(\d+)">窗口演示/.exec(one)[1];
  let r = await boss.send(`${path}/assign`, { owner: '', accused: window }, path);
  assert.equal(r.status, 422);
  assert.ok(r.text.includes('交给谁办理：没有选择'));
  r = await boss.send(`${path}/assign`, { owner: window, accused: window }, path);
  assert.equal(r.status, 403);
  assert.ok(r.text.includes('被投诉的人不能办理这件投诉'));
  r = await boss.send(`${path}/assign`, { owner: reviewer, accused: window, note: '三天内核实' }, path);
  assert.equal(r.status, 303, r.text);
  assert.equal((await boss.send(`${path}/answer`, { text: '不该由我答复' }, path)).status, 403, 'only whom it was given to');

  const hand = await browse(server, CITY, 'reviewer');
  assert.ok((await hand.text('/desk/complaints')).includes(no));
  r = await hand.send(`${path}/answer`, { text: '', publish: '1' }, path);
  assert.equal(r.status, 422);
  assert.ok(['答复：没有填写', '公开的标题：没有填写', '公开的答复：没有填写'].every((w) => r.text.includes(w)));
  assert.ok((await hand.text(path)).includes('三天内核实'));
  r = await hand.send(`${path}/answer`, { text: '王五先生：已核实，<b>叫号机</b>故障。', publish: '1', title: '关于大厅等候的投诉', public_text: '叫号机已经修好。' }, path);
  assert.equal(r.status, 303, r.text);
  (await page.open(link)).has('已答复', '王五先生：已核实，<b>叫号机</b>故障。').hasNot('等待交办');
  (await page.open(`/r/${CITY}/complaints`)).has('关于大厅等候的投诉', '叫号机已经修好').hasNot('王五', '小赵', TEXT);
  (await page.open(`/e/r/${CITY}/complaints`)).has('关于大厅等候的投诉');
  assert.deepEqual(rows(`select kind || ' ' || person from complaint_event where complaint_id = ${at} order by seq`), ['received', 'assigned 审核演示', 'answered']);
});

test('nobody sees or answers what is said about himself, nor about a case that was in his hands', async () => {
  const c = await register(CITY), clerk = await signIn(server, CITY, 'window'), boss = await signIn(server, CITY, 'supervisor');
  assert.equal((await clerk.post(`/desk/cases/${c.no}/actions/accept`, {})).status, 200);
  const made = (await complain({ case_no: c.no, matter: '02' }, {}, CITY)).body;
  const row = (await boss.get('/desk/complaints')).body.complaints.find((x) => x.no === made.no);
  const { body } = await boss.get(`/desk/complaints/${row.id}`), id = (name) => body.staff.find((s) => s.login === name).id;
  assert.ok(!body.staff.some((s) => s.login === 'kiosk'), 'a machine is given nothing');
  let r = await boss.post(`/desk/complaints/${row.id}/assign`, { owner: id('window') });
  assert.equal(r.status, 403);
  assert.equal(r.body.errors[0].field, 'owner');
  assert.match(r.body.errors[0].reason, /正经办投诉涉及的办件/);
  assert.equal((await clerk.get(`/desk/complaints/${row.id}`)).status, 404, 'not given to him: it is not there');
  assert.equal((await clerk.get('/desk/complaints')).body.count, 0);
  assert.equal((await boss.post(`/desk/complaints/${row.id}/assign`, { owner: id('reviewer'), accused: id('supervisor') })).status, 200);
  assert.equal((await boss.get(`/desk/complaints/${row.id}`)).status, 404, 'the supervisor complained of');
  assert.ok(!(await boss.get('/desk/complaints')).body.complaints.some((x) => x.no === made.no));
  const hand = await signIn(server, CITY, 'reviewer');
  const seen = (await hand.get(`/desk/complaints/${row.id}`)).body.complaint;
  assert.equal((await hand.post(`/desk/complaints/${row.id}/answer`, { text: '再看一遍', seq: String(seen.seq - 1) })).status, 409, 'as it was read');
  assert.equal((await hand.post(`/desk/complaints/${row.id}/answer`, { text: '已经核实' })).status, 200);
  assert.equal((await hand.post(`/desk/complaints/${row.id}/answer`, { text: '再答一次' })).status, 409);
  assert.equal((await (await signIn(server, STRANGER, 'supervisor')).get(`/desk/complaints/${row.id}`)).status, 404, 'another region');
  assert.equal((await (await signIn(server, CITY, 'keeper')).get('/desk/complaints')).status, 403);
});

test('the supervision phone: who took the call, when, what; the caller gets number and code', async () => { //= R8
  const clerk = await browse(server, R, 'window');
  let r = await clerk.send('/desk/calls', { text: '说了很多话', received: '2026-12-01T09:30' }, '/desk/calls');
  assert.equal(r.status, 422);
  assert.ok(['来源：没有选择', '类别：没有选择', '来电时间：还没有到'].every((w) => r.text.includes(w)) && r.text.includes('>说了很多话</textarea>'));
  r = await clerk.send('/desk/calls', { source: 'phone', kind: 'report', text: '有诊所挂名开药，请查一查。', received: '2026-11-20T16:05', contact: '13900007777' }, '/desk/calls');
  assert.equal(r.status, 201, r.text);
  const [, no] = /已登记 <b class="fixed">(TS420281-2026-\d{6})/.exec(r.text), [, code] = /class="password">([0-9A-Z]{10})</.exec(r.text);
  const seen = (await web.getJson(`/regions/${R}/complaints/${no}`, { 'x-access-code': code.toLowerCase() })).body.complaint;
  assert.equal(seen.source_name, '监督电话');
  assert.equal(seen.received_at, '2026-11-20 16:05');
  assert.equal(seen.due, '2026-12-11', 'fifteen working days from the call');
  assert.ok(!JSON.stringify(seen).includes('13900007777'));
  const boss = await signIn(server, R, 'supervisor'), row = (await boss.get('/desk/complaints')).body.complaints.find((x) => x.no === no);
  const one = (await boss.get(`/desk/complaints/${row.id}`)).body.complaint;
  assert.equal(one.taken_name, '窗口演示');
  assert.equal((await boss.post(`/desk/complaints/${row.id}/contact`, {})).status, 422);
  assert.equal((await boss.post(`/desk/complaints/${row.id}/contact`, { look_reason: '回访核实' })).body.contact, '13900007777');
  assert.deepEqual(rows(`select reason from look where kind = 'complaint_contact'`), ['回访核实']);
  assert.equal((await boss.post(`/desk/complaints/${row.id}/transfer`, { agency: '', reason: '' })).body.errors.length, 2);
  assert.equal((await boss.post(`/desk/complaints/${row.id}/transfer`, { agency: '市卫生健康局', reason: '诊所执业归卫健部门管。' })).status, 200);
  const page = new Browser(server.base);
  (await page.open(`/r/${R}/complaint/${no}/${code}`)).has('已转给市卫生健康局办理', '诊所执业归卫健部门管', '已转办');
  const bad = await (await signIn(server, R, 'window')).post('/desk/calls', { source: 'phone', kind: 'complaint', text: '办件的事情', case_no: '4202812611239999990' });
  assert.equal(bad.status, 422, 'at the desk a wrong number is a slip of the pen');
});

test('the same submission is one complaint; another content under its key is refused; wrong codes; sealed', async () => {
  const k = { 'idempotency-key': 'complaint-1' }, first = await complain({}, k), again = await complain({}, k);
  assert.equal(first.status, 201);
  assert.deepEqual(again.body, first.body);
  assert.equal((await complain({ text: '别的内容在这里写着' }, k)).status, 409);
  const at = await Promise.all(Array.from({ length: 8 }, () => complain({}, { 'idempotency-key': 'complaint-2' })));
  assert.equal(new Set(at.map((r) => r.body.no)).size, 1, JSON.stringify(at.map((r) => r.body)));
  assert.equal((await web.getJson(`/regions/${R}/complaints/${first.body.no}`, { 'x-access-code': 'AAAAAAAAAA' })).status, 404);
  assert.equal((await web.getJson(`/regions/${CITY}/complaints/${first.body.no}`, { 'x-access-code': first.body.code })).status, 404);
  assert.equal((await complain({ text: 'x'.repeat(40000) })).status, 413);
  assert.deepEqual((await complain({ kind: 'x', text: '', matter: '99', contact: '长'.repeat(101) })).body.errors.map((e) => e.field).sort(), ['contact', 'kind', 'matter', 'text']);
  const secret = '投诉人的原话里有名字欧阳小丽。';
  await complain({ text: secret, contact: '13900003333', target: '欧阳小丽的经办人' });
  assert.ok(!server.out().includes('欧阳小丽') && !server.out().includes('13900003333'));
  if (server.db.length) {
    const dump = rows(`select encode(body, 'escape') || encode(contact, 'escape') || encode(target, 'escape') from complaint where region = '${R}'`).join('');
    assert.ok(dump.length > 0 && !dump.includes('13900003333'));
  } else
    for (const f of readdirSync(server.data).filter((n) => n.startsWith('jingban.db'))) {
      const bytes = readFileSync(path.join(server.data, f));
      assert.ok(!bytes.includes('欧阳小丽') && !bytes.includes('13900003333'), f);
    }
});

test('the register is paged by key, soonest due first', async () => {
  const region = '410400';
  for (let i = 0; i < 23; i++) assert.equal((await complain({ text: `第 ${i} 件，写得足够长` }, {}, region)).status, 201);
  const boss = await signIn(server, region, 'supervisor'), first = (await boss.get('/desk/complaints')).body;
  assert.equal(first.count, 20);
  const rest = (await boss.get(`/desk/complaints?after=${first.next}`)).body;
  assert.equal(rest.count, 3);
  assert.equal(new Set([...first.complaints, ...rest.complaints].map((c) => c.no)).size, 23);
  assert.equal((await boss.get('/desk/complaints?after=x')).status, 422);
  const seen = (await boss.get('/desk/supervision')).body;
  assert.deepEqual(seen.complaints, { open: 23, late: 0, has_late: false, unassigned: 23 });
});

let circular;
test('a circular with rectification tasks: issued by the city, answered by the county, returned, accepted', async () => { //= R286
  const city = await browse(server, CITY, 'supervisor'), county = await browse(server, COUNTY, 'supervisor');
  let r = await city.send('/desk/circulars', { title: '', text: '', 'task.0.title': '缩短', 'task.0.county': COUNTY, 'task.0.due': '2026-11-20' }, '/desk/circulars');
  assert.equal(r.status, 422);
  assert.ok(['标题：没有填写', '正文：没有填写', '发给哪些县市区：没有选择', '整改单位：不在通报发给的县市区里', '整改期限：已经过去'].every((w) => r.text.includes(w)), r.text.slice(0, 3000));
  assert.ok(r.text.includes('href="#f-task.0.due"') && r.text.includes('id="f-task.0.due"'), 'the summary leads to the field');
  const form = { title: '关于三季度经办服务情况的通报', text: '广水市超期办件较多。', county: COUNTY, publish: '1', 'task.0.county': COUNTY, 'task.0.title': '清理超期办件', 'task.0.responsible': '经办股', 'task.0.due': '2026-12-04',
    'task.2.county': COUNTY, 'task.2.title': '修订办事指南', 'task.2.due': '2026-12-31', idem: 'circular-1' };
  r = await city.send('/desk/circulars', form, '/desk/circulars');
  assert.equal(r.status, 303, r.text);
  circular = r.location.replace('?done=1', '');
  assert.match(circular, /^\/desk\/circulars\/421300\/\d+$/);
  assert.equal((await city.send('/desk/circulars', form, '/desk/circulars')).location, r.location, 'sent twice is one');
  assert.equal((await city.send('/desk/circulars', { ...form, text: '改过的正文' }, '/desk/circulars')).status, 409);
  assert.deepEqual(rows(`select region || ' ' || own from circular order by own desc`), [`${CITY} 1`, `${COUNTY} 0`], 'a row of its own in each region');

  const inbox = await county.text('/desk/circulars');
  assert.ok(inbox.includes('关于三季度经办服务情况的通报') && inbox.includes('未读') && inbox.includes('清理超期办件') && !inbox.includes('下发通报</h2>'));
  const one = await county.text(circular);
  assert.ok(one.includes('广水市超期办件较多。') && one.includes('TB421300-2026-0001'));
  assert.ok(!(await county.text('/desk/circulars')).includes('未读'));
  const [, task] = /action="(\/desk\/rectifications\/421300\/\d+)"/.exec(one), [, id] = /circulars\/421300\/(\d+)/.exec(circular);
  const round = (html) => new RegExp(`action="${task}"[^]*?name="round" value="(\\d+)"`).exec(html)[1];
  r = await county.send(task, { circular: id, what: 'answer', text: '', round: round(one) }, circular);
  assert.equal(r.status, 422);
  assert.ok(r.text.includes('整改情况：没有填写'));
  r = await county.send(task, { circular: id, what: 'answer', text: '已清理 3 件。', round: round(one) }, circular);
  assert.equal(r.status, 303, r.text);
  assert.equal((await county.send(task, { circular: id, what: 'answer', text: '再报一次' }, circular)).status, 409, 'the city has the ball');
  assert.equal((await county.send(task, { circular: id, what: 'accept', text: '自己销号' }, circular)).status, 409, 'nobody accepts his own work');

  let seen = await city.text(circular);
  assert.ok(seen.includes('已清理 3 件。') && seen.includes('待核'));
  r = await city.send(task, { circular: id, what: 'return', text: '' }, circular);
  assert.equal(r.status, 422, 'a return says what is missing');
  r = await city.send(task, { circular: id, what: 'return', text: '还差 2 件。', due: '2026-12-07', round: round(seen) }, circular);
  assert.equal(r.status, 303, r.text);
  assert.equal((await city.send(task, { circular: id, what: 'accept' }, circular)).status, 409, 'the county has the ball');
  const back = await county.text(circular);
  assert.ok(back.includes('退回重改') && back.includes('还差 2 件。') && back.includes('2026-12-07'));
  assert.equal((await county.send(task, { circular: id, what: 'answer', text: '全部清理完毕。', round: round(one) }, circular)).status, 409, 'as it was read');
  assert.equal((await county.send(task, { circular: id, what: 'answer', text: '全部清理完毕。', round: round(back) }, circular)).status, 303);
  assert.equal((await city.send(task, { circular: id, what: 'accept' }, circular)).status, 303);
  assert.ok((await county.text(circular)).includes('已销号'));
  assert.deepEqual(rows(`select region || ' ' || count(*) from rectification_turn group by region order by region`), [`${CITY} 6`, `${COUNTY} 6`]);
  assert.deepEqual(rows('select count(*) from region_post where delivered_ms = 0'), ['0']);
  const page = new Browser(server.base);
  (await page.open(`/r/${CITY}/circulars`)).has('关于三季度经办服务情况的通报', '广水市超期办件较多', '广水市').hasNot('清理超期办件');
  (await page.open(`/r/${COUNTY}/circulars`)).has('还没有公开的通报');
});

test('who may: only over its own counties, only the supervisor, another region sees nothing of it', async () => {
  const body = { title: '通报', text: '正文在此', counties: [COUNTY] }, city = await signIn(server, CITY, 'supervisor');
  let r = await city.post('/desk/circulars', { ...body, counties: [STRANGER] });
  assert.equal(r.status, 422);
  assert.match(r.body.errors[0].reason, /不归随州市管/);
  r = await (await signIn(server, COUNTY, 'supervisor')).post('/desk/circulars', body);
  assert.equal(r.status, 422, 'a county has no counties');
  assert.equal((await (await signIn(server, CITY, 'keeper')).post('/desk/circulars', body)).status, 403);
  assert.equal((await (await signIn(server, CITY, 'keeper')).get('/desk/circulars')).status, 200);
  assert.equal((await (await signIn(server, CITY, 'window')).get('/desk/circulars')).status, 403);
  const other = await signIn(server, STRANGER, 'supervisor');
  assert.equal((await other.get(circular)).status, 404);
  assert.equal((await other.get('/desk/circulars')).body.count, 0);
  assert.equal((await other.get('/desk/report')).status, 403);
  assert.equal((await (await signIn(server, COUNTY, 'supervisor')).get('/desk/report')).status, 403);
});

test("the supervisor's page and the city's report: numbers that equal a recount, never a county's case", async () => { //= R286
  const mine = await register(CITY), theirs = await register(COUNTY);
  const boss = await signIn(server, CITY, 'supervisor'), before = (await boss.get('/desk/supervision')).body;
  assert.equal(before.lights.red, 0);
  assert.equal(before.lights.all, Number(rows(`select count(*) from case_file where region = '${CITY}' and open = 1`)[0]));
  assert.equal(before.stages.reduce((n, s) => n + s.count, 0), before.lights.all);
  await advance(30);
  const city = await signIn(server, CITY, 'supervisor'), seen = (await city.get('/desk/supervision')).body;
  assert.equal(seen.lights.red, Number(rows(`select count(*) from case_file where region = '${CITY}' and open = 1 and due_day < 2147483647`)[0]));
  assert.equal(seen.stages.reduce((n, s) => n + s.late, 0), seen.lights.red);
  const row = seen.late.find((c) => c.no === mine.no);
  assert.ok(row && row.clock.is_red && !row.explained);
  assert.ok(!JSON.stringify(row).includes('林小满'), 'masked');
  assert.equal(seen.rectifications.open, 1);
  assert.equal(seen.rectifications.late, 1, 'the second task is behind its day by now');
  assert.equal((await city.get('/desk/supervision?unexplained=1')).body.count, seen.count);

  const done = await register(COUNTY), clerk = await signIn(server, COUNTY, 'window'), reviewer = await signIn(server, COUNTY, 'reviewer');
  const act = async (who, c, action) => { const r = await who.post(`/desk/cases/${c.no}/actions/${action}`, {}); assert.equal(r.status, 200, `${action}: ${JSON.stringify(r.body)}`); return r.body.case; };
  for (const c of [done, theirs]) {
    let state = await act(clerk, c, 'accept');
    while (state.stage && state.stage !== '办结') state = await act(reviewer, c, 'pass');
    await act(clerk, c, 'conclude');
  }
  assert.equal((await city.get('/desk/report?from=2026-11-01&to=2026-11-30')).body.counties[0].lateness.concluded, 0, 'nothing was concluded then');
  const report = (await city.get('/desk/report?from=2026-11-01')).body;
  assert.deepEqual(report.counties.map((c) => c.code), [COUNTY]);
  const [c] = report.counties;
  assert.equal(c.lateness.open, Number(rows(`select count(*) from case_file where region = '${COUNTY}' and open = 1`)[0]));
  assert.equal(c.lateness.received, Number(rows(`select count(*) from case_file where region = '${COUNTY}'`)[0]));
  assert.deepEqual([c.lateness.concluded, c.lateness.late, c.lateness.share], [2, 1, '50.0%'], 'one in time, one behind its day');
  assert.equal(c.rectifications.late, 1);
  assert.equal(typeof c.lint.errors, 'number');
  const diff = (await city.get(`/desk/catalog/diff?against=${COUNTY}`)).body;
  assert.equal(c.comparison.paired, diff.summary.paired);
  assert.equal(c.comparison.binding, false);
  assert.equal(c.ratings.all, 0);
  const text = JSON.stringify(report);
  assert.ok(!text.includes(theirs.no) && !text.includes('林小满'), 'aggregates only');
  assert.equal((await city.get(`/desk/cases/${theirs.no}`)).status, 403);

  const csv = await city.raw('/desk/report.csv?from=2026-11-01'), body = Buffer.from(await csv.arrayBuffer());
  assert.match(csv.headers.get('content-type'), /^text\/csv/);
  assert.deepEqual([...body.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const [head, line] = body.toString('utf8').slice(1).split('\r\n');
  assert.equal(head.split(',').length, line.split(',').length);
  assert.ok(line.startsWith(`"${COUNTY}","广水市"`) && line.includes('"50.0%"'));
  for (const q of ['from=x', 'from=2026-12-31&to=2026-01-01', 'to=2036-01-01', 'from=2020-01-01']) assert.equal((await city.get(`/desk/report?${q}`)).status, 422, q);
  const page = await browse(server, CITY, 'supervisor'), html = await page.text('/desk/report');
  assert.ok(html.includes('广水市') && html.includes('指南错误') && html.includes('下载 CSV'));
  assert.ok((await page.text('/desk/report?from=x')).includes('起始日：应为日期'));
  const desk = await page.text('/desk/supervision');
  assert.ok(desk.includes(mine.no) && desk.includes(`/desk/c/${mine.no}/explain`) && desk.includes('各环节积压'));
  assert.ok((await page.text('/desk/circulars')).includes('light-red'));
  assert.equal((await (await signIn(server, CITY, 'window')).get('/desk/supervision')).status, 403);
});

test('one network may send so many complaints an hour', async () => {
  const proxied = await serve(['--trust-proxy', '--public-url', 'https://yb.example']), there = client(proxied.base);
  const send = (from) => there.postJson(`/regions/${R}/complaints`, { kind: 'advice', text: TEXT }, { 'x-forwarded-for': from });
  try {
    for (let i = 0; i < 20; i++) assert.equal((await send('203.0.113.9')).status, 201);
    assert.equal((await send('203.0.113.9')).status, 429);
    assert.equal((await send('203.0.113.10')).status, 201);
  } finally { await proxied.stop(); }
});

test("the report's ratings of a county equal a recount of what was given, by the day", async () => { //= R286 type=test
  const clerk = await signIn(server, COUNTY, 'window'), reviewer = await signIn(server, COUNTY, 'reviewer'), kiosk = await signIn(server, COUNTY, 'kiosk');
  const boss = await signIn(server, COUNTY, 'supervisor'), approver = await signIn(server, COUNTY, 'approver'), city = await signIn(server, CITY, 'supervisor');
  const today = async () => (await web.getJson('/demo/clock')).body.now.slice(0, 10);
  const ok = (r, status = 200) => { assert.equal(r.status, status, JSON.stringify(r.body)); return r.body; };
  const given = []; // what this test gives: {day, level, excluded}
  async function rated(accept, level) {
    const c = await register(COUNTY);
    let state = ok(await clerk.post(`/desk/cases/${c.no}/actions/accept`, {})).case;
    while (state.stage && state.stage !== '办结') state = ok(await reviewer.post(`/desk/cases/${c.no}/actions/pass`, {})).case;
    ok(await clerk.post(`/desk/cases/${c.no}/actions/conclude`, {}));
    ok(await kiosk.post('/kiosk/ratings', { no: c.no, level: accept, step: 'accept' }), 201);
    ok(await web.postJson(`/cases/${c.no}/ratings`, { level, text: '窗口排了很久的队' }, { 'x-access-code': c.code }));
    const of = { day: await today(), level, excluded: false };
    given.push({ day: of.day, level: accept, excluded: false }, of);
    const row = ok(await boss.get('/desk/ratings?list=open')).ratings.find((r) => r.case_no === c.no);
    if (row) ok(await boss.post(`/desk/ratings/${row.id}/assign`, { to: ok(await boss.get(`/desk/ratings/${row.id}`)).rating.people.find((p) => p.name === '审批演示').id }));
    return { of, id: row?.id };
  }
  const bad = await rated(1, 4), wrong = await rated(3, 5), first = await today();
  ok(await approver.post(`/desk/ratings/${bad.id}/call`, { clear: true, truthful: true, reasonable: true, note: '电话核实，排队属实' }));
  assert.equal(ok(await city.get('/desk/report')).counties[0].ratings.rectifying, 1);
  ok(await approver.post(`/desk/ratings/${bad.id}/close`, { rectification: '增开一个窗口', reply: '已电话告知' }));
  ok(await clerk.post(`/desk/ratings/${wrong.id}/appeal`, { ground: 'mistaken', evidence: '说的是隔壁大厅的窗口。' }));
  ok(await boss.post(`/desk/ratings/${wrong.id}/decide`, { outcome: 'upheld', decision: '看过监控，不是本窗口' }));
  wrong.of.excluded = true;
  await advance(1);
  await rated(2, 5);
  await advance(3); // behind the call-back's day

  const from = first, recount = (to) => {
    const of = given.filter((g) => g.day >= from && g.day <= to), counted = of.filter((g) => !g.excluded), n = (...levels) => counted.filter((g) => levels.includes(g.level)).length;
    const mille = Math.floor((n(1, 2, 3) * 1000) / counted.length);
    return { all: counted.length, levels: [1, 2, 3, 4, 5].map((l) => n(l)), bad: n(4, 5), satisfied: `${Math.floor(mille / 10)}.${mille % 10}%`, excluded: of.length - counted.length };
  };
  const shown = (r) => ({ all: r.all, levels: r.levels.map((l) => l.n), bad: r.bad, satisfied: r.satisfied, excluded: r.excluded });
  const report = async (span) => ok(await city.get(`/desk/report?${span}`)).counties[0].ratings;
  const one = await report(`from=${from}&to=${first}`), now = await today(), all = await report(`from=${from}&to=${now}`);
  assert.deepEqual(shown(one), recount(first));
  assert.deepEqual(shown(one), { all: 3, levels: [1, 0, 1, 1, 0], bad: 1, satisfied: '66.6%', excluded: 1 }, 'what is over a tenth of a percent is cut off');
  assert.deepEqual(shown(all), recount(now));
  assert.deepEqual([all.all, all.satisfied], [5, '60.0%']);
  assert.deepEqual([all.open, all.late, all.rectifying, all.closed, all.rectified], [1, 1, 0, 2, 1], 'one waits too long, one was put right, one was a mistake');
  const before = await report(`from=2026-11-01&to=2026-11-30`);
  assert.deepEqual([before.all, before.satisfied, before.closed, before.rectified, before.open], [0, null, 0, 0, 1], 'nothing was rated then; open is as of today');
  const own = ok(await boss.get(`/desk/rating-stats?from=${from.slice(0, 7)}&to=${now.slice(0, 7)}`)), total = own.parts.find((p) => p.id === 'totals').rows[0];
  assert.deepEqual([total.all, total.levels.map((l) => l.n), total.satisfied, own.excluded], [all.all, all.levels.map((l) => l.n), all.satisfied, all.excluded], "the county's own page says the same");
  assert.ok(!JSON.stringify(all).includes('排了很久') && !JSON.stringify(all).includes('审批'), 'numbers only');

  const csv = Buffer.from(await (await city.raw(`/desk/report.csv?from=${from}&to=${first}`)).arrayBuffer()).toString('utf8').slice(1).split('\r\n').map((l) => l.split(',').map((x) => x.replaceAll('"', '')));
  const cell = (name) => csv[1][csv[0].indexOf(name)];
  assert.deepEqual(['评价', '非常满意', '满意', '基本满意', '不满意', '非常不满意', '差评', '满意率', '不计入的评价', '差评未结', '差评超期', '差评结案', '差评整改回复'].map(cell),
    ['3', '1', '0', '1', '1', '0', '1', '66.6%', '1', '1', '1', one.closed.toString(), one.rectified.toString()]);
  const html = await (await browse(server, CITY, 'supervisor')).text(`/desk/report?from=${from}&to=${first}`);
  assert.match(html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '), /服务评价：.*县市区 评价 非常满意 满意 基本满意 不满意 非常不满意 满意率 差评 差评未结（超期） .* 广水市 3 1 0 1 1 0 66\.6% 1 1（1） 0 2 1 1/);
});

// Nobody owns the case and its agency has no supervisor: those who head it are told; nobody at all, and that stands where the next supervisor looks.
test('an alert without owner and supervisor goes to the heads; without anybody it is listed and logged', async (t) => { //= R14 type=test
  const own = await serve([], { timeout: 120000 }), http = client(own.base);
  t.after(() => own.stop());
  const admin = await signIn(own, COUNTY, 'admin');
  const people = (await admin.get('/desk/staff')).body.staff, of = (login) => people.find((p) => p.login === login);
  const set = async (login, status) => {
    const r = await admin.post(`/desk/staff/${of(login).id}`, { status });
    assert.equal(r.status, 200, JSON.stringify(r.body));
  };
  const apply = async () => {
    const p = { name: '林小满', id_number: idNumber(COUNTY, '19900307', ++serial), mobile: '13812345678' };
    const form = { filler_phone: p.mobile, employees: [{ person_name: p.name, id_kind: '居民身份证', id_number: p.id_number, employee_action: '增加', mobile: p.mobile }] };
    const r = await http.postJson(`/regions/${COUNTY}/matters/02/applications`, { facts: { insured_status: '灵活就业人员', employee_action: '增加' }, applicant: p, form, materials: { '2.1': 'given' } }, { 'idempotency-key': `u-${++key}` });
    assert.equal(r.status, 201, JSON.stringify(r.body));
    return r.body.no;
  };
  const pass = async (days) => assert.equal((await http.postJson('/demo/clock', { advance_workdays: days })).status, 200);
  const inbox = async (who) => (await who.get('/desk/inbox')).body.messages.filter((m) => /^staff_/.test(m.event)).map((m) => `${m.event} ${m.case_no}`);
  const until = async (what, check) => {
    for (const end = Date.now() + 60000; Date.now() < end; await new Promise((go) => setTimeout(go, 100))) if (await check()) return;
    assert.fail(`not in a minute: ${what}; ${own.out().split('\n').filter((l) => l.includes('alert')).slice(-5).join('; ')}`);
  };
  await set('supervisor', 'disabled');
  const { made } = (await admin.post('/desk/staff', { login: 'head2', name: '副职演示', roles: 'head' })).body;
  people.push(...(await admin.get('/desk/staff')).body.staff.filter((p) => p.login === 'head2'));
  const one = await apply(), head = await signIn(own, COUNTY, 'head'), deputy = await signIn(own, COUNTY, 'head2', made.password);
  await pass(30);
  await until('the head is told', async () => (await inbox(head)).includes(`staff_escalated ${one}`));
  assert.ok((await inbox(deputy)).includes(`staff_escalated ${one}`), 'all who head it');
  await set('head', 'disabled');
  await set('head2', 'disabled');
  const two = await apply();
  await pass(30);
  await until('it is logged', () => /alert_untold.*rows=\d/.test(own.out()));
  await set('head', 'active');
  await set('supervisor', 'active');
  const boss = await signIn(own, COUNTY, 'supervisor');
  const { body } = await boss.get('/desk/supervision');
  assert.ok(body.untold.some((u) => u.no === two && u.kind === 'overdue' && u.kind_name === '超期'), JSON.stringify(body.untold));
  assert.ok(!body.untold.some((u) => u.no === one), 'of the first the heads were told');
  const page = await browse(own, COUNTY, 'supervisor'), html = await page.text('/desk/supervision');
  assert.ok(html.includes('没有人收到的提醒') && html.indexOf(two) > html.indexOf('没有人收到的提醒'));
  const clean = await signIn(own, CITY, 'supervisor');
  assert.deepEqual((await clean.get('/desk/supervision')).body.untold, []);

  // the rows are recounted: each with its case, its day, the message that went with it
  const write = (sql) => execFileSync(own.db[1] ? 'psql' : 'sqlite3', own.db[1] ? ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', own.db[1], '-c', sql] : ['-cmd', '.timeout 20000', path.join(own.data, 'jingban.db'), sql]);
  const check = () => { const r = spawnSync(binary, ['rebuild', '--check', '--data', own.data, ...own.db], { cwd: root, encoding: 'utf8' }); return [r.status, r.stdout]; };
  const [fine, said] = check();
  assert.ok(fine === 0 && said.includes(COUNTY) && !said.includes('提醒'), said);
  write(`delete from message where channel = 'staff' and kind = 'staff_escalated' and case_no = '${one}'`);
  write(`insert into case_alert (region, case_id, kind, deadline_day, id, staff_id, created_ms, seen_ms) values ('${COUNTY}', 12345, 'near', 20000, 1, 0, 1700000000000, 0), ('${COUNTY}', 12345, 'overdue', 20800, 2, 77, 1700000000000, 0)`);
  const [broken, told] = check();
  assert.notEqual(broken, 0);
  for (const what of ['12345 near 2024-10-04：没有这个办件', '12345 overdue 2026-12-13：提醒的时候还没有过期限', '12345 overdue 2026-12-13：告诉的人不在册', '没有发给他的消息']) assert.ok(told.includes(what), `${what}: ${told}`);
}, { timeout: 240000 });
