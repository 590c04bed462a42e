// Who hands in for somebody else: what each guide prints for it and no more (R36), and the township clinic that is an agent by the guide (R39).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { idNumber } from './browser.mjs';
import { client, root, serve } from './lib.mjs';
import { signIn } from './staff.mjs';

const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
let server, web, serial = 500;
before(async () => { server = await serve(); web = client(server.base); });
after(() => server?.stop());
const person = (region, insurance) => {
  const rows = execFileSync(binary, ['export', 'persons', '--region', region, '--limit', '200', '--demo'], { cwd: root, encoding: 'utf8' }).trim().split('\n').map((l) => l.split('\t'));
  const hit = rows.find((r) => r[3] === insurance);
  return { name: hit[0], id_number: hit[1], mobile: '13912345678' };
};
const delegate = { name: '赵代办', id_number: idNumber('420281', '19800101', 123) };
const send = (region, matter, body) => web.postJson(`/regions/${region}/matters/${matter}/applications`, body, { 'idempotency-key': `d-${++serial}` });
async function gaps(region, matter, body) {
  const r = await send(region, matter, body);
  assert.equal(r.status, 201, JSON.stringify(r.body));
  return r.body.case.gaps.map((g) => g.text);
}

//= R36
test('大冶: a delegate without papers is told of the principal\'s card or a power of attorney; either is enough', async () => {
  const facts = { insured_status: '灵活就业人员', employee_action: '增加', special_group: '不属于', delegated: '是' };
  const of = (given, more = {}) => {
    const p = { name: '林小满', id_number: idNumber('420281', '19900307', ++serial), mobile: '13812345678' };
    return { facts, applicant: p, delegate, materials: given, form: { filler_phone: p.mobile, employees: [{ person_name: p.name, id_kind: '居民身份证', id_number: p.id_number, employee_action: '增加', mobile: p.mobile }] }, ...more };
  };
  const listed = await gaps('420281', '02', of({}));
  assert.deepEqual(listed.filter((t) => /委托/.test(t)), ['委托人身份证件，或者委托书']);
  const group = (await send('420281', '02', of({}))).body.case.gaps.find((g) => /委托/.test(g.text)).key, keys = [`${group}.1`, `${group}.2`];
  for (const key of keys) assert.deepEqual((await gaps('420281', '02', of({ [key]: 'given' }))).filter((t) => /委托/.test(t)), [], key);
  assert.deepEqual((await gaps('420281', '02', of({}, { facts: { ...facts, delegated: '否' }, delegate: undefined }))).filter((t) => /委托/.test(t)), [], 'nobody is asked for it who comes himself');
});

//= R36
test('平顶山: both cards and the power of attorney, each that is missing told', async () => {
  const body = { facts: { delegated: '是', insurance: '职工医保' }, applicant: person('410400', '职工医保'), delegate };
  const check = (await web.getJson('/regions/410400/matters/08')).body;
  assert.ok(JSON.stringify(check).includes('委托'));
  const all = await send('410400', '08', { ...body, facts: { delegated: '是' } });
  assert.equal(all.status, 201, JSON.stringify(all.body));
  const told = all.body.case.gaps, papers = told.filter((g) => /委托|代理/.test(g.text)).map((g) => g.text).join('；');
  for (const paper of ['委托人身份证件', '代理人身份证件', '委托人授权委托书']) assert.ok(papers.includes(paper), `${paper} in ${papers}`);
  const keys = told.filter((g) => /委托|代理/.test(g.text)).map((g) => g.key);
  assert.equal(keys.length, 3, JSON.stringify(told));
  for (let i = 0; i < 3; i++) {
    const r = await send('410400', '08', { ...body, facts: { delegated: '是' }, materials: Object.fromEntries(keys.filter((_, k) => k !== i).map((k) => [k, 'given'])) });
    assert.deepEqual(r.body.case.gaps.filter((g) => /委托|代理/.test(g.text)).map((g) => g.key), [keys[i]]);
  }
});

//= R36
test('who says somebody else acts for him names that person', async () => {
  const r = await send('410400', '08', { facts: { delegated: '是' }, applicant: person('410400', '职工医保') });
  assert.equal(r.status, 422);
  assert.equal(r.body.errors[0].field, 'delegate_name');
  assert.ok(r.body.errors[0].remedy);
});

//= R39
test('大冶: a township clinic hands in for a chronic patient, is recorded, and no power of attorney is asked', async () => {
  const desk = await signIn(server, '420281', 'window'), p = person('420281', '职工医保');
  const fields = (await desk.get('/desk/intake/17')).body;
  assert.ok(!JSON.stringify(fields).includes('委托书'), 'the guide prints none here');
  const made = await desk.post('/desk/intake/17', {
    applicant_name: p.name, applicant_id: p.id_number, mobile: p.mobile, delegate_name: delegate.name, delegate_id: delegate.id_number,
    point: 'clinic', materials: [{ key: '1.1', state: 'checked' }, { key: '3', state: 'checked' }], form: {}, facts: { chronic_count: '0' },
  }, { 'idempotency-key': 'clinic-1' });
  assert.ok([200, 201].includes(made.status), JSON.stringify(made.body));
  const seen = (await desk.get(`/desk/cases/${made.body.no}`)).body.case;
  assert.deepEqual([seen.agent.id, seen.agent.name, seen.agent.duty], ['clinic', '乡镇卫生院', '代办']);
  assert.match(seen.delegate_name, /^赵/);
  assert.ok(!JSON.stringify([seen.gaps, seen.materials]).includes('委托'));
  const ordinary = await desk.post('/desk/intake/17', { applicant_name: p.name, applicant_id: p.id_number, mobile: p.mobile, materials: [], form: {}, facts: { chronic_count: '0' } }, { 'idempotency-key': 'clinic-2' });
  assert.equal((await desk.get(`/desk/cases/${ordinary.body.no}`)).body.case.agent, null);
});
