// Staff accounts on the real binary: changing a person, what is recorded, what the roster must keep, who may not raise himself.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { client, root, serve } from './lib.mjs';
import { browse, PASSWORD, signIn } from './staff.mjs';

const REGION = '211282'; // 开原: five stages, panels, officers, a head
const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
let server, admin;

before(async () => {
  server = await serve([], { timeout: 120000 });
  admin = await signIn(server, REGION, 'admin');
});
after(async () => { await server?.stop(); });

const staff = async () => (await admin.get('/desk/staff')).body;
const person = async (login) => {
  const hit = (await staff()).staff.find((p) => p.login === login);
  assert.ok(hit, login);
  return (await admin.get(`/desk/staff/${hit.id}`)).body.person;
};
const change = (p, body) => admin.post(`/desk/staff/${p.id}`, body);
const missing = async () => (await staff()).roster.filter((m) => !m.possible);
const add = async (login, roles) => {
  const r = await admin.post('/desk/staff', { login, name: '新来演示', roles });
  assert.equal(r.status, 200, JSON.stringify(r.body));
  return r.body.made;
};

//= R196 R243 R254 R267 type=test
test('the roster tells for every matter whether it can be done and who is missing', async () => {
  const { roster, impossible } = await staff();
  assert.ok(roster.length >= 20);
  assert.equal(roster.filter((m) => !m.possible).length, impossible);
  for (const m of roster) assert.equal(m.possible, m.missing === '', JSON.stringify(m));
});

//= R196 R267 type=test
test('whoever a matter cannot do without is neither disabled nor robbed of his role', async () => {
  const before = await missing();
  const officer = await person('officer1');
  const r = await change(officer, { status: 'disabled', version: officer.version });
  assert.equal(r.status, 422, JSON.stringify(r.body));
  assert.match(r.body.detail, /将无人能办.*须有 2 名不同的“执法”人员签字/);
  assert.ok(r.body.errors.length > 0 && r.body.errors.every((e) => e.field === 'roles' && e.reason && e.remedy));
  const second = await change(await person('reviewer2'), { roles: 'window' });
  assert.equal(second.status, 422, JSON.stringify(second.body));
  assert.match(second.body.detail, /复核/);
  for (const login of ['officer1', 'reviewer2']) assert.equal((await person(login)).status, 'active');
  assert.deepEqual(await missing(), before);
  // with another officer there, the first may go
  await add('officer3', 'enforce');
  const gone = await change(await person('officer1'), { status: 'disabled' });
  assert.equal(gone.status, 200, JSON.stringify(gone.body));
  assert.equal((await person('officer1')).status, 'disabled');
  assert.deepEqual(await missing(), before);
});

test('an account with every role does not stand for several people', async () => {
  const all = 'window review approve fund supervisor panel enforce legal head hospital';
  await add('everything', all);
  const r = await change(await person('fund'), { status: 'disabled' });
  assert.equal(r.status, 200, JSON.stringify(r.body)); // one person may pay, as long as others review
  const last = await change(await person('everything'), { roles: 'window review' });
  assert.equal(last.status, 422);
  assert.match(last.body.detail, /没有“基金”岗位的人员/);
  const back = await change(await person('fund'), { status: 'active' });
  assert.equal(back.status, 200); // adding is never refused
});

