// catalog lint on the real regions: what people noticed when they wrote the catalogue is found, each once, at its place.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { catalog, run, withCatalog } from './lib.mjs';

const KEYS = ['id', 'severity', 'region', 'matters', 'field', 'file', 'line', 'evidence', 'message', 'remedy'];
const ORDER = ['error', 'warn', 'info'];
const lint = (...args) => {
  const { status, out, err } = run(['catalog', 'lint', '--json', ...args]);
  assert.ok(out, err);
  return { status, rows: JSON.parse(out) };
};
const all = lint();

test('a finding has its ten keys, its place and its verbatim evidence', () => {
  for (const f of all.rows) {
    assert.deepEqual(Object.keys(f).filter((k) => k !== 'accepted'), KEYS);
    assert.ok(ORDER.includes(f.severity) && f.message && f.remedy && [...f.evidence].length <= 80, JSON.stringify(f));
    const lines = readFileSync(path.join(catalog, f.file), 'utf8').split('\n');
    assert.ok(f.line >= 0 && f.line <= lines.length, JSON.stringify(f));
    assert.ok(f.matters.every((id) => /^\d\d$/.test(id)) && new Set(f.matters).size === f.matters.length);
  }
});

const WORDS = new Set(['phone-length', 'phone-near', 'unit-place', 'term-near', 'word-torn', 'text-repeated', 'placeholder', 'brackets', 'punctuation',
  'truncated', 'dash-han', 'width-mixed', 'numbering', 'numbering-style', 'serial', 'boilerplate', 'marks-differ', 'name-variant', 'caption', 'title',
  'open-list', 'phone-missing', 'phone-disagree']);

test('the evidence stands on the line that is named', () => {
  let checked = 0;
  for (const f of all.rows.filter((x) => WORDS.has(x.id))) {
    const line = readFileSync(path.join(catalog, f.file), 'utf8').split('\n')[f.line - 1];
    assert.ok(line.includes([...f.evidence].slice(0, 4).join('')), `${f.file}:${f.line} ${f.evidence}\n${line}`);
    checked++;
  }
  assert.ok(checked > 40);
});

test('one finding per cause: nothing is told twice', () => {
  const seen = new Set();
  for (const f of all.rows) {
    const key = [f.id, f.region, f.field, f.file, f.line, f.evidence].join('|');
    assert.ok(!seen.has(key), key);
    seen.add(key);
  }
});

test('sorted by region, severity, file and line', () => {
  const rank = (f) => [f.region, ORDER.indexOf(f.severity), f.file, f.line];
  for (let i = 1; i < all.rows.length; i++) {
    const a = rank(all.rows[i - 1]), b = rank(all.rows[i]);
    const at = a.findIndex((x, k) => x !== b[k]);
    assert.ok(at < 0 || a[at] < b[at], JSON.stringify([a, b]));
  }
});

// What people wrote down as 存疑 when they typed the guides in.
const NOTED = [
  ['421300', 'phone-length', ['07', '08'], '0722-67115868'],
  ['421300', 'unit-place', ['26'], '广水市医疗保障局'],
  ['421300', 'term-near', ['02'], '加盖单位公项'],
  ['421300', 'term-near', ['07'], '帐户'],
  ['421300', 'boilerplate', ['08'], '第三方评价等'],
  ['421300', 'missing-field', ['10', '11', '12', '13', '14', '15', '16', '26'], ''],
  ['421300', 'serial', ['21'], '21.'],
  ['421300', 'phone-disagree', ['23', '24', '25', '26'], '0722-3232089'],
  ['421381', 'text-repeated', ['07', '08', '10', '12', '13'], '广水市政务服务大厅医疗保障窗口'],
  ['421381', 'punctuation', ['13'], '; ,'],
  ['421381', 'boilerplate', ['18'], '形式的相结合'],
  ['421381', 'boilerplate', ['28'], '多种相结合'],
  ['421381', 'word-torn', ['19'], '产 前'],
  ['421381', 'caption', ['19', '20'], '产前检查费支付办理流程'],
  ['421381', 'phone-near', ['27', '28'], '0722-6392398'],
  ['420281', 'placeholder', ['01'], '[bookmark'],
  ['420281', 'serial', ['01'], '1、'],
  ['420281', 'punctuation', ['10'], '、。'],
  ['420281', 'term-near', ['11'], '并过邮寄'],
  ['420281', 'serial', ['13'], '（13）'],
  ['420281', 'serial', ['20'], '4.'],
  ['420281', 'term-near', ['26', '27'], '财顾制度'],
  ['420281', 'term-near', ['27'], '要学技术人员'],
  ['420281', 'name-variant', ['17'], '市级政务服务大厅'],
  ['420281', 'missing-field', ['24'], ''],
  ['211282', 'term-near', ['13'], '住院用报销'],
  ['211282', 'title', ['05'], '城乡居民参保登记'],
  ['211282', 'title', ['28'], '高频项'],
  ['211282', 'name-variant', ['06', '21'], '16窗口'],
  ['211282', 'truncated', ['16'], '业务流程图:'],
  ['410400', 'brackets', ['12', '13', '14'], '《平顶山市异地就医登记备案表'],
  ['410400', 'brackets', ['20', '21', '22', '23', '24'], '115号)'],
  ['410400', 'basis-organ', ['12', '13', '14', '15', '18', '19', '25', '26'], '人力资源和社会保障厅'],
  ['410400', 'term-near', ['12', '13', '14', '15'], '基术医疗保险'],
  ['410400', 'term-near', ['18', '19'], '实施办(试行)'],
  ['410400', 'term-near', ['27'], '复印'],
  ['410400', 'term-near', ['28'], '提交交办材料'],
  ['410400', 'boilerplate', ['22'], '核实。对情况清楚'],
  ['410400', 'dash-han', ['09', '10', '11'], '申请一受理'],
  ['410400', 'punctuation', ['25', '26'], '--'],
];

