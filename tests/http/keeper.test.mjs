// The keeper's desk over HTTP: who may what, drafts, the second person, the day it comes into force, going back, packages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { client, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';

const REGION = '420281', MATTER = '18', FILE = `regions/${REGION}/matters/${MATTER}.yaml`;
let server, web, keeper, boss, admin;
before(async () => {
  server = await serve();
  web = client(server.base);
  keeper = await signIn(server, REGION, 'keeper');
  boss = await signIn(server, REGION, 'supervisor');
  admin = await signIn(server, REGION, 'admin');
});
after(async () => { await server?.stop(); });

const at = (no, rest = '') => `/desk/catalog/versions/${no}${rest}`;
const file = async (no, path = FILE) => (await keeper.get(at(no, `/file?path=${encodeURIComponent(path)}`))).body;
const version = async (who, no) => { const r = await who.get(at(no)); assert.equal(r.status, 200, JSON.stringify(r.body).slice(0, 400)); return r.body; };
async function ok(promise) { const r = await promise; assert.equal(r.status, 200, JSON.stringify(r.body)); return r.body; }
async function refused(promise, status, id) {
  const r = await promise;
  assert.equal(r.status, status, JSON.stringify(r.body));
  assert.equal(r.body.id, id);
  assert.match(r.body.detail ?? r.body.title, /\p{Script=Han}/u);
  return r.body;
}
const open = async (from) => (await ok(keeper.post('/desk/catalog/open', from ? { from } : {}))).no;
async function edit(no, from, to) {
  const f = await file(no);
  assert.ok(f.text.includes(from), `${from} in ${FILE}`);
  await ok(keeper.post(at(no, '/file'), { path: FILE, text: f.text.replaceAll(from, to), edited: String(f.version.edited) }));
}
async function step(who, no, action, body = {}) {
  const { edited } = (await version(who, no)).version;
  return who.post(at(no, `/actions/${action}`), { edited: String(edited), ...body });
}
const day = (days) => new Date(Date.parse('2026-11-23T00:00:00Z') + days * 86400000).toISOString().slice(0, 10);
const limit = async () => (await web.getJson(`/regions/${REGION}/matters/${MATTER}`)).body.limits.text;
async function until(what, check) {
  for (let i = 0; i < 100; i++) { if (await check()) return; await new Promise((r) => setTimeout(r, 100)); }
  assert.fail(`not within ten seconds: ${what}`);
}

test('who sees the guides at the desk', async () => {
  const all = await ok(keeper.get('/desk/catalog'));
  assert.equal(all.current.no, 1);
  assert.equal(all.current.source, '随程序安装');
  assert.equal(all.can_edit, true);
  assert.equal((await ok(boss.get('/desk/catalog'))).can_edit, false);
  for (const who of [admin, await signIn(server, REGION, 'window'), await signIn(server, REGION, 'reviewer')]) {
    await refused(who.get('/desk/catalog'), 403, 'ERR_FORBIDDEN');
    await refused(who.post('/desk/catalog/open'), 403, 'ERR_FORBIDDEN');
    await refused(who.post(at(1, '/actions/publish')), 403, 'ERR_FORBIDDEN');
  }
  await refused(boss.post('/desk/catalog/open'), 403, 'ERR_FORBIDDEN');
  assert.equal((await web.getJson('/desk/catalog')).status, 401);
  await refused(keeper.get(at(99)), 404, 'ERR_NOT_FOUND');
  await refused(keeper.get(at(1, '/file?path=../../etc/passwd')), 404, 'ERR_NOT_FOUND');
});

