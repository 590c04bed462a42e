// What the browser tests share: the browser, hands (a mouse, or nothing but the keyboard), papers read back, staff at their pages.
// JINGBAN_SHOTS=DIR keeps a picture of every page that a walk passes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../http/lib.mjs';
import { oneTime, PASSWORD } from '../http/staff.mjs';

const require = createRequire(import.meta.url);
const { chromium } = require('playwright-core');
export const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--lang=zh-CN'], env: { ...process.env, LANGUAGE: 'zh_CN' } });

const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
// Made-up people of REGION as `export` prints them: {name, id_number, mobile, insurance, identity}.
export const demoPeople = (region, limit = 300) => execFileSync(binary, ['export', 'persons', '--region', region, '--limit', String(limit), '--demo'], { cwd: root, encoding: 'utf8' })
  .trim().split('\n').map((l) => l.split('\t')).map(([name, id_number, mobile, insurance, identity]) => ({ name, id_number, mobile, insurance, identity }));

// --- pages ---

let shots = 0;
export async function shot(page, name) {
  if (!process.env.JINGBAN_SHOTS) return;
  mkdirSync(process.env.JINGBAN_SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(process.env.JINGBAN_SHOTS, `${String(++shots).padStart(3, '0')}-${name}.png`), fullPage: true });
}

