// A matter as `catalog show REGION ID --json` prints it, without what depends on today; one file a matter, so that a change reads as a diff.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { catalog, jsonSoon, root } from '../cli/lib.mjs';

export const folder = path.join(root, 'tests/golden/matters');
const VOLATILE = new Set(['today', 'due', 'due_words', 'tentative']);

export const matters = () => readdirSync(path.join(catalog, 'regions')).sort().flatMap((region) =>
  readdirSync(path.join(catalog, 'regions', region, 'matters')).filter((f) => f.endsWith('.yaml')).sort()
    .map((f) => ({ region, id: f.slice(0, -5), name: `${region}-${f.slice(0, -5)}.json` })));

const settled = (v) => Array.isArray(v) ? v.map(settled)
  : v && typeof v === 'object' ? Object.fromEntries(Object.entries(v).filter(([k]) => !VOLATILE.has(k)).map(([k, x]) => [k, settled(x)])) : v;

// Keys keep their order; what fits stays on one line.
export function pretty(v, indent = '') {
  const flat = JSON.stringify(v);
  if (!v || typeof v !== 'object' || flat.length + indent.length <= 180) return flat;
  const inner = indent + ' ';
  const rows = Array.isArray(v) ? v.map((x) => inner + pretty(x, inner))
    : Object.entries(v).map(([k, x]) => `${inner}${JSON.stringify(k)}: ${pretty(x, inner)}`);
  const [open, close] = Array.isArray(v) ? '[]' : '{}';
  return `${open}\n${rows.join(',\n')}\n${indent}${close}`;
}

export const snapshot = async ({ region, id }) => pretty(settled(await jsonSoon(['catalog', 'show', region, id, '--json']))) + '\n';

// Calls FN over LIST, two at a time.
export async function each(list, fn) {
  const left = [...list];
  await Promise.all([0, 1].map(async () => { while (left.length) await fn(left.shift()); }));
}