//= R7
test('a draft is edited, checked, handed in, published by a second person and told to the public', async () => {
  const no = await open();
  assert.equal(no, 2);
  await refused(keeper.post('/desk/catalog/open'), 409, 'ERR_CONFLICT');
  let v = await version(keeper, no);
  assert.equal(v.unchanged, true);
  assert.equal(v.can.submit, false);

  // what does not load is not kept, and says where
  const f = await file(no);
  const wrong = await refused(keeper.post(at(no, '/file'), { path: FILE, text: f.text.replace('办理时限:', '办理时限：'), edited: '1' }), 422, 'ERR_FIELD_INVALID');
  assert.equal(wrong.errors[0].field, 'text');
  assert.match(wrong.errors[0].reason, new RegExp(`^${FILE}:\\d+:\\d+: `));
  assert.equal((await file(no)).text, f.text);
  await refused(keeper.post(at(no, '/file'), { path: 'facts/common.yaml', text: 'x: y\n', edited: '1' }), 404, 'ERR_NOT_FOUND');

  await edit(no, '10个工作日', '8个工作日');
  await refused(keeper.post(at(no, '/file'), { path: FILE, text: f.text, edited: '1' }), 409, 'ERR_CONFLICT');
  v = await version(keeper, no);
  assert.deepEqual(v.changes.map((c) => c.matter), [MATTER]);
  assert.deepEqual(v.changes[0].fields.map((x) => [x.field, x.old, x.new]), [['办理时限 › 原文', '不超过10个工作日', '不超过8个工作日'], ['办理时限 › 档 › 第 1 条 › 承诺', '10个工作日', '8个工作日']]);
  assert.equal(v.open_errors, 0);

  await refused(step(keeper, no, 'submit', { note: '', effective: day(0) }), 422, 'ERR_FIELD_INVALID');
  await refused(step(keeper, no, 'submit', { note: '缩短时限', effective: day(-1) }), 422, 'ERR_FIELD_INVALID');
  await refused(step(keeper, no, 'submit', { note: '缩短时限', effective: '明天' }), 422, 'ERR_FIELD_INVALID');
  await refused(step(boss, no, 'publish'), 409, 'ERR_CONFLICT');
  await ok(step(keeper, no, 'submit', { note: '门诊费用报销由10个工作日缩短为8个工作日', effective: day(0) }));
  const own = await refused(step(keeper, no, 'publish'), 403, 'ERR_SEPARATION');
  assert.equal(own.rule, 'R7');
  await refused(step(boss, no, 'return'), 422, 'ERR_REASON_REQUIRED');
  assert.equal(await limit(), '不超过10个工作日');
  await ok(step(boss, no, 'publish'));
  assert.equal(await limit(), '不超过8个工作日');
  await refused(step(boss, no, 'publish'), 409, 'ERR_CONFLICT');

  const { changes } = (await web.getJson(`/regions/${REGION}/changes`)).body;
  assert.deepEqual(changes.map((c) => [c.no, c.standing_name, c.effective]), [[2, '现行', day(0)], [1, '不再施行', day(0)]]);
  assert.equal(changes[0].note, '门诊费用报销由10个工作日缩短为8个工作日');
  assert.deepEqual([changes[0].keeper, changes[0].publisher], ['目录演示', '督办演示']);
  const page = await web.text(`/r/${REGION}/changes`);
  for (const words of ['第 2 版', '门诊费用报销由10个工作日缩短为8个工作日', '目录演示', '督办演示', '自 2026年11月23日 起施行']) assert.ok(page.includes(words), words);
  const guide = await web.text(`/r/${REGION}/m/${MATTER}`);
  assert.ok(guide.includes('本指南第 2 版，自 2026年11月23日 起施行'), 'the guide says which version it is');
  const events = (await version(boss, no)).events.map((e) => [e.name, e.staff]);
  assert.deepEqual(events, [['发布', '督办演示'], ['提交发布', '目录演示'], ['修改', '目录演示'], ['起稿', '目录演示']]);
});

