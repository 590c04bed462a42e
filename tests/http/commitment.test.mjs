// Commitments on the desk and the subject's page: who sees what, refusals in words. What follows from a case is tests/service/commitment_test.c.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkedHouse, drawn, promise, supervisorOf, VERDICT } from './breach.mjs';
import { Browser } from './browser.mjs';
import { client, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';
import { Way } from './ways.mjs';

const R = '420281';
let server, web;
before(async () => { server = await serve(); web = client(server.base); });
after(() => server?.stop());

test('the desk sees what is due, by which rule, and whose the rule is', async () => { //= R133
  const clerk = await signIn(server, R, 'window'), { status, body } = await clerk.get('/desk/commitments');
  assert.equal(status, 200);
  assert.deepEqual(body.rule, { percent: 10, workdays: 20, months: 12, by_system: true });
  assert.deepEqual([body.checks, body.breaches], [[], []]);
  assert.deepEqual((await clerk.get('/desk/commitments/register')).body.commitments, []);
  const page = await browse(server, R, 'window');
  for (const path of ['/desk/commitments', '/desk/commitments?closed=1', '/desk/commitments/register']) {
    const r = await page.get(path);
    assert.equal(r.status, 200, path);
    assert.ok((await r.text()).includes('告知承诺'));
  }
  assert.ok((await page.text('/desk/commitments')).includes('系统口径'));
  for (const login of ['keeper', 'admin']) assert.equal((await (await signIn(server, R, login)).get('/desk/commitments')).status, 403, login);
  assert.equal((await web.getJson('/desk/commitments')).status, 401);
});

test('steps that cannot be are refused with field, reason and remedy', async () => {
  const clerk = await signIn(server, R, 'reviewer');
  let r = await clerk.post('/desk/commitments/checks/1', { outcome: 'perhaps', evidence: '看过了原件' });
  assert.deepEqual([r.status, r.body.errors[0].field], [422, 'outcome']);
  r = await clerk.post('/desk/commitments/checks/1', { outcome: 'true', evidence: '是' });
  assert.deepEqual([r.status, r.body.errors[0].field], [422, 'evidence']);
  assert.ok(r.body.errors[0].remedy);
  assert.equal((await clerk.post('/desk/commitments/checks/1', { outcome: 'true', evidence: '看过了原件' })).status, 404);
  assert.equal((await clerk.post('/desk/commitments/breaches/1/tell', { way: '电话' })).status, 404);
  assert.equal((await clerk.post('/desk/commitments/breaches/1/tell', { way: '电话', day: '2027-01-01' })).body.errors[0].field, 'day');
  assert.equal((await clerk.post('/desk/commitments/breaches/1/pardon', { text: '不再追究了' })).status, 409);
  assert.equal((await clerk.post('/desk/commitments/breaches/1/decide', { text: '采纳异议了', outcome: 'upheld' })).status, 403);
  assert.equal((await clerk.get('/desk/commitments/register?after=x')).status, 422);
});

test('a breach opens by number and code only; guessing is slowed', async () => {
  const b = new Browser(server.base);
  await b.open(`/r/${R}/breach/WN420281-2026-000001/AAAAAAAAAA`);
  assert.equal(b.status, 404);
  assert.equal((await web.getJson(`/regions/${R}/breaches/WN420281-2026-000001`, { 'x-access-code': 'AAAAAAAAAA' })).status, 404);
  assert.equal((await web.postJson(`/regions/${R}/breaches/WN420281-2026-000001/objection`, { text: '我有居住证' }, { 'x-access-code': 'AAAAAAAAAA' })).status, 404);
  let last;
  for (let i = 0; i < 40; i++) last = (await web.getJson(`/regions/${R}/breaches/WN420281-2026-${String(i).padStart(6, '0')}`, { 'x-access-code': 'AAAAAAAAAB' })).status;
  assert.equal(last, 429);
});

// Who broke a promise hears of it with the decision, once, in his inbox and by a call; what opens his page stands nowhere else. //= R133 type=test
async function told(house, supervisor, way, no) {
  const inbox = (await house.web.getJson(`/cases/${way.no}/messages`, { 'x-access-code': way.code })).body.messages.filter((m) => m.event === 'breached');
  assert.equal(inbox.length, 1, JSON.stringify(inbox));
  const [{ title, text }] = inbox, link = /\/r\/\d+\/breach\/\S+/.exec(text)?.[0];
  for (const word of [no, '异地安置认定材料', VERDICT.evidence, '到2027年', '不能再以承诺代替材料', '提出异议']) assert.ok(text.includes(word), `${word} is not in: ${text}`);
  assert.ok(title.includes('承诺经核查认定不实') && !text.includes(way.who.person.id_number));
  (await new Browser(house.server.base).open(link)).has('违诺认定', no);
  const all = (await supervisor.get(`/desk/cases/${way.no}/messages`)).body.messages.filter((m) => m.event === 'breached');
  assert.deepEqual(all.map((m) => m.channel).sort(), ['inbox', 'phone'], JSON.stringify(all));
  const call = all.find((m) => m.channel === 'phone');
  assert.ok(call.text.includes(no) && !call.text.includes('/breach/'), call.text);
}

// And of its end the same way, with what was decided and why. //= R133 type=test
async function toldOfTheEnd(house, supervisor, way, no, event, words) {
  const inbox = (await house.web.getJson(`/cases/${way.no}/messages`, { 'x-access-code': way.code })).body.messages.filter((m) => m.event.startsWith('breach_'));
  assert.deepEqual(inbox.map((m) => m.event), [event], JSON.stringify(inbox));
  for (const word of [no, ...words]) assert.ok(inbox[0].text.includes(word), `${word} is not in: ${inbox[0].text}`);
  (await new Browser(house.server.base).open(/\/r\/\d+\/breach\/\S+/.exec(inbox[0].text)[0])).has(no);
  const all = (await supervisor.get(`/desk/cases/${way.no}/messages`)).body.messages.filter((m) => m.event === event);
  assert.deepEqual(all.map((m) => m.channel).sort(), ['inbox', 'phone'], JSON.stringify(all));
  assert.ok(!all.find((m) => m.channel === 'phone').text.includes('/breach/'));
}

// The way of an application tells it where a commitment would be made, keeps what was typed, and offers the other ways. //= R35 R133 type=test
async function beforehand(house, one, no) {
  const { web, server } = house, { person } = one.who, api = `/api/v1/regions/${R}/drafts`;
  const open = async (facts, applicant, matter = '12') => {
    const made = await web.postJson(`/regions/${R}/matters/${matter}/drafts`, { facts });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const call = async (method, path, body) => {
      const r = await fetch(`${server.base}${api}/${made.body.draft.token}${path}`, { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
      return { status: r.status, body: await r.json() };
    };
    if (applicant) assert.equal((await call('PUT', '/applicant', { applicant })).status, 200);
    return { call, path: made.body.draft.path, materials: async () => (await call('GET', '/materials')).body };
  };
  const promised = { ...one.given }, bringing = { ...one.given, proof_mode: '提交材料' };
  const leaves = (list) => list.flatMap((m) => [m, ...leaves(m.parts ?? [])]), proof = (m) => leaves(m.materials).find((x) => x.name === '异地安置认定材料');

  // nobody yet, somebody else, his number under another name: nothing is said
  const stranger = { ...house.person(R, '退休人员') };
  for (const who of [null, stranger, { ...person, name: stranger.name }]) {
    const m = await (await open(bringing, who)).materials();
    assert.deepEqual([m.commitment.closed, m.commitment.reason, proof(m).can_commit], [false, null, true], JSON.stringify(who));
  }

  // he who would bring the paper is told before he presses; pressing all the same is refused and changes nothing
  const paper = await open(bringing, person), seen = await paper.materials(), leaf = proof(seen);
  assert.equal(seen.commitment.closed, true);
  for (const word of [no, '为止不能再作承诺', '请按清单提供证明材料', '提出异议']) assert.ok(seen.commitment.reason.includes(word), seen.commitment.reason);
  assert.deepEqual([leaf.can_commit, leaf.commit_closed, leaf.can_upload], [false, true, true]);
  const pressed = await paper.call('PUT', `/commitments/${leaf.key}`, {});
  assert.deepEqual([pressed.status, pressed.body.errors[0].field, pressed.body.rule], [422, 'commitment', 'R133'], JSON.stringify(pressed.body));
  assert.ok(pressed.body.errors[0].remedy.includes(no));
  assert.equal(proof(await paper.materials()).commit_chosen, false);
  const page = new Browser(server.base);
  (await page.open(`${paper.path}/materials`)).has('现在不能用承诺代替材料', no).hasNot('拿不出来，改用承诺书');

  // a letter among other documents is a commitment as well
  const letter = leaves((await (await open({ ...new Way(house, R, '19').facts(), care_case: '意外伤害' }, person, '19')).materials()).materials).find((x) => x.name === '个人承诺书');
  assert.deepEqual([letter.commit_closed, letter.can_upload], [true, false]);

  // what was chosen before he said who he is: it is told, counts for nothing, and stays until he takes it back
  const early = await open(bringing);
  assert.equal((await early.call('PUT', `/commitments/${leaf.key}`, {})).status, 200);
  const done = (await early.materials()).done;
  assert.equal((await early.call('PUT', '/applicant', { applicant: person })).status, 200);
  const late = await early.materials();
  assert.deepEqual([proof(late).commit_chosen, proof(late).committed, late.done], [true, false, done - 1]);
  await page.open(`${early.path}/materials`);
  page.has('您选了用承诺书代替');
  await page.submit(`/commit/${leaf.key}`);
  page.hasNot('您选了用承诺书代替').has('选择照片或文件');

  // who answered that he promises is offered the other answer; nothing he typed is lost
  const answer = await open(promised, person), form = await one.form();
  assert.equal((await answer.call('PUT', '/form', form)).status, 200);
  const asked = await answer.materials();
  assert.deepEqual(asked.commitment.instead.map((x) => [x.name, x.answer]), [['异地安置认定材料', '提交材料']]);
  (await page.open(`${answer.path}/review`)).has('现在不能用承诺代替材料', '承诺制', person.name);
  await page.open(`${answer.path}/materials`);
  page.has('您回答的是以承诺代替“异地安置认定材料”', '填好的内容都还在');
  await page.submit(`/commit/${leaf.key}`);
  page.has('异地安置认定材料').hasNot('您回答的是以承诺代替');
  (await page.open(`${answer.path}/review`)).has('提交材料', person.name, form.filing_province);
  const sent = await answer.call('POST', '/submit');
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  assert.ok(sent.body.case.gaps.some((g) => JSON.stringify(g).includes('异地安置认定材料')), JSON.stringify(sent.body.case.gaps));

  // on his case, too, what is owed is not offered as a promise; nor at the desk
  const desk = (await one.staff.win1.get(`/desk/cases/${sent.body.no}`)).body.case;
  assert.ok(desk.commitment.closed && desk.commitment.reason.includes(no));
  const mine = (await web.getJson(`/cases/${sent.body.no}`, { 'x-access-code': sent.body.code })).body.case, owed = leaves(mine.owed).find((x) => x.name === '异地安置认定材料');
  assert.deepEqual([mine.commitment.closed, owed.can_commit, owed.can_upload], [true, false, true]);
  const refused = await web.postJson(`/cases/${sent.body.no}/supplement`, { materials: { [owed.key]: 'committed' } }, { 'x-access-code': sent.body.code });
  assert.ok(refused.status === 422 && JSON.stringify(refused.body).includes(no), JSON.stringify(refused.body));
}

// At the window it is told as soon as the number is typed, before anything is sent in; nobody else's number says anything. //= R133 type=test
async function atTheWindow(house, one, no) {
  const { person } = one.who, supervisor = await supervisorOf(house, R), clerk = await browse(house.server, R, 'supervisor');
  const facts = { filing_action: '首次备案', proof_mode: '提交材料' };
  const look = async (body) => { const r = await supervisor.post('/desk/intake/12', { refresh: true, facts, ...body }); assert.equal(r.status, 200, JSON.stringify(r.body)); return r.body; };
  const free = await look({ applicant_id: house.person(R, '退休人员').id_number }), closed = await look({ applicant_id: person.id_number });
  const proof = (v) => v.materials.find((m) => m.name === '异地安置认定材料');
  assert.deepEqual([free.commitment.closed, free.commitment.reason, proof(free).committable], [false, null, true]);
  assert.deepEqual([closed.commitment.closed, proof(closed).committable, closed.no], [true, false, undefined]);
  assert.ok(closed.commitment.reason.includes(no) && closed.commitment.reason.includes('不能再作承诺'), closed.commitment.reason);
  const empty = await clerk.text('/desk/intake/12');
  assert.ok(empty.includes('查能不能承诺') && empty.includes('value="committed"') && !empty.includes('现在不能用承诺代替材料'));
  const form = Object.entries(await one.form()).filter(([, v]) => typeof v === 'string').map(([k, v]) => [`form.${k}`, v]);
  const typed = [...Object.entries(facts).map(([k, v]) => [`fact.${k}`, v]), ...form, ...(empty.includes('name="applicant_id"') ? [['applicant_id', person.id_number]] : [])];
  const told = await clerk.send('/desk/intake/12', [...typed, ['refresh', '1']], '/desk/intake/12');
  assert.equal(told.status, 200);
  assert.ok(told.text.includes('现在不能用承诺代替材料') && told.text.includes(no), 'told before it is sent in');
  assert.ok(!told.text.includes('value="committed"') && !told.text.includes('查能不能承诺') && told.text.includes(`value="${person.id_number}"`), 'not offered, what was typed is kept');
  const kept = await clerk.send('/desk/intake/12', [...typed, [`material.${proof(closed).key}`, 'committed'], ['refresh', '1']], '/desk/intake/12');
  assert.ok(/<option value="committed" selected>/.test(kept.text), 'what was chosen stays until he takes it back');
}

test('from a case to its check, a breach, the next commitment refused, an objection upheld', async (t) => { //= R35 R131 R132 R133
  const house = await checkedHouse(R);
  t.after(() => house.stop());
  const supervisor = await supervisorOf(house, R);
  house.clock.enter();
  const one = await promise(house, R), reviewer = one.staff.rev1, due = await drawn(house, R, one);
  const list = (await supervisor.get('/desk/commitments/register')).body.commitments.filter((c) => c.case_no === one.no);
  assert.deepEqual(list.map((c) => c.proof), ['异地安置认定材料'], 'the answer was the commitment, paired with the one proof');
  assert.equal((await one.staff.win1.post(`/desk/commitments/checks/${due.id}`, VERDICT)).status, 403, 'who accepted does not check');
  const checked = await reviewer.post(`/desk/commitments/checks/${due.id}`, VERDICT);
  assert.equal(checked.status, 200, JSON.stringify(checked.body));
  const no = checked.body.breach;
  assert.match(no, /^WN420281-2026-\d{6}$/);
  await told(house, supervisor, one, no);
  await beforehand(house, one, no);
  await atTheWindow(house, one, no);
  const two = await promise(house, R, one.who);
  assert.ok(two.error && two.error.message.includes('未纠正的违诺记录') && two.error.message.includes(no) && two.error.message.includes('补交'), two.error?.message);
  const breach = (await supervisor.get('/desk/commitments')).body.breaches[0], page = new Browser(house.server.base);
  assert.equal((await reviewer.post(`/desk/commitments/breaches/${breach.id}/tell`, { way: '电话' })).status, 200);
  await page.open(breach.path);
  page.has('违诺认定', no, '异地安置认定材料', '没有在当地居住', '怎样恢复').hasNot(one.who.person.name, '经手人');
  await page.submit('/breach/', { text: '短' });
  page.has('异议：太短');
  await page.submit('/breach/', { text: '我有当地的居住证，附后。' });
  page.has('异议收到了', '我有当地的居住证');
  assert.equal((await reviewer.post(`/desk/commitments/breaches/${breach.id}/decide`, { outcome: 'upheld', text: '居住证属实' })).status, 403);
  const decided = await supervisor.post(`/desk/commitments/breaches/${breach.id}/decide`, { outcome: 'upheld', text: '居住证属实，撤销认定' });
  assert.equal(decided.status, 200, JSON.stringify(decided.body));
  (await page.open(breach.path)).has('已撤销', '居住证属实，撤销认定');
  await toldOfTheEnd(house, supervisor, one, no, 'breach_lifted', ['居住证属实，撤销认定', '可以再以承诺代替材料']);
  const three = await promise(house, R, one.who);
  assert.ok(!three.error || !three.error.message.includes('违诺'), three.error?.message);
  house.clock.leave();
}, { timeout: 300000 });
