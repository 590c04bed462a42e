// The program explains itself: errors, routes, openapi; and says how it is called when it is called wrongly.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { json, root, run } from './lib.mjs';

test('errors prints the one list', () => {
  const declared = [...readFileSync(path.join(root, 'src/base/error_list.h'), 'utf8').matchAll(/^E\((\w+), \w+, (\d+), "(.*)"\)$/gm)]
    .map(([, id, status, title]) => `${id}\t${status}\t${title}`).filter((row) => !row.startsWith('OK\t'));
  const { status, out } = run(['errors']);
  assert.equal(status, 0);
  assert.deepEqual(out.trimEnd().split('\n').filter((row) => !row.startsWith('OK\t')), declared);
  for (const row of declared) assert.match(row, /\t[45]\d\d\t[^\x00-\x7f]/, 'a title for people');
});

const rows = () => run(['routes']).out.trimEnd().split('\n').slice(1).map((line) => {
  const [method, page, api, pool, access] = line.trim().split(/\s+/);
  return { method, page, api, pool, access };
});

test('routes: every row is whole, no address twice', () => {
  const all = rows();
  assert.ok(all.length > 30);
  const seen = new Set();
  for (const r of all) {
    assert.match(r.method, /^(get|post|put|delete)$/);
    assert.ok(r.page !== '-' || r.api !== '-', JSON.stringify(r));
    assert.match(r.pool, /^(inline|read|write)$/);
    assert.match(r.access, /^(public|door|staff|kiosk|demo)$/);
    for (const url of [r.page, r.api].filter((u) => u !== '-')) {
      assert.match(url, /^\//);
      assert.ok(!seen.has(`${r.method} ${url}`), `${r.method} ${url} twice`);
      seen.add(`${r.method} ${url}`);
    }
    if (r.api !== '-') assert.match(r.api, /^\/api\/v1\//);
  }
});

test('openapi is valid JSON and has every route', () => {
  const doc = json(['openapi']);
  assert.match(doc.openapi, /^3\.1/);
  const ids = new Set();
  for (const [url, item] of Object.entries(doc.paths))
    for (const [method, op] of Object.entries(item)) {
      assert.ok(op.operationId && !ids.has(op.operationId), `${method} ${url}: ${op.operationId}`);
      ids.add(op.operationId);
      assert.ok(op.summary, `${method} ${url} has no summary`);
      const named = (op.parameters ?? []).filter((p) => p.in === 'path').map((p) => p.name);
      assert.deepEqual([...url.matchAll(/\{(\w+)\}/g)].map((m) => m[1]), named, `${method} ${url}`);
      assert.ok(Object.keys(op.responses).length > 0);
    }
  for (const r of rows())
    for (const url of [r.page, r.api])
      if (url !== '-' && !url.includes('{*}')) assert.ok(doc.paths[url]?.[r.method], `${r.method} ${url} is not in openapi`);
  const text = JSON.stringify(doc);
  for (const [, target] of text.matchAll(/"\$ref":"#\/([^"]+)"/g))
    assert.ok(target.split('/').reduce((at, key) => at?.[key], doc), `#/${target}`);
});

test('wrong calls end with 2 and the usage, and print nothing else', () => {
  for (const args of [[], ['help'], ['catalogue'], ['--json'], ['catalog'], ['catalog', 'list'], ['catalog', 'print', '421300'],
    ['catalog', 'show', '421300'], ['catalog', 'list', '421300', '--jason'], ['catalog', 'lint', '--catalog'], ['checklist'],
    ['checklist', '421300'], ['checklist', '421300', '01', '--fact', '{}'], ['workday', 'add'], ['db'], ['db', 'restart'], ['staff'],
    ['audit'], ['rebuild'], ['export']]) {
    const { status, out, err } = run(args);
    assert.equal(status, 2, `jingban ${args.join(' ')}: ${status} ${err}`);
    assert.equal(out, '');
    assert.ok(err.length > 0);
  }
  assert.match(run([]).err, /jingban serve --data DIR/);
  assert.match(run(['nonsense']).err, /用法/);
});
