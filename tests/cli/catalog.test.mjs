// catalog list, show and checklist (lint: lint.test.mjs): the catalogue on the command line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, run } from './lib.mjs';

const COUNTS = { 421300: 26, 421381: 28, 211282: 32, 420281: 29, 410400: 30 };

test('catalog list counts every matter of the five guides', () => {
  for (const [region, count] of Object.entries(COUNTS)) {
    const view = json(['catalog', 'list', region, '--json']);
    assert.equal(view.count, count);
    assert.equal(view.matters.length, count);
    assert.equal(view.region.code, region);
    assert.deepEqual(view.matters.map((m) => m.id), view.matters.map((m) => m.id).sort(), 'printed order');
    const { out, status } = run(['catalog', 'list', region]);
    assert.equal(status, 0);
    assert.equal(out.trimEnd().split('\n').at(-1), `共 ${count} 项`);
  }
});

test('the suspended matter says so in both forms', () => { //= R13
  const m = json(['catalog', 'list', '211282', '--json']).matters.find((x) => x.id === '16');
  assert.equal(m.suspended, true);
  assert.match(run(['catalog', 'list', '211282']).out, /^16\t002036009001\t.*\t暂停$/m);
  assert.match(json(['catalog', 'show', '211282', '16', '--json']).status_basis, /暂停/);
});

test('show carries both limits with their conditions', () => { //= R35
  const view = json(['catalog', 'show', '420281', '002036004001', '--json']);
  assert.deepEqual(view.limits.tiers.map((t) => [t.when, t.text]),
    [['证明方式 = "承诺制"', '即时办结'], ['证明方式 = "提交材料"', '2个工作日']]);
  assert.equal(view.id, '12');
  const { out } = run(['catalog', 'show', '420281', '12']);
  assert.match(out, /当 证明方式 = "提交材料" → 承诺 2个工作日/);
});

test('promised and legal limits stand apart', () => { //= R14
  const [tier] = json(['catalog', 'show', '211282', '22', '--json']).limits.tiers;
  assert.equal(tier.promised.kind, 'instant');
  assert.deepEqual([tier.legal.kind, tier.legal.n], ['workdays', 1]);
});

test('a matter is found by id, by an unambiguous code and by its printed name', () => {
  const show = (id) => json(['catalog', 'show', '421300', id, '--json']).id;
  assert.equal(show('03'), '03');
  assert.equal(show('002036001004'), '03');
  assert.equal(show('单位参保信息变更登记'), '03');
  const twice = run(['catalog', 'show', '211282', '002036004002', '--json']);
  assert.equal(twice.status, 1);
  assert.match(twice.err, /不止一个事项符合.*有 2 个事项符合“002036004002”，请用事项编号/);
  for (const id of ['99', '', '单位']) {
    const none = run(['catalog', 'show', '211282', id, '--json']);
    assert.equal(none.status, 1, id);
    assert.match(none.err, /没有找到：.*没有事项/);
    assert.equal(none.out, '');
  }
  assert.match(run(['catalog', 'list', '000000']).err, /没有统筹区 000000/);
});

test('three ways of having no list are three different things', () => {
  const modes = {};
  for (const region of Object.keys(COUNTS))
    for (const m of json(['catalog', 'list', region, '--json']).matters) {
      const { materials } = json(['catalog', 'show', region, m.id, '--json']);
      modes[materials.mode] = (modes[materials.mode] ?? 0) + 1;
      assert.equal(materials.mode === 'unlisted' && materials.items.length > 0, false);
      assert.equal(materials.mode === 'listed' && materials.items.length === 0, false);
    }
  assert.equal(modes.unlisted, 16);
  assert.equal(Object.values(modes).reduce((a, b) => a + b), 145);
});

test('checklist without facts prints the questions', () => {
  const view = json(['checklist', '420281', '12', '--json']);
  assert.deepEqual(view.questions.map((q) => q.name), ['已退休', '统筹区外', '户籍已迁入定居地', '备案业务', '证明方式']);
  assert.equal(view.complete, false);
  for (const q of view.questions) assert.ok(q.question && q.id && q.type);
  assert.ok(view.questions.every((q) => q.type !== 'choice' || q.options.length > 1));
});

