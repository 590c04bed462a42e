// A person's whole way, in a real browser: from the home page to the printed result and the rating; the bureau's side in windows of its own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { idNumber } from '../http/browser.mjs';
import { serve } from '../http/lib.mjs';
import { a4, atDesk, demoPeople, evidence, fenOfWords, Hand, Keys, launch, paperCode, paperText } from './lib.mjs';

let server, browser, made;
before(async () => { server = await serve(); browser = await launch(); made = await evidence(browser); });
after(async () => { await browser?.close(); await server?.stop(); });

const photo = (name) => ({ name, mimeType: 'image/png', buffer: made.png });
const scan = (name) => ({ name, mimeType: 'application/pdf', buffer: made.pdf });
let serial = 700, demo;
const newcomer = (name) => ({ name, id_number: idNumber('421303', '19880214', ++serial), mobile: '13812345678' });
const insured = (wanted = () => true) => {
  demo ??= demoPeople('420281').filter((p) => p.insurance === '职工医保');
  return { ...demo.splice(demo.findIndex(wanted), 1)[0], mobile: '13912345678' };
};

async function person(Kind, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, ...options });
  return new Kind(await context.newPage());
}
const leave = (...hands) => Promise.all(hands.map((h) => h.page.context().close()));
const urlHas = (hand, re) => assert.match(new URL(hand.page.url()).pathname, re);
const main = (hand) => hand.page.locator('main').innerText();
async function says(hand, ...words) { const text = await main(hand); for (const w of words) assert.ok(text.includes(w), `“${w}” is not on ${hand.page.url()}:\n${text.slice(0, 1200)}`); }

// From the front door to the first page of the matter: region, words typed, the hit.
async function find(hand, region, words, name, base = '') {
  const { page } = hand;
  await page.goto(server.base + (base || '/'));
  await hand.at('regions');
  await hand.go(`.region-list a[href$="/r/${region}"]`);
  await hand.at('home');
  await hand.type('#q', words);
  await hand.go('form[role=search] button[type=submit]');
  await hand.at('found');
  await hand.go(page.locator('.matter-list a', { has: page.getByText(name, { exact: true }) }));
  await hand.at('guide');
  assert.equal(await page.locator('h1').innerText(), name);
  await says(hand, '多久', '带几样', '在哪办', '花钱吗');
}

// The wizard: every question it asks is answered from ANSWERS.
async function answer(hand, answers) {
  const { page } = hand;
  await hand.go('main a.button-primary');
  for (let i = 0; await page.locator('form.question').count(); i++) {
    assert.ok(i < 12, 'the wizard ends');
    const ask = await page.locator('input[name=ask]').getAttribute('value');
    assert.ok(ask in answers, `the wizard asks ${ask}`);
    await hand.at('question');
    await hand.pick(`input[name="${ask}"][value="${answers[ask]}"]`);
    await hand.go('form.question button[type=submit]');
  }
  await hand.at('list');
}

async function begin(hand, p) {
  await hand.go('form[action$="/apply"] button[type=submit]');
  await hand.at('draft');
  urlHas(hand, /\/d\/[0-9A-Z]{26}$/);
  await hand.go('main a.button-primary');
  await hand.at('applicant');
  await hand.type('#f-applicant_name', p.name);
  await hand.type('#f-applicant_id', p.id_number);
  await hand.type('#f-mobile', p.mobile);
  await hand.go('form[action$="/applicant"] .button-primary');
}

// One of several choices stands closed until it is asked for.
async function reveal(hand, where) {
  const fold = hand.page.locator('details:not([open])', { has: hand.page.locator(where) });
  if (await fold.count()) await hand.open(fold.locator('> summary'));
}

async function bring(hand, key, files) {
  await hand.at('materials');
  await reveal(hand, `form[action$="/upload/${key}"]`);
  await hand.files(`form[action$="/upload/${key}"] input[type=file]`, files);
  // With scripts the page may send at once; without, there is the button.
  const send = hand.page.locator(`form[action$="/upload/${key}"] button[type=submit]`);
  if (await send.isVisible()) await hand.go(send);
  for (const f of files) await says(hand, f.name);
  await hand.at('materials-given');
  await hand.go('main a.button-primary');
}

// Delivery, check your answers, send; the number and the code as the receipt shows them.
async function send(hand, p) {
  const { page } = hand;
  await hand.at('delivery');
  await hand.pick('input[name=delivery][value="电子证照下载"]');
  await hand.go('form[action$="/delivery"] .button-primary');
  await hand.at('review');
  await says(hand, p.name, p.id_number, '电子证照下载');
  await hand.go('form[action$="/submit"] .button-primary');
  urlHas(hand, /\/c\/\d{19}\/[0-9A-Z]{10}\/receipt$/);
  await hand.at('receipt');
  const [, no, code] = /\/c\/(\d{19})\/([0-9A-Z]{10})\//.exec(page.url());
  const text = (await main(hand)).replace(/\s/g, '');
  assert.ok(text.includes(no) && text.includes(code), 'number and code are on the receipt');
  assert.ok(await page.locator('img[src$="qr.svg"]').evaluate((e) => e.complete && e.naturalWidth > 0), 'the QR is drawn');
  const paper = await hand.download('a[href*="/doc/"]');
  const words = paperText(paper);
  a4(paper);
  for (const w of [no.slice(-6), code.slice(0, 5)]) assert.ok(words.replace(/\s/g, '').includes(w), `${w} is on the printed receipt:\n${words}`);
  assert.equal(paperCode(paper), `${server.base}/c/${no}/${code}`);
  return { no, code, receipt: words };
}

