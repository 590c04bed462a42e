// Data of other departments: a region's sources, lists imported at the desk and by command, look-ups in lists and at a real endpoint, their register.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { idNumber } from './browser.mjs';
import { client, query, root, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';
import { House, Way } from './ways.mjs';

const R = '410400', binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
let server, web, clerk, keeper, supervisor, endpoint, asked = [], answer;

before(async () => {
  server = await serve();
  web = client(server.base);
  clerk = await signIn(server, R, 'window');
  keeper = await signIn(server, R, 'keeper');
  supervisor = await signIn(server, R, 'supervisor');
  endpoint = createServer((req, res) => {
    let body = '';
    req.on('data', (d) => { body += d; });
    req.on('end', () => { asked.push({ method: req.method, url: req.url, body }); answer(req, res); });
  });
  await new Promise((done) => endpoint.listen(0, '127.0.0.1', done));
});
after(async () => { endpoint?.closeAllConnections(); endpoint?.close(); await server?.stop(); });

let serial = 100;
const someone = () => idNumber('410402', `198001${String(10 + Math.floor(++serial / 900)).padStart(2, '0')}`, String(100 + serial % 900));
const load = (staff, source, text, way = 'extend') => staff.post('/desk/sharing/imports', { source, way, text });
const look = (staff, source, number, more = {}) => staff.post('/desk/sharing/looks', { source, number, reason: '核对材料', ...more });

// Rows of the running server's database, whichever it is.
function rows(sql) {
  const url = server.db[1];
  const out = url ? execFileSync('psql', ['-X', '-A', '-t', '-d', url, '-c', sql], { encoding: 'utf8' })
    : execFileSync('sqlite3', ['-readonly', path.join(server.data, 'jingban.db'), sql], { encoding: 'utf8' });
  return out.trim().split('\n').filter(Boolean);
}

test('sources are those the guide prints, with its words', async () => { //= R60 R61 R69 R90 R220 R241 R245 R246
  const { body } = await clerk.get('/desk/sharing');
  const of = Object.fromEntries(body.sources.map((s) => [s.id, s]));
  assert.deepEqual(Object.keys(of), ['market', 'police', 'civil', 'payment', 'other', 'death', 'economy']);
  assert.match(of.police.verbatim, /则无需提供参保人员有效身份证件复印件/);
  assert.equal(of.market.by_unit, true);
  assert.equal(of.economy.consent, true);
  assert.equal(body.imports, undefined, 'imports are for keeper and supervisor');
  const none = await (await signIn(server, '211282', 'window')).get('/desk/sharing');
  assert.deepEqual(none.body.sources, [], 'a guide that prints no sharing has none');
});

test('before any list came a source is unavailable, which blocks nothing', async () => { //= R220
  const r = await look(clerk, 'other', someone());
  assert.equal(r.status, 200);
  assert.equal(r.body.result.outcome, 'unavailable');
  assert.equal(r.body.result.sentence, '来源暂不可用，请按清单提供材料或承诺');
});

test('a list of civil affairs gives the class of a person', async () => { //= R69 R245
  const poor = someone(), rich = someone(), moved = someone();
  const r = await load(keeper, 'civil', `# 方式: 替换\n# 数据日期: 2026-11-20\n身份证号,类别,变动\n${poor},低保,\n${moved},"特困,供养",新增\n`, '');
  assert.equal(r.status, 201, JSON.stringify(r.body));
  assert.deepEqual([r.body.import.no, r.body.import.way, r.body.import.rows, r.body.import.errors, r.body.import.data_day], [1, 'replace', 2, 0, '2026-11-20']);
  const found = await look(clerk, 'civil', poor.toLowerCase());
  assert.equal(found.body.result.outcome, 'found');
  assert.deepEqual(found.body.result.values, [{ name: '类别', text: '低保' }]);
  assert.equal((await look(clerk, 'civil', rich)).body.result.outcome, 'absent');
  // a later list adds, changes, takes off
  assert.equal((await load(keeper, 'civil', `身份证号,类别,变动\n${poor},低收入,变更\n${moved},,移出\n`)).status, 201);
  assert.equal((await look(clerk, 'civil', poor)).body.result.values[0].text, '低收入');
  assert.equal((await look(clerk, 'civil', moved)).body.result.outcome, 'absent');
  // a replacing one puts all before aside
  assert.equal((await load(keeper, 'civil', `身份证号,类别\n${rich},低保\n`, 'replace')).status, 201);
  assert.equal((await look(clerk, 'civil', poor)).body.result.outcome, 'absent');
  assert.equal((await look(clerk, 'civil', rich)).body.result.outcome, 'found');
  const { body } = await keeper.get('/desk/sharing');
  assert.deepEqual(body.imports.filter((i) => i.source === 'civil').map((i) => [i.no, i.way, i.rows]), [[3, 'replace', 1], [2, 'extend', 2], [1, 'replace', 2]], 'history stays');
});

test('several lines of one person are told together; a paid year stands for the voucher', async () => { //= R241
  const p = someone();
  await load(keeper, 'payment', `身份证号,缴费年度\n${p},2025\n${p},2026\n`);
  const values = (await look(clerk, 'payment', p)).body.result.values.map((v) => v.text).sort();
  assert.deepEqual(values, ['2025', '2026']);
});

test('units are looked up by credit code', async () => { //= R61
  assert.equal((await load(keeper, 'market', '统一社会信用代码,单位名称\n91350100M000100Y43,某某有限公司\n')).status, 201);
  assert.equal((await look(clerk, 'market', '91350100m000100y43')).body.result.values[0].text, '某某有限公司');
  const bad = await look(clerk, 'market', someone());
  assert.equal(bad.status, 422);
  assert.equal(bad.body.errors[0].field, 'number');
});

test('a look-up about a death answers the fact; only where it finds nothing is the letter wanted', async () => { //= R90
  const dead = someone(), alive = someone();
  await load(keeper, 'death', `身份证号,死亡日期\n${dead},2026-10-01\n`);
  assert.deepEqual((await look(clerk, 'death', dead)).body.result.fact, { name: '可查询死亡信息', value: true });
  assert.deepEqual((await look(clerk, 'death', alive)).body.result.fact, { name: '可查询死亡信息', value: false });
  const list = async (found) => (await web.getJson(`/regions/421300/matters/07/checklist?${query({ withdrawal_ground: '死亡', death_record_found: found })}`)).body;
  assert.ok(!JSON.stringify((await list('是')).materials).includes('个人承诺书'));
  assert.ok(JSON.stringify((await list('否')).materials).includes('个人承诺书'));
});

test('without the subject\'s signature no query is run, nor recorded as run', async () => { //= R246
  const p = someone(), before = rows('select count(*) from share_look')[0];
  await load(keeper, 'economy', `身份证号,结论\n${p},符合\n`);
  const r = await look(clerk, 'economy', p);
  assert.equal(r.status, 422);
  assert.deepEqual([r.body.errors[0].field, r.body.rule], ['consent', 'R246']);
  assert.ok(r.body.errors[0].remedy.includes('签字'));
  assert.equal(rows('select count(*) from share_look')[0], before);
  const ok = await look(clerk, 'economy', p, { consent: '《医疗救助申请卡》2026-11-20 本人签字' });
  assert.equal(ok.body.result.outcome, 'found');
  const { body } = await supervisor.get('/desk/sharing/looks');
  assert.equal(body.looks[0].consent, '《医疗救助申请卡》2026-11-20 本人签字');
});

test('bad lines are told by number and left out; a wrong file is refused whole', async () => {
  const a = someone();
  const r = await load(keeper, 'police', `身份证号,姓名\n${a},张三\n${a.slice(0, 17)}${a[17] === '1' ? '2' : '1'},李四\n${someone()},王五,多一列\n${someone()},赵六\n`);
  assert.equal(r.status, 201);
  assert.deepEqual([r.body.import.rows, r.body.import.errors], [2, 2]);
  assert.deepEqual(r.body.lines.map((l) => l.line), [3, 4]);
  const seen = await keeper.get(`/desk/sharing/imports/${r.body.import.id}`);
  assert.deepEqual(seen.body.lines, r.body.lines);
  for (const [text, way, field] of [['身份证号,病情\n', 'replace', 'file'], ['', 'replace', 'file'], [`身份证号,姓名\n${a},张三\n`, '', 'way'], ['身份证号,姓名\n1,a\n2,b\n', 'replace', 'file'],
    [`# 数据日期: 2027-01-01\n身份证号,姓名\n${a},张三\n`, 'replace', 'file'], [`# 方式: 合并\n身份证号\n${a}\n`, '', 'file']]) {
    const bad = await load(keeper, 'police', text, way);
    assert.equal(bad.status, 422, text);
    assert.equal(bad.body.errors[0].field, field, JSON.stringify(bad.body));
    assert.ok(bad.body.errors[0].remedy);
  }
  assert.equal((await look(clerk, 'police', a)).body.result.outcome, 'found', 'what was there stays');
  assert.equal((await load(keeper, 'nothing', 'x')).body.errors[0].field, 'source');
  assert.equal((await load(clerk, 'police', 'x')).status, 403);
});

test('sealed in the database, masked in the register, never in the log', async () => {
  const p = someone();
  await load(keeper, 'police', `身份证号,姓名\n${p},欧阳小丽\n`);
  await look(clerk, 'police', p, { reason: '核对身份' });
  const { body } = await supervisor.get('/desk/sharing/looks');
  const row = body.looks[0];
  assert.deepEqual([row.source, row.outcome, row.reason, row.by], ['police', 'found', '核对身份', '窗口演示']);
  assert.match(row.digest, /^[0-9a-f]{64}$/);
  assert.ok(!JSON.stringify(body).includes(p) && row.subject.includes('*'));
  assert.equal((await clerk.get('/desk/sharing/looks')).status, 403, 'the register is the supervisor\'s');
  assert.equal((await keeper.get('/desk/sharing/looks')).status, 403);
  assert.ok(!server.out().includes(p) && !server.out().includes('欧阳小丽'));
  if (server.db.length) {
    const dump = rows(`select encode(body, 'escape') from share_row`).join('') + rows('select masked || reason from share_look').join('');
    assert.ok(dump.length > 0 && !dump.includes(p) && !dump.includes('欧阳小丽'));
  } else
    for (const f of readdirSync(server.data).filter((n) => n.startsWith('jingban.db'))) {
      const bytes = readFileSync(path.join(server.data, f));
      assert.ok(!bytes.includes('欧阳小丽') && !bytes.includes(p), f);
    }
});

test('no statement crosses regions', async () => {
  const p = someone();
  await load(keeper, 'death', `身份证号,死亡日期\n${p},2026-10-02\n`);
  const other = await signIn(server, '421300', 'window');
  assert.equal((await look(other, 'death', p)).body.result.outcome, 'unavailable');
});

test('an endpoint of the instance: asked by POST, its answer read, its failure told and not fatal', async () => { //= R220
  const port = endpoint.address().port, url = (p) => `http://127.0.0.1:${port}${p}`;
  writeFileSync(path.join(server.data, 'sharing.yaml'), `"${R}":
  - {标识: other, 种类: 接口, 网址: "${url('/birth')}", 超时毫秒: "1500"}
  - {标识: school, 名称: 教育部门, 证明: 学籍, 种类: 接口, 网址: "${url('/school')}", 方法: GET, 超时毫秒: "1500"}
  - {标识: marriage, 名称: 民政部门婚姻登记, 证明: 婚姻状况, 种类: 名单, 值: [状况]}
`);
  const { body } = await clerk.get('/desk/sharing');
  const other = body.sources.find((s) => s.id === 'other'), school = body.sources.find((s) => s.id === 'school');
  assert.deepEqual([other.kind, other.own, other.name], ['http', false, '其他部门'], 'the guide\'s source got an address');
  assert.deepEqual([school.own, school.verbatim ?? ''], [true, '']);
  const p = someone();
  answer = (req, res) => { res.setHeader('content-type', 'application/json'); res.end(JSON.stringify({ found: true, values: { 编号: 'Q41-1', 材料: '出生医学证明' } })); };
  let r = await look(clerk, 'other', p, { reason: '生育报销核对' });
  assert.equal(r.body.result.outcome, 'found', JSON.stringify(r.body));
  assert.deepEqual(r.body.result.values.map((v) => v.name).sort(), ['材料', '编号'].sort());
  assert.deepEqual([asked[0].method, asked[0].url, JSON.parse(asked[0].body)], ['POST', '/birth', { id_number: p, source: 'other', reason: '生育报销核对' }]);
  r = await look(clerk, 'school', p);
  assert.deepEqual([r.body.result.outcome, asked[1].method, asked[1].url], ['found', 'GET', `/school?id_number=${p}`]);
  answer = (req, res) => res.end(JSON.stringify({ found: false }));
  assert.equal((await look(clerk, 'other', p)).body.result.outcome, 'absent');
  const wrong = { 'an error': (q, s) => { s.statusCode = 500; s.end('x'); }, 'no JSON': (q, s) => s.end('<html>'), 'no found': (q, s) => s.end('{"values":{}}'),
    'a list': (q, s) => s.end('[]'), 'numbers': (q, s) => s.end('{"found":true,"values":{"a":1}}'), 'a flood': (q, s) => s.end(`{"found":true,"values":{"a":"${'x'.repeat(200000)}"}}`),
    'elsewhere': (q, s) => { s.statusCode = 302; s.setHeader('location', url('/x')); s.end(); }, 'hung up': (q, s) => s.destroy(), 'silence': () => {} };
  for (const [what, how] of Object.entries(wrong)) {
    answer = how;
    const started = Date.now(), told = await look(clerk, 'other', p);
    assert.equal(told.status, 200, what);
    assert.deepEqual([told.body.result.outcome, told.body.result.sentence], ['unavailable', '来源暂不可用，请按清单提供材料或承诺'], what);
    assert.ok(Date.now() - started < 6000, `${what} took ${Date.now() - started} ms`);
  }
  assert.equal((await load(keeper, 'other', 'x')).body.errors[0].field, 'source', 'an endpoint takes no list');
  assert.equal((await load(keeper, 'marriage', `身份证号,状况\n${p},已婚\n`)).status, 201);
  assert.equal((await look(clerk, 'marriage', p)).body.result.values[0].text, '已婚');
  // a slip in the instance's file is told and stops nothing of the guide's
  writeFileSync(path.join(server.data, 'sharing.yaml'), `"${R}":\n  - {标识: school, 名字: 教育部门}\n`);
  const slip = (await keeper.get('/desk/sharing')).body;
  assert.match(slip.problem, /sharing\.yaml:2/);
  assert.equal(slip.sources.length, 7);
});

test('the command takes a list in, also a long one, while the desk runs', () => {
  const file = path.join(server.data, 'list.csv'), people = Array.from({ length: 1000 }, someone);
  writeFileSync(file, `\ufeff# 方式: 增补\r\n身份证号,类别\r\n${people.map((p, i) => `${p},低保`).join('\r\n')}\r\nx,低保\r\n`);
  const run = (...more) => execFileSync(binary, ['import', 'list', '--region', R, '--source', 'civil', file, '--data', server.data, ...server.db, ...more], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  const said = run();
  assert.match(said, /民政、扶贫办等部门 第 \d+ 次导入（增补）：1000 行，1 行有错\n {2}第 1003 行：身份证号：/);
  return look(clerk, 'civil', people[999]).then((r) => assert.equal(r.body.result.outcome, 'found'));
});

test('the command says what is wrong', () => {
  const fails = (args, why) => assert.throws(() => execFileSync(binary, args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }), (e) => why.test(e.stderr));
  const file = path.join(server.data, 'list.csv');
  fails(['import', 'list', '--region', R, '--source', 'civil', '/nowhere.csv', '--data', server.data, ...server.db], /打不开/);
  fails(['import', 'list', '--region', '999999', '--source', 'civil', file, '--data', server.data, ...server.db], /没有这个统筹区/);
  fails(['import', 'list', '--region', R, '--source', 'x', file, '--data', server.data, ...server.db], /没有这个来源/);
  fails(['import', 'tables'], /用法/);
});

test('all of it without scripts', async () => {
  const page = await browse(server, R, 'supervisor'), p = someone();
  await load(keeper, 'civil', `身份证号,类别\n${p},孤儿\n`);
  let html = await page.text('/desk/sharing');
  assert.ok(html.includes('各次导入') && html.includes('须本人授权') && html.includes('数据查询登记簿'));
  let r = await page.send('/desk/sharing/looks', { source: 'civil', number: p, reason: '' }, '/desk/sharing');
  assert.ok(r.text.includes('查询的理由：没有填写') && !r.text.includes('孤儿'));
  r = await page.send('/desk/sharing/looks', { source: 'civil', number: p, reason: '核对 <b>身份</b>' }, '/desk/sharing');
  assert.ok(r.text.includes('民政、扶贫办等部门查得记录：类别 孤儿'), r.text.slice(0, 2000));
  html = await page.text('/desk/sharing/looks');
  assert.ok(html.includes('核对 &lt;b&gt;身份') && !html.includes(p));
  const form = new FormData(), csrf = /name="csrf" value="([^"]+)"/.exec(await page.text('/desk/sharing'))[1];
  form.append('csrf', csrf);
  form.append('source', 'civil');
  form.append('way', 'replace');
  form.append('file', new Blob([`身份证号,类别\n${p},低保\nx,低保\n`]), 'list.csv');
  const sent = await fetch(`${server.base}/desk/sharing/imports`, { method: 'POST', redirect: 'manual', body: form, headers: { cookie: page.cookie } });
  assert.equal(sent.status, 303, await sent.text());
  html = await page.text(sent.headers.get('location'));
  assert.ok(html.includes('已导入') && html.includes('身份证号：'));
  assert.ok(!(await (await browse(server, R, 'window')).text('/desk/sharing')).includes('导入名单'));
});

