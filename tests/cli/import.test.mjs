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