async function flexible(hand, p, { base = '', words = 'zgcbdj' } = {}) {
  await find(hand, '421300', words, '职工参保登记', base);
  await answer(hand, { insured_status: '灵活就业人员', employee_action: '增加' });
  await says(hand, '有效身份证件');
  await begin(hand, p);
  await hand.at('form');
  const { page } = hand;
  assert.equal(await page.locator('[name="employees.0.id_number"]').inputValue(), p.id_number, 'nothing is typed twice');
  await hand.type('#f-filler_phone', p.mobile);
  await hand.go('form[action$="/form"] p.actions .button-primary');
  await bring(hand, '2.1', [photo('身份证正面.png'), photo('身份证反面.png')]);
  return send(hand, p);
}

async function certificate(hand, p, { base = '', words = '参保凭证' } = {}) {
  await find(hand, '420281', words, '出具《参保凭证》', base);
  await answer(hand, { insurance: '职工医保' });
  await begin(hand, p);
  await bring(hand, '1.2', [scan('社保卡.pdf')]);
  return send(hand, p);
}

// At the desk: the clerk accepts what is complete, then whoever's turn it is does the step that is due, until it is done.
async function finish(region, no, { Kind = Hand } = {}) {
  const clerk = await atDesk(browser, server, region, 'window', { Kind });
  await clerk.at('desk-queue');
  await clerk.go(`.queue a[href$="${no}"]`);
  await clerk.at('desk-case');
  for (const select of await clerk.page.locator('select[name^="material."]').all())
    if (await select.evaluate((e) => e.value === 'given')) await clerk.choose(select, 'checked');
  await clerk.page.locator('.gap-none').waitFor();
  await clerk.go(`button[formaction$="/accept"]:not([name=finish])`);
  await clerk.at('desk-accepted');
  const reviewer = await atDesk(browser, server, region, 'reviewer', { Kind });
  for (let i = 0; ; i++) {
    assert.ok(i < 6, 'the case ends');
    let moved = false;
    for (const staff of [clerk, reviewer]) {
      await staff.page.goto(`${server.base}/desk/c/${no}`);
      if (await staff.page.locator('.tag', { hasText: /^(待送达|已办结|已办|办结)/ }).count()) return leave(clerk, reviewer);
      const due = staff.page.locator('button[formaction$="/pass"], button[formaction$="/conclude"]').first();
      if (!(await due.count())) continue;
      await staff.at('desk-due');
      await staff.go(due);
      moved = true;
      break;
    }
    if (!moved) return leave(clerk, reviewer);
  }
}

// By number and code, not by the link: what a person has on paper.
async function lookUp(hand, { no, code }, base = '') {
  await hand.page.goto(`${server.base}${base}/case`);
  await hand.at('find-case');
  await hand.type('#f-no', `${no.slice(0, 6)} ${no.slice(6, 12)} ${no.slice(12)}`);
  await hand.type('#f-code', code.toLowerCase());
  await hand.go('main form button[type=submit]');
  urlHas(hand, new RegExp(`/c/${no}/${code}$`));
}

async function rate(hand, level) {
  await hand.pick(`input[name=level][value="${level}"]`);
  await hand.go('form[action$="/rate"] .button-primary');
  await says(hand, '谢谢您的评价');
  await hand.at('rated');
}

const result = (hand) => hand.page.locator('a[href*="/doc/"]', { hasText: /参保凭证|登记|办理结果|结果/ }).last();

//= R52 R62
test('职工参保登记（灵活就业）: home, list, form, photographs, receipt; the desk; the result and five faces', async () => {
  const p = newcomer('林小满'), hand = await person(Hand), { no, code, receipt } = await flexible(hand, p);
  assert.equal(receipt.match(/职工基本医疗保险参保登记表/g).length, 1, `the form of the other kind of applicant was not received:\n${receipt}`);
  await hand.go('main a.button-primary');
  await hand.at('case-open');
  await says(hand, '已提交申请');
  await finish('421300', no);
  await lookUp(hand, { no, code });
  await hand.at('case-done');
  await says(hand, '受理', '审核', '办结');
  assert.ok(!(await main(hand)).includes(p.id_number), 'identity numbers are masked');
  const paper = await hand.download(result(hand)), words = paperText(paper);
  a4(paper);
  assert.ok(words.includes(p.name), words);
  assert.ok(words.replace(/\s/g, '').includes(no) || words.includes(p.id_number.slice(-4)), words);
  await rate(hand, 1);
  await leave(hand);
});

