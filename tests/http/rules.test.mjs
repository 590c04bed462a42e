// Rules of the guides that want the house with its people: who of outside the bureau takes part in a case, what the desk asks of the clerk.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { client, root, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';
import { uscc } from './ways.mjs';

const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
const insured = (region) => execFileSync(binary, ['export', 'persons', '--region', region, '--limit', '50', '--demo'], { cwd: root, encoding: 'utf8' }).trim().split('\n').map((l) => l.split('\t')).find((r) => r[3] === '职工医保');
let server, web;
before(async () => {
  server = await serve();
  web = client(server.base);
});
after(async () => { await server?.stop(); });

// A clerk of an office that the guide names beside the bureau: a hospital to which the bureau has delegated it.
async function clerkOf(region, section) {
  const admin = await signIn(server, region, 'admin'), r = await admin.post('/desk/staff', { login: 'hospital9', name: '医院经手人', roles: 'window', section });
  assert.equal(r.status, 200, JSON.stringify(r.body));
  const wrong = await admin.post('/desk/staff', { login: 'hospital8', name: '医院经手人', roles: 'window', section: '别的医院' });
  assert.equal(wrong.status, 422, 'only offices that the guide names');
  return { staff: await signIn(server, region, 'hospital9', r.body.made.password), admin };
}

async function acceptedByHospital(region, id, section, facts, form) {
  const { staff, admin } = await clerkOf(region, section), [name, id_number] = insured(region);
  const sent = await web.postJson(`/regions/${region}/matters/${id}/applications`, { facts, form, applicant: { name, id_number, mobile: '13812345678' }, materials: {} }, { 'idempotency-key': `${region}-${id}` });
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  const { no } = sent.body;
  let c = (await staff.get(`/desk/cases/${no}`)).body.case;
  const leaves = c.ticks.filter((t) => c.gaps.some((g) => t.key === g.key || t.key.startsWith(`${g.key}.`))).map((t) => ({ key: t.key, state: 'checked' }));
  const r = await staff.post(`/desk/cases/${no}/actions/accept`, { materials: leaves });
  assert.equal(r.status, 200, JSON.stringify(r.body));
  c = (await staff.get(`/desk/cases/${no}`)).body.case;
  assert.equal(c.owner, '医院经手人', 'who took it is on the case');
  assert.ok(c.timeline.some((e) => e.staff_name === '医院经手人'), JSON.stringify(c.timeline));
  const person = (await admin.get('/desk/staff')).body.staff.find((s) => s.login === 'hospital9');
  assert.equal(person.section, section, 'and of which office he is');
}

//= R164
test('随州: a delegated hospital takes in a chronic patient', () => acceptedByHospital('421300', '15', '委托的定点医疗机构', {},
  { person_name: insured('421300')[0], id_number: insured('421300')[1], mobile: '13812345678', disease_class: '门诊慢性病', designated_hospital: '随州市中心医院', disease_name: '高血压' }));

//= R195
test('广水: a designated hospital takes in a claim for an inpatient', () => acceptedByHospital('421381', '18', '医保经办机构或委托的定点医疗机构', {}, {}));

//= R19 R263
test('随州: what the rules on designation ask for is listed first, told once on paper, and never none', async () => {
  const region = '421300', clerk = await signIn(server, region, 'window');
  const sent = await web.postJson(`/regions/${region}/matters/23/applications`, { facts: {}, unit_code: uscc(region, 77), applicant: { name: '随州市某医院', mobile: '13900000001' }, materials: {} }, { 'idempotency-key': 'designation' });
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  const at = `/desk/cases/${sent.body.no}`, act = (action, body = {}) => clerk.post(`${at}/actions/${action}`, body), page = async () => (await browse(server, region, 'window')).text(`/desk/c/${sent.body.no}`);
  let html = await page();
  assert.ok(html.includes('办理材料按照两定机构协议管理办法和经办规程执行') && html.includes('先照此在下面登记本办件的清单'));
  assert.ok(!html.includes('不需要材料'));
  const early = await act('accept');
  assert.deepEqual([early.status, early.body.id], [409, 'ERR_CASE_EDGE'], JSON.stringify(early.body));
  assert.match(early.body.detail, /两定机构协议管理办法/);
  assert.equal((await act('list', { materials: [{ name: '医疗机构执业许可证' }, { name: '医保医师名单' }] })).status, 200);
  const told = await act('notice', { materials: [{ key: 'x1', state: 'checked' }] });
  assert.equal(told.status, 200, JSON.stringify(told.body));
  const c = (await clerk.get(at)).body.case;
  assert.ok(c.documents.some((d) => d.kind === 'notice' && d.title === '一次性告知单'), JSON.stringify(c.documents));
  assert.deepEqual(c.gaps.map((g) => g.text), ['医保医师名单']);
  html = await page();
  assert.ok(html.includes('医保医师名单') && !html.includes('先照此在下面登记'));
});
