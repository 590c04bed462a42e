// Sub-actions of enrolment on the real binary: units (R52), employees (R56), one insurance at a time (R63), insurance by insurance (R288).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { client, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';

const REGION = '410400';
let server, web, clerk, reviewer, serial = 0;
before(async () => {
  server = await serve();
  web = client(server.base);
  clerk = await signIn(server, REGION, 'window');
  reviewer = await signIn(server, REGION, 'reviewer');
});
after(() => server?.stop());

// --- made-up identifiers with right check digits ---

function uscc() {
  const set = '0123456789ABCDEFGHJKLMNPQRTUWXY', org = `TA${String(++serial).padStart(6, '0')}`;
  const ow = [3, 7, 9, 10, 5, 8, 4, 2], value = (c) => (c <= '9' ? Number(c) : c.charCodeAt(0) - 55);
  const o = 11 - [...org].reduce((s, c, i) => s + value(c) * ow[i], 0) % 11, body = `91${REGION}${org}${o === 11 ? '0' : o === 10 ? 'X' : o}`;
  let sum = 0, w = 1;
  for (const c of body) { sum += set.indexOf(c) * w; w = (w * 3) % 31; }
  return body + set[(31 - sum % 31) % 31];
}
function idNumber() {
  const n = ++serial, body = `${REGION}1981${String(1 + n % 12).padStart(2, '0')}${String(1 + n % 28).padStart(2, '0')}${String(n).padStart(3, '0')}`;
  return body + '10X98765432'[[...body].reduce((s, c, i) => s + Number(c) * [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2][i], 0) % 11];
}
const somebody = () => ({ name: '李新民', id_number: idNumber(), mobile: '13912345678' });

// --- applications at the window ---

const unitForm = (action, code, more = {}) => ({
  unit_action: action, unit_name: `演示${code.slice(10, 16)}有限公司`, uscc: code, legal_name: '王建国', legal_id_number: idNumber(), contact_name: '李红',
  contact_mobile: '13900000001', insurances: '职工基本医疗保险', ...more });
const send = (matter, facts, form, more = {}) => clerk.post(`/desk/intake/${matter}`, { facts, form, materials: [], ...more }, { 'idempotency-key': `s-${++serial}` });
const unit = (action, code, more) => send('01', { unit_class: '企业' }, unitForm(action, code, more));
const roster = (action, unitNo, people, identity = '在职职工') => send('02', { insured_status: identity, special_group: '不属于', employee_action: action, delegated: '否' },
  { unit_name: '演示单位', unit_no: unitNo, filler_phone: '13912345678',
    employees: people.map((p) => ({ person_name: p.name, id_kind: '居民身份证', id_number: p.id_number, declared_wage: '4200.00', employee_action: action, mobile: p.mobile })) },
  { applicant: { name: people[0].name, id_number: people[0].id_number, mobile: people[0].mobile } });

const act = (staff, no, action, body = {}) => staff.post(`/desk/cases/${no}/actions/${action}`, body);
async function done(staff, no, action, body) {
  const r = await act(staff, no, action, body);
  assert.equal(r.status, 200, `${action}: ${JSON.stringify(r.body)}`);
  return r.body.case;
}
async function accept(r) {
  assert.equal(r.status, 200, JSON.stringify(r.body));
  const { body } = await clerk.get(`/desk/cases/${r.body.no}`);
  await done(clerk, r.body.no, 'accept', { materials: body.case.ticks.map((t) => ({ key: t.key, state: 'checked' })) });
  return r.body.no;
}
// From intake to the result; the case's view after.
async function carry(r, record) {
  const no = await accept(r);
  await done(reviewer, no, 'pass', record && { record });
  return done(clerk, no, 'conclude');
}
async function paper(c, kind = 'result') {
  const d = c.documents.find((x) => x.kind === kind), r = await clerk.raw(`/desk/cases/${c.no}/documents/${d.id}`);
  assert.equal(r.headers.get('content-type'), 'application/pdf');
  return execFileSync('pdftotext', ['-layout', '-', '-'], { input: Buffer.from(await r.arrayBuffer()), encoding: 'utf8' }).replace(/\s/g, '');
}
async function newUnit(more, record) {
  const code = uscc(), c = await carry(await unit('新参保', code, more), record);
  return { code, no: await unitNo(code), c };
}
async function unitNo(code) { // a registered unit says its number when it registers again
  const r = await unit('新参保', code);
  return /单位编号 (\d+)/.exec(r.body.detail)?.[1];
}
const refused = (r, status, ...words) => {
  assert.equal(r.status, status, JSON.stringify(r.body));
  const text = JSON.stringify(r.body);
  for (const w of words) assert.ok(text.includes(w), `${w}: ${text}`);
};