//= R110
test('出具《参保凭证》: from the home page to a certificate whose words, figures and QR agree, and the rating', async () => {
  const p = insured((d) => [...d.name].some((c) => c.codePointAt(0) > 0xffff)), hand = await person(Hand);
  const { no, code } = await certificate(hand, p);
  await finish('420281', no);
  await lookUp(hand, { no, code });
  await hand.at('case-done');
  const paper = await hand.download(result(hand)), words = paperText(paper);
  a4(paper);
  assert.ok(words.includes(p.name), `${p.name}:\n${words}`);
  const figures = /(?:￥|¥)?\s*(\d{1,3}(?:,\d{3})*\.\d{2}|\d+\.\d{2})\s*元?/.exec(words), capitals = /(?:人民币)?([零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+[元圆][零壹贰叁肆伍陆柒捌玖角分整正]*)/.exec(words);
  assert.ok(figures && capitals, words);
  const fen = Math.round(Number(figures[1].replaceAll(',', '')) * 100);
  assert.ok(fen > 0);
  assert.equal(fenOfWords(capitals[1]), fen, `${capitals[1]} is not ${figures[1]}`);
  const link = paperCode(paper);
  assert.match(link, new RegExp(`^${server.base}/v/420281/`));
  await rate(hand, 1);
  const stranger = await person(Hand, { viewport: { width: 390, height: 800 } });
  await stranger.page.goto(link);
  await stranger.at('verify');
  await says(stranger, '参保凭证');
  assert.match(await main(stranger), /是真的|有效|真实/);
  assert.ok(!(await main(stranger)).includes(p.name), 'the name is masked for strangers');
  await stranger.page.goto(link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A'));
  assert.match(await main(stranger), /没有查到/);
  await stranger.at('verify-wrong');
  await leave(hand, stranger);
});

test('without scripts, on a telephone: the same way, and the correction after a one-time notice', async () => { //= R20 R21
  const p = newcomer('欧阳·阿依夏'), hand = await person(Hand, { javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
  hand.at = () => {}; // its checks are scripts
  const { no, code } = await flexible(hand, p, { words: '灵活就业' });
  await lookUp(hand, { no, code });
  const clerk = await atDesk(browser, server, '421300', 'window', { context: await browser.newContext({ viewport: { width: 1366, height: 768 }, javaScriptEnabled: false }), Kind: class extends Hand { at() {} } });
  await clerk.page.goto(`${server.base}/desk/c/${no}`);
  await clerk.choose('select[name="material.2.1"]', 'rejected');
  await clerk.type('input[name="note.2.1"]', '反面看不清');
  await clerk.go('button[formaction$="/notice"]');
  await hand.page.reload();
  await says(hand, '一次性告知', '有效身份证件', '反面看不清');
  await hand.files('form[action$="/upload/2.1"] input[type=file]', [photo('反面重拍.png')]);
  await hand.go('form[action$="/upload/2.1"] button[type=submit]');
  await says(hand, '反面重拍.png');
  await hand.go('form[action$="/supplement"] .button-primary');
  await says(hand, '待受理');
  await leave(clerk);
  await finish('421300', no);
  await hand.page.reload();
  await rate(hand, 2);
  await leave(hand);
});

test('elder mode at 360 px: the certificate, from the home page to the rating', async () => {
  const p = insured(), hand = await person(Hand, { viewport: { width: 360, height: 740 } });
  const { no, code } = await certificate(hand, p, { base: '/e', words: 'cbpz' });
  assert.ok(hand.page.url().includes('/e/c/'), 'elder mode is kept all the way');
  await finish('420281', no);
  await lookUp(hand, { no, code }, '/e');
  await hand.at('case-done');
  assert.ok(paperText(await hand.download(result(hand))).includes(p.name));
  await rate(hand, 3);
  await leave(hand);
});

test('by keyboard alone: finding, applying, the desk, following, rating and verifying', async () => {
  const p = newcomer('赵一'), hand = await person(Keys), { no, code } = await flexible(hand, p);
  await finish('421300', no, { Kind: Keys });
  await lookUp(hand, { no, code });
  const paper = await hand.download(result(hand)), link = new URL(paperCode(paper));
  await rate(hand, 2);
  const [, region, number, check] = /^\/v\/(\d{6})\/([^/]+)\/([^/]+)$/.exec(link.pathname);
  await hand.page.goto(server.base + '/v');
  await hand.at('find-paper');
  await hand.choose('#f-region', region);
  await hand.type('#f-no', decodeURIComponent(number));
  await hand.type('#f-code', check);
  await hand.go('main form button[type=submit]');
  assert.match(await main(hand), /是真的|有效|真实/);
  await leave(hand);
});