// A case begun at the window of HOUSE, of which nothing has been brought yet.
async function begin(house, id) {
  const way = new Way(house, R, id);
  way.desk = 'win1';
  await way.begin('desk');
  return way;
}

test('in a case: what a source knows need not be brought, and the source stands in the record', async (t) => { //= R60 R69 R241 R245
  const house = await House.open();
  t.after(() => house.stop());
  await house.roster(R);
  const key = await signIn(house.server, R, 'keeper');
  house.clock.enter();
  const way = await begin(house, '25'), desk = way.staff.win1, tick = way.case.ticks.find((x) => x.shareable && x.name === '救助对象身份证明');
  assert.ok(tick, JSON.stringify(way.case.ticks.map((x) => x.name)));
  assert.ok(way.case.sharing.materials.some((m) => m.key === tick.key && m.ready && m.source === '民政、扶贫办等部门'));
  const missing = () => way.case.gaps.some((g) => JSON.stringify(g).includes('救助对象身份证明'));
  const share = (material) => desk.post(`/desk/cases/${way.no}/share`, { material });
  let r = await share(tick.key);
  assert.equal(r.status, 200, JSON.stringify(r.body));
  assert.equal(r.body.result.outcome, 'unavailable');
  await way.see('win1');
  assert.ok(missing(), 'a source that cannot be asked waives nothing');
  assert.equal((await key.post('/desk/sharing/imports', { source: 'civil', way: 'replace', text: `身份证号,类别\n${way.who.person.id_number},低保\n` })).status, 201);
  const bad = await share('99');
  assert.deepEqual([bad.status, bad.body.errors[0].field], [422, 'material']);
  r = await share(tick.key);
  assert.deepEqual([r.body.result.outcome, r.body.result.source], ['found', '民政、扶贫办等部门'], JSON.stringify(r.body));
  const c = await way.see('win1');
  assert.ok(!missing(), JSON.stringify(c.gaps));
  assert.equal(c.ticks.find((x) => x.key === tick.key).state, 'shared');
  assert.deepEqual(c.sharing.looks.map((l) => [l.source, l.outcome]), [['民政、扶贫办等部门', 'found'], ['民政、扶贫办等部门', 'unavailable']]);
  assert.ok(JSON.stringify(c.timeline).includes('民政、扶贫办等部门'), 'the source is in the case\'s record');
  assert.equal((await way.staff.rev1.post(`/desk/cases/${way.no}/share`, { material: tick.key })).status, 403, 'the window asks');
  house.clock.leave();
}, { timeout: 300000 });

