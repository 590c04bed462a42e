// Every matter of every region through everything a keeper and the public do with the catalogue: guide with its version, contact,
// report of a fault, comparison, the editor (saving what is there changes nothing), the package.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { client, root, serve } from './lib.mjs';
import { signIn } from './staff.mjs';

const REGIONS = { 211282: 32, 410400: 30, 420281: 29, 421300: 26, 421381: 28 };
const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
let server, web;
before(async () => { server = await serve(); web = client(server.base); });
after(() => server?.stop());

async function ok(promise) { const r = await promise; assert.equal(r.status, 200, JSON.stringify(r.body).slice(0, 600)); return r.body; }
const at = (no, rest = '') => `/desk/catalog/versions/${no}${rest}`;

for (const [region, count] of Object.entries(REGIONS)) {
  test(`${region}: ${count} matters before the public`, async () => { //= R6 R287
    const all = JSON.parse(execFileSync(binary, ['catalog', 'list', region, '--json', '--catalog', path.join(root, 'catalog')], { encoding: 'utf8' })).matters.map((m) => m.id);
    assert.equal(all.length, count);
    for (const id of all) {
      const guide = await ok(web.getJson(`/regions/${region}/matters/${id}`));
      const page = await web.text(`/r/${region}/m/${id}`);
      assert.ok(page.includes('本指南第 1 版'), `${id} says its version`);
      assert.ok(page.includes(`/r/${region}/m/${id}/fault`) && page.includes(`/r/${region}/directory?m=${id}`), id);
      const { contact } = await ok(web.getJson(`/regions/${region}/directory?m=${id}`));
      assert.equal(contact.name ?? contact.matter?.name, guide.name);
      const report = await web.get(`/r/${region}/m/${id}/fault`);
      assert.equal(report.status, 200);
      assert.ok((await report.text()).includes(guide.name.slice(0, 6)));
    }
  });

  test(`${region}: ${count} matters at the keeper's desk`, async () => { //= R2 R7
    const keeper = await signIn(server, region, 'keeper');
    const { no } = await ok(keeper.post('/desk/catalog/open'));
    const before = (await ok(keeper.get(at(no)))).version;
    for (let i = 1; i <= count; i++) {
      const file = `regions/${region}/matters/${String(i).padStart(2, '0')}.yaml`;
      const f = await ok(keeper.get(at(no, `/file?path=${file}`)));
      assert.equal(f.text, readFileSync(path.join(root, 'catalog', file), 'utf8'));
      await ok(keeper.post(at(no, '/file'), { path: file, text: f.text, edited: String(f.version.edited) }));
    }
    const v = await ok(keeper.get(at(no)));
    assert.equal(v.version.digest, before.digest, 'saving what is there changes nothing');
    assert.deepEqual([v.unchanged, v.open_errors, v.changes.length], [true, 0, 0]);
    const dir = mkdtempSync(path.join(tmpdir(), 'jingban-matters-'));
    try {
      execFileSync(binary, ['catalog', 'pack', region, '--catalog', path.join(root, 'catalog'), '--out', path.join(dir, 'a.tar')]);
      const got = await keeper.raw(at(no, '/package'));
      assert.deepEqual(Buffer.from(await got.arrayBuffer()), readFileSync(path.join(dir, 'a.tar')));
    } finally { rmSync(dir, { recursive: true, force: true }); }
    for (const against of ['standard', ...Object.keys(REGIONS)].filter((x) => x !== region)) {
      const d = await ok(keeper.get(`/desk/catalog/diff?against=${against}`));
      const ours = d.rows.filter((r) => r.remark !== '我方没有这个事项');
      assert.equal(ours.length, count, against);
    }
  });
}