//= R6
test('a version waits for its day, then comes into force by itself', async () => {
  const no = await open();
  await edit(no, '8个工作日', '6个工作日');
  await ok(step(keeper, no, 'submit', { note: '再缩短两天', effective: day(3) }));
  await ok(step(boss, no, 'publish'));
  assert.equal(await limit(), '不超过8个工作日');
  const all = await ok(boss.get('/desk/catalog'));
  assert.deepEqual([all.current.no, all.versions[0].state_name, all.scheduled], [2, '尚未施行', 1]);
  await web.postJson('/demo/clock', { advance_days: 3 });
  await until('the day has come', async () => (await limit()) === '不超过6个工作日');
  assert.equal((await ok(boss.get('/desk/catalog'))).current.no, no);
});

test('going back is a new version with the old package, published like any other', async () => {
  const before = (await version(keeper, 1)).version.digest, no = await open(1);
  const v = await version(keeper, no);
  assert.deepEqual([v.version.source, v.version.digest], ['退回到第 1 版', before]);
  await ok(step(keeper, no, 'submit', { note: '文件有误，先退回', effective: day(3) }));
  await refused(step(keeper, no, 'publish'), 403, 'ERR_SEPARATION');
  await ok(step(boss, no, 'return', { reason: '说明写得不清楚' }));
  await ok(step(keeper, no, 'submit', { note: '上一版时限有误，退回', effective: day(3) }));
  await ok(step(boss, no, 'publish'));
  assert.equal(await limit(), '不超过10个工作日');
});

//= R262
test('上级部门有新规定的从其规定: a new rule stands over the printed list from its day on, with its basis', async () => {
  const own = `regions/${REGION}/matters/26.yaml`, basis = '依上级新规定增加一项材料', guide = async () => (await web.getJson(`/regions/${REGION}/matters/26`)).body;
  const before = await guide();
  assert.ok(before.materials.text.includes('上级部门有新规定的从其规定'), 'the guide says so');
  assert.ok(!JSON.stringify(before.materials).includes('医保医师名单'));
  const no = await open(), f = await file(no, own), mark = '    - 材料: 联调测试表\n';
  assert.ok(f.text.includes(mark));
  await ok(keeper.post(at(no, '/file'), { path: own, text: f.text.replace(mark, `    - 材料: 医保医师名单\n${mark}`), edited: String(f.version.edited) }));
  await refused(step(keeper, no, 'submit', { note: '', effective: day(3) }), 422, 'ERR_FIELD_INVALID'); // not without saying why
  await ok(step(keeper, no, 'submit', { note: basis, effective: day(3) }));
  await ok(step(boss, no, 'publish'));
  const after = await guide();
  assert.ok(JSON.stringify(after.materials).includes('医保医师名单'), 'it is asked for now');
  assert.ok(after.materials.text.includes('上级部门有新规定的从其规定'), 'the printed words stay');
  assert.equal((await web.getJson(`/regions/${REGION}/changes`)).body.changes[0].note, basis);
});

test('what the check calls an error holds a draft back until it is mended or left with a reason', async () => {
  const no = await open();
  const path = `regions/${REGION}/matters/01.yaml`, f = await file(no, path);
  await ok(keeper.post(at(no, '/file'), { path, text: f.text.replace(/^受理单位: .*\n/m, '').replace(/^服务对象:/m, '受理单位: 广水市医疗保障局\n服务对象:'), edited: String(f.version.edited) }));
  let v = await version(keeper, no);
  assert.ok(v.open_errors > 0, 'another city\'s bureau is an error');
  const [found] = v.finding_groups[0].findings;
  assert.deepEqual([found.severity, found.field, found.evidence], ['error', '受理单位', '广水市医疗保障局']);
  assert.ok(found.remedy && found.href.includes(path));
  const held = await refused(step(keeper, no, 'submit', { note: '换受理单位', effective: day(3) }), 422, 'ERR_FIELD_INVALID');
  assert.equal(held.errors[0].field, 'findings');
  await refused(step(keeper, no, 'accept', { key: found.key, reason: '' }), 422, 'ERR_REASON_REQUIRED');
  await refused(step(boss, no, 'accept', { key: found.key, reason: '我看可以' }), 403, 'ERR_FORBIDDEN');
  await ok(step(keeper, no, 'accept', { key: found.key, reason: '印发的原件就是这样: "照录" #1' }));
  v = await version(keeper, no);
  assert.equal(v.open_errors, 0);
  assert.equal(v.accepted[0].accepted, '印发的原件就是这样: "照录" #1');
  assert.match((await file(no, `regions/${REGION}/accepted.yaml`)).text, /经手人: "目录演示"/);
  await ok(step(keeper, no, 'drop'));
  assert.equal((await ok(keeper.get('/desk/catalog'))).idle, true);
});

