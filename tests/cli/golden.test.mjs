// Every matter of the catalogue, resolved, against its accepted snapshot. A wanted change: tests/golden/accept, then read the diff.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { each, folder, matters, snapshot } from '../golden/lib.mjs';

test('the snapshots are exactly the catalogue\'s matters', () => {
  assert.deepEqual(readdirSync(folder).sort(), matters().map((m) => m.name).sort());
  assert.equal(matters().length, 145);
});

// The first line that differs, with its neighbours.
const difference = (is, was) => {
  const a = was.split('\n'), b = is.split('\n');
  const at = a.findIndex((line, i) => line !== b[i]);
  return at < 0 ? `longer: ${b[a.length]}` : `line ${at + 1}\n  accepted ${a[at]}\n  now      ${b[at]}`;
};

test('every matter prints as accepted', async () => {
  const changed = [];
  await each(matters(), async (m) => {
    const is = await snapshot(m), was = readFileSync(path.join(folder, m.name), 'utf8');
    if (is !== was) changed.push(`${m.name} ${difference(is, was)}`);
  });
  assert.deepEqual(changed.sort().slice(0, 20), [], `${changed.length} matters differ; if wanted: tests/golden/accept`);
});
