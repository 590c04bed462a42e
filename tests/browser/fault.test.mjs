// A fault of a guide in the browser, scripts off for the public: from the guide to the form and its answer; the keeper's side between.
// The directory as people use it on a phone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { serve } from '../http/lib.mjs';
import { PASSWORD, signIn } from '../http/staff.mjs';
import { Hand, launch } from './lib.mjs';

const R = '421300';
let server, browser;
before(async () => { server = await serve(); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

async function person(base, options) {
  const context = await browser.newContext({ viewport: { width: 360, height: 760 }, ...options }), page = await context.newPage();
  await page.goto(server.base + base);
  return new Hand(page);
}
async function go(hand, what) { await Promise.all([hand.page.waitForNavigation(), hand.q(what).click()]); }

for (const [name, base, options] of [['不用脚本', `/r/${R}`, { javaScriptEnabled: false }], ['长辈版', `/e/r/${R}`, {}]])
  test(`reported, answered and seen, ${name}`, async () => { //= R287
    const matter = base.startsWith('/e') ? '05' : '04', words = `时限与窗口说的不一样（${name}）。`;
    const me = await person(`${base}/m/${matter}`, options);
    await me.at('guide');
    await go(me, me.link('报告指南错误'));
    await me.at('fault form');
    await go(me, me.button('提交报告')); // nothing typed yet
    await me.at('fault form refused');
    assert.equal(await me.page.locator('.error-summary .error-line').count(), 2);
    await me.choose('#f-part', 'limits');
    await me.type('#f-text', words);
    await go(me, me.button('提交报告'));
    await me.at('fault sent');
    const answer = me.page.url();

    await signIn(server, R, 'keeper');
    const desk = await person(`/desk/login?region=${R}`, { viewport: { width: 1366, height: 800 } });
    await desk.choose('#f-region', R);
    await desk.type('#f-login', 'keeper');
    await desk.type('#f-password', PASSWORD);
    await go(desk, desk.button('登录'));
    await go(desk, desk.link('指南报错'));
    await desk.at('reports');
    const card = desk.page.locator('.reports .pane').filter({ hasText: words });
    await card.locator('summary').click();
    await card.getByLabel('修订', { exact: true }).check();
    await card.getByLabel('答复（公开，不要写个人信息）').fill(`已核对，按窗口的说法改（${name}）。`);
    await Promise.all([desk.page.waitForNavigation(), card.getByRole('button', { name: '公开答复' }).click()]);
    await desk.at('answered');
    assert.equal(await desk.page.locator('.reports .pane').filter({ hasText: words }).count(), 0);

    await me.page.goto(answer);
    await me.at('answer');
    assert.ok((await me.page.innerText('main')).includes(`已核对，按窗口的说法改（${name}）。`));
    await go(me, me.link('回到办事指南'));
    await me.page.reload(); // the page seen before may stand for a minute
    await me.at('guide with correction');
    assert.ok((await me.page.locator('details:has(h2:text-is("指南更正"))').textContent()).includes(name));
    await me.page.context().close();
    await desk.page.context().close();
  });

test('from a guide to the right window and phone', async () => {
  const me = await person('/r/211282/m/06', { javaScriptEnabled: false });
  await go(me, me.link('联系方式'));
  await me.at('contact');
  assert.equal(new URL(me.page.url()).hash, '#m');
  await go(me, '.crumbs a');
  await go(me, me.link('办事地点和电话'));
  await me.at('directory');
  await me.type('#q', '16号');
  await go(me, me.button('查找'));
  await me.at('directory found');
  assert.deepEqual(await me.page.locator('.windows > li > b').allTextContents(), ['16号窗口']);
  await me.page.locator('.windows summary').click();
  await go(me, me.page.locator('.windows').getByRole('link', { name: '单位参保登记' }));
  await me.at('guide');
  await me.page.context().close();
});