//= R56
test('an employee is added, paused, resumed, retired with the approval paper, transferred, ended; each wrong step says where he stands', async () => {
  const a = await newUnit(), b = await newUnit(), p = somebody();
  refused(await roster('中断', a.no, [p]), 422, '与本单位在册的参保人不符');
  await carry(await roster('增加', a.no, [p]));
  refused(await roster('恢复', a.no, [p]), 422, '现为正常参保', '不能办理恢复', '中断、终止、在职转退休');
  refused(await roster('中断', b.no, [p]), 422, '不是本单位的在册参保人');
  await carry(await roster('中断', a.no, [p]));
  refused(await roster('中断', a.no, [p]), 422, '现为中断参保', '可以办理恢复、终止');
  await carry(await roster('恢复', a.no, [p]));
  const retire = await roster('在职转退休', a.no, [p]);
  assert.equal(retire.status, 200, JSON.stringify(retire.body));
  const { body } = await clerk.get(`/desk/cases/${retire.body.no}`);
  const needed = body.case.ticks.find((t) => t.name?.includes('退休审批材料') || t.title?.includes('退休审批材料'));
  assert.ok(needed, JSON.stringify(body.case.ticks)); //= R58
  const without = await act(clerk, retire.body.no, 'accept', { materials: body.case.ticks.filter((t) => t !== needed).map((t) => ({ key: t.key, state: 'checked' })) });
  assert.equal(without.status, 422);
  await done(clerk, retire.body.no, 'accept', { materials: body.case.ticks.map((t) => ({ key: t.key, state: 'checked' })) });
  await done(reviewer, retire.body.no, 'pass');
  await done(clerk, retire.body.no, 'conclude');
  refused(await roster('在职转退休', a.no, [p]), 422, '已经是退休人员');
  await carry(await roster('统筹区内转移', b.no, [p]));
  refused(await roster('终止', a.no, [p]), 422, '不是本单位的在册参保人');
  await carry(await roster('终止', b.no, [p]));
  refused(await roster('恢复', b.no, [p]), 422, '现为终止参保', '不能恢复，重新参保请办理增加'); // final
  await carry(await roster('增加', a.no, [p]));
});

//= R63
test('nobody is added twice: the second conclusion is refused and changes nothing', async () => {
  const a = await newUnit(), b = await newUnit(), p = somebody();
  const first = await accept(await roster('增加', a.no, [p])), second = await accept(await roster('增加', b.no, [p]));
  for (const no of [first, second]) await done(reviewer, no, 'pass');
  await done(clerk, first, 'conclude');
  const r = await act(clerk, second, 'conclude');
  refused(r, 409, '现为正常参保');
  assert.equal(r.body.rule, 'R63');
  assert.equal((await clerk.get(`/desk/cases/${second}`)).body.case.status, 'working');
});

test('rows that say another action than the case are refused on their field', async () => {
  const a = await newUnit(), p = somebody();
  const r = await send('02', { insured_status: '在职职工', special_group: '不属于', employee_action: '增加', delegated: '否' }, { unit_name: '演示单位', unit_no: a.no, filler_phone: '13912345678',
    employees: [{ person_name: p.name, id_kind: '居民身份证', id_number: p.id_number, declared_wage: '4200.00', employee_action: '终止', mobile: p.mobile }] },
  { applicant: p });
  refused(r, 422, 'employees.0.employee_action', '分别申请');
});

//= R57 R102
test('a flexible worker needs no unit, acts for himself alone, and the public learns nothing of others', async () => {
  const p = somebody(), q = somebody();
  await carry(await roster('增加', '', [p], '灵活就业人员'));
  refused(await roster('终止', '', [q, p], '灵活就业人员'), 422, '由本人办理');
  await carry(await roster('中断', '', [p], '灵活就业人员'));
  refused(await roster('统筹区内转移', '', [p], '灵活就业人员'), 422, '没有转入的单位');
  const a = await newUnit(), b = await newUnit(), r = somebody(), nobody = somebody();
  await carry(await roster('增加', b.no, [r]));
  const open = (x) => web.postJson(`/regions/${REGION}/matters/02/applications`, { facts: { insured_status: '在职职工', special_group: '不属于', employee_action: '终止', delegated: '否' }, applicant: x, materials: {},
    form: { unit_name: '演示单位', unit_no: a.no, filler_phone: '13912345678', employees: [{ person_name: x.name, id_kind: '居民身份证', id_number: x.id_number, employee_action: '终止', mobile: x.mobile }] } },
  { 'idempotency-key': `p-${++serial}` });
  const elsewhere = await open(r), unknown = await open(nobody);
  assert.equal(elsewhere.status, 422);
  assert.deepEqual([elsewhere.body.id, elsewhere.body.errors], [unknown.body.id, unknown.body.errors]);
});

