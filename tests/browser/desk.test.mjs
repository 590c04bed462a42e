// The bureau at its own pages, in a real browser: the window from sign-in to delivery, the lights of the queue, the self-service terminal.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { idNumber } from '../http/browser.mjs';
import { client, serve } from '../http/lib.mjs';
import { a4, atDesk, demoPeople, evidence, Hand, launch, paperCode, paperText, uscc } from './lib.mjs';

let server, browser, web, made;
before(async () => { server = await serve(); browser = await launch(); web = client(server.base); made = await evidence(browser); });
after(async () => { await browser?.close(); await server?.stop(); });

const REGION = '211282';
const leave = (...hands) => Promise.all(hands.map((h) => h.page.context().close()));
const main = (hand) => hand.page.locator('main').innerText();
async function says(hand, ...words) { const text = await main(hand); for (const w of words) assert.ok(text.includes(w), `“${w}” is not on ${hand.page.url()}:\n${text.slice(0, 1500)}`); }
const flat = (text) => text.replace(/\s+/g, '');
// What a paper says between two of its headings.
async function paper(hand, words) {
  const got = await hand.download(hand.page.locator('#papers a', { hasText: words }).last());
  a4(got);
  return { ...got, text: paperText(got) };
}

//= R16 R20 R21 R24 R27 R74 R129
test('单位参保登记 at the window: sign-in, intake, the one-time notice with exactly the gaps, the rest, acceptance, conclusion, delivery', async () => {
  const clerk = await atDesk(browser, server, REGION, 'window'), { page } = clerk;
  const code = uscc(REGION, 41), name = '演示开原试验有限公司';
  await clerk.at('desk-queue-empty');
  await clerk.go('.desk-nav a[href="/desk/intake"]');
  await clerk.at('desk-intake');
  await clerk.type('main input[name=q]', 'dwcbdj');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await clerk.at('desk-intake-found');
  await clerk.go('main a[href$="/intake/08"]');
  await clerk.at('desk-intake-form');
  await says(clerk, '单位参保登记', '即时');

  // what is missing is told at once, and nothing typed is lost
  await clerk.type('[name="form.unit_name"]', name);
  await clerk.go('.send .button-primary');
  await clerk.at('desk-intake-errors');
  assert.ok(await page.locator('.error-summary a').count() > 0);
  assert.equal(await page.locator('[name="form.unit_name"]').inputValue(), name);

  const values = { unit_action: '新参保', unit_name: name, uscc: code, legal_name: '王建国', legal_id_number: idNumber('110101', '19700101', '011'), contact_name: '李红',
    contact_mobile: '13900000001', unit_address: '演示路1号' };
  for (const [id, value] of Object.entries(values)) {
    const at = page.locator(`[name="form.${id}"]`);
    assert.equal(await at.count() >= 1, true, `${id} is on the form`);
    if (await at.first().evaluate((e) => e.tagName === 'SELECT')) await clerk.choose(at, value);
    else await clerk.type(at, value);
  }
  await page.locator('[name="form.insurances"][value="职工基本医疗保险"]').check();
  for (const select of await page.locator('select[name^="fact."]').all())
    if (!(await select.inputValue())) await clerk.choose(select, await select.evaluate((e) => ([...e.options].find((o) => o.value === '企业') ?? e.options[1]).value));
  if (await page.locator('#f-point').count()) await clerk.choose('#f-point', await page.locator('#f-point').evaluate((e) => [...e.options].find((o) => o.value).value));
  await clerk.choose('#f-delivery', '快递');
  await clerk.type('#f-address', '开原市演示路1号院');
  await page.locator('[name="material.1"]').check(); // 营业执照 alone
  await clerk.at('desk-intake-filled');
  await clerk.go('.send .button-primary');
  assert.match(new URL(page.url()).pathname, /^\/desk\/c\/\d{19}$/, (await main(clerk)).slice(0, 800));
  const no = page.url().match(/\d{19}/)[0];
  await clerk.at('desk-case-new');
  await says(clerk, '单位参保登记', '待受理', '我');
  assert.deepEqual((await page.locator('#gaps .gap-list li').allInnerTexts()).map((t) => flat(t).replace(/[（(].*/, '')), ['法人身份证', '开户行许可证'], 'exactly what is missing');
  const receipt = await paper(clerk, '回执');
  assert.match(paperCode(receipt), new RegExp(`/c/${no}/`));

  // ticking asks again without saving; then the notice
  await clerk.choose('select[name="material.2"]', 'rejected');
  await clerk.type('input[name="note.2"]', '复印件没有盖章');
  await page.locator('input[name="note.2"]').blur();
  await page.locator('#gaps', { hasText: '复印件没有盖章' }).waitFor();
  await clerk.at('desk-case-ticked');
  await clerk.go('button[formaction$="/notice"]');
  await clerk.at('desk-case-noticed');
  await says(clerk, '待补正');
  const notice = await paper(clerk, '一次性告知'), told = flat(notice.text);
  for (const w of [no.slice(-6), name, '法人身份证', '复印件没有盖章', '开户行许可证']) assert.ok(told.includes(w), `${w}:\n${notice.text}`);
  assert.ok(!/\d[.、]\s*营业执照/.test(notice.text), `what was given is not asked for again:\n${notice.text}`);

  // both come; no second notice for what stood there before
  await clerk.choose('select[name="material.2"]', 'checked');
  await clerk.choose('select[name="material.3"]', 'checked');
  await clerk.go('button[formaction$="/supplement"]');
  await says(clerk, '待受理', '材料齐全');
  await clerk.at('desk-case-complete');
  await clerk.go('button[formaction$="/accept"]:not([name=finish])');
  await clerk.at('desk-case-accepted');
  await clerk.go('button[formaction$="/conclude"]');
  await clerk.at('desk-case-concluded');
  await says(clerk, '待送达');
  const result = await paper(clerk, /结果|登记/);
  assert.ok(flat(result.text).includes(name), result.text);
  await clerk.go('button[formaction$="/deliver"]');
  await clerk.at('desk-case-delivered');
  await clerk.go('button[formaction$="/archive"]'); // the last thing that is due
  await clerk.at('desk-case-archived');
  assert.equal(await page.locator('#decide').count(), 0, 'nothing is due any more');

  // without a short message gateway somebody rings about the notice; a result by express leaves a call to make too
  await clerk.go('.desk-nav a[href="/desk/tasks"]');
  await clerk.at('desk-tasks');
  assert.equal(await page.locator('main table input[name=note]').count(), 2);
  for (const note of ['与李红通话，已告知要补的两样', '与李红通话，告知已寄出']) {
    await clerk.type('main table tbody tr:first-child input[name=note]', note);
    await clerk.go('main table tbody tr:first-child button[type=submit]');
  }
  await says(clerk, '没有要打的电话');
  await clerk.at('desk-tasks-done');
  await leave(clerk);
});

const clock = async (body) => assert.equal((await web.postJson('/demo/clock', body)).status, 200);
let serial = 300;
async function apply(identity) {
  const p = { name: '林小满', id_number: idNumber('421303', '19920506', ++serial), mobile: '13812345678' };
  const form = { filler_phone: p.mobile, ...(identity === '在职职工' && { unit_name: '演示一号机械有限公司', unit_no: '1' }),
    employees: [{ person_name: p.name, id_kind: '居民身份证', id_number: p.id_number, employee_action: '增加', mobile: p.mobile, ...(identity === '在职职工' && { declared_wage: '4200.00' }) }] };
  const r = await web.postJson('/regions/421300/matters/02/applications', { facts: { insured_status: identity, employee_action: '增加' }, applicant: p, form,
    materials: { [identity === '在职职工' ? '1.2' : '2.1']: 'given' } }, { 'idempotency-key': `q-${serial}` });
  assert.equal(r.status, 201, JSON.stringify(r.body));
  return r.body.no;
}

test('the queue: lights by working days with shape and word, j, k, Enter and /', async () => {
  await clock({ now: '2026-11-23T09:00:00+08:00' });
  const late = await apply('灵活就业人员'), soon = await apply('在职职工'); // due today; due on 11-30
  await clock({ now: '2026-11-27T09:00:00+08:00' });
  const fine = await apply('在职职工');
  const clerk = await atDesk(browser, server, '421300', 'window'), { page } = clerk;
  await clerk.at('desk-queue-lights');
  const row = (no) => page.locator('.queue tbody tr', { has: page.locator(`a[href$="${no}"]`) });
  for (const [no, colour, word, left] of [[late, 'red', '超期', '4'], [soon, 'yellow', '临期', '1'], [fine, 'green', '正常', '5']]) {
    assert.equal(await row(no).locator(`.light-${colour}`).count(), 1, colour);
    assert.ok((await row(no).locator('.light').innerText()).includes(word));
    assert.ok((await row(no).innerText()).includes(left), `${left} days: ${await row(no).innerText()}`);
  }
  assert.ok(!(await main(clerk)).includes('林小满'), 'names are masked');
  assert.deepEqual(await page.locator('.queue tbody td a').evaluateAll((all) => all.map((a) => a.href.slice(-19))), [late, soon, fine], 'the most pressing first');
  const shape = (no) => row(no).locator('.light').evaluate((e) => { const s = getComputedStyle(e, '::before'); return [s.borderRadius, s.clipPath].join(); });
  assert.equal(new Set(await Promise.all([late, soon, fine].map(shape))).size, 3, 'three colours, three shapes');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  assert.equal(await page.evaluate(() => document.activeElement.href?.slice(-19)), late);
  await page.keyboard.press('j');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  assert.ok(page.url().endsWith(soon));
  await page.keyboard.press('/');
  await page.keyboard.insertText(fine);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  assert.ok(page.url().endsWith(fine), page.url());
  await clerk.at('desk-case-found');
  await leave(clerk);
});

//= R37 R83 R86
test('the self-service terminal: a person\'s record and a unit, on the screen and on paper, without acceptance', async () => {
  const terminal = await atDesk(browser, server, '410400', 'kiosk'), { page } = terminal;
  const p = demoPeople('410400').find((d) => d.insurance === '职工医保');
  assert.equal(new URL(page.url()).pathname, '/kiosk');
  await terminal.at('kiosk');
  await terminal.type('#f-name', '不是本人');
  await terminal.type('#f-id_number', p.id_number);
  await terminal.go('form[action="/kiosk/person"] button[type=submit]');
  await terminal.at('kiosk-wrong');
  await says(terminal, '没有查到');
  await terminal.type('#f-name', p.name);
  await terminal.type('#f-id_number', p.id_number);
  await terminal.go('form[action="/kiosk/person"] button[type=submit]');
  await terminal.at('kiosk-person');
  await says(terminal, '职工医保', p.identity, '个人账户余额');
  const printed = async (form) => {
    const fields = await page.locator(form).evaluate((f) => Object.fromEntries(new FormData(f)));
    const r = await page.context().request.post(server.base + await page.locator(form).getAttribute('action'), { form: fields });
    const got = { bytes: await r.body(), type: r.headers()['content-type'] };
    a4(got);
    return { ...got, text: paperText(got) };
  };
  const record = await printed('form:has([name=print])');
  assert.ok(flat(record.text).includes(p.name), record.text);
  assert.ok(/职工/.test(record.text));
  await terminal.go('a[href="/kiosk"].button');
  const unit = uscc('410400', 1, 'MA00');
  await terminal.type('#f-code', unit);
  await terminal.go('form[action="/kiosk/unit"] button[type=submit]');
  await terminal.at('kiosk-unit');
  await says(terminal, '演示一号', unit);
  assert.ok(flat((await printed('form:has([name=print])')).text).includes('演示一号'));
  await leave(terminal);
});

test('staff: a new colleague is given a one-time password that is shown once', async () => {
  const admin = await atDesk(browser, server, REGION, 'admin'), { page } = admin;
  await admin.at('desk-staff');
  await admin.type('#f-name', '新人演示');
  await admin.type('#f-login', 'newcomer');
  await page.locator('#f-roles input').first().check();
  await page.locator('#f-points input').first().check();
  await admin.go('main form[action="/desk/staff"] .button-primary');
  await admin.at('desk-staff-made');
  const password = (await page.locator('.password').innerText()).trim();
  assert.match(password, /^\S{10,}$/);
  await page.goto(server.base + '/desk/staff');
  await says(admin, '新人演示');
  assert.ok(!(await main(admin)).includes(password));
  await leave(admin);
});
