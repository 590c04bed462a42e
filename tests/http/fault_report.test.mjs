// Faults of a guide (R287): reported from its page without scripts, sealed, answered by the keeper, the answer shown on the guide.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Browser } from './browser.mjs';
import { client, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';

let server, web;
before(async () => { server = await serve(); web = client(server.base); });
after(() => server?.stop());

const R = '420281', TEXT = '联系电话 0714-8717336 已经换成新号码，打过去是空号。';
const report = (body, headers = {}, matter = '07', region = R) => web.postJson(`/regions/${region}/matters/${matter}/faults`, body, headers);
const good = (more = {}) => ({ part: 'contact', text: TEXT, ...more });
const advance = async (days) => assert.equal((await web.postJson('/demo/clock', { advance_workdays: days })).status, 200);

test('reported from the guide, answered with a revision, seen on the guide', async () => { //= R287
  const page = new Browser(server.base);
  await page.open(`/r/${R}/m/07`);
  page.hasNot('指南更正');
  await page.follow('报告指南错误');
  await page.submit('/fault', { part: 'contact', text: TEXT, contact: '13900001111 王五' });
  page.has('收到了，谢谢', '等待答复', '地址和咨询电话', TEXT);
  const [, no, code] = /\/fault\/(JC420281-2026-\d{6})\/([0-9A-Z]{10})\?new=1/.exec(page.url);
  page.has(no, code);
  const link = page.url.replace('?new=1', '');

  const keeper = await browse(server, R, 'keeper');
  const list = await keeper.text('/desk/faults');
  assert.ok(list.includes(TEXT) && list.includes(no) && !list.includes('13900001111'), 'the contact is not in the list');
  const id = /action="\/desk\/faults\/(\d+)"/.exec(list)[1];
  let answer = await keeper.send(`/desk/faults/${id}`, { text: '' }, '/desk/faults');
  assert.equal(answer.status, 422);
  assert.ok(answer.text.includes('怎么答复：没有选择') && answer.text.includes('答复：没有填写'));
  answer = await keeper.send(`/desk/faults/${id}`, { outcome: 'revised', text: '改为新号码', version: '77' }, '/desk/faults');
  assert.equal(answer.status, 422);
  assert.ok(answer.text.includes('没有第 77 版') && answer.text.includes('>改为新号码</textarea>') && answer.text.includes('value="revised" checked'), 'what was typed stays');
  answer = await keeper.send(`/desk/faults/${id}`, { outcome: 'revised', text: '号码已核实，<b>改为</b>新号码。', version: '' }, '/desk/faults');
  assert.equal(answer.status, 303, answer.text);
  assert.equal(answer.location, '/desk/faults?done=1');
  answer = await keeper.send(`/desk/faults/${id}`, { outcome: 'kept', text: '再答一次' }, '/desk/faults');
  assert.equal(answer.status, 409);

  (await page.open(link)).has('修订：将在下一版修订', '号码已核实，<b>改为</b>新号码。');
  (await page.open(`/r/${R}/m/07`)).has('指南更正', '地址和咨询电话', '将在下一版修订', '号码已核实').hasNot('王五', '空号');
  (await page.open(`/e/r/${R}/m/07`)).has('指南更正');
  (await page.open(`/r/${R}/m/06`)).hasNot('指南更正');
  const { body } = await web.getJson(`/regions/${R}/matters/07/corrections`);
  assert.deepEqual(body.corrections.map((c) => [c.no, c.outcome, c.version_no]), [[no, 'revised', null]]);
  assert.equal((await web.getJson(`/regions/${R}/matters/07`)).body.corrections, undefined, 'the guide as printed stays as it is');
  assert.ok((await keeper.text('/desk/faults?answered=1')).includes('号码已核实'));
});

test('kept with a reason; a version that is there may be named', async () => {
  const made = (await report(good({ part: 'materials' }), {}, '08')).body, second = (await report(good({ part: 'limits' }), {}, '08')).body;
  const keeper = await signIn(server, R, 'keeper'), open = (await keeper.get('/desk/faults')).body.faults;
  const of = (no) => open.find((f) => f.no === no).id;
  assert.equal((await keeper.post(`/desk/faults/${of(made.no)}`, { outcome: 'kept' })).status, 422, 'no reason, no answer');
  assert.equal((await keeper.post(`/desk/faults/${of(made.no)}`, { outcome: 'kept', text: '原文如此，见来源。' })).status, 200);
  assert.equal((await keeper.post(`/desk/faults/${of(second.no)}`, { outcome: 'revised', text: '见第一版。', version: '1' })).status, 200);
  const seen = await web.getJson(`/regions/${R}/faults/${made.no}`, { 'x-access-code': made.code });
  assert.equal(seen.body.fault.state, 'kept');
  assert.equal(seen.body.fault.keeper.length > 0, true);
  assert.deepEqual((await web.getJson(`/regions/${R}/matters/08/corrections`)).body.corrections.map((c) => [c.part_name, c.version_no]), [['办理时限', 1], ['办理材料', null]]);
});

test('all faults of a form at once, nothing typed is lost, no script needed', async () => {
  const page = new Browser(server.base);
  await page.open(`/r/${R}/m/09/fault`);
  await page.submit('/fault', { text: '短', contact: '联系我'.repeat(40) });
  assert.equal(page.status, 422);
  page.has('哪一部分有误：没有选择', '错在哪里：太短，看不出错在哪里', '联系方式：超过 100 字');
  assert.ok(page.html.includes('>短</textarea>'));
  await page.submit('/fault', { part: 'other', text: '字'.repeat(1001), contact: '' });
  page.has('错在哪里：超过 1000 字');
  const bad = await report({ part: 'nothing', text: '' });
  assert.equal(bad.status, 422);
  assert.deepEqual(bad.body.errors.map((e) => e.field), ['part', 'text']);
  assert.ok(bad.body.errors.every((e) => e.remedy));
  assert.equal((await report(good(), {}, '99')).status, 404);
  assert.equal((await report(good({ text: 'x'.repeat(20000) }))).status, 413);
});

test('the same submission is one report; another content under its key is refused', async () => {
  const key = { 'idempotency-key': 'fault-1' };
  const first = await report(good(), key, '10'), again = await report(good(), key, '10');
  assert.equal(first.status, 201);
  assert.deepEqual(again.body, first.body);
  assert.equal((await report(good({ text: '别的内容在这里' }), key, '10')).status, 409);
  assert.notEqual((await report(good(), {}, '10')).body.no, first.body.no);
  const at = await Promise.all(Array.from({ length: 8 }, () => report(good(), { 'idempotency-key': 'fault-2' }, '11')));
  assert.equal(new Set(at.map((r) => r.body.no)).size, 1, JSON.stringify(at.map((r) => r.body)));
});

test('who sees what: the code opens it, roles at the desk, the contact only for a reason and with a trace', async () => {
  const made = (await report(good({ contact: '13900002222 赵六' }), {}, '12')).body;
  assert.equal((await web.getJson(`/regions/${R}/faults/${made.no}`, { 'x-access-code': 'AAAAAAAAAA' })).status, 404);
  assert.equal((await web.getJson(`/regions/${R}/faults/JC420281-2026-999999`, { 'x-access-code': made.code })).status, 404);
  assert.equal((await web.getJson(`/regions/421300/faults/${made.no}`, { 'x-access-code': made.code })).status, 404, 'no statement crosses regions');
  const seen = await web.getJson(`/regions/${R}/faults/${made.no}`, { 'x-access-code': made.code.toLowerCase() });
  assert.equal(seen.body.fault.text, TEXT);
  assert.ok(!JSON.stringify(seen.body).includes('13900002222'));
  const keeper = await signIn(server, R, 'keeper'), supervisor = await signIn(server, R, 'supervisor'), clerk = await signIn(server, R, 'window');
  const row = (await supervisor.get('/desk/faults')).body.faults.find((f) => f.no === made.no);
  assert.equal(row.has_contact, true);
  assert.equal((await supervisor.post(`/desk/faults/${row.id}`, { outcome: 'kept', text: '不该由我答复' })).status, 403);
  assert.equal((await supervisor.post(`/desk/faults/${row.id}/contact`, { reason: '看看' })).status, 403);
  assert.equal((await clerk.get('/desk/faults')).status, 403);
  assert.equal((await keeper.post(`/desk/faults/${row.id}/contact`, {})).status, 422);
  assert.equal((await keeper.post(`/desk/faults/${row.id}/contact`, { reason: '核实号码' })).body.contact, '13900002222 赵六');
  const other = await signIn(server, '421300', 'keeper');
  assert.equal((await other.post(`/desk/faults/${row.id}`, { outcome: 'kept', text: '别的地区' })).status, 404);
  const looks = rows(`select kind || ' ' || reason from look where kind = 'fault_contact'`);
  assert.deepEqual(looks, ['fault_contact 核实号码']);
});

// Rows of the running server's database, whichever it is.
function rows(sql) {
  const url = server.db[1];
  const out = url ? execFileSync('psql', ['-X', '-A', '-t', '-d', url, '-c', sql], { encoding: 'utf8' })
    : execFileSync('sqlite3', ['-readonly', path.join(server.data, 'jingban.db'), sql], { encoding: 'utf8' });
  return out.trim().split('\n').filter(Boolean);
}

test('what people write is sealed in the database and never in the log', async () => {
  const secret = '这是报告人写的原话，里面有名字欧阳小丽。', contact = '13900003333';
  await report(good({ text: secret, contact }), {}, '13');
  assert.ok(!server.out().includes('欧阳小丽') && !server.out().includes(contact));
  if (server.db.length) {
    const dump = rows(`select encode(body, 'escape') || encode(contact, 'escape') from guide_fault`).join('');
    assert.ok(dump.length > 0 && !dump.includes(contact));
  } else
    for (const f of readdirSync(server.data).filter((n) => n.startsWith('jingban.db'))) {
      const bytes = readFileSync(path.join(server.data, f));
      assert.ok(!bytes.includes('欧阳小丽') && !bytes.includes(contact), f);
    }
});

test('open reports older than five working days are late; the list is paged by key', async () => {
  const region = '421381';
  for (let i = 0; i < 23; i++) assert.equal((await report(good({ text: `第 ${i} 份，写得足够长` }), {}, '02', region)).status, 201);
  const keeper = await signIn(server, region, 'keeper');
  const first = (await keeper.get('/desk/faults')).body;
  assert.equal(first.count, 20);
  assert.ok(first.faults.every((f) => !f.late));
  const rest = (await keeper.get(`/desk/faults?after=${first.next}`)).body;
  assert.equal(rest.count, 3);
  assert.deepEqual([...first.faults, ...rest.faults].map((f) => f.text), Array.from({ length: 23 }, (_, i) => `第 ${i} 份，写得足够长`));
  assert.equal((await keeper.get('/desk/faults?after=x')).status, 422);
  await advance(5);
  assert.ok((await (await signIn(server, region, 'keeper')).get('/desk/faults')).body.faults.every((f) => !f.late), 'the fifth day is still in time');
  await advance(1);
  const late = await browse(server, region, 'keeper');
  assert.ok((await late.text('/desk/faults')).includes('超期 1 个工作日'));
  for (const f of first.faults) assert.equal((await (await signIn(server, region, 'keeper')).post(`/desk/faults/${f.id}`, { outcome: 'kept', text: `答复 ${f.text}` })).status, 200);
  for (const f of rest.faults) await (await signIn(server, region, 'keeper')).post(`/desk/faults/${f.id}`, { outcome: 'kept', text: `答复 ${f.text}` });
  const done = (await (await signIn(server, region, 'keeper')).get('/desk/faults?answered=1')).body, more = (await (await signIn(server, region, 'keeper')).get(`/desk/faults?answered=1&after=${done.next}`)).body;
  assert.equal(new Set([...done.faults, ...more.faults].map((f) => f.no)).size, 23);
  assert.equal((await web.getJson(`/regions/${region}/matters/02/corrections`)).body.corrections.length, 20, 'a guide shows the newest twenty');
});

test('another process on the same database shows the answers, also those given while it runs', async () => {
  const second = await serve([], { beside: server });
  try {
    const there = client(second.base), seen = async () => (await there.getJson('/regions/211282/matters/01/corrections')).body.corrections.map((c) => c.text);
    assert.equal((await there.getJson(`/regions/${R}/matters/07/corrections`)).body.corrections.length, 1);
    assert.ok((await there.text(`/r/${R}/m/07`)).includes('号码已核实'));
    assert.ok(!(await there.text('/r/211282/m/01')).includes('指南更正'), 'and now it lies in its memory');
    await report(good(), {}, '01', '211282');
    const keeper = await signIn(server, '211282', 'keeper'), [open] = (await keeper.get('/desk/faults')).body.faults;
    assert.equal((await keeper.post(`/desk/faults/${open.id}`, { outcome: 'kept', text: '指南没有印电话。' })).status, 200);
    for (let i = 0; i < 60 && !(await seen()).length; i++) await new Promise((done) => setTimeout(done, 500));
    assert.deepEqual(await seen(), ['指南没有印电话。']);
    assert.ok((await there.text('/r/211282/m/01')).includes('指南没有印电话。'));
  } finally { await second.stop(); }
});

test('one network may send so many reports an hour', async () => {
  const proxied = await serve(['--trust-proxy', '--public-url', 'https://yb.example']), there = client(proxied.base);
  const send = (from) => there.postJson(`/regions/${R}/matters/07/faults`, good(), { 'x-forwarded-for': from });
  try {
    for (let i = 0; i < 20; i++) assert.equal((await send('203.0.113.9')).status, 201);
    const r = await send('203.0.113.9');
    assert.equal(r.status, 429);
    assert.match(r.body.detail, /超过 20 份，请 60 分钟后再试/);
    assert.equal((await send('203.0.113.10')).status, 201);
  } finally { await proxied.stop(); }
});