test('every change is recorded with who, when, what, before and after', async () => {
  const made = await add('window2', 'window');
  assert.match(made.password, /^\S{12}$/);
  let p = await person('window2');
  assert.deepEqual(p.events.map((e) => [e.what, e.by, e.was, e.became]), [['added', '管理演示', '', 'window']]);
  const r = await change(p, { roles: 'window review', version: p.version });
  assert.equal(r.status, 200, JSON.stringify(r.body));
  p = await person('window2');
  assert.equal(p.roles, 'window review');
  assert.deepEqual([p.events[0].what, p.events[0].by, p.events[0].was, p.events[0].became], ['roles', '管理演示', 'window', 'window review']);
  assert.match(p.events[0].at, /^2026-11-23 \d\d:\d\d$/);
  const stale = await change(p, { roles: 'window', version: p.version - 1 });
  assert.equal(stale.status, 409, JSON.stringify(stale.body));
  const same = await change(p, { roles: 'window review' });
  assert.equal(same.status, 200);
  assert.equal((await person('window2')).events.length, p.events.length); // nothing changed, nothing recorded
  const wrong = await change(p, { roles: 'boss' });
  assert.equal(wrong.status, 422);
  assert.equal((await change(p, { status: 'gone' })).status, 422);
  assert.equal((await admin.get('/desk/staff/12345')).status, 404);
});

test('who is disabled is out at once and does not come in again', async () => {
  const made = await add('clerk9', 'window');
  const clerk = await signIn(server, REGION, 'clerk9', made.password);
  assert.equal((await clerk.get('/desk/cases')).status, 200);
  assert.equal((await change(await person('clerk9'), { status: 'disabled' })).status, 200);
  assert.equal((await clerk.get('/desk/cases')).status, 401);
  const r = await client(server.base).postJson('/sessions', { region: REGION, login: 'clerk9', password: PASSWORD });
  assert.equal(r.status, 401);
  // back again: a new session, the old one stays dead
  assert.equal((await change(await person('clerk9'), { status: 'active' })).status, 200);
  assert.equal((await clerk.get('/desk/cases')).status, 401);
});

test('an administrator raises nobody who is himself, and the last one stays', async () => {
  const me = await person('admin');
  const r = await change(me, { roles: 'admin fund' });
  assert.equal(r.status, 422, JSON.stringify(r.body));
  assert.match(r.body.detail, /不能给自己增加岗位/);
  assert.equal((await change(me, { status: 'disabled' })).status, 422);
  assert.equal((await change(me, { roles: 'window' })).status, 422);
  const made = await add('admin2', 'admin');
  const other = await signIn(server, REGION, 'admin2', made.password);
  const given = await other.post(`/desk/staff/${me.id}`, { roles: 'admin window' });
  assert.equal(given.status, 200, JSON.stringify(given.body));
  assert.equal((await person('admin')).events[0].by, '新来演示');
  const clerk = await signIn(server, REGION, 'window');
  assert.equal((await clerk.post(`/desk/staff/${me.id}`, { roles: 'admin' })).status, 403);
  assert.equal((await clerk.get(`/desk/staff/${me.id}`)).status, 403);
});

//= R196 R267 type=test
test('the command line changes an account under the same checks, and it is recorded', async (t) => {
  const own = await serve([], { timeout: 120000 }), head = await signIn(own, REGION, 'admin');
  t.after(() => own.stop());
  const jingban = (...args) => spawnSync(binary, ['staff', 'change', ...args, '--region', REGION, '--data', own.data, ...own.db], { cwd: root, encoding: 'utf8' });
  const one = async (login) => (await head.get(`/desk/staff/${(await head.get('/desk/staff')).body.staff.find((p) => p.login === login).id}`)).body.person;
  const changes = async (login) => (await one(login)).events.filter((e) => e.what !== 'added').map((e) => [e.what, e.by, e.was, e.became]).sort();
  const clerk = await signIn(own, REGION, 'window'), { agency } = await one('window');
  await head.post('/desk/staff', { login: 'window2', name: '新来演示', roles: 'window' });
  let r = jingban('--login', 'window', '--roles', 'review,window');
  assert.equal(r.status, 0, r.stderr);
  const told = JSON.parse(r.stdout).person;
  assert.deepEqual([told.roles, told.agency, told.status], ['window review', agency, 'active']);
  assert.deepEqual(await changes('window'), [['roles', '命令行', 'window', 'window review']]);
  assert.equal((await clerk.get('/desk/cases')).status, 200);
  r = jingban('--login', 'window', '--status', 'disabled');
  assert.equal(r.status, 0, r.stderr);
  assert.equal((await clerk.get('/desk/cases')).status, 401, 'out at once');
  assert.deepEqual(await changes('window'), [['roles', '命令行', 'window', 'window review'], ['status', '命令行', 'active', 'disabled']]);

  // the same refusals, and nothing changed by them
  const officer = await one('officer2');
  for (const [args, why] of [[['officer2', '--status', 'disabled'], /须有 2 名不同的“执法”人员签字/], [['officer2', '--roles', 'boss'], /没有“boss”这个岗位/], [['officer2', '--agency', 'nowhere'], /目录中没有机构/],
    [['officer2', '--status', 'gone'], /不是可用的值/], [['nobody', '--roles', 'window'], /没有登录名为“nobody”/], [['officer2'], /请写明改什么/], [['admin', '--status', 'disabled'], /最后一名管理员/]]) {
    const no = jingban('--login', ...args);
    assert.notEqual(no.status, 0, args.join(' '));
    assert.match(no.stderr, why);
  }
  assert.deepEqual(await one('officer2'), officer);
  assert.deepEqual(await changes('admin'), []);
}, { timeout: 240000 });

