// catalog import: a sixth city's guide read, told, written, and listed like any other region.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { json, root, run } from './lib.mjs';

const guide = join(root, 'tests/import/sixth.txt');

test('without --out nothing is written; every finding has its line and its remedy', () => {
  const { out, status } = run(['catalog', 'import', guide, '--region', '990100']);
  assert.equal(status, 0);
  assert.match(out, /读出 6 个事项，.*没有写文件/);
  assert.match(out, /sixth\.txt:39: \[警告\] 事项 02 监督电话：电话号码是 9 位/);
  const view = json(['catalog', 'import', guide, '--region', '990100', '--json']);
  assert.equal(view.matters, 6);
  assert.equal(view.files.length, 7);
  const keys = ['id', 'severity', 'region', 'matters', 'field', 'file', 'line', 'evidence', 'message', 'remedy'];
  for (const f of view.findings) {
    for (const k of keys) assert.ok(k in f, k);
    assert.ok(f.message && f.remedy && f.region === '990100' && [...f.evidence].length <= 80);
  }
  assert.deepEqual(view.findings.filter((f) => f.id === 'number-break').map((f) => f.line), [46, 80]);
});

test('what is written loads beside the shared folders, and is not overwritten by accident', () => {
  const dir = mkdtempSync(join(tmpdir(), 'jingban-import-'));
  try {
    cpSync(join(root, 'catalog'), dir, { recursive: true });
    const args = ['catalog', 'import', guide, '--region', '990100', '--out', dir];
    assert.equal(run(args).status, 0);
    const folder = join(dir, 'regions/990100');
    assert.deepEqual(readdirSync(join(folder, 'matters')).sort(), ['01', '02', '03', '04', '05', '06'].map((n) => `${n}.yaml`));
    const listed = json(['catalog', 'list', '990100', '--json', '--catalog', dir]);
    assert.equal(listed.count, 6);
    assert.equal(listed.region.name, '云溪市');
    assert.match(readFileSync(join(folder, 'matters/04.yaml'), 'utf8'), /# 待核/);
    writeFileSync(join(folder, 'matters/99.yaml'), 'x');
    const again = run(args);
    assert.equal(again.status, 1);
    assert.match(again.err, /已经存在；确要覆盖请加 --force/);
    assert.ok(existsSync(join(folder, 'matters/99.yaml')));
    assert.equal(run([...args, '--force']).status, 0);
    assert.ok(!existsSync(join(folder, 'matters/99.yaml')), 'an earlier import leaves nothing behind');
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('what is no guide is refused with the reason', () => {
  const none = run(['catalog', 'import', join(root, 'README.md'), '--region', '990100']);
  assert.equal(none.status, 1);
  assert.match(none.err, /没有读出任何事项/);
  assert.equal(run(['catalog', 'import', guide]).status, 2);
  assert.match(run(['catalog', 'import', guide, '--region', '99']).err, /6 位数字/);
  assert.match(run(['catalog', 'import', '/nowhere', '--region', '990100']).err, /打不开/);
});

// Texts made to be slow: each was minutes or gigabytes once (a list walked anew for every finding, texts copied for every line added).
const MEGA = 1 << 20;
const fill = (unit, bytes) => unit.repeat(Math.ceil(bytes / Buffer.byteLength(unit)));
const matter = (i, { channel = '大厅', level = '市级', material = '1.身份证', flow = '第一步:申请。', unit = '' } = {}) =>
  `（${i}）事项${i}\n事项名称：事项${i}号备案\n${unit}服务对象：参保人\n办理渠道：${channel}\n办理层级：${level}\n` +
  `办理材料：${material}\n办理流程：${flow}\n办理时限：即时办结\n咨询电话：0722-3233281\n`;
const matters = (n, fields) => Array.from({ length: n }, (_, i) => matter(i + 1, typeof fields === 'function' ? fields(i) : fields)).join('');
const table = '附件1\n序号\n事项名称\n编码\n办理材料\n办理时限\n办理环节\n备注\n';
const code = (i) => `002036001${String(i).padStart(3, '0')}`;
const HOSTILE = {
  'notes in one line': matters(2) + '注意事项：1.' + fill('；2.甲', 3.8 * MEGA),
  'notes line by line': matters(2) + '注意事项：\n' + fill('甲\n', 0.7 * MEGA),
  'one caption over and over': matters(2) + fill('联系电话：甲\n办理材料：乙\n', 3.4 * MEGA),
  'numbers out of row far behind': matters(1, { material: '1.甲\n' + fill('一二三四五甲乙丙。\n', 1.9 * MEGA) + fill('5.\n', 0.35 * MEGA) }) + matters(2),
  'new findings in every matter': matters(500, (i) => ({ level: Array.from({ length: 500 }, (_, k) => `乡${i}x${k}`).join('、') })),
  'the same findings in every matter': matters(500, { level: Array.from({ length: 500 }, (_, k) => `乡${1000 + k}`).join('、') }),
  'a stage word over and over': matters(64, { flow: '第一步:' + fill('审核通过', 59000) }),
  'verbs that are none': matters(64, { material: '1.甲\n' + (fill('提供的甲', 2900) + '。\n').repeat(20) }),
  'places in one clause': matters(64, { channel: '1.现场办理:' + fill('甲大厅、', 59000) }),
  'platforms that are none': matters(64, { channel: '1.网上办理:' + fill('甲乙丙、', 59000) }),
  'brackets in brackets': matters(64, { material: ('（'.repeat(450) + '证' + '）'.repeat(450) + '。\n').repeat(20) }),
  'classes of people': matters(64, { material: fill('灵活就业人员:证。\n', 59000) }),
  'a cell merged over 500 rows': `${table}1\n甲事项\n${code(1)}\n1.${fill('身份证件材料', 0.8 * MEGA)}\n即时\n` +
    Array.from({ length: 500 }, (_, i) => `${i + 2}\n甲事项${i}\n${code(i)}\n即时\n`).join(''),
  'lines before the code': `${table}1\n甲事项\n1.身份证\n${fill('甲乙丙\n', 1.8 * MEGA)}${code(1)}\n即时\n2\n乙\n${code(2)}\n1.甲\n即时\n`,
  'one section for 24 matters': Array.from({ length: 4 }, (_, j) => matter(j + 1, { flow: fill('参保人甲乙。', 0.9 * MEGA) })
    .replace(/事项名称：.*/, '事项名称：\n' + Array.from({ length: 24 }, (_, k) => `${k + 1}.甲${k}`).join('\n'))).join(''),
};
const SECONDS = Number(process.env.JINGBAN_TEST_SECONDS || 20); // a release build needs less than 2; one with sanitizers ten times that

for (const [name, text] of Object.entries(HOSTILE))
  test(`a hostile text ends soon: ${name}`, () => {
    const dir = mkdtempSync(join(tmpdir(), 'jingban-hostile-'));
    try {
      writeFileSync(join(dir, 'guide.txt'), text);
      assert.ok(Buffer.byteLength(text) <= 4 * MEGA);
      const from = Date.now(), { status, out, err } = run(['catalog', 'import', join(dir, 'guide.txt'), '--region', '990100']);
      assert.ok(Date.now() - from < SECONDS * 1000, `${Date.now() - from} ms`);
      if (status === 0) assert.match(out, /读出 \d+ 个事项/);
      else assert.match(err, /请/, 'a refusal says what to do');
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

test('more findings than can be listed: the list says so', () => {
  const dir = mkdtempSync(join(tmpdir(), 'jingban-hostile-'));
  try {
    writeFileSync(join(dir, 'guide.txt'), HOSTILE['new findings in every matter']);
    const { findings } = json(['catalog', 'import', join(dir, 'guide.txt'), '--region', '990100', '--json']);
    assert.equal(findings.length, 2000);
    assert.deepEqual(findings.filter((f) => f.id === 'findings-full').map((f) => f.severity), ['error']);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