for (const [region, id, matters, evidence] of NOTED)
  test(`${region} ${id} ${evidence}`, () => {
    const hits = all.rows.filter((f) => f.region === region && f.id === id && f.evidence.includes(evidence));
    assert.ok(hits.some((f) => matters.every((m) => f.matters.includes(m)) && f.matters.length === matters.length),
      JSON.stringify(all.rows.filter((f) => f.region === region && f.id === id), null, 1));
  });

test('the exit status is 2 with open errors', () => withCatalog((dir) => {
  assert.equal(all.status, 1, 'what the five guides have in errors is accepted with reasons');
  assert.ok(all.rows.some((f) => f.severity === 'error' && f.accepted));
  rmSync(path.join(dir, 'regions/421300/accepted.yaml'));
  const { status, rows } = lint('--catalog', dir);
  assert.equal(status, 2);
  assert.ok(rows.some((f) => f.severity === 'error' && f.region === '421300' && !f.accepted));
}));

test('one region alone is checked against the others', () => {
  const own = (rows) => rows.filter((f) => f.id !== 'calendar-year'); // the house's, told with the first region
  for (const region of ['211282', '410400', '420281', '421300', '421381']) {
    const one = lint('--region', region);
    assert.deepEqual(own(one.rows), own(all.rows).filter((f) => f.region === region));
    const open = one.rows.filter((f) => !f.accepted).map((f) => f.severity);
    assert.equal(one.status, open.includes('error') ? 2 : open.includes('warn') ? 1 : 0);
  }
  const { status, err, out } = run(['catalog', 'lint', '--region', '000000']);
  assert.equal(status, 1);
  assert.equal(out, '');
  assert.match(err, /没有统筹区 000000/);
});

test('the text for people names place, message and remedy, region by region', () => {
  const { out } = run(['catalog', 'lint']);
  assert.match(out, /^5 个统筹区、145 个事项：错误 \d+、警告 \d+、提示 \d+，已接受 \d+$/m);
  assert.match(out, /^421300 随州市：错误 /m);
  assert.match(out, /^ {2}警告 copied|^ {2}警告 sibling-word {2}事项 24 {2}办理流程\n {4}regions\/421300\/matters\/24\.yaml:30 .*\n/m);
  assert.match(out, /已接受：图题是事项名称的简称/);
});

const edit = (dir, file, from, to) => {
  const name = path.join(dir, file), text = readFileSync(name, 'utf8');
  assert.ok(text.includes(from), `${file} has no ${from}`);
  writeFileSync(name, text.replace(from, to));
};

test('a fault mended is gone, and an acceptance without its fault is told', () => withCatalog((dir) => {
  edit(dir, 'regions/421300/matters/26.yaml', '受理单位: 广水市', '受理单位: 随州市');
  edit(dir, 'regions/421300/matters/22.yaml', '图题: 医疗救助手工报销办理流程图', '图题: 医疗救助对象手工(零星)报销办理流程图');
  const { rows } = lint('--catalog', dir, '--region', '421300');
  assert.ok(!rows.some((f) => f.id === 'unit-place' || (f.id === 'caption' && f.matters.includes('22'))));
  const stale = rows.filter((f) => f.id === 'accepted-stale');
  assert.deepEqual(stale.map((f) => [f.file, f.line, f.severity]), [2, 16].map((line) => ['regions/421300/accepted.yaml', line, 'info']));
}));

test('accepting everything makes the status 0', () => withCatalog((dir) => {
  const { rows } = lint('--catalog', dir, '--region', '420281');
  writeFileSync(path.join(dir, 'regions/420281/accepted.yaml'), rows.map((f) => `- 规则: ${f.id}\n  字段: ${JSON.stringify(f.field)}\n` +
    `  证据: ${JSON.stringify(f.evidence)}\n  理由: 试\n  经手人: 试\n  日期: "2026-11-22"\n`).join(''));
  const after = lint('--catalog', dir, '--region', '420281');
  assert.equal(after.status, 0);
  assert.equal(after.rows.filter((f) => f.accepted === '试').length, rows.length);
}));

test('a broken acceptance is refused with its place', () => withCatalog((dir) => {
  writeFileSync(path.join(dir, 'regions/421300/accepted.yaml'), '- 规则: caption\n  理由: 甲\n');
  const { status, out, err } = run(['catalog', 'lint', '--catalog', dir]);
  assert.equal(status, 1);
  assert.equal(out, '');
  assert.match(err, /regions\/421300\/accepted\.yaml:1:3: 缺少“经手人”/);
}));
