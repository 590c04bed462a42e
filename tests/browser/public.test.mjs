// The public pages in a real browser: accessible in both modes, at 360 px and at 200 %, by keyboard, without scripts, on paper.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { query, serve } from '../http/lib.mjs';

const require = createRequire(import.meta.url);
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const filing = { retired: '是', outside_pool: '是', hukou_moved: '是', filing_action: '首次备案' };
// One page of each template and state.
const PAGES = ['/', '/r/421300', '/r/421300?q=生孩子', '/r/421300?q=zzzz', '/r/421300/s/job', '/r/421300/m/02', '/r/410400/m/12', '/r/211282/m/16',
  '/r/211282/m/28', '/r/421300/m/02/check', '/r/420281/m/12/check?ask=retired', '/r/420281/m/12/check?retired=否',
  `/r/420281/m/12/check?${query({ ...filing, proof_mode: '提交材料' })}`, '/r/421300/m/02/check?all=1', '/r/211282/m/28/check', '/errors', '/r/421300/xx'];

let server, browser;
before(async () => {
  server = await serve();
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
});
after(async () => { await browser?.close(); await server?.stop(); });

const at = (path, elder) => server.base + (elder ? (path === '/' ? '/e' : '/e' + path) : path);

for (const elder of [false, true])
  for (const width of [1366, 360])
    test(`axe finds nothing, nothing runs out of the window: ${elder ? '长辈版' : '标准版'}, ${width} px`, async () => {
      const context = await browser.newContext({ viewport: { width, height: 800 }, bypassCSP: true });
      const page = await context.newPage();
      for (const path of PAGES) {
        await page.goto(at(path, elder));
        await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} scrolls sideways`);
        await page.evaluate(axe);
        const { violations } = await page.evaluate((rules) => axe.run(document, { runOnly: rules }), RULES);
        assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0].html}`), [], path);
      }
      await context.close();
    });

test('elder mode: text of 18 px and more, targets of 60 × 60, the phone in sight after scrolling', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
  const page = await context.newPage();
  for (const path of PAGES) {
    await page.goto(at(path, true));
    await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
    const found = await page.evaluate(() => {
      const seen = (e) => e.offsetWidth > 1 && !e.closest('.hidden, .skip');
      const box = (e) => e.getBoundingClientRect();
      const targets = [...document.querySelectorAll('a, button, input:not([type=hidden]):not([type=radio]), summary, .choice')]
        .filter((e) => seen(e) && getComputedStyle(e).display !== 'inline' && (box(e).height < 59.5 || box(e).width < 59.5)).map((e) => e.outerHTML.slice(0, 80));
      const small = [...document.querySelectorAll('main *, header *, footer *')].filter((e) => seen(e) && parseFloat(getComputedStyle(e).fontSize) < 18
        && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).map((e) => e.outerHTML.slice(0, 80));
      return { targets, small };
    });
    assert.deepEqual(found, { targets: [], small: [] }, path);
  }
  await page.goto(at('/r/421300/m/02', true));
  await page.evaluate(() => scrollTo(0, 900));
  const bar = await page.locator('.callbar a').boundingBox();
  assert.ok(bar.y >= 0 && bar.y + bar.height <= 800);
  await context.close();
});

test('200 % larger text still fits a small window', async () => {
  const context = await browser.newContext({ viewport: { width: 640, height: 800 } });
  const page = await context.newPage();
  for (const path of PAGES) {
    await page.goto(at(path, false));
    await page.evaluate(() => { document.documentElement.style.fontSize = '34px'; });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} scrolls sideways`);
  }
  await context.close();
});

test('from the home page to the list by keyboard, without scripts', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, javaScriptEnabled: false });
  const page = await context.newPage();
  const press = async (selector, key) => { await page.focus(selector); await Promise.all([page.waitForNavigation(), page.keyboard.press(key)]); };
  await page.goto(at('/r/420281', false));
  await page.focus('#q');
  await page.keyboard.type('退休去外地');
  await press('#q', 'Enter');
  await press('.matter-list a', 'Enter');
  assert.equal(await page.locator('h1').innerText(), '异地安置退休人员备案');
  await press('.button-primary', 'Enter');
  for (const wanted of ['是', '是', '是', '首次备案', '承诺制']) {
    const radio = page.locator('.choice', { has: page.locator(`input[value="${wanted}"]`) }).locator('input');
    await radio.focus();
    await page.keyboard.press('Space');
    await press('button[type=submit].button-primary', 'Enter');
  }
  assert.equal(await page.locator('h1').innerText(), '您要带 2 样');
  assert.equal(await page.locator('form[method=post] input[name=proof_mode]').getAttribute('value'), '承诺制');
  assert.match(await page.locator('form[method=post]').getAttribute('action'), /\/apply$/);
  await context.close();
});

test('the mode is remembered in this browser, without cookies', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(at('/r/421300/m/02', false));
  await page.click('[data-mode=elder]');
  await page.waitForURL('**/e/r/421300/m/02');
  await page.goto(at('/', false));
  await page.waitForURL('**/e');
  assert.equal(await page.locator('[data-last-region] a').innerText(), '随州市');
  await page.click('[data-mode=normal]');
  await page.waitForURL(server.base + '/');
  assert.deepEqual(await context.cookies(), []);
  await context.close();
});

test('a guide prints on A4 with the closed parts open', async () => {
  const page = await browser.newPage();
  await page.goto(at('/r/421300/m/02', false));
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const [, width, height] = /MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)/.exec(pdf.toString('latin1'));
  assert.ok(Math.abs(width * 25.4 / 72 - 210) <= 0.5 && Math.abs(height * 25.4 / 72 - 297) <= 0.5, `${width} × ${height} pt`);
  await page.close();
});
