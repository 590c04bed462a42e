// All matters of all regions through the house, each on its own stages from its own beginning to the archive, with what must be
// refused on the way; a second case of each that ends in a refusal on paper; the suspended one on a copy of its region.
// tests/golden/ways.tsv is what came of it, a row a matter: stages with who does and who signs them, limit and due day, papers, what was
// refused, how it is turned down. After a wanted change (also of next year's calendar) JINGBAN_ACCEPT=1 rewrites it; read the difference.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { root } from './lib.mjs';
import { catalog, House, Way } from './ways.mjs';

const REGIONS = { 211282: 32, 410400: 30, 420281: 29, 421300: 26, 421381: 28 };
const only = (process.env.JINGBAN_WAYS ?? '').split(',').filter(Boolean); // "421300" or "421300-09": while working on one
const wanted = (region, id) => !only.length || only.includes(region) || only.includes(`${region}-${id}`);
const SUSPENDED = ['211282', '16'], golden = path.join(root, 'tests/golden/ways.tsv');

let house, ids = {}, outcome = {}, verified;
before(async () => {
  house = await House.open();
  house.calendar();
  const regions = Object.keys(REGIONS).filter((r) => !only.length || only.some((o) => o.startsWith(r)));
  for (const region of regions) { ids[region] = house.matters(region); await house.roster(region); }
  const all = regions.flatMap((region) => ids[region].filter((id) => wanted(region, id) && `${region}-${id}` !== SUSPENDED.join('-')).map((id) => new Way(house, region, id)));
  const settle = async (key, fn) => { try { outcome[key] = { value: await fn() }; } catch (error) { outcome[key] = { error }; } };
  house.clock.enter(); // until everybody has set out
  const runs = all.flatMap((way) => {
    const key = `${way.region}-${way.id}`, other = new Way(house, way.region, way.id);
    return [settle(key, async () => { await way.drive(); return way; }), settle(`${key} refused`, async () => { await other.turnDown(); return other; })];
  });
  house.clock.leave();
  await Promise.all(runs);
  verified = await Promise.all(house.verify());
}, { timeout: 600000 });
after(() => house?.stop());

const of = (key) => { const o = outcome[key]; if (o.error) throw o.error; return o.value; };
const rows = new Map(existsSync(golden) ? readFileSync(golden, 'utf8').trimEnd().split('\n').map((l) => [l.split('\t').slice(0, 2).join('-'), l]) : []);
const accepting = process.env.JINGBAN_ACCEPT === '1';

for (const [region, count] of Object.entries(REGIONS))
  for (let i = 1; i <= count; i++) {
    const id = String(i).padStart(2, '0'), key = `${region}-${id}`;
    if (!wanted(region, id) || key === SUSPENDED.join('-')) continue;
    test(`${key} from its beginning to the archive`, () => { //= R199 R252 R274
      const row = of(key).row();
      row.push(of(`${key} refused`).refusal);
      const line = row.join('\t');
      if (accepting) rows.set(key, line);
      assert.equal(line, rows.get(key));
    });
    test(`${key} turned down with its reason`, () => { of(`${key} refused`); }); //= R23
  }

test('the suspended matter is refused with its document', { skip: !wanted(...SUSPENDED) }, async () => { //= R13
  const way = new Way(house, ...SUSPENDED);
  way.given = way.facts();
  way.who = way.subject();
  way.desk = 'win1';
  for (const channel of ['public', 'desk']) {
    const r = await way.send(channel);
    assert.deepEqual([r.status, r.body.id, r.body.rule], [409, 'ERR_MATTER_SUSPENDED', 'R13'], JSON.stringify(r.body));
    assert.equal(r.body.detail, way.m.status_basis);
    assert.match(r.body.detail, /暂停/);
  }
});

test('its stages, proven on a copy of the region in which it is open', { skip: !wanted(...SUSPENDED), timeout: 300000 }, async () => { //= R18 R254 R256
  const dir = mkdtempSync(path.join(tmpdir(), 'jingban-ways-')), [region, id] = SUSPENDED;
  let copy;
  try {
    cpSync(catalog, dir, { recursive: true });
    for (const other of Object.keys(REGIONS)) if (other !== region) rmSync(path.join(dir, 'regions', other), { recursive: true });
    const file = path.join(dir, 'regions', region, 'matters', `${id}.yaml`), text = readFileSync(file, 'utf8'), open = text.replace(/^状态: 暂停$/m, '状态: 开放').replace(/^状态依据: .*\n(?:[ ]+.*\n)*/m, '');
    assert.notEqual(open, text);
    writeFileSync(file, open);
    copy = await House.open({ folder: dir });
    copy.calendar();
    await copy.roster(region);
    const way = new Way(copy, region, id), other = new Way(copy, region, id);
    await way.drive();
    await other.turnDown();
    const line = [...way.row(), other.refusal].join('\t');
    if (accepting) rows.set(`${region}-${id}`, line);
    assert.equal(line, rows.get(`${region}-${id}`));
    await Promise.all(copy.verify());
  } finally {
    await copy?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
});

test('what the guide approves at once goes past the examination', { skip: !wanted('211282', '15'), timeout: 120000 }, async () => { //= R157
  const way = new Way(house, '211282', '15', { disease_class: '重特大疾病' });
  await way.drive();
  assert.deepEqual(way.kinds, ['申请', '受理', '初审', '复核']);
  verified = await Promise.all(house.verify());
});

test('every kind of paper that came of it can be printed', { timeout: 120000 }, async () => { //= R21 R22 R23 R103 R253 R268
  const kinds = new Map();
  for (const { value } of Object.values(outcome)) for (const d of value?.case.documents ?? []) if (!kinds.has(d.kind + d.title)) kinds.set(d.kind + d.title, { way: value, d });
  for (const { way, d } of kinds.values()) {
    const r = await way.staff[way.desk].raw(`/desk/cases/${way.no}/documents/${d.id}`);
    assert.equal(r.status, 200, way.at(d.title));
    const text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: Buffer.from(await r.arrayBuffer()), encoding: 'utf8' }).replace(/\s/g, '');
    for (const words of [d.title, d.no]) assert.ok(text.includes(words.replace(/\s/g, '')), way.at(`${d.title} says ${words}: ${text.slice(0, 400)}`));
  }
  if (!only.length) assert.ok(kinds.size >= 15, [...kinds.keys()].join());
});

test('afterwards every case is the fold of its events and the chain holds', () => {
  for (const said of verified) for (const line of said.trim().split('\n')) assert.match(line, /：一致$/);
});

test('the table has a row for each matter', { skip: only.length > 0 }, () => {
  if (accepting) writeFileSync(golden, [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, l]) => l + '\n').join(''));
  assert.equal(rows.size, Object.values(REGIONS).reduce((a, b) => a + b));
});
