// The dry run of a version that is not in force: what would change for the cases that are open, counted for the keeper, listed with masked
// persons for the supervisor, and nothing written.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { client, root, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';

const REGION = '420281', binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
const folder = (id) => `regions/${REGION}/matters/${id}.yaml`;
let server, web, keeper, boss, person, no;
const cases = {};
const at = (n, rest = '') => `/desk/catalog/versions/${n}${rest}`;
async function ok(promise, status = 200) { const r = await promise; assert.equal(r.status, status, JSON.stringify(r.body)); return r.body; }

async function apply(id, body) {
  const r = await web.postJson(`/regions/${REGION}/matters/${id}/applications`, { applicant: person, ...body }, { 'idempotency-key': `dry-${id}` });
  assert.equal(r.status, 201, JSON.stringify(r.body));
  return r.body;
}
async function edit(id, from, to) {
  const f = await ok(keeper.get(at(no, `/file?path=${encodeURIComponent(folder(id))}`)));
  assert.ok(f.text.includes(from), `${from} in ${id}`);
  await ok(keeper.post(at(no, '/file'), { path: folder(id), text: f.text.replaceAll(from, to), edited: String(f.version.edited) }));
}
const dry = async (who, page) => ok(who.get(at(no, `/dry-run${page ? `?page=${page}` : ''}`)));
const counts = (run) => Object.fromEntries(run.counts.map((c) => [c.kind, c.count]));
const told = (run, it) => Object.fromEntries((run.cases.find((c) => c.no === it.no)?.differences ?? []).map((d) => [d.kind, d.text]));

before(async () => {
  server = await serve();
  web = client(server.base);
  keeper = await signIn(server, REGION, 'keeper');
  boss = await signIn(server, REGION, 'supervisor');
  const rows = execFileSync(binary, ['export', 'persons', '--region', REGION, '--limit', '50', '--demo'], { cwd: root, encoding: 'utf8' }).trim().split('\n').map((l) => l.split('\t'));
  const hit = rows.find((r) => r[3] === '职工医保');
  person = { name: hit[0], id_number: hit[1], mobile: '13912345678' };
  cases.limit = await apply('18', { materials: { '1.1.1': 'given', '1.2': 'given', 2: 'given', 3: 'given', 4: 'given', 5: 'given' } });
  cases.gone = await apply('10', { facts: { insurance: '职工医保' }, materials: { 1.1: 'given' } });
  cases.object = await apply('21', { facts: { expense_place: '异地', insured_status: '在职职工', in_first_month: '否' }, materials: {} });
  no = (await ok(keeper.post('/desk/catalog/open', {}))).no;
});
after(() => server?.stop());

//= R6
test('a draft that says the same changes nothing for anybody', async () => {
  const run = await dry(boss);
  assert.deepEqual([run.judged, run.changed, run.unchanged, run.cut, run.cases, run.counts], [3, 0, 3, false, [], []]);
  assert.deepEqual(run.matters.map((m) => [m.id, m.open, m.changed]).sort(), [['10', 1, 0], ['18', 1, 0], ['21', 1, 0]]);
});

//= R6
test('an earlier day, another paper, another service object, a matter that goes: told case by case', async () => {
  const due = cases.limit.case.clock.due;
  await edit('18', '10个工作日', '8个工作日');
  await edit('18', '    - 材料: 处方底方', '    - 材料: 处方底方（加盖公章）\n    - 材料: 家庭经济状况说明');
  await edit('21', '  条件:\n', '  条件:\n    - 须: \'费用发生地 != "异地"\'\n      否则: 只报本统筹区内发生的费用\n');
  const { version } = await ok(keeper.get(at(no)));
  await ok(keeper.post(at(no, '/actions/remove'), { edited: String(version.edited), path: folder('10') }));

  const run = await dry(boss);
  assert.deepEqual(counts(run), { gone: 1, refused: 1, due_earlier: 1, missing_more: 1 });
  assert.deepEqual([run.judged, run.changed, run.listed], [3, 3, 3]);
  const first = told(run, cases.limit);
  assert.equal(first.due_earlier, '由 2026年12月7日 改为 2026年12月3日');
  assert.equal(due, '2026-12-07');
  assert.equal(first.missing_more, '处方底方（加盖公章）；家庭经济状况说明', 'a paper with another name is another paper; one that moved down the list is not missing');
  assert.equal(told(run, cases.gone).gone, '这一版没有这个事项');
  assert.equal(told(run, cases.object).refused, '只报本统筹区内发生的费用');
  for (const c of run.cases) assert.match(c.masked, /\*|＊|某/u, 'persons are masked');
  assert.ok(!JSON.stringify(run).includes(person.name) && !JSON.stringify(run).includes(person.id_number));

  // what has fewer papers and a later day says so too
  await edit('18', '8个工作日', '15个工作日');
  await edit('21', '费用发生地 != "异地"', '费用发生地 = "异地"');
  await edit('21', '            - 材料: 社保卡\n        - 材料: 银行卡\n', '            - 材料: 社保卡\n        - 材料: 存折\n');
  const next = await dry(boss);
  assert.match(told(next, cases.limit).due_later, /^由 2026年12月7日 改为 2026年12月14日$/);
  const swapped = told(next, cases.object);
  assert.match(swapped.missing_more, /存折/);
  assert.match(swapped.missing_less, /银行卡/);
  assert.ok(!('refused' in swapped));
});

//= R6
test('the keeper sees numbers, no case and no person; others see nothing', async () => {
  const run = await dry(keeper);
  assert.ok(run.changed > 0 && run.counts.length > 0);
  assert.deepEqual([run.persons, run.cases, run.listed], [false, [], 0]);
  const text = JSON.stringify(run);
  for (const c of Object.values(cases)) assert.ok(!text.includes(c.no));
  for (const login of ['admin', 'window', 'reviewer'])
    assert.equal((await (await signIn(server, REGION, login)).get(at(no, '/dry-run'))).status, 403, login);
  assert.equal((await web.getJson(at(no, '/dry-run'))).status, 401);
});

//= R6
test('a dry run changes no case, and is not for what is published', async () => {
  const seen = async (c) => (await web.getJson(`/cases/${c.no}`, { 'x-access-code': c.code })).body.case;
  const now = await seen(cases.limit);
  assert.deepEqual([now.clock.due, now.version, now.timeline.length, now.gaps], ['2026-12-07', cases.limit.case.version, 1, []]);
  assert.equal((await seen(cases.gone)).status, 'submitted');
  for (const [n, status] of [[1, 409], [99, 404]]) assert.equal((await boss.get(at(n, '/dry-run'))).status, status, String(n));
  for (const page of ['0', '-1', 'x', '999999']) assert.equal((await boss.get(at(no, `/dry-run?page=${page}`))).status, 404, page);
});

test('the page shows the same', async () => {
  const b = await browse(server, REGION, 'supervisor'), html = await b.text(`/desk/catalog/v/${no}/dry-run`);
  for (const words of ['试算', '算了 3 件', '承诺到期日推后', '事项不在这一版里', cases.gone.no]) assert.ok(html.includes(words), words);
  assert.ok(!html.includes(person.name));
  assert.ok((await b.text(`/desk/catalog/v/${no}`)).includes(`/desk/catalog/v/${no}/dry-run`));
  const k = await browse(server, REGION, 'keeper'), own = await k.text(`/desk/catalog/v/${no}/dry-run`);
  assert.ok(own.includes('逐件的不同由督办岗查看') && !own.includes(cases.gone.no));
});
