// A house where every accepted commitment is checked, and the way from a case to a breach.
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './lib.mjs';
import { signIn } from './staff.mjs';
import { House, Way } from './ways.mjs';

// A region is data: its share of checks is set to all.
export async function checkedHouse(region) {
  const folder = mkdtempSync(path.join(tmpdir(), 'jingban-catalog-'));
  cpSync(path.join(root, 'catalog'), folder, { recursive: true });
  appendFileSync(path.join(folder, 'regions', region, 'region.yaml'), '\n承诺核查: {抽查百分比: "100", 核查工作日: "5", 违诺月数: "6"}\n');
  const claims = path.join(folder, 'regions', region, 'matters/19.yaml'); // and the house takes accidents itself: their letter is a commitment
  writeFileSync(claims, readFileSync(claims, 'utf8').replace(/^指引:\n(?: .*\n)+/m, ''));
  const house = await House.open({ folder }), stop = house.stop.bind(house);
  house.stop = async () => { await stop(); rmSync(folder, { recursive: true, force: true }); };
  await house.roster(region, ['win1', 'rev1', 'sup1']);
  return house;
}

// A filing by commitment, at the window; of WHO (a way's .who) if given. way.error is what was refused.
export async function promise(house, region, who) {
  const way = new Way(house, region, '12'), facts = way.facts.bind(way), form = way.form.bind(way);
  way.desk = 'win1';
  way.facts = () => ({ ...facts(), filing_action: '首次备案', proof_mode: '承诺制' });
  way.form = async () => ({ ...await form(), commitment_matter: '1.异地安置退休人员备案', commitment_missing: '1.“户口簿首页”和本人“常住人口登记卡”' });
  if (who) way.subject = () => who;
  way.error = await way.begin('desk').then(() => null, (e) => e);
  return way;
}

// Accepted by win1, drawn by the job: the check that is due.
export async function drawn(house, region, way) {
  assert.equal(way.error, null, way.error?.message);
  const r = await way.staff.win1.post(`/desk/cases/${way.no}/actions/accept`, { materials: way.case.ticks.map((x) => ({ key: x.key, state: 'checked' })) });
  assert.equal(r.status, 200, JSON.stringify(r.body));
  for (let i = 0; i < 120; i++) {
    const due = (await way.staff.rev1.get('/desk/commitments')).body.checks.filter((c) => c.case_no === way.no);
    if (due.length) return due[0];
    await new Promise((done) => setTimeout(done, 500));
  }
  return assert.fail('nothing was drawn in a minute');
}

export const VERDICT = { outcome: 'false', evidence: '向居住地社区核实，本人没有在当地居住。' };
export const supervisorOf = (house, region) => signIn(house.server, region, 'supervisor');
