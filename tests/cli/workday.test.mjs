// The working-day calendar against two others: tests/calendar/reference.tsv, counted here day by day, and the npm package chinese-days.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { root, run } from './lib.mjs';

const DAY = 86400000;
const text = (t) => new Date(t).toISOString().slice(0, 10);
const weekday = (t) => new Date(t).getUTCDay();

const works = new Map(); // day → is it worked; beyond the table: weekends alone
let first, last;
for (const row of readFileSync(path.join(root, 'tests/calendar/reference.tsv'), 'utf8').trim().split('\n')) {
  const [year, marks] = row.split('\t');
  const start = Date.UTC(+year, 0, 1);
  [...marks].forEach((c, i) => works.set(start + i * DAY, c === '1'));
  first ??= start;
  last = start + (marks.length - 1) * DAY;
}
const isWorked = (t) => works.get(t) ?? (weekday(t) !== 0 && weekday(t) !== 6);
const beyond = (t) => t < first || t > last;

// Due day of N working days after FROM, counted one day at a time.
function add(from, n) {
  let t = from, left = n, tentative = false;
  if (n === 0) {
    for (; ; t += DAY) {
      tentative ||= beyond(t);
      if (isWorked(t)) break;
    }
  }
  while (left > 0) {
    t += DAY;
    tentative ||= beyond(t);
    if (isWorked(t)) left--;
  }
  return text(t) + (tentative ? ' 暂定' : '');
}

function batch(lines) {
  const { status, out, err } = run(['workday', '-'], { input: lines.join('\n') + '\n' });
  assert.equal(status, 0, err);
  return out.trimEnd().split('\n');
}

test('the reference table is what chinese-days says', () => {
  const { isWorkday } = createRequire(path.join(root, 'package.json'))('chinese-days');
  assert.equal(text(first), '2004-01-01');
  assert.equal(text(last), '2026-12-31');
  assert.equal(works.size, (last - first) / DAY + 1);
  for (const [t, worked] of works) assert.equal(isWorkday(text(t)), worked, text(t));
});

test('add equals the count for every day of 2004–2026', () => { //= R275 R276
  const asked = [], expected = [];
  for (let t = first; t <= last; t += DAY)
    for (const n of [0, 1, 5, 10, 15, 20, 30]) {
      asked.push(`add ${text(t)} ${n}`);
      expected.push(add(t, n));
    }
  const said = batch(asked);
  assert.equal(said.length, 8401 * 7);
  for (let i = 0; i < said.length; i++) if (said[i] !== expected[i]) assert.equal(said[i], expected[i], asked[i]);
});

test('between counts the working days after A up to B, backwards as negative', () => {
  const asked = [], expected = [];
  let total = 0;
  const upTo = new Map();
  for (let t = first; t <= last; t += DAY) upTo.set(t, (total += isWorked(t) ? 1 : 0));
  for (let t = first, step = 1; t + step * DAY <= last; t += 3 * DAY, step = (step * 7 + 3) % 411) {
    const to = t + step * DAY, n = upTo.get(to) - upTo.get(t);
    asked.push(`between ${text(t)} ${text(to)}`, `between ${text(to)} ${text(t)}`);
    expected.push(String(n), String(n === 0 ? 0 : -n));
  }
  const said = batch(asked);
  for (let i = 0; i < said.length; i++) assert.equal(said[i], expected[i], asked[i]);
});

test('days after the last announced year are tentative', () => {
  const asked = [], expected = [];
  for (let t = last - 60 * DAY; t < last + 500 * DAY; t += DAY)
    for (const n of [0, 1, 5, 30]) {
      asked.push(`add ${text(t)} ${n}`);
      expected.push(add(t, n));
    }
  const said = batch(asked);
  for (let i = 0; i < said.length; i++) assert.equal(said[i], expected[i], asked[i]);
  assert.ok(said.at(-1).endsWith(' 暂定'));
  assert.match(run(['workday', 'between', '2026-12-31', '2027-01-10']).out, /^\d+ 暂定\n$/);
  assert.equal(run(['workday', 'between', '2026-12-01', '2026-12-31']).out, '22\n');
});

test('one question on the command line, and what is refused', () => {
  assert.equal(run(['workday', 'add', '2026-11-20', '5']).out, '2026-11-27\n');
  assert.equal(run(['workday', 'add', '2024-02-09', '1']).out, '2024-02-18\n'); // a Sunday worked
  for (const args of [['add', '2026-02-30', '1'], ['add', '2026年1月1日', '1'], ['between', '2026-01-01', 'x']]) {
    const { status, err } = run(['workday', ...args]);
    assert.equal(status, 1);
    assert.match(err, /日期应写成 2026-11-21/);
  }
  for (const n of ['-1', 'x', '36501', '', '1.5', '99999999999999999999']) {
    const { status, err } = run(['workday', 'add', '2026-01-01', n]);
    assert.equal(status, 1, n);
    assert.match(err, /工作日数应为 0 到 36500 的整数/);
  }
  for (const args of [[], ['add'], ['add', '2026-01-01'], ['subtract', '2026-01-01', '3'], ['add', '2026-01-01', '1', '2']]) {
    const { status, err, out } = run(['workday', ...args]);
    assert.equal(status, 2, args.join(' '));
    assert.match(err, /^用法：jingban workday/);
    assert.equal(out, '');
  }
  assert.match(run(['workday', '-'], { input: 'add 2026-01-01\n' }).err, /每行应为/);
});
