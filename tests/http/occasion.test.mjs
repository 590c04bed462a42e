// One occasion, several matters together: by pages without scripts and in one request of a unified acceptance platform.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, idNumber, pdf, png } from './browser.mjs';
import { client, root, serve } from './lib.mjs';
import { signIn } from './staff.mjs';
import { uscc } from './ways.mjs';

const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
const REGION = '421381', ENROL = '03', COST = '20', ALLOWANCE = '22';
let server, web, mother, unit, serial = 300;
const rows = (what, region = REGION) => execFileSync(binary, ['export', what, '--region', region, '--limit', '200', '--demo'], { cwd: root, encoding: 'utf8' }).trim().split('\n').map((l) => l.split('\t'));
const newborn = () => ({ name: '林初一', id_number: idNumber('421381', '20261101', ++serial) });
before(async () => {
  server = await serve();
  web = client(server.base);
  const hit = rows('persons').find((r) => r[3] === '职工医保');
  mother = { name: hit[0], id_number: hit[1] };
  unit = uscc(REGION, 0, 'MA000001'); // the first of the demo's units
});
after(() => server?.stop());

const child = { insured_status: '城乡居民', special_group: '不属于', has_employee_insurance: '否' };
const birth = { maternity_person: '参保女职工', settled_directly: '否' };
const bodyOf = (baby, more = {}) => ({
  reference: 'TY-2026-000123', mobile: '13812345678', unit_code: unit, delegate: { name: mother.name, id_number: mother.id_number },
  people: { 新生儿: { ...baby, facts: { insured_status: '城乡居民', special_group: '不属于' } }, 生育人员: { ...mother, facts: birth } },
  materials: { 有效身份证件: 'given', 医院收费票据: 'given', 费用清单: 'given', 病历资料: 'given', '待遇享受人（或单位）提供的银行账户资料': 'given', 个人承诺书: 'given' },
  ...more,
});
const send = (body, key) => web.postJson(`/regions/${REGION}/occasions/birth/applications`, body, key ? { 'idempotency-key': key } : {});
const caseOf = async (r) => (await web.getJson(`/cases/${r.no}`, { 'x-access-code': r.code })).body.case;
const by = (body) => Object.fromEntries(body.results.map((r) => [r.matter_id, r]));

//= R285
test('a platform sends enrolment, cost and allowance in one request: three cases under one number', async () => {
  const body = bodyOf(newborn()), { status, body: got } = await send(body, 'birth-1');
  assert.equal(status, 201, JSON.stringify(got));
  assert.deepEqual([got.sent, got.refused, got.reference], [3, 0, 'TY-2026-000123']);
  assert.match(got.number, new RegExp(`^L${REGION}[0-9A-HJKMNP-TV-Z]{12}$`));
  assert.deepEqual(got.results.map((r) => r.matter_id), [ENROL, COST, ALLOWANCE]);
  assert.equal(new Set(got.results.map((r) => r.no)).size, 3);
  const seen = {};
  for (const r of got.results) seen[r.matter_id] = await caseOf(r);
  assert.equal(seen[ENROL].clock.due, '2026-11-23', 'each keeps its own clock');
  assert.equal(seen[COST].clock.due, '2026-12-14');
  assert.equal(seen[ALLOWANCE].clock.due, '2026-12-21');
  assert.deepEqual([seen[COST].gaps, seen[ALLOWANCE].gaps], [[], []], 'one set of materials served both');

  const desk = await signIn(server, REGION, 'window'), one = (await desk.get(`/desk/cases/${by(got)[COST].no}`)).body.case.occasion;
  assert.deepEqual([one.number, one.reference, one.name], [got.number, 'TY-2026-000123', '生育'], 'the desk sees what belongs together');
  assert.deepEqual(one.cases.map((c) => [c.no, c.self]), got.results.map((r) => [r.no, r.matter_id === COST]));

  const again = await send(body, 'birth-1');
  assert.equal(again.status, 200);
  assert.equal(again.body.number, got.number);
  assert.deepEqual(again.body.results.map((r) => [r.no, r.code, r.replayed]), got.results.map((r) => [r.no, r.code, true]));
});