const list = (region, id, facts) => json(['checklist', region, id, '--facts', JSON.stringify(facts), '--json']);
const names = (view) => view.materials.map((m) => m.name);

test('checklist changes with the facts', () => { //= R131 R35
  const facts = { 已退休: '是', 统筹区外: '是', 户籍已迁入定居地: '是', 备案业务: '首次备案' };
  const proof = list('420281', '12', { ...facts, 证明方式: '提交材料' });
  const promise = list('420281', '12', { ...facts, 证明方式: '承诺制' });
  assert.ok(proof.complete && promise.complete);
  assert.ok(names(proof).includes('异地安置认定材料'));
  assert.ok(!names(promise).includes('异地安置认定材料'));
  assert.equal(proof.limit.text, '2个工作日');
  assert.equal(promise.limit.text, '即时办结');
  assert.deepEqual(names(list('420281', '12', { ...facts, 备案业务: '变更备案地', 证明方式: '承诺制' })).length, 1); //= R135
});

test('checklist takes booleans and numbers as JSON has them, and names by identifier', () => { //= R125
  const facts = { long_residence: true, insured_status: '城乡居民' };
  const id = json(['checklist', '211282', '23', '--json']).questions.map((q) => q.id);
  assert.ok(id.includes('age'));
  const own = Object.fromEntries(Object.entries(facts).filter(([k]) => id.includes(k)));
  assert.equal(list('211282', '23', { ...own, age: 60 }).refusal, null);
  assert.match(list('211282', '23', { ...own, age: 59 }).refusal.otherwise, /60周岁/);
});

test('checklist refuses with the guide\'s words', () => { //= R119 R121
  assert.equal(list('420281', '10', { 险种: '城乡居民医保' }).refusal.otherwise, '职工医疗保险参保人员');
  assert.match(list('420281', '12', { 已退休: '是', 统筹区外: '否' }).refusal.otherwise, /黄石市以外/);
});

test('checklist says what is wrong with a fact and with the JSON', () => {
  const bad = (facts) => run(['checklist', '420281', '12', '--facts', facts, '--json']);
  const value = bad('{"备案业务":"飞行"}');
  assert.equal(value.status, 1);
  assert.match(value.err, /备案业务：“飞行”不是可用的值；请选择：首次备案、/);
  assert.match(bad('{"没有":"是"}').err, /没有：没有这个事实；请用问题里给出的名称/);
  for (const text of ['[]', '{', '"是"', '{"已退休":"是","已退休":"否"}', '']) assert.equal(bad(text).status, 1, text);
  assert.match(bad('[]').err, /--facts 应为/);
});

test('a wrong call names every sub-command, and an option of another one is refused', () => {
  const subs = ['list', 'show', 'lint', 'diff', 'import', 'pack', 'unpack'];
  const calls = [[], ['nonsense'], ['list'], ['diff', '421300'], ['import', 'x'], ['pack', '421300'], ['unpack', 'x.tar']];
  const foreign = [['list', '421300', '--against', 'standard'], ['lint', '--against', 'standard'], ['lint', '--facts', '{}'],
    ['show', '421300', '01', '--region', '421300'], ['diff', '421300', '--against', 'standard', '--region', '421300'],
    ['unpack', 'x.tar', '--out', 'y', '--catalog', 'z'], ['import', 'x', '--region', '990100', '--forced'], ['pack', '421300', '--json']];
  for (const call of [...calls, ...foreign]) {
    const { status, out, err } = run(['catalog', ...call]);
    assert.equal(status, 2, call.join(' '));
    assert.equal(out, '');
    for (const sub of subs) assert.match(err, new RegExp(`catalog ${sub} `), call.join(' '));
    if (foreign.includes(call)) assert.ok(err.includes(`参数 ${call.findLast((x) => x.startsWith('--') && x !== '--out')}`), err);
  }
});
