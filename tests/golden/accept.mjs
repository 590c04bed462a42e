import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { each, folder, matters, snapshot } from './lib.mjs';

const all = matters(), names = new Set(all.map((m) => m.name));
let changed = 0;
await each(all, async (m) => {
  const file = path.join(folder, m.name), text = await snapshot(m);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(file, text);
  changed++;
});
for (const name of readdirSync(folder).filter((n) => !names.has(n))) {
  rmSync(path.join(folder, name));
  changed++;
}
console.log(`${all.length} matters, ${changed} snapshots changed`);