// What every page owes: an answer, a title, one h1, nothing wider than the window.
export async function sound(page, name) {
  const found = await page.evaluate(() => ({
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth, h1: document.querySelectorAll('h1').length, title: document.title,
    holes: document.body.innerText.match(/\{\{|\}\}|undefined|\[object|NaN|\bnull\b/)?.[0] ?? '',
  }));
  assert.ok(found.sideways <= 0, `${name} (${page.url()}) is ${found.sideways} px wider than the window`);
  assert.equal(found.h1, 1, `${name} (${page.url()}) has ${found.h1} main headings`);
  assert.ok(found.title.includes('医保经办'), `${name}: title ${found.title}`);
  assert.equal(found.holes, '', `${name} (${page.url()}) shows a hole`);
  await shot(page, name);
}

// --- hands ---

// By mouse (or finger).
export class Hand {
  constructor(page) { this.page = page; }
  at(name) { return sound(this.page, name); }
  q(what) { return typeof what === 'string' ? this.page.locator(what).first() : what.first(); }
  link(words) { return this.page.getByRole('link', { name: words }); }
  button(words) { return this.page.getByRole('button', { name: words }); }
  async type(where, text) { await this.q(where).fill(text); }
  async pick(where) { await this.q(where).check({ force: true }); }
  async choose(where, option) { await this.q(where).selectOption(option); }
  async press(where) { await this.q(where).click(); }
  async open(where) { await this.q(where).click(); } // a closed part of the page
  async files(where, files) { await this.q(where).setInputFiles(files); }
  // Presses and waits for the page that it leads to.
  async go(where) {
    const target = this.q(where);
    await target.waitFor({ state: 'attached' });
    await Promise.all([this.page.waitForNavigation({ waitUntil: 'load' }), this.press(target)]);
  }
  async download(where) {
    const href = await this.q(where).getAttribute('href');
    const r = await this.page.context().request.get(new URL(href, this.page.url()).href);
    assert.equal(r.status(), 200, href);
    return { bytes: await r.body(), type: r.headers()['content-type'], disposition: r.headers()['content-disposition'] ?? '' };
  }
}

// By keyboard alone: Tab until it is there, then Enter, Space or letters. What cannot be reached so fails.
export class Keys extends Hand {
  constructor(page) { super(page); page.on('filechooser', () => {}); } // files() waits for it
  async tabTo(where) {
    const handle = await this.q(where).elementHandle();
    const here = () => handle.evaluate((e) => document.activeElement === e || (e.type === 'radio' && document.activeElement?.type === 'radio' && document.activeElement.name === e.name));
    for (let i = 0; i < 160; i++) {
      if (await here()) {
        const seen = await this.page.evaluate(() => {
          const e = document.activeElement, ring = e.matches('input[type=radio], input[type=checkbox]') ? [e, e.closest('.choice, .box, .face, label') ?? e] : [e];
          return ring.some((r) => { const s = getComputedStyle(r); return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none'; });
        });
        assert.ok(seen, `the focus cannot be seen on ${await handle.evaluate((e) => e.outerHTML.slice(0, 120))} of ${this.page.url()}`);
        return handle;
      }
      await this.page.keyboard.press('Tab');
    }
    assert.fail(`Tab never reaches ${await handle.evaluate((e) => e.outerHTML.slice(0, 120))} on ${this.page.url()}`);
  }
  async type(where, text) {
    const handle = await this.tabTo(where), kind = await handle.evaluate((e) => e.type);
    if (kind === 'date') { // year, month, day as the locale asks
      await handle.fill(text);
      return;
    }
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(text);
  }
  async pick(where) {
    const handle = await this.tabTo(where);
    const [type, on] = await handle.evaluate((e) => [e.type, e.checked]);
    if (on) return;
    if (type !== 'radio') return void await this.page.keyboard.press('Space');
    await this.page.keyboard.press('Space');
    for (let i = 0; i < 30 && !(await handle.evaluate((e) => e.checked)); i++) await this.page.keyboard.press('ArrowDown');
    assert.ok(await handle.evaluate((e) => e.checked), 'the arrow keys reach every choice');
  }
  async choose(where, option) {
    const handle = await this.tabTo(where);
    const want = await handle.evaluate((e, o) => [...e.options].findIndex((x) => x.value === o || x.label === o), option);
    assert.ok(want >= 0, `no choice ${option}`);
    await this.page.keyboard.press('Home');
    for (let i = 0; i < want; i++) await this.page.keyboard.press('ArrowDown');
    assert.equal(await handle.evaluate((e) => e.selectedIndex), want);
  }
  async press(where) { await this.tabTo(where); await this.page.keyboard.press('Enter'); }
  async open(where) { await this.press(where); }
  // Asked for only now, the browser may still open its own dialog, which nobody here can answer: hence the listener from the beginning.
  async files(where, files) {
    await this.tabTo(where);
    for (let i = 0; ; i++) {
      const coming = this.page.waitForEvent('filechooser', { timeout: 10000 }).catch(() => null);
      await this.page.keyboard.press('Enter');
      const chooser = await coming;
      if (chooser) return chooser.setFiles(files);
      assert.ok(i < 2, 'Enter on the file field opens the choice of files');
    }
  }
}

// --- papers ---

function withFile(bytes, then) {
  const dir = mkdtempSync(path.join(tmpdir(), 'jingban-paper-'));
  try {
    const file = path.join(dir, 'paper.pdf');
    writeFileSync(file, bytes);
    return then(file, dir);
  } finally { rmSync(dir, { recursive: true, force: true }); }
}

export function paperText({ bytes, type }) {
  assert.equal(type, 'application/pdf');
  assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
  return withFile(bytes, (file) => execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }));
}

// What a telephone reads from the picture of the first page.
export function paperCode({ bytes }) {
  return withFile(bytes, (file, dir) => {
    execFileSync('pdftoppm', ['-r', '150', '-png', '-singlefile', '-f', '1', file, path.join(dir, 'page')]);
    if (process.env.JINGBAN_SHOTS) writeFileSync(path.join(process.env.JINGBAN_SHOTS, `${String(++shots).padStart(3, '0')}-paper.png`), readFileSync(path.join(dir, 'page.png')));
    return execFileSync('zbarimg', ['-q', '--raw', path.join(dir, 'page.png')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  });
}

export const a4 = ({ bytes }) => withFile(bytes, (file) => {
  const [, w, h] = /Page size:\s+([\d.]+) x ([\d.]+)/.exec(execFileSync('pdfinfo', [file], { encoding: 'utf8' }));
  assert.ok(Math.abs(w * 25.4 / 72 - 210) <= 0.5 && Math.abs(h * 25.4 / 72 - 297) <= 0.5, `${w} × ${h} pt`);
});

// A photograph and a scan as a person would have them: drawn by the browser.
export async function evidence(browser) {
  const page = await browser.newPage({ viewport: { width: 640, height: 400 } });
  await page.setContent('<body style="margin:0;background:linear-gradient(135deg,#e8f1f5,#cfe3ea);font:28px Noto Sans CJK SC;padding:40px">演示证件<p>姓名 林小满</p><p style="font-size:20px">此图仅供测试</p>');
  const made = { png: await page.screenshot(), pdf: await page.pdf({ format: 'A4' }) };
  await page.close();
  return made;
}

// --- RMB: the amount in words read back into fen, by its own small reader ---

export function fenOfWords(words) {
  const digit = '零壹贰叁肆伍陆柒捌玖', unit = { 拾: 10, 佰: 100, 仟: 1000 };
  const [, yuan = '', rest = ''] = /^(?:(.*?)[元圆])?(.*)$/.exec(words.replace(/^人民币/, ''));
  let sum = 0, section = 0, n = 0;
  for (const c of yuan) {
    if (digit.includes(c)) n = digit.indexOf(c);
    else if (unit[c]) { section += (n || 1) * unit[c]; n = 0; }
    else if (c === '万' || c === '亿') { sum = (sum + section + n) * (c === '万' ? 1e4 : 1e8); section = n = 0; }
    else assert.fail(`${c} in ${words}`);
  }
  const part = (mark) => { const m = new RegExp(`([${digit}])${mark}`).exec(rest); return m ? digit.indexOf(m[1]) : 0; };
  return (sum + section + n) * 100 + part('角') * 10 + part('分');
}

// --- staff at their pages ---

// Signs LOGIN of REGION in as a person does: the one-time password, the change it demands, then the new one. A Hand at its first page.
export async function atDesk(browser, server, region, login, { Kind = Hand, context } = {}) {
  context ??= await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const hand = new Kind(await context.newPage()), page = hand.page;
  await page.goto(server.base + '/desk/login');
  const signIn = async (password) => {
    await hand.choose('#f-region', region);
    await hand.type('#f-login', login);
    await hand.type('#f-password', password);
    await hand.go('main button[type=submit]');
  };
  server.changed ??= new Set();
  if (!server.changed.has(`${region}/${login}`)) {
    const once = oneTime(server, region, login);
    await hand.at('desk-login');
    await signIn(once);
    assert.equal(new URL(page.url()).pathname, '/desk/password', 'a one-time password opens only its own change');
    await hand.at('desk-password');
    await hand.type('#f-old_password', once);
    await hand.type('#f-new_password', PASSWORD);
    await hand.type('#f-again', PASSWORD);
    await hand.go('main button[type=submit]');
    assert.ok(page.url().includes('changed=1'), page.url());
    server.changed.add(`${region}/${login}`);
  }
  await signIn(PASSWORD);
  return hand;
}

// A made-up unit's code with its two check characters (GB 11714, GB 32100).
export function uscc(region, n, block = 'TE00') {
  const set = '0123456789ABCDEFGHJKLMNPQRTUWXY', org = block + String(n).padStart(4, '0');
  const weights = [3, 7, 9, 10, 5, 8, 4, 2], value = (c) => (c <= '9' ? Number(c) : c.charCodeAt(0) - 55);
  const o = 11 - [...org].reduce((s, c, i) => s + value(c) * weights[i], 0) % 11;
  const body = `91${region}${org}${o === 11 ? '0' : o === 10 ? 'X' : o}`;
  let sum = 0, w = 1;
  for (const c of body) { sum += set.indexOf(c) * w; w = (w * 3) % 31; }
  return body + set[(31 - sum % 31) % 31];
}