test('what a look-up found stands beside the facts of the case, with its source; the facts stay', async (t) => { //= R69 R90 R245 type=test
  const house = await House.open();
  t.after(() => house.stop());
  await house.roster(R);
  const key = await signIn(house.server, R, 'keeper'), load = async (source, text) => assert.equal((await key.post('/desk/sharing/imports', { source, way: 'replace', text: `身份证号,${text}` })).status, 201);
  house.clock.enter();
  const way = await begin(house, '25'), desk = way.staff.win1, one = way.case.ticks.find((x) => x.shareable && x.name === '救助对象身份证明').key, mine = way.who.person.id_number;
  const found = async () => (await way.see('win1')).sharing.found.map(({ source, material, outcome, fact, answer, values, lost }) => ({ source, material, outcome, fact, answer, values, lost }));
  const civil = { source: '民政、扶贫办等部门', material: '救助对象身份证明', outcome: 'found', fact: null, answer: null, values: [{ name: '类别', text: '低保' }], lost: null };
  assert.deepEqual(await found(), []);
  assert.equal((await desk.post(`/desk/cases/${way.no}/share`, { material: one })).body.result.outcome, 'unavailable');
  assert.deepEqual(await found(), [], 'what could not be asked says nothing');
  await load('civil', `类别\n${mine},低保\n`);
  assert.equal((await desk.post(`/desk/cases/${way.no}/share`, { material: one })).body.result.outcome, 'found');
  const facts = way.case.facts;
  assert.deepEqual(await found(), [civil]);
  assert.deepEqual(way.case.facts, facts, 'the frozen facts stay as they are');
  const page = await browse(house.server, R, 'window'), html = await page.text(`/desk/c/${way.no}`);
  assert.ok(/数据共享查得<\/h3>\s*<dl[^]*?救助对象身份证明<\/dt><dd>查得，类别 低保<br><span class="soft">民政、扶贫办等部门，2026-/.test(html), html.slice(html.indexOf('数据共享查得'), html.indexOf('数据共享查得') + 600));
  assert.ok(html.indexOf('数据共享查得') < html.indexOf('id="proofs"'), 'beside the facts');

  // the list has another word now: what was seen then is not shown as if it were still so
  await load('civil', `类别\n${mine},特困供养\n`);
  assert.deepEqual(await found(), [{ ...civil, values: [], lost: '名单在这之后更新过，要看现在的内容请再查一次' }]);
  assert.equal((await desk.post(`/desk/cases/${way.no}/share`, { material: one })).body.result.outcome, 'found');
  assert.deepEqual(await found(), [{ ...civil, values: [{ name: '类别', text: '特困供养' }] }], 'the newest answer counts');

  // of somebody who is nowhere in the case no number was kept, and no value can be read again
  const other = someone();
  await load('police', `姓名\n${mine},欧阳小丽\n${other},司马光\n`);
  for (const number of [mine, other]) assert.equal((await desk.post('/desk/sharing/looks', { source: 'police', number, reason: '核对', case_no: way.no })).body.result.outcome, 'found');
  const [strange, own] = (await found()).filter((f) => f.source !== civil.source);
  assert.deepEqual([strange.values, strange.lost], [[], '查得的内容没有留存，要看请再查一次']);
  assert.deepEqual([own.lost, own.values.map((v) => v.name)], [null, ['姓名']]);
  assert.ok(own.values[0].text.startsWith('欧') && !own.values[0].text.includes('小'), 'a name is masked');

  // a source that answers a fact, against what was said
  const dead = new Way(house, R, '09'), given = dead.facts.bind(dead);
  dead.desk = 'win1';
  dead.facts = () => ({ ...given(), withdrawal_ground: '死亡', death_record_found: false });
  await dead.begin('desk');
  await load('death', `死亡日期\n${dead.who.person.id_number},2026-10-01\n`);
  assert.equal((await desk.post('/desk/sharing/looks', { source: 'death', number: dead.who.person.id_number, reason: '核对死亡信息', case_no: dead.no })).body.result.outcome, 'found');
  const [row] = (await dead.see('win1')).sharing.found;
  assert.deepEqual([row.fact, row.answer, row.declared, row.differs, row.values], ['可查询死亡信息', '是', '否', true, [{ name: '死亡日期', text: '2026-10-01' }]]);
  assert.equal(dead.case.facts.find((f) => f.name === '可查询死亡信息').value, '否', 'what was declared stays');
  assert.ok((await page.text(`/desk/c/${dead.no}`)).includes('申请时填的是“否”'));
  house.clock.leave();
}, { timeout: 300000 });