// What is paid together is proven once: one set of materials, each named once, and nothing is missing in either case.
async function together(occasion, ids, who, facts, names, key) {
  const hit = rows('persons', '410400').find((r) => r[3] === '职工医保'), body = {
    matters: Object.fromEntries(ids.map((id) => [id, {}])), people: { [who]: { name: hit[0], id_number: hit[1], facts } }, mobile: '13812345678',
    unit_code: uscc('410400', 0, 'MA000001'), delegate: { name: hit[0], id_number: hit[1] }, materials: Object.fromEntries(names.map((name) => [name, 'given'])),
  };
  const post = (b, k) => web.postJson(`/regions/410400/occasions/${occasion}/applications`, b, { 'idempotency-key': k });
  const asked = (await web.getJson(`/regions/410400/occasions/${occasion}`)).body.materials;
  for (const name of names) assert.equal(asked.filter((x) => x.name === name && x.matters.some((m) => ids.includes(m.id))).length, 1, `${name} is asked for once`);
  const { status, body: got } = await post(body, key);
  assert.equal(status, 201, JSON.stringify(got));
  assert.deepEqual(got.results.map((r) => [r.matter_id, r.sent]), ids.map((id) => [id, true]));
  for (const r of got.results) assert.deepEqual((await caseOf(r)).gaps, [], `${r.matter_id} has all it needs`);
  // the one that serves both, left out, is missing in both
  const { [names[0]]: left, ...rest } = body.materials, poor = (await post({ ...body, materials: rest }, `${key}-poor`)).body;
  for (const r of poor.results) assert.equal((await caseOf(r)).gaps.length, 1, `${r.matter_id} without ${names[0]}`);
}

//= R219
test('cost and allowance of a birth paid together: the papers once', () => together('birth', ['21', '23'], '生育人员',
  { insurance: '职工医保', insured_status: '在职职工', settled_directly: '否', maternity_person: '参保女职工', resigned_female_employee: '否', delegated: '否' },
  ['医保电子凭证', '病历资料', '出生医学证明', '《平顶山市职工生育保险待遇申请表》', '电子发票', '费用总清单'], 'paid-1'));

//= R190 R242
test('a hospital bill and medical assistance paid together: the papers once', () => together('hospital', ['19', '26'], '患者',
  { care_case: '普通', died_in_emergency: '否', newborn_name_mismatch: '否', delegated: '否', aid_certified: '是' },
  ['医保电子凭证', '电子发票', '住院费用总清单', '诊断证明', '基本医保、大病保险报销后的结算单'], 'paid-2'));

//= R285
test('one that is refused is told by name and holds up none of the others; mended, only it is sent', async () => {
  const body = bodyOf(newborn(), { reference: undefined });
  body.people.新生儿.id_number = '421381202611010000';
  const { status, body: got } = await send(body, 'birth-2');
  assert.equal(status, 201, JSON.stringify(got));
  assert.deepEqual([got.sent, got.refused], [2, 1]);
  const one = by(got)[ENROL];
  assert.equal(one.sent, false);
  assert.equal(one.no, undefined);
  assert.equal(one.problem.id, 'ERR_FIELD_INVALID');
  assert.ok(one.problem.errors.some((e) => e.field === 'applicant_id' && e.remedy), JSON.stringify(one.problem));
  body.people.新生儿.id_number = newborn().id_number;
  const next = await send(body, 'birth-2');
  assert.equal(next.status, 201, JSON.stringify(next.body));
  assert.equal(next.body.number, got.number);
  assert.deepEqual(next.body.results.map((r) => [r.matter_id, r.sent, r.replayed]), [[ENROL, true, false], [COST, true, true], [ALLOWANCE, true, true]]);
});

//= R285
test('a service object that excludes one matter leaves the others; none at all is 422', async () => {
  const body = bodyOf(newborn(), { matters: { [COST]: {}, [ALLOWANCE]: {} } });
  body.people.生育人员.facts = { ...birth, maternity_person: '居民医保参保女性' };
  const { status, body: got } = await send(body, 'birth-3');
  assert.equal(status, 201, JSON.stringify(got));
  assert.equal(by(got)[COST].sent, true);
  assert.deepEqual([by(got)[ALLOWANCE].sent, by(got)[ALLOWANCE].problem.id], [false, 'ERR_NOT_ELIGIBLE']);
  const none = await send({ ...body, matters: { [ALLOWANCE]: {} } }, 'birth-4');
  assert.deepEqual([none.status, none.body.sent, none.body.refused], [422, 0, 1]);
});

