// The keeper's comparison: the overview of all regions, the pair by the six unifications, who may see it. The same view as `catalog diff`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { client, root, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';

const REGION = '421300', OTHER = '410400', PAGE = '/desk/catalog/diff';
const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
let server, web, keeper, page;

before(async () => {
  server = await serve([], { timeout: 120000 });
  web = client(server.base);
  keeper = await signIn(server, REGION, 'keeper');
  page = await browse(server, REGION, 'keeper');
});
after(async () => { await server?.stop(); });

const api = async (query = '') => {
  const r = await keeper.get(PAGE + query);
  assert.equal(r.status, 200, JSON.stringify(r.body));
  return r.body;
};
const html = async (query = '') => {
  const r = await page.get(PAGE + query);
  assert.equal(r.status, 200);
  return r.text();
};
const cell = (row, name) => row.cells.find((c) => c.unification === name);

test('only who keeps the catalogue or oversees it compares', async () => {
  for (const [login, status] of [['keeper', 200], ['supervisor', 200], ['window', 403], ['reviewer', 403], ['admin', 403]])
    assert.equal((await (await signIn(server, REGION, login)).get(PAGE)).status, status, login);
  assert.equal((await web.getJson(PAGE)).status, 401);
  const away = await web.get(`${PAGE}?against=standard`);
  assert.equal(away.status, 303);
  assert.match(away.headers.get('location'), /^\/desk\/login/);
});

test('the overview holds every matter of every region once, against one\'s own unless told otherwise', async () => {
  const { matrix, paired, choices } = await api();
  assert.equal(paired, false);
  assert.equal(matrix.yardstick.code, REGION);
  assert.equal(matrix.columns.length, 5);
  assert.equal(matrix.columns[0].code, REGION, 'one\'s own comes first');
  assert.deepEqual(choices.map((c) => c.code).sort(), ['211282', '410400', '420281', '421300', '421381', 'standard']);
  const coded = matrix.rows.filter((r) => r.code);
  assert.equal(coded.length, 30);
  let shown = 0;
  for (const row of matrix.rows) {
    assert.equal(row.cells.length, 5);
    for (const c of row.cells) {
      assert.equal(c.none, c.items.length === 0);
      shown += c.items.length;
      for (const i of c.items) assert.ok(['base', 'alone', 'same', 'lighter', 'heavier', 'other', 'unprinted'].includes(i.side), i.side);
    }
    assert.ok(row.cells[0].none || row.cells[0].items.every((i) => i.side === 'base'));
  }
  assert.equal(shown, 145, 'all matters of the five guides');
  const clinic = coded.find((r) => r.code === '002036006001'), [own, ...others] = clinic.cells; // clinic costs: 5, 15, 30, 10 and 21 working days
  assert.deepEqual(own.items[0].parts.map((p) => [p.title, p.brief]), [['材料', '5份'], ['时限', '5个工作日'], ['环节', '4环节']]);
  for (const c of others) assert.equal(c.items[0].parts[1].side, 'heavier', c.region);
});

test('two matters of one code stand in one cell', async () => {
  const row = (await api()).matrix.rows.find((r) => r.code === '002036003002');
  const both = row.cells.find((c) => c.region === '211282');
  assert.equal(both.several, true);
  assert.deepEqual(both.items.map((i) => i.name).sort(), ['个人医疗保险关系转移接续', '转移接续手续办理'].sort());
});

test('a pair, six by six: the page\'s view is the command\'s', async () => { //= R2 R3
  const body = await api(`?against=${OTHER}`);
  const told = JSON.parse(execFileSync(binary, ['catalog', 'diff', REGION, '--against', OTHER, '--json'], { cwd: root, encoding: 'utf8', env: { ...process.env, JINGBAN_CATALOG: path.join(root, 'catalog') }, maxBuffer: 1 << 26 }));
  assert.equal(body.paired, true);
  assert.equal(body.matrix.yardstick.code, OTHER);
  assert.equal(body.rows.length, told.rows.length);
  assert.deepEqual(body.rows.map(({ shown, ...row }) => row), told.rows);
  assert.deepEqual(body.summary, told.summary);
  for (const row of body.rows) assert.deepEqual(row.cells.map((c) => c.unification), ['name', 'code', 'materials', 'limit', 'stages', 'standard']);
  const clinic = body.rows.find((r) => r.code === '002036006001');
  assert.deepEqual([cell(clinic, 'limit').side, cell(clinic, 'limit').detail.split('；')[0]], ['lighter', '5个工作日 对 30个工作日，短 25 个工作日']);
  const only = body.rows.filter((r) => r.only);
  assert.equal(only.length, body.summary.only_ours + body.summary.only_theirs);
  for (const row of only) assert.match(row.remark, /^(我方|对方)没有这个事项$/);
});

test('against the standard list nothing is weighed', async () => { //= R11
  const body = await api('?against=standard');
  assert.equal(body.theirs.name, '标准清单');
  for (const row of body.rows) {
    assert.ok(!['lighter', 'heavier'].includes(row.side), row.name);
    for (const name of ['materials', 'limit', 'standard']) assert.equal(cell(row, name).side, 'unprinted');
  }
  assert.match(await html('?against=standard'), /标准清单只规定名称、编码/);
});

test('the page works without scripts: links, closed parts, a filter', async () => {
  const text = await html(`?against=${OTHER}`);
  assert.match(text, /<h1>对比<\/h1>/);
  assert.equal(text.match(/<details>/g).length, (await api(`?against=${OTHER}`)).summary.paired * 6);
  assert.match(text, /href="\/desk\/catalog\/diff\?against=standard"/);
  assert.match(text, /5个工作日 对 30个工作日，短 25 个工作日/);
  assert.match(text, /class="cmp cmp-lighter"><span aria-hidden="true">▼<\/span>较轻/, 'a sign and a word, not colour alone');
  assert.doesNotMatch(text, /\{\{|undefined/);
  const lighter = await html(`?against=${OTHER}&show=lighter`), { summary, rows } = await api(`?against=${OTHER}&show=lighter`);
  assert.equal(lighter.match(/<details>/g).length, summary.lighter * 6);
  assert.equal(rows.filter((r) => r.shown).length, summary.lighter);
  assert.match(await html(`?against=${OTHER}&show=same`), /没有这样的事项|<details>/);
  assert.match(await html(), /选一个比较对象/);
});

test('what there is not is refused in words', async () => {
  const none = await keeper.get(`${PAGE}?against=999999`);
  assert.equal(none.status, 404);
  assert.match(JSON.stringify(none.body), /没有统筹区“999999”/);
  const wrong = await keeper.get(`${PAGE}?against=${OTHER}&show=worst`);
  assert.equal(wrong.status, 422);
  assert.match(JSON.stringify(wrong.body), /没有这个筛选/);
  assert.equal((await page.get(`${PAGE}?against=${encodeURIComponent('<script>')}`)).status, 404);
});
