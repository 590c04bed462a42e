// One page of every public template and state, and the cases behind the desk's: made through the API, used by axe and by tidy.
import assert from 'node:assert/strict';
import { idNumber, png } from '../http/browser.mjs';
import { client, query } from '../http/lib.mjs';
import { signIn } from '../http/staff.mjs';

let server, web;

const flexible = { insured_status: '灵活就业人员', employee_action: '增加' };
let serial = 800;
const somebody = () => ({ name: '林小满', id_number: idNumber('421303', '19900307', ++serial), mobile: '13812345678' });
const form = (p) => ({ filler_phone: p.mobile, employees: [{ person_name: p.name, id_kind: '居民身份证', id_number: p.id_number, employee_action: '增加', mobile: p.mobile }] });
async function apply(region, matter, facts, p, more) {
  const r = await web.postJson(`/regions/${region}/matters/${matter}/applications`, { facts, applicant: p, ...more }, { 'idempotency-key': `a-${++serial}` });
  assert.equal(r.status, 201, JSON.stringify(r.body));
  return { ...r.body, person: p, path: `/c/${r.body.no}/${r.body.code}` };
}
const registration = (materials = { '2.1': 'given' }) => { const p = somebody(); return apply('421300', '02', flexible, p, { form: form(p), materials }); };
async function act(staff, c, action, body = {}) {
  const r = await staff.post(`/desk/cases/${c.no}/actions/${action}`, body);
  assert.equal(r.status, 200, `${action}: ${JSON.stringify(r.body)}`);
  return r.body.case;
}
async function finish(c, clerk, reviewer) {
  let state = await act(clerk, c, 'accept');
  while (state.stage && state.stage !== '办结') state = await act(reviewer, c, 'pass');
  return act(clerk, c, 'conclude');
}
async function draft(region, matter, facts) {
  const r = await web.postJson(`/regions/${region}/matters/${matter}/drafts`, { facts });
  assert.equal(r.status, 201, JSON.stringify(r.body));
  return `/r/${region}/d/${r.body.draft.token}`;
}