test('nobody can say "shared" where no source has said it', async (t) => { //= R60 R220 type=test
  const house = await House.open();
  t.after(() => house.stop());
  await house.roster(R);
  const key = await signIn(house.server, R, 'keeper'), civil = '民政、扶贫办等部门';
  house.clock.enter();
  const way = await begin(house, '25'), desk = way.staff.win1, one = way.case.ticks.find((x) => x.shareable && x.name === '救助对象身份证明').key, at = `/desk/cases/${way.no}`;
  const tick = (action, state, note = '') => desk.post(`${at}/actions/${action}`, { materials: [{ key: one, state, note }] });
  const load = async (text) => assert.equal((await key.post('/desk/sharing/imports', { source: 'civil', way: 'replace', text })).status, 201);
  const share = async (outcome) => assert.equal((await desk.post(`${at}/share`, { material: one })).body.result.outcome, outcome);
  const refused = async (r, reason) => {
    assert.deepEqual([r.status, r.body.errors?.[0].field], [422, `material.${one}`], JSON.stringify(r.body));
    assert.ok(r.body.errors[0].reason.includes(reason) && /数据共享”里查询/.test(r.body.errors[0].remedy), JSON.stringify(r.body.errors));
    if (r.body.instance.includes(way.no)) assert.notEqual((await way.see('win1')).ticks.find((x) => x.key === one).state, 'shared');
  };
  const none = '没有这份材料的数据共享查询记录', page = await browse(house.server, R, 'window');
  const offered = async () => [...new RegExp(`<select id="f-material.${one.replace('.', '\\.')}".*?</select>`, 's').exec(await page.text(`/desk/c/${way.no}`))[0].matchAll(/value="(\w+)"/g)].map((m) => m[1]).includes('shared');

  // every door: taking in at the window, telling what is missing, accepting, supplementing; the public's doors know no such state
  await refused(await desk.post('/desk/intake/25', { facts: way.given, ...way.who.body, ...way.delivery(), form: way.formValues, materials: [{ key: one, state: 'shared' }] }, { 'idempotency-key': `shared-${process.pid}` }), '还没有数据共享的查询记录');
  for (const action of ['accept', 'notice']) await refused(await tick(action, 'shared', '民政局电话里说有'), none);
  assert.equal(await offered(), false, 'the page does not offer it');
  const sent = await page.send(`/desk/c/${way.no}/accept`, { [`material.${one}`]: 'shared', [`note.${one}`]: '民政局电话里说有' }, `/desk/c/${way.no}`);
  assert.ok(sent.status === 422 && sent.text.includes(none) && sent.text.includes('民政局电话里说有'), sent.text.slice(0, 3000));
  assert.equal((await desk.post(`${at}/actions/share`, { materials: [{ key: one, state: 'shared' }], source: '民政局' })).status, 404);
  assert.equal((await tick('notice', 'absent')).status, 200);
  await refused(await tick('supplement', 'shared', '民政局电话里说有'), none);
  const mine = { 'x-access-code': way.code };
  assert.equal((await house.web.postJson(`/cases/${way.no}/supplement`, { materials: { [one]: 'shared' } }, mine)).status, 422);
  assert.equal((await house.web.postJson(`/regions/${R}/matters/25/applications`, { facts: way.given, ...way.who.public, materials: { [one]: 'shared' } }, { 'idempotency-key': `public-${process.pid}` })).status, 422);

  // what was found about somebody in the case, but not for this material, says nothing; nor what could not be asked
  await share('unavailable');
  await refused(await tick('supplement', 'shared'), none);
  await load(`身份证号,类别\n${way.who.person.id_number},低保\n`);
  assert.equal((await desk.post('/desk/sharing/looks', { source: 'civil', number: way.who.person.id_number, reason: '核对', case_no: way.no })).body.result.outcome, 'found');
  await refused(await tick('supplement', 'shared'), none);

  // the newest answer counts
  await load(`身份证号,类别\n${someone()},低保\n`);
  await share('absent');
  await refused(await tick('supplement', 'shared'), `${civil}最近一次查询没有查到记录`);
  await load(`身份证号,类别\n${way.who.person.id_number},低保\n`);
  await share('found');
  await way.see('win1');
  assert.equal(way.case.ticks.find((x) => x.key === one).state, 'shared');
  assert.ok(way.case.sharing.materials.find((m) => m.key === one).found);

  assert.equal(await offered(), true);

  // a clerk may set it back and tick it again: the record stands, and the source stands before whatever he writes
  const set = async (state, note) => { const r = await tick('supplement', state, note); return r.body.id === 'ERR_CASE_EDGE' ? tick('notice', state, note) : r; };
  for (const [state, note, want] of [['rejected', '不是本人', '不是本人'], ['shared', '系统内核对过', `${civil}；系统内核对过`]]) {
    const r = await set(state, note);
    assert.equal(r.status, 200, JSON.stringify(r.body));
    const x = (await way.see('win1')).ticks.find((y) => y.key === one);
    assert.deepEqual([x.state, x.note], [state, want]);
  }
  await load(`身份证号,类别\n${someone()},低保\n`);
  await share('absent');
  assert.equal((await set('rejected', '已移出名单')).status, 200);
  await refused(await set('shared', ''), '最近一次查询没有查到记录');
  house.clock.leave();
}, { timeout: 300000 });
