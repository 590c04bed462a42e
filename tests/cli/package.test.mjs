// A region as one file: pack → unpack → pack gives the same bytes, for every region; what is damaged or foreign is refused.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { root } from '../http/lib.mjs';

const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
const dir = mkdtempSync(path.join(tmpdir(), 'jingban-package-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const at = (name) => path.join(dir, name);
const run = (...args) => spawnSync(binary, ['catalog', ...args], { encoding: 'utf8', env: { ...process.env, JINGBAN_CATALOG: path.join(root, 'catalog') } });
function ok(...args) { const r = run(...args); assert.equal(r.status, 0, r.stderr); return r.stdout; }
function refused(...args) { const r = run(...args); assert.notEqual(r.status, 0); assert.match(r.stderr, /\p{Script=Han}/u); return r.stderr; }

const regions = readdirSync(path.join(root, 'catalog/regions'));
for (const code of regions)
  test(`${code}: the same bytes after a round trip`, () => {
    const one = ok('pack', code, '--out', at(`${code}.tar`));
    assert.match(one, /^[0-9a-f]{64} /);
    assert.ok(ok('unpack', at(`${code}.tar`), '--out', at(code)).startsWith(one.slice(0, 64)));
    assert.ok(ok('pack', code, '--catalog', at(code), '--out', at(`${code}.again.tar`)).startsWith(one.slice(0, 64)));
    assert.deepEqual(readFileSync(at(`${code}.again.tar`)), readFileSync(at(`${code}.tar`)));
    const own = readdirSync(path.join(root, 'catalog/regions', code, 'matters'));
    assert.deepEqual(readdirSync(path.join(at(code), 'regions', code, 'matters')).sort(), own.sort());
    assert.deepEqual(readdirSync(path.join(at(code), 'regions')), [code]);
  });

test('what cannot be a package is refused', () => {
  const whole = readFileSync(at(`${regions[0]}.tar`));
  writeFileSync(at('half.tar'), whole.subarray(0, whole.length / 2));
  const flipped = Buffer.from(whole);
  flipped[100] ^= 1;
  writeFileSync(at('flipped.tar'), flipped);
  writeFileSync(at('text.tar'), '不是目录包');
  for (const bad of ['half', 'flipped', 'text', 'missing']) refused('unpack', at(`${bad}.tar`), '--out', at(`${bad}-out`));
  mkdirSync(at('full'));
  writeFileSync(at('full/one'), 'x');
  assert.match(refused('unpack', at(`${regions[0]}.tar`), '--out', at('full')), /不是空文件夹/);
  assert.match(refused('pack', '999999', '--out', at('none.tar')), /没有统筹区/);
  refused('pack', regions[0]);
});
