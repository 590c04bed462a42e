// catalog diff: two guides, or a guide and the standard list, on the command line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, run } from './lib.mjs';

const REGIONS = ['421300', '421381', '211282', '420281', '410400'];
const mirror = { lighter: 'heavier', heavier: 'lighter' };

test('six unifications of every matter, aligned for a terminal', () => { //= R2
  const { out, status } = run(['catalog', 'diff', '421300', '--against', '410400']);
  assert.equal(status, 0);
  assert.match(out, /^随州市（421300）对 平顶山市（410400）\n配对 25 项，只有我方 1 项，只有对方 5 项\n/);
  assert.match(out, /^002036006001 门诊费用报销 {2}【. 有别】|^002036006001 门诊费用报销 {2}【▼ 较轻】/m);
  assert.match(out, /^ {2}办理时限 {2}▼ {2}较轻 {2}5个工作日 对 30个工作日，短 25 个工作日/m);
  assert.match(out, /^（地方事项） 异地就医临时外出人员备案 {2}—— 只有我方有$/m);
  const width = (s) => [...s].reduce((n, c) => n + (/[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/.test(c) ? 2 : 1), 0);
  for (const line of out.split('\n')) assert.ok(width(line) <= 104, `${width(line)} columns: ${line}`);
});

test('as JSON, turned round, it is its mirror', () => { //= R3
  for (const ours of REGIONS)
    for (const theirs of REGIONS.filter((r) => r > ours)) {
      const there = json(['catalog', 'diff', ours, '--against', theirs, '--json']), back = json(['catalog', 'diff', theirs, '--against', ours, '--json']);
      assert.deepEqual([there.ours.code, there.theirs.code, there.count], [ours, theirs, back.count]);
      assert.equal(there.summary.lighter, back.summary.heavier);
      assert.equal(there.summary.heavier, back.summary.lighter);
      assert.equal(there.summary.only_ours, back.summary.only_theirs);
      for (const row of there.rows) {
        const other = back.rows.find((r) => (row.ours?.id ?? null) === (r.theirs?.id ?? null) && (row.theirs?.id ?? null) === (r.ours?.id ?? null));
        assert.ok(other, row.name);
        assert.equal(other.side, mirror[row.side] ?? row.side, row.name);
      }
    }
});

test('the standard list, and what there is not', () => { //= R11
  const view = json(['catalog', 'diff', '410400', '--against', 'standard', '--json']);
  assert.equal(view.theirs.code, 'standard');
  assert.equal(view.count, 30);
  assert.deepEqual([view.summary.paired, view.summary.lighter, view.summary.heavier], [30, 0, 0]);
  assert.match(run(['catalog', 'diff', '410400', '--against', '000000']).err, /没有统筹区 000000；--against 可写 standard 或统筹区代码/);
  assert.match(run(['catalog', 'diff', '000000', '--against', 'standard']).err, /没有统筹区 000000/);
  assert.equal(run(['catalog', 'diff', '410400']).status, 2, 'nothing to compare with');
});
