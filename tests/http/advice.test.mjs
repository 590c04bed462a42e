// What the guides say of the further way, told where it matters and done where it does something: who handles a case instead of the bureau, as
// what a case is registered, what has to follow it, and sentences that a citizen must not have to look for in the guide.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Browser, idNumber } from './browser.mjs';
import { query } from './lib.mjs';
import { browse } from './staff.mjs';
import { House, Way } from './ways.mjs';

const REGIONS = ['211282', '410400', '420281'];
let house;
before(async () => {
  house = await House.open();
  house.calendar();
  for (const region of REGIONS) await house.roster(region);
}, { timeout: 300000 });
after(() => house?.stop());

// The whole way of a case whose applicant answers so.
async function driven(region, id, answers) {
  const way = new Way(house, region, id), usual = way.facts();
  way.facts = () => ({ ...usual, ...answers });
  await way.drive();
  return way;
}
const page = (url) => house.web.text(url);
const checklist = async (region, id, facts) => (await house.web.getJson(`/regions/${region}/matters/${id}/checklist?${query(facts)}`)).body;
const inbox = async (way, event) => (await house.web.getJson(`/cases/${way.no}/messages`, { 'x-access-code': way.code })).body.messages.find((m) => m.event === event).text;
const publicPage = async (way) => { const b = new Browser(house.server.base); await b.open('/case'); await b.submit('/case', { no: way.no, code: way.code }); return b; };
async function result(way) {
  const c = await way.see(way.desk), d = c.documents.find((x) => x.kind === 'result');
  const r = await way.staff[way.desk].raw(`/desk/cases/${way.no}/documents/${d.id}`);
  assert.equal(r.status, 200);
  return execFileSync('pdftotext', ['-layout', '-', '-'], { input: Buffer.from(await r.arrayBuffer()), encoding: 'utf8' }).replace(/\s/g, '');
}

test('大冶: an inpatient’s claim after an accident is the insurer’s: told before applying, and not taken in', async () => { //= R187 type=test
  const R = '420281', facts = { care_case: '意外伤害' }, said = '因意外伤害住院费用由大冶市人寿保险公司承办';
  const guide = await page(`/r/${R}/m/19`);
  assert.match(guide, /就医情形为意外伤害[^]{0,80}因意外伤害住院费用由大冶市人寿保险公司承办[^]{0,60}href="tel:07148736756"/);
  const check = await page(`/r/${R}/m/19/check?${query(facts)}`);
  for (const words of ['这种情形由大冶市人寿保险公司承办', said, 'href="tel:07148736756"', '交警事故认定书', '个人承诺书']) assert.ok(check.includes(words), words);
  assert.ok(!check.includes('去申请'), 'nothing to apply for here');
  const list = await checklist(R, '19', facts);
  assert.deepEqual([list.elsewhere.body, list.elsewhere.phone.dial, list.refusal], ['大冶市人寿保险公司', '07148736756', null]);
  const usual = await checklist(R, '19', { care_case: '急诊' });
  assert.equal(usual.elsewhere, null);

  const applicant = { name: '林小满', id_number: idNumber(R, '19850614', 100), mobile: '13900000002' };
  const refused = (r) => {
    assert.deepEqual([r.status, r.body.id, r.body.rule], [409, 'ERR_MATTER_UNAVAILABLE', '转由'], JSON.stringify(r.body));
    assert.ok(r.body.detail.includes(said) && r.body.detail.includes('0714-8736756'), r.body.detail);
    assert.equal(r.body.errors[0].field, 'care_case');
    assert.match(r.body.errors[0].remedy, /大冶市人寿保险公司.*0714-8736756/);
  };
  refused(await house.web.postJson(`/regions/${R}/matters/19/drafts`, { facts }));
  refused(await house.web.postJson(`/regions/${R}/matters/19/applications`, { facts, applicant, materials: {} }, { 'idempotency-key': 'accident' }));
  const clerk = house.staff[R].win1, body = { applicant_name: applicant.name, applicant_id: applicant.id_number, mobile: applicant.mobile, materials: [] };
  refused(await clerk.post('/desk/intake/19', { ...body, facts }, { 'idempotency-key': 'accident-desk' }));
  const taken = await clerk.post('/desk/intake/19', { ...body, facts: { care_case: '急诊' } }, { 'idempotency-key': 'emergency-desk' });
  assert.ok([200, 201].includes(taken.status), JSON.stringify(taken.body));
});

