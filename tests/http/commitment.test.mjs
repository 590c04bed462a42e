// Commitments on the desk and the subject's page: who sees what, refusals in words. What follows from a case is tests/service/commitment_test.c.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkedHouse, drawn, promise, supervisorOf, VERDICT } from './breach.mjs';
import { Browser } from './browser.mjs';
import { client, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';

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
  const three = await promise(house, R, one.who);
  assert.ok(!three.error || !three.error.message.includes('违诺'), three.error?.message);
  house.clock.leave();
}, { timeout: 300000 });