test('the pages do the same without scripts', async () => {
  const page = await browse(server, REGION, 'admin');
  const list = await page.text('/desk/staff');
  assert.match(list, /事项能否办到底/);
  const legal = await person('legal'), path = `/desk/staff/${legal.id}`;
  const shown = await page.text(path);
  assert.match(shown, /改动记录/);
  assert.match(shown, /name="roles" value="legal" checked/);
  const fields = [['roles', 'legal'], ['agency', legal.agency], ['section', ''], ['status', 'disabled'], ['version', String(legal.version)]];
  const only = (await staff()).staff.filter((p) => p.status === 'active' && p.roles.split(' ').includes('legal'));
  if (only.length > 1) for (const p of only.filter((p) => p.login !== 'legal')) await change(p, { roles: 'window' });
  const refused = await page.send(path, fields, path);
  assert.equal(refused.status, 422, refused.text);
  assert.match(refused.text, /没有“法制”岗位的人员签字/);
  const saved = await page.send(path, [['roles', 'legal'], ['roles', 'window'], ...fields.slice(1, 3), ['status', 'active'], ['version', String(legal.version)]], path);
  assert.equal(saved.status, 303, saved.text);
  assert.match(await page.text(saved.location), /已保存/);
  assert.equal((await person('legal')).roles, 'window legal');
});

//= R267 type=test
test('a version that asks for more people than there are says so before it is published', async () => {
  const keeper = await signIn(server, REGION, 'keeper'), ok = (r) => { assert.equal(r.status, 200, JSON.stringify(r.body)); return r.body; };
  const { no } = ok(await keeper.post('/desk/catalog/open', {})), at = (rest) => `/desk/catalog/versions/${no}${rest}`;
  const file = `regions/${REGION}/matters/32.yaml`;
  assert.deepEqual(ok(await keeper.get(at('/dry-run'))).roster_lost, []);
  const f = ok(await keeper.get(at(`/file?path=${encodeURIComponent(file)}`)));
  assert.match(f.text, /人数: "2"/);
  ok(await keeper.post(at('/file'), { path: file, text: f.text.replace('人数: "2"', '人数: "9"'), edited: String(f.version.edited) }));
  const lost = ok(await keeper.get(at('/dry-run'))).roster_lost;
  assert.deepEqual(lost.map((m) => m.name), ['医保行政处罚']);
  assert.match(lost[0].missing, /“调查取证”须有 9 名不同的“执法”人员签字/);
  const page = await browse(server, REGION, 'keeper');
  assert.match(await page.text(`/desk/catalog/v/${no}/dry-run`), /按这一版，在岗人员办不到底的事项/);
});