test('what a platform may get wrong is refused with field and remedy', async () => {
  const fields = async (r, status = 422) => { const x = await r; assert.equal(x.status, status, JSON.stringify(x.body)); return x.body.errors.map((e) => e.field); };
  assert.deepEqual(await fields(send(bodyOf(newborn()))), ['Idempotency-Key']);
  assert.deepEqual(await fields(send(bodyOf(newborn()), 'x'.repeat(151))), ['Idempotency-Key']);
  assert.deepEqual(await fields(send(bodyOf(newborn(), { reference: 'x'.repeat(65) }), 'birth-5')), ['reference']);
  assert.deepEqual(await fields(send(bodyOf(newborn(), { matters: { 99: {} } }), 'birth-5')), ['matters.99']);
  const body = bodyOf(newborn());
  body.people.生育人员.facts = { favourite_colour: '红' };
  assert.deepEqual(await fields(send(body, 'birth-5')), ['favourite_colour']);
  assert.equal((await web.getJson(`/regions/${REGION}/occasions/retire`)).status, 404);
  assert.equal((await web.getJson(`/regions/${REGION}/occasions/nothing`)).status, 404);
});

//= R285
test('a region offers only the matters it has, each as its guide has it', async () => {
  const of = async (region) => (await web.getJson(`/regions/${region}/occasions/birth`)).body.parts.map((p) => [p.id, p.closed === null]);
  assert.deepEqual(await of('421300'), [['19', true], ['21', true]]); // no residents' enrolment at the city's own desk
  assert.deepEqual(await of('420281'), [['03', true], ['21', true], ['23', false]]); // the allowance is for the counter only
  const closed = (await web.getJson('/regions/211282/occasions/birth')).body; // no matter of it can be applied for on line
  assert.deepEqual([closed.complete, closed.parts.every((p) => p.closed)], [false, true]);
});

//= R285
test('by pages: questions once, persons once, a file once, one press, three receipts', async () => {
  const b = new Browser(server.base), baby = newborn();
  await b.open(`/r/${REGION}/s/birth`);
  await b.follow('几个事项一起办');
  b.has('城乡居民参保登记', '生育医疗费支付', '生育津贴支付', '系统口径', '答完问题才准');
  assert.equal([...b.html.matchAll(/<legend>享受生育待遇的人/g)].length, 1, 'asked once for both matters');
  for (let i = 0; i < 6 && !b.html.includes('开始一起办'); i++) {
    const given = {};
    for (const [, who, id] of b.html.matchAll(/type="radio" id="[^"]+" name="q(\d)\.(\w+)"/g)) given[`q${who}.${id}`] = (who === '0' ? child : birth)[id];
    assert.ok(Object.values(given).every(Boolean), JSON.stringify(given));
    await b.submit('/occasion/birth', given);
  }
  b.has('只交一次');
  await b.submit('/begin', { 'p0.name': baby.name, 'p0.id': baby.id_number, 'p1.name': mother.name, 'p1.id': mother.id_number, unit_code: unit, handler_name: '李经办', mobile: '13812345678' });
  assert.match(b.url, new RegExp(`/r/${REGION}/joint/[0-9A-Z]{26}$`));
  b.has('联办编号', '每样交一次');
  b.hasNot('还有 1 处要填', '还有 2 处要填'); // what was typed once is enough for every applicant's page
  const home = b.url, number = /联办编号 (L\w+)/.exec(b.text())[1];
  const card = (name) => b.html.split('<li class="card').find((c) => c.includes(`<b>${name}</b>`) && c.includes('/upload/'));
  const put = async (name, file) => {
    const action = /action="([^"]+\/upload\/\d+)"/.exec(card(name))[1];
    await b.upload(action, file);
    assert.equal(b.url.split('#')[0], home);
  };
  await put('病历资料', { name: '病历.pdf', bytes: pdf });
  await put('费用清单', { name: '清单.png', bytes: png });
  b.has('病历.pdf', '清单.png');
  // it is in both drafts that name it, once
  const drafts = Object.fromEntries((await web.getJson(home.replace(/^\/r\//, '/regions/'))).body.drafts.map((d) => [d.id, d.path]));
  for (const id of [COST, ALLOWANCE]) assert.equal([...(await web.text(`${drafts[id]}/materials`)).matchAll(/病历\.pdf/g)].length > 0, true, id);
  const form = await web.text(`${drafts[ENROL]}/form`);
  assert.ok(form.includes(`value="${baby.id_number}"`) && form.includes(`value="${baby.name}"`), 'the form knows the newborn');

  await b.submit('/submit');
  b.has('2 件已提交', '有 1 个事项没有提交成功', '声明', number);
  await b.follow('回到一起办');
  b.has('已提交');
  await b.submit('/submit', { declared: '是' });
  b.has('3 件已提交', number);
  const receipts = [...b.html.matchAll(/href="(\/c\/\d+\/[0-9A-Z]+)\/receipt"/g)].map((m) => m[1]);
  assert.equal(receipts.length, 3);
  for (const url of receipts) assert.match(await web.text(`${url}/receipt`), /办件编号/);
  await b.open(home);
  b.has('都已提交');
});