// {path, template?, press?}: PRESS is the form whose button is pressed on that page, to see what its refusal looks like.
export async function states(running) {
  server = running;
  web = client(server.base);
  const staff = { clerk: await signIn(server, '421300', 'window'), reviewer: await signIn(server, '421300', 'reviewer') };
  const fresh = await registration(), gap = await registration({}), told = await registration({}), done = await registration(), rated = await registration(), refused = await registration(), withdrawn = await registration();
  await act(staff.clerk, told, 'notice');
  await finish(done, staff.clerk, staff.reviewer);
  await finish(rated, staff.clerk, staff.reviewer);
  await act(staff.clerk, refused, 'refuse', { reason: '不属于服务对象。' });
  await web.postJson(`/cases/${rated.no}/ratings`, { level: 5 }, { 'x-access-code': rated.code, 'idempotency-key': 'rate' });
  await web.postJson(`/cases/${withdrawn.no}/withdraw`, { reason: '改到窗口办' }, { 'x-access-code': withdrawn.code, 'idempotency-key': 'withdraw' });
  const blank = await draft('421300', '02', flexible), given = await draft('421300', '02', flexible), unit = await draft('421300', '01', { unit_action: '新参保', unit_class: '企业' });
  const choice = await draft('420281', '10', { insurance: '职工医保' });
  const p = somebody(), api = (at) => server.base + '/api/v1' + given.replace('/r/', '/regions/').replace('/d/', '/drafts/') + at;
  const put = async (at, body) => assert.equal((await fetch(api(at), { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).status, 200);
  await put('/applicant', { applicant: p });
  await put('/form', form(p));
  const files = new FormData();
  files.append('file', new Blob([png]), '身份证正面.png');
  assert.equal((await fetch(api('/uploads/2.1'), { method: 'POST', body: files })).status, 201);
  const rules = { retired: '是', outside_pool: '是', hukou_moved: '是', filing_action: '首次备案' };
  const questions = (await web.getJson('/regions/410400/matters/03/checklist?all=1')).body.questions.filter((q) => q.asked);
  const declared = await draft('410400', '03', Object.fromEntries(questions.map((q) => [q.id, q.options[q.options.length - 1]?.value ?? '1'])));
  const paper = (await staff.clerk.get(`/desk/cases/${done.no}`)).body.case.documents.find((d) => d.kind === 'result');
  const proof = `/v/421300/${encodeURIComponent(paper.no)}/`;
  const opened = await web.text(`${done.path}`), document = /\/doc\/(\d+)/.exec(opened)?.[1];
  assert.ok(document, 'a finished case has its papers');
  const fault = (await web.postJson('/regions/421300/matters/03/faults', { part: 'contact', text: '电话打过去是空号。', contact: '13912345678' })).body;
  const keeper = await signIn(server, '421300', 'keeper'), mend = (await web.postJson('/regions/421300/matters/04/faults', { part: 'limits', text: '时限与窗口说的不一样。' })).body;
  const open = (await keeper.get('/desk/faults')).body.faults.find((f) => f.no === mend.no);
  assert.equal((await keeper.post(`/desk/faults/${open.id}`, { outcome: 'kept', text: '指南原文如此。' })).status, 200);
  const birth = { m_20: '1', m_22: '1', 'q1.maternity_person': '参保女职工', 'q1.settled_directly': '否' };
  const joint = (await web.postJson('/regions/421381/occasions/birth/drafts', { ...birth, 'p1.name': '林小满', 'p1.id': somebody().id_number, mobile: '13812345678' })).body.token;
  const pages = [
    '/r/421381/s/birth', '/r/421381/occasion/birth', '/r/211282/occasion/birth', { path: `/r/421381/occasion/birth?${query(birth)}`, press: 'form[action$="/begin"]' },
    { path: `/r/421381/joint/${joint}`, press: 'form[action$="/submit"]', pressed: 'joint_receipt' },
    '/r/211282/directory', '/r/410400/directory?m=12', '/r/421381/directory?m=14', '/r/420281/directory?q=zzzz', '/r/420281/directory?q=转诊', '/r/421300/m/04',
    { path: '/r/421300/m/02/fault', press: 'form[action$="/fault"]' }, `${fault.path}?new=1`, mend.path, '/r/211282/rate/hall?window=16号窗口', { path: '/r/211282/rate/hall', press: 'form[action$="/rate/hall"]' },
    '/r/421381/forms', '/r/421300/forms/form-08', '/forms/form-02', '/r/410400/forms/form-11', '/r/211282/forms/form-01',
    '/r/421300/changes', '/', '/r/421300', '/r/421300?q=生孩子', '/r/421300?q=zzzz', '/r/421300/s/job', '/r/421300/m/02', '/r/421381/m/12', '/r/211282/m/16', '/r/211282/m/28', '/r/420281/m/12', '/r/410400/m/12',
    '/r/421300/m/02/check', '/r/420281/m/12/check?retired=否', '/r/420281/m/19/check?care_case=意外伤害', '/r/420281/m/19', '/r/410400/m/12/check?all=1', `/r/420281/m/12/check?${query({ ...rules, proof_mode: '提交材料' })}`, '/r/421300/m/02/check?all=1',
    blank, { path: `${blank}/applicant`, press: 'form[action$="/applicant"]' }, { path: `${blank}/form`, press: 'form[action$="/form"] p.actions' }, `${unit}/applicant`, `${unit}/form`,
    { path: `${blank}/materials`, press: 'form.upload' }, `${choice}/materials`, { path: `${blank}/delivery`, press: 'form[action$="/delivery"]' }, { path: `${blank}/review`, press: 'form[action$="/submit"]' },
    given, `${given}/applicant`, `${given}/form`, `${given}/materials`, `${given}/review`, `${declared}/review`,
    `${fresh.path}/receipt`, `${gap.path}/receipt`, ...[fresh, gap, told, done, rated, refused, withdrawn].map((c) => c.path), `${told.path}/messages`, { path: '/case', press: 'main form' }, { path: done.path, press: 'form[action$="/rate"]' }, '/v', '/v?region=421300', `${proof}AAAAAAAAAA`,
    '/errors', { path: '/r/421300/xx', template: 'error' }, { path: '/c/4213002611230000011/AAAAAAAAAA', template: 'error' }, { path: '/r/421300/d/AAAAAAAAAAAAAAAAAAAAAAAAAA', template: 'error' },
  ];
  return { pages: pages.map((s) => (typeof s === 'string' ? { path: s } : s)), cases: { fresh, gap, told, done, refused } };
}