test('开原: without a referral the case is not turned away but registered as 临时外出', { timeout: 120000 }, async () => { //= R148 type=test
  const R = '211282', said = '申请人如果未办理转诊单提出联网申请,按照临时外出联网备案';
  assert.ok((await page(`/r/${R}/m/14/check?${query({ has_referral: '否' })}`)).includes(said));
  assert.ok(!(await page(`/r/${R}/m/14/check?${query({ has_referral: '是' })}`)).includes(said));
  const way = await driven(R, '14', { has_referral: '否' });
  assert.equal(way.case.category, '临时外出');
  assert.ok(!way.case.ticks.some((t) => t.name === '转诊单'), 'no referral is asked for');
  assert.match(await (await browse(house.server, R, 'win1')).text(`/desk/c/${way.no}`), /<dt>登记类别<\/dt><dd>临时外出<\/dd>/);
  assert.match((await publicPage(way)).html, /登记类别：<b>临时外出<\/b>/);
  assert.match(await result(way), /登记类别临时外出/);
  assert.ok((await inbox(way, 'concluded')).includes(said));
  const referred = await driven(R, '14', { has_referral: '是' });
  assert.equal(referred.case.category, null);
  assert.doesNotMatch(await result(referred), /临时外出/);
});

test('平顶山: who has a chronic benefit and files for elsewhere has to have his hospital changed as well', { timeout: 120000 }, async () => { //= R140 type=test
  const R = '410400', said = '需办理异地慢病定点变更备案,按规定享受异地门慢特等待遇';
  const facts = { filing_action: '首次备案', retired: '是', outside_pool: '是', hukou_moved: '是', proof_mode: '承诺制', delegated: '否' };
  assert.match(await page(`/r/${R}/m/12/check?${query({ ...facts, has_chronic_benefit: '是' })}`), new RegExp(`还要办理：异地慢病定点变更备案[^]*${said}[^]*/r/${R}/directory`));
  assert.ok(!(await page(`/r/${R}/m/12/check?${query({ ...facts, has_chronic_benefit: '否' })}`)).includes('异地慢病定点变更备案'));
  const ask = (await checklist(R, '12', facts)).questions.find((q) => q.id === 'has_chronic_benefit');
  assert.ok(ask.why.section === '表11 温馨提示' && ask.why.text.includes(said), 'and why it is asked');
  const way = await driven(R, '12', { has_chronic_benefit: '是' }), own = (await publicPage(way)).html;
  assert.deepEqual(way.case.advice.map((a) => [a.kind, a.required]), [['follow_up', true], ['told', false], ['told', false]]);
  assert.match(own, new RegExp(`还要办理：异地慢病定点变更备案[^]*${said}[^]*/r/${R}/directory`));
  assert.ok((await inbox(way, 'concluded')).includes(said));
  assert.match(await result(way), /还要办理.*异地慢病定点变更备案/s);
  assert.ok((await (await browse(house.server, R, 'win1')).text(`/desk/c/${way.no}`)).includes('还要办理：异地慢病定点变更备案'));
  const without = await driven(R, '12', {});
  assert.ok(!(await publicPage(without)).html.includes('异地慢病定点变更备案'));
  assert.ok(!(await inbox(without, 'concluded')).includes(said));
  assert.ok(!(await result(without)).includes('异地慢病定点变更备案'));

  //= R141 R142 type=test
  for (const html of [own, await page(`/r/${R}/m/15/check?all=1`), await page(`/r/${R}/m/12/check?all=1`)]) {
    assert.ok(html.includes('自主选择就医地医保定点医疗机构,优先选择直接结算定点医疗机构'), 'no hospital is fixed');
    assert.match(html, new RegExp(`非直接结算定点医疗机构发生的医疗费用,按参保地现有规定办理[^]{0,200}/r/${R}/m/18"[^]{0,80}/r/${R}/m/19"`), 'and where such a claim is made');
  }
  const fields = Object.keys(way.formValues);
  assert.ok(fields.includes('filing_city') && !fields.some((f) => f.includes('hospital')), `the filing names a place and no hospital: ${fields}`);
});

test('平顶山: a newborn’s claim is taken before he is enrolled, and says how that is made good', async () => { //= R188 R189 type=test
  const R = '410400', own = '新生儿出生当年随参加基本医疗保险的父母自动获取参保资格并享受城乡居民医保待遇', cure = '参保手续不全的,可以按规定补办';
  for (const id of ['18', '19']) {
    const html = await page(`/r/${R}/m/${id}/check?all=1`);
    assert.ok(html.includes(own));
    assert.match(html, new RegExp(`${cure}[^]{0,120}href="/r/${R}/m/03"`), 'with the way to his enrolment');
  }
  const born = { name: '林新生', id_number: idNumber(R, '20261020', 101), mobile: '13900000003' };
  const sent = await house.staff[R].win1.post('/desk/intake/19', { facts: { care_case: '普通', died_in_emergency: '否', newborn_name_mismatch: '是', delegated: '否' },
    applicant_name: born.name, applicant_id: born.id_number, mobile: born.mobile, materials: [] }, { 'idempotency-key': 'newborn' });
  assert.ok([200, 201].includes(sent.status), `enrolled nowhere, and taken in: ${JSON.stringify(sent.body)}`);
  const c = (await house.staff[R].win1.get(`/desk/cases/${sent.body.no}`)).body.case;
  assert.ok(c.gaps.some((g) => g.text.includes('出生医学证明')), 'his name differs from the receipt’s');
  const b = new Browser(house.server.base);
  await b.open('/case');
  await b.submit('/case', { no: sent.body.no, code: sent.body.code });
  b.has(cure, own);
});