//= R52
test('a unit is paused with its members, comes back by registering again, is cancelled for good with them', async () => {
  const a = await newUnit(), p = somebody(), q = somebody();
  await carry(await roster('增加', a.no, [p, q]));
  refused(await unit('新参保', a.code), 409, '已经办理过单位参保登记', '正常参保');
  const c = await carry(await unit('暂停参保', a.code));
  assert.ok(JSON.stringify(c.facts).includes('暂停参保'), 'the action is a fact of the case');
  const words = await paper(c);
  for (const w of ['暂停参保', '中断职工人数2', a.no]) assert.ok(words.includes(w), `${w}: ${words}`);
  refused(await unit('暂停参保', a.code), 422, '现为暂停参保', '注销登记');
  refused(await roster('恢复', a.no, [p]), 422, '单位现为暂停参保');
  await carry(await unit('新参保', a.code));
  await carry(await roster('恢复', a.no, [p])); // q stays paused
  refused(await roster('恢复', a.no, [p]), 422, '现为正常参保');
  await carry(await unit('注销登记', a.code));
  refused(await unit('暂停参保', a.code), 422, '现为已注销登记');
  const b = await newUnit();
  refused(await roster('恢复', b.no, [q]), 422, '现为终止参保');
  await carry(await roster('增加', b.no, [p, q]));
});

//= R52
test('a merger moves all members and ends the former unit; the form names both', async () => {
  const a = await newUnit(), b = await newUnit(), p = somebody(), q = somebody();
  await carry(await roster('增加', a.no, [p, q]));
  await carry(await roster('中断', a.no, [q]));
  refused(await unit('拆分合并分立', b.code), 422, 'former_uscc', '没有填写');
  refused(await unit('拆分合并分立', b.code, { former_uscc: b.code }), 422, '与现统一社会信用代码相同');
  refused(await unit('拆分合并分立', b.code, { former_uscc: uscc() }), 422, '没有这个单位的参保登记');
  const no = await accept(await unit('拆分合并分立', b.code, { former_uscc: a.code }));
  refused(await act(reviewer, no, 'pass'), 422, 'record.regroup');
  await done(reviewer, no, 'pass', { record: { regroup: '单位合并' } });
  const words = await paper(await done(clerk, no, 'conclude'));
  for (const w of ['单位合并', '转入职工人数2', '已合并终止']) assert.ok(words.includes(w), `${w}: ${words}`);
  refused(await unit('暂停参保', a.code), 422, '已合并终止', '承接');
  refused(await unit('新参保', a.code), 409, '已合并终止');
  await carry(await roster('中断', b.no, [p]));
  await carry(await roster('恢复', b.no, [q])); // paused ones came along
});

//= R52
test('a split by list: the rest stays until its turn, then the former unit ceases; a separation leaves it standing', async () => {
  const a = await newUnit(), p = somebody(), q = somebody(), one = uscc(), two = uscc();
  await carry(await roster('增加', a.no, [p, q]));
  await carry(await unit('拆分合并分立', one, { former_uscc: a.code }), { regroup: '单位拆分', members: `${p.id_number}\n` });
  await carry(await roster('中断', await unitNo(one), [p]));
  refused(await unit('新参保', a.code), 409, '正常参保');
  const stranger = await accept(await unit('拆分合并分立', two, { former_uscc: a.code }));
  await done(reviewer, stranger, 'pass', { record: { regroup: '单位拆分', members: p.id_number } });
  refused(await act(clerk, stranger, 'conclude'), 422, '不是原单位的在册参保人');
  await carry(await unit('拆分合并分立', two, { former_uscc: a.code }), { regroup: '单位拆分' });
  refused(await unit('暂停参保', a.code), 422, '已拆分终止');
  const b = await newUnit();
  await carry(await unit('拆分合并分立', b.code, { former_uscc: two }), { regroup: '单位分立' });
  await carry(await roster('终止', b.no, [q]));
  await carry(await unit('注销登记', two)); // still there
});

