// A running case stays with the version of the guide it was begun under: its limit, its list and its stages, also after the matter is
// gone from the guide and after a restart; new cases follow the new version. (R6)
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { idNumber } from './browser.mjs';
import { client, root, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';

const REGION = '421300', MATTER = '02', FILE = `regions/${REGION}/matters/${MATTER}.yaml`;
const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
let server, web, keeper, boss, clerk;
before(async () => {
  server = await serve();
  web = client(server.base);
  [keeper, boss, clerk] = await Promise.all(['keeper', 'supervisor', 'window'].map((who) => signIn(server, REGION, who)));
});
after(() => server?.stop());

let serial = 700;
async function apply() {
  const p = { name: '林小满', id_number: idNumber('421303', '19900307', ++serial), mobile: '13812345678' };
  const r = await web.postJson(`/regions/${REGION}/matters/${MATTER}/applications`, {
    facts: { insured_status: '灵活就业人员', employee_action: '增加' }, applicant: p, materials: { '2.1': 'given' },
    form: { filler_phone: p.mobile, employees: [{ person_name: p.name, id_kind: '居民身份证', id_number: p.id_number, employee_action: '增加', mobile: p.mobile }] },
  }, { 'idempotency-key': `v-${serial}` });
  return r;
}
async function ok(promise) { const r = await promise; assert.equal(r.status, 200, JSON.stringify(r.body).slice(0, 600)); return r.body; }
const look = async (x) => ok(web.getJson(`/cases/${x.no}`, { 'x-access-code': x.code }));
const at = (no, rest = '') => `/desk/catalog/versions/${no}${rest}`;

// A new version, changed by CHANGE(no, file), through the keeper's and the supervisor's hands.
async function publish(note, change) {
  const { no } = await ok(keeper.post('/desk/catalog/open'));
  await change(no, await ok(keeper.get(at(no, `/file?path=${FILE}`))));
  for (const [who, action, body] of [[keeper, 'submit', { note, effective: '2026-11-23' }], [boss, 'publish', {}]]) {
    const { version } = await ok(who.get(at(no)));
    await ok(who.post(at(no, `/actions/${action}`), { edited: String(version.edited), ...body }));
  }
}
const save = (no, f, text) => ok(keeper.post(at(no, '/file'), { path: FILE, text, edited: String(f.version.edited) }));

let first, second;
test('a new version holds for new cases only', async () => { //= R6
  first = await apply();
  assert.equal(first.status, 201, JSON.stringify(first.body));
  first = first.body;
  assert.equal(first.case.clock.due, '2026-11-23');
  await publish('灵活就业人员由即时办结改为3个工作日', (no, f) => save(no, f,
    f.text.replace('灵活就业人员即时办结', '灵活就业人员不超过3个工作日').replace(/(灵活就业人员"'\n\s+承诺: )即时/, '$13个工作日')));
  second = (await apply()).body;
  assert.equal(second.case.clock.due, '2026-11-26');
  const old = await look(first);
  assert.equal(old.case.clock.due, '2026-11-23');
  const [a, b] = [await ok(clerk.get(`/desk/cases/${first.no}`)), await ok(clerk.get(`/desk/cases/${second.no}`))];
  assert.deepEqual([a.case.version_no, b.case.version_no], [1, 2]);
  const desk = await browse(server, REGION, 'window'); // the guide beside the case is the case's own
  assert.match(await desk.text(`/desk/c/${first.no}`), /灵活就业人员即时办结/);
  assert.match(await desk.text(`/desk/c/${second.no}`), /灵活就业人员不超过3个工作日/);
});

test('a matter taken out of the guide: its cases go on to their end', async () => {
  await publish('不再办理本项', async (no) => {
    const { version } = await ok(keeper.get(at(no)));
    await ok(keeper.post(at(no, '/actions/remove'), { edited: String(version.edited), path: FILE }));
  });
  assert.equal((await web.getJson(`/regions/${REGION}/matters/${MATTER}`)).status, 404);
  assert.equal((await apply()).status, 404);
  assert.equal((await look(first)).case.status, 'submitted');
  const queue = await ok(clerk.get('/desk/cases'));
  assert.ok(JSON.stringify(queue).includes(first.no));
  const r = await clerk.post(`/desk/cases/${first.no}/actions/accept`, {}, { 'idempotency-key': 'accept-1' });
  assert.equal(r.status, 200, JSON.stringify(r.body).slice(0, 600));
});

test('after a restart, and for the auditor', async () => {
  const again = await serve([], { beside: server });
  try {
    const w = client(again.base);
    const r = await w.getJson(`/cases/${first.no}`, { 'x-access-code': first.code });
    assert.equal(r.status, 200, JSON.stringify(r.body));
    assert.equal(r.body.case.clock.due, '2026-11-23');
    assert.equal((await w.getJson(`/regions/${REGION}/matters/${MATTER}`)).status, 404, 'the database decides what is in force, not the folder');
  } finally { await again.stop(); }
  for (const command of [['audit', 'verify'], ['rebuild', '--check']]) {
    const out = execFileSync(binary, [...command, '--data', server.data, ...server.db], { cwd: root, encoding: 'utf8' });
    assert.match(out, new RegExp(`^${REGION} 办件 2 记录 \\d+.*一致$`, 'm'));
    assert.ok(!out.includes('有问题'), out);
  }
});