test('大冶: where the result is seen, for whom the matter is, and the special record', async () => { //= R170 R194 R244 type=test
  const R = '420281', claim = { delegated: '否', care_case: '普通' };
  const rows = [['17', { chronic_count: '0' }, '申报结果可通过“大冶市医疗保障局服务号”微信公众号查看。'], ['18', claim, '异地备案人员和门诊慢特病报销'],
    ['25', { aid_class: '特困人员', visit_kind: '住院', aid_certified: '是' }, '自费项目患者愿意自行承担的，可向患者参保地医保部门申请特例备案。']];
  for (const [id, facts, said] of rows) {
    assert.ok((await page(`/r/${R}/m/${id}/check?${query(facts)}&all=1`)).includes(said), `${id} before applying`);
    const way = new Way(house, R, id), usual = way.facts();
    way.facts = () => ({ ...usual, ...Object.fromEntries(Object.entries(facts).filter(([k]) => k in usual)) });
    way.desk = 'win1';
    house.clock.enter();
    try { await way.begin('desk'); } finally { house.clock.leave(); }
    (await publicPage(way)).has(said);
    assert.ok((await (await browse(house.server, R, 'win1')).text(`/desk/c/${way.no}`)).includes(said), `${id} to the clerk`);
    await way.act('win1', 'refuse', { reason: '不符合规定的条件，详见政策文件' });
    assert.ok(!(await publicPage(way)).html.includes('另外要知道'), 'a case that came to nothing leads nowhere');
  }
});

test('平顶山: an evaluation on the spot says by which rule it looks, and writes down what it saw', async () => { //= R257 type=test
  const R = '410400', way = new Way(house, R, '28');
  way.desk = 'win1';
  house.clock.enter();
  try { await way.begin('desk'); } finally { house.clock.leave(); }
  await way.act('win1', 'accept', { materials: way.case.ticks.map((t) => ({ key: t.key, state: 'checked' })) });
  const reviewer = await browse(house.server, R, 'rev1'), html = await reviewer.text(`/desk/c/${way.no}`);
  for (const words of ['现场需要查看的项目按照两定机构协议管理办法和经办规程执行', '请照“两定机构协议管理办法和经办规程”写明', '现场查看的项目和情况']) assert.ok(html.includes(words), words);
  for (const login of ['pan1', 'pan2', 'pan3']) await way.act(login, 'sign', { record: { result: '合格' } });
  const record = { assessor: '经办机构', mode: '现场', result: '合格' };
  const refused = await way.staff.rev1.post(`/desk/cases/${way.no}/actions/pass`, { record });
  assert.deepEqual([refused.status, refused.body.errors[0].field], [422, 'record.on_site'], JSON.stringify(refused.body));
  assert.match(refused.body.errors[0].remedy, /两定机构协议管理办法和经办规程/);
  const c = await way.act('rev1', 'pass', { record: { ...record, on_site: '营业场所与平面布局图相符' } });
  assert.deepEqual(c.timeline.findLast((e) => e.kind === 'passed').record.at(-1), { name: '现场查看的项目和情况', value: '营业场所与平面布局图相符' });
});

test('what stands in brackets beside a paper stands on its card: which proofs of identity, whose, and who else may hand it in', async () => {
  const cards = [ //= R59 R145 R261 type=test
    ['420281', '02', ['身份证、居住证、户口簿、护照、港澳台居民来往内地通行证、港澳台居民居住证、外国人永久居留证等']],
    ['421300', '13', ['具有转诊资质的定点医疗机构开具']],
    ['410400', '15', ['具有转诊资质的定点医疗机构开具']],
    ['410400', '28', ['连锁门店可由总部统一提供']]];
  for (const [region, id, words] of cards) {
    const html = await page(`/r/${region}/m/${id}/check?all=1`), list = /<ol class="list-cards">[^]*?<\/ol>/.exec(html)[0];
    for (const w of words) assert.ok(list.includes(w), `${region} ${id}: ${w}`);
  }
  //= R175 type=test
  const places = /<ul class="places">[^]*?<\/ul>/.exec(await page('/r/410400/m/17'))[0];
  for (const hospital of ['平煤神马医疗集团总医院', '平顶山第一人民医院', '平顶山第二人民医院', '中国解放军第989医院']) assert.ok(places.includes(hospital), hospital);
  assert.equal([...places.matchAll(/<li>/g)].length, (await house.web.getJson('/regions/410400/matters/17')).body.channels.items.length);
});
