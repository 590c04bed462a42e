// What axe_public.test.mjs and axe_desk.test.mjs hold against every template, each once, in the states that matter: axe (WCAG 2.2 A and AA),
// normal and elder mode, wide and narrow; nothing runs out of the window at 320 and 360 px or at 200 %; in elder mode letters of 18 px and
// more, targets of 60 px and more. Two files, because each is minutes of work for one processor.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before } from 'node:test';
import { root, serve } from '../http/lib.mjs';
import { PASSWORD, signIn } from '../http/staff.mjs';
import { axeSource, launch } from './lib.mjs';
import { states } from './states.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
export let server, browser, PAGES;
export const visited = new Set();
let routes;

before(async () => {
  server = await serve();
  browser = await launch();
  routes = execFileSync(binary, ['routes'], { encoding: 'utf8' }).trim().split('\n').slice(1).map((l) => l.split(/\s+/)).filter((r) => r[5] !== '-' && r[1] !== '-')
    .map(([method, page, , , , template]) => ({ method, template, re: new RegExp('^' + page.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+') + '$'), loose: page.split('{').length }))
    .sort((a, b) => a.loose - b.loose); // "/desk/c/{no}/archive" before "/desk/c/{no}/{action}"
  PAGES = await states(server);
});
after(async () => { await browser?.close(); await server?.stop(); });

export function note(page, given) {
  const at = decodeURI(new URL(page.url()).pathname).replace(/^\/e(?=\/|$)/, '') || '/';
  const route = routes.find((r) => r.method === 'get' && r.re.test(at)) ?? routes.find((r) => r.re.test(at));
  visited.add(given ?? route?.template);
}

// --- what is held against each page ---

export const openAll = (page) => page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
export async function axe(page, name, faults) {
  await openAll(page);
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate((rules) => axe.run(document, { runOnly: rules, resultTypes: ['violations'] }), RULES);
  for (const v of violations) faults.push(`${name}: ${v.id}: ${v.nodes.length} × ${v.nodes[0].html.slice(0, 160)} ${(v.nodes[0].any[0] ?? v.nodes[0].all[0])?.message ?? ''}`);
}

async function fits(page, name, faults) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over <= 0) return;
  const who = await page.evaluate(() => {
    const w = document.documentElement.clientWidth;
    const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > w + 0.5 && !e.closest('.hidden, .skip, .scroll'));
    return wide.filter((e) => !wide.some((o) => o !== e && e.contains(o))).slice(0, 2).map((e) => e.outerHTML.slice(0, 100)).join(' | ');
  });
  faults.push(`${name}: ${over} px too wide: ${who}`);
}

const elderRules = (page) => page.evaluate(() => {
  const seen = (e) => e.offsetWidth > 1 && !e.closest('.hidden, .skip') && getComputedStyle(e).visibility === 'visible';
  const short = (e) => e.outerHTML.replace(/\s+/g, ' ').slice(0, 110);
  const size = (e) => { const b = e.getBoundingClientRect(); return `${Math.round(b.width)}×${Math.round(b.height)}`; };
  // A tick or a round button is as large as the label that carries it.
  const target = (e) => (/^(radio|checkbox)$/.test(e.type) ? e.closest('.choice, .box, .face, label') ?? e : e);
  const out = [];
  for (const e of document.querySelectorAll('a.button, button, input:not([type=hidden]), select, textarea, summary')) {
    const t = target(e), b = t.getBoundingClientRect();
    if (seen(t) && (b.height < 59.5 || b.width < 59.5)) out.push(`target ${size(t)}: ${short(t)}`);
  }
  for (const e of document.querySelectorAll('header *, main *, footer *')) {
    if (!seen(e) || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    const s = getComputedStyle(e), px = parseFloat(s.fontSize);
    if (px < 18) out.push(`text ${px} px: ${short(e)}`);
    if (s.lineHeight !== 'normal' && parseFloat(s.lineHeight) / px < 1.295) out.push(`line height ${(parseFloat(s.lineHeight) / px).toFixed(2)}: ${short(e)}`);
  }
  return [...new Set(out)].slice(0, 6);
});

// Opens one state; the address, or the page that a press leads to.
export async function visit(page, state, base) {
  const r = await page.goto(base + (base.endsWith('/e') && state.path === '/' ? '' : state.path));
  assert.ok(r.status() < 500, `${state.path}: ${r.status()}`);
  note(page, state.template);
}
export async function refusal(page, state) {
  await openAll(page);
  await Promise.all([page.waitForNavigation(), page.locator(`${state.press} button[type=submit]:visible`).first().click()]);
}

// Both widths and the zooms on one load: a page is loaded once in each mode.
export async function examine(page, name, faults, elder) {
  for (const width of [1366, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await axe(page, `${name} ${width}`, faults);
  }
  if (elder) faults.push(...(await elderRules(page)).map((f) => `${name}: ${f}`));
  for (const width of elder ? [360] : [360, 320, 683]) { // 683: 1366 at 200 %; 320: 1280 at 400 % (1.4.10)
    await page.setViewportSize({ width, height: 800 });
    await fits(page, `${name} at ${width}`, faults);
  }
  if (!elder) {
    await page.setViewportSize({ width: 1366, height: 800 });
    const size = await page.evaluate(() => { const s = getComputedStyle(document.documentElement).fontSize; document.documentElement.style.fontSize = `${2 * parseFloat(s)}px`; return s; });
    await fits(page, `${name}, letters of ${2 * parseFloat(size)} px`, faults);
    await page.evaluate(() => { document.documentElement.style.fontSize = ''; });
  }
}

export async function signedIn(region, login, options = {}) {
  await signIn(server, region, login);
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1366, height: 800 }, reducedMotion: 'reduce', ...options }), page = await context.newPage();
  await page.goto(server.base + '/desk/login');
  await page.selectOption('#f-region', region);
  await page.fill('#f-login', login);
  await page.fill('#f-password', PASSWORD);
  await Promise.all([page.waitForNavigation(), page.press('#f-password', 'Enter')]);
  return page;
}

// Templates that axe_desk.test.mjs answers for; all others, new ones too, are axe_public.test.mjs's.
const DESK = [
  'circular circular_public circulars commitment commitment_breach commitment_register complaint complaint_answer complaint_call complaint_case',
  'complaint_desk complaint_list desk_archive desk_bulk desk_case desk_case_messages desk_form desk_forms desk_intake desk_intake_form',
  'desk_login desk_password desk_queue desk_rating desk_ratings desk_staff desk_staff_one desk_subject desk_suspended desk_tasks diff',
  'rate_device rating_stats ratings sharing sharing_case sharing_import sharing_looks supervision supervision_report suspended verdicts',
].join(' ').split(' ');
export function leftOut(desk) {
  const templates = readdirSync(path.join(root, 'pages')).filter((f) => f.endsWith('.html')).map((f) => f.slice(0, -5)).filter((t) => t !== 'layout');
  return templates.filter((t) => DESK.includes(t) === desk && !visited.has(t));
}
