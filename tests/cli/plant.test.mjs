// A small sample of tests/catalog/plant.mjs: faults planted at random into the real catalogue are found, and little else is told. The seed is
// the same places each time unless JINGBAN_SEED says otherwise; the whole table is made by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plant } from '../catalog/plant.mjs';

// Kinds a keeper hardly ever misses. The others are counted together.
const SURE = ['unit-foreign', 'phone-digit-more', 'numbering-notes', 'level-village', 'bracket', 'limit-cap',
  'code-swapped', 'channel-gone'];

test('planted faults are found, and few wrong ones told', async () => {
  const seed = Number(process.env.JINGBAN_SEED ?? 2026), missed = [], wrong = [];
  console.log(`seed ${seed}`);
  const rows = await plant({ seed, count: 2, tell: ({ kind, m, edit }, v) => {
    const at = `${kind} ${m.region}/${m.id} ${edit.field} ${edit.what}`;
    if (v.refused ? !/目录文件有错误/.test(v.refused) : !v.hits.length && !v.near.length) missed.push(at);
    for (const f of v.wrong ?? []) wrong.push(`${at}: ${f.id} ${f.field} ${f.evidence}`);
  } });
  const planted = rows.reduce((n, x) => n + x.planted, 0);
  assert.ok(planted >= 2 * rows.length - 4);
  const sure = missed.filter((x) => SURE.includes(x.split(' ')[0]));
  assert.ok(sure.length <= 2, `seed ${seed}\n${sure.join('\n')}`);
  assert.ok(missed.length * 4 <= planted, `seed ${seed}: ${missed.length} of ${planted} missed\n${missed.join('\n')}`);
  assert.ok(wrong.length * 10 <= planted, `seed ${seed}\n${wrong.join('\n')}`);
});