//= R288
test('the review decides insurance by insurance; none approved is a refusal; employees need the basic one', async () => {
  const form = { insurances: '职工基本医疗保险\n生育保险' };
  const no = await accept(await unit('新参保', uscc(), form)), { body } = await reviewer.get(`/desk/cases/${no}`);
  assert.deepEqual(body.case.work.fields.map((f) => f.name), ['职工基本医疗保险', '生育保险']);
  const page = await browse(server, REGION, 'reviewer');
  assert.match(await page.text(`/desk/c/${no}`), /record\.insurance_maternity/);
  const none = { insurance_basic: '不同意登记', insurance_maternity: '不同意登记' };
  refused(await act(reviewer, no, 'pass', { record: none }), 409, '没有一项同意登记', '不予办理');
  refused(await act(reviewer, no, 'pass', { record: { insurance_basic: '也许' } }), 422, 'record.insurance_basic');
  let c = await done(reviewer, no, 'pass', { record: { insurance_basic: '不同意登记', insurance_maternity: '同意登记' } });
  assert.deepEqual(c.timeline.find((e) => e.kind === 'passed').record, [{ name: '职工基本医疗保险', value: '不同意登记' }, { name: '生育保险', value: '同意登记' }]);
  c = await done(clerk, no, 'conclude');
  const words = await paper(c);
  for (const w of ['同意登记的险种生育保险', '不同意登记的险种职工基本医疗保险']) assert.ok(words.includes(w), `${w}: ${words}`);
  const code = uscc(), r = await unit('新参保', code, form);
  await carry(r, { insurance_basic: '不同意登记' });
  refused(await roster('增加', await unitNo(code), [somebody()]), 200); // judged when concluded
  const add = await accept(await roster('增加', await unitNo(code), [somebody()]));
  await done(reviewer, add, 'pass');
  refused(await act(clerk, add, 'conclude'), 422, '单位没有登记职工基本医疗保险');
  assert.ok(await unitNo((await newUnit(form)).code)); // nothing said: all that was asked for
});

test('question and form must say the same registration', async () => {
  const r = await send('01', { unit_class: '企业', unit_action: '注销登记' }, unitForm('新参保', uscc()));
  refused(r, 422, 'unit_action', '不一致');
});

//= R89
test('what the register says counts: an account is withdrawn for a death only after the insurance was ended here', async () => {
  const at = '421300', window = await signIn(server, at, 'window'), p = somebody();
  const post = (matter, facts, form) => window.post(`/desk/intake/${matter}`, { facts, form, applicant_name: p.name, applicant_id: p.id_number, mobile: p.mobile, materials: [] }, { 'idempotency-key': `d-${++serial}` });
  const flexible = (action) => post('02', { insured_status: '灵活就业人员', employee_action: action },
    { filler_phone: p.mobile, employees: [{ person_name: p.name, id_kind: '居民身份证', id_number: p.id_number, employee_action: action, mobile: p.mobile }] });
  const through = async (r) => {
    assert.equal(r.status, 200, JSON.stringify(r.body));
    const { body } = await window.get(`/desk/cases/${r.body.no}`);
    await done(window, r.body.no, 'accept', { materials: body.case.ticks.map((t) => ({ key: t.key, state: 'checked' })) });
    await done(await signIn(server, at, 'reviewer'), r.body.no, 'pass');
    await done(window, r.body.no, 'conclude');
  };
  const withdraw = () => post('07', { withdrawal_ground: '死亡', delegated: '否', death_record_found: '是' });
  await through(await flexible('增加'));
  refused(await withdraw(), 422, 'ERR_NOT_ELIGIBLE', '因死亡支取的办理停保后');
  await through(await flexible('终止'));
  refused(await withdraw(), 200);
});

//= R288
test('where the guide prints no review, the registration is decided at the conclusion', async () => {
  const at = '211282', window = await signIn(server, at, 'window'), code = uscc();
  const page = await browse(server, at, 'window');
  const r = await window.post('/desk/intake/08', { facts: { unit_class: '企业' }, form: unitForm('新参保', code, { insurances: '职工基本医疗保险\n生育保险' }), materials: [] }, { 'idempotency-key': `n-${++serial}` });
  assert.equal(r.status, 200, JSON.stringify(r.body));
  const { body } = await window.get(`/desk/cases/${r.body.no}`);
  await done(window, r.body.no, 'accept', { materials: body.case.ticks.map((t) => ({ key: t.key, state: 'checked' })) });
  assert.match(await page.text(`/desk/c/${r.body.no}`), /record\.insurance_basic[\s\S]*不同意登记[\s\S]*\/conclude/);
  const none = { insurance_basic: '不同意登记', insurance_maternity: '不同意登记' };
  refused(await act(window, r.body.no, 'conclude', { record: none }), 409, '没有一项同意登记');
  const sent = await page.send(`/desk/c/${r.body.no}/conclude`, { 'record.insurance_basic': '同意登记', 'record.insurance_maternity': '不同意登记' }, `/desk/c/${r.body.no}`);
  assert.equal(sent.status, 303, sent.text);
  const c = (await window.get(`/desk/cases/${r.body.no}`)).body.case;
  assert.ok(['closed', 'concluded'].includes(c.status), c.status);
});