test('a package that goes up comes down byte for byte; anything else is refused', async () => {
  const auth = { authorization: `Bearer ${keeper.token}` };
  const send = async (bytes, name = '包.tar') => {
    const form = new FormData();
    form.append('package', new Blob([bytes]), name);
    const r = await fetch(`${server.base}/api/v1/desk/catalog/upload`, { method: 'POST', headers: auth, body: form });
    return { status: r.status, body: await r.json() };
  };
  const get = async (no) => { const r = await keeper.raw(at(no, '/package')); assert.equal(r.status, 200); return Buffer.from(await r.arrayBuffer()); };
  const bytes = await get(3);
  const { no } = await ok(send(bytes));
  assert.deepEqual(await get(no), bytes);
  for (const bad of [Buffer.from('not a package'), bytes.subarray(0, bytes.length / 2), Buffer.alloc(0)]) await refused(send(bad), 422, 'ERR_FIELD_INVALID');
  const there = await signIn(server, '421300', 'keeper');
  const form = new FormData();
  form.append('package', new Blob([bytes]), '别处.tar');
  const r = await fetch(`${server.base}/api/v1/desk/catalog/upload`, { method: 'POST', headers: { authorization: `Bearer ${there.token}` }, body: form });
  assert.equal(r.status, 422);
  assert.match((await r.json()).errors[0].reason, /420281/);
  await ok(step(keeper, no, 'drop'));
});

test('the pages without scripts: what was typed stays, the error stands at its line', async () => {
  const page = await browse(server, REGION, 'keeper');
  assert.equal(page.home, '/desk/catalog');
  const opened = await page.send('/desk/catalog/open', { from: '4' });
  assert.equal(opened.status, 303);
  const no = /\/v\/(\d+)$/.exec(opened.location)[1], at = `/desk/catalog/v/${no}/f/${FILE}`;
  const html = await page.text(at);
  assert.match(html, /<textarea[^>]*name="text"/);
  const text = (await file(no)).text.replace('办理层级:', '办理层级：');
  const bad = await page.send(at, { text: text.replaceAll('\n', '\r\n'), edited: '1' });
  assert.equal(bad.status, 422);
  assert.match(bad.text, /第 \d+ 行第 \d+ 列/);
  assert.match(bad.text, /<li class="here">.*办理层级：/);
  assert.ok(bad.text.includes('办理层级：\n'), 'what was typed is still there');
  const good = await page.send(at, { text: (await file(no)).text.replace(/\n/g, '\r\n') + '# 核对过\r\n', edited: '1' });
  assert.equal(good.status, 303, good.text.slice(0, 500));
  assert.ok((await file(no)).text.endsWith('\n# 核对过\n'));
  assert.ok(!(await file(no)).text.includes('\r'));
  const shown = await page.text(`/desk/catalog/v/${no}`);
  assert.match(shown, /只有注释或写法不同/);
  const sent = await page.send(`/desk/catalog/v/${no}/submit`, { note: '', effective: day(3), edited: '2' });
  assert.equal(sent.status, 422);
  assert.match(sent.text, /href="#f-note"/);
  const forged = await fetch(`${server.base}/desk/catalog/v/${no}/drop`, { method: 'POST', headers: { cookie: page.cookie }, body: new URLSearchParams({ edited: '2' }) });
  assert.equal(forged.status, 403);
});
