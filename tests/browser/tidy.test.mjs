// Every page's HTML through tidy: the guides of every matter and one page of each template and state, in both modes; no error, no warning.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Browser, unescape } from '../http/browser.mjs';
import { client, serve } from '../http/lib.mjs';
import { browse } from '../http/staff.mjs';
import { demoPeople, uscc } from './lib.mjs';
import { states } from './states.mjs';

// Debian's tidy is of 2017: what HTML has allowed since is taken out before it looks (IGNORE and plain() are the whole list).
const IGNORE = [
  /proprietary attribute "(aria-current|inputmode|enterkeyhint|autocapitalize|minlength)"/, // WAI-ARIA 1.1; HTML 5.1 and later
  /trimming empty <ul>/, // a list may be empty
];
// <div> around a pair in <dl> (HTML 5.2), a heading in <legend> or <summary> (living standard): taken out, for tidy's complaints would run on and hide others.
const plain = (html) => html
  .replace(/<dl\b[^]*?<\/dl>/g, (dl) => dl.replace(/<\/?div\b[^>]*>/g, ''))
  .replace(/(<(?:legend|summary)\b[^>]*>)<(h[1-6])\b[^>]*>([^]*?)<\/\2>/g, '$1$3');

let server, web;
before(async () => { server = await serve(); web = client(server.base); });
after(() => server?.stop());

function tidy(html) {
  return new Promise((done, fail) => {
    const child = spawn('tidy', ['-e', '-q', '-utf8', '--show-info', 'no', '--show-warnings', 'yes'], { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (d) => { said += d; });
    child.on('error', fail);
    child.on('close', () => done(said));
    child.stdin.end(html);
  });
}

const looked = new Set();
async function hold(name, html, faults) {
  assert.match(html, /^<!doctype html>/i, name);
  looked.add(name);
  const text = plain(html), lines = text.split('\n');
  for (const l of (await tidy(text)).split('\n').filter(Boolean)) {
    const at = /^line (\d+) column (\d+) - (.*)$/.exec(l);
    if (!IGNORE.some((i) => i.test(l))) faults.push(`${name}: ${at ? `${at[3]}: ${lines[at[1] - 1].slice(Math.max(0, at[2] - 1), Number(at[2]) + 90)}` : l}`);
  }
}
const sum = (faults) => assert.deepEqual([...new Set(faults)].slice(0, 40), []);

test('the guides of all matters, their first questions and whole lists', async () => {
  const faults = [];
  const { body } = await web.getJson('/regions'), guides = [];
  for (const { code } of body.regions)
    for (const group of (await web.getJson(`/regions/${code}/matters`)).body.groups) for (const m of group.matters) guides.push(`/r/${code}/m/${m.id}`);
  assert.equal(new Set(guides).size, body.regions.reduce((sum, r) => sum + r.matter_count, 0));
  assert.equal(new Set(guides).size, 145);
  const queue = guides.flatMap((g) => [g, `/e${g}`, `${g}/check`, `${g}/check?all=1`]);
  await Promise.all([1, 2, 3].map(async () => { for (let at; (at = queue.shift());) await hold(at, await web.text(at), faults); }));
  sum(faults);
});

test('the public pages in every state, and what a press without anything filled in answers', async () => {
  const faults = [], { pages } = await states(server);
  for (const { path, press } of pages) {
    for (const base of ['', '/e']) {
      const b = new Browser(server.base);
      await b.open(base + encodeURI(decodeURI(path)));
      await hold(`${base}${path}`, b.html, faults);
      if (!press) continue;
      const part = /action\$="([^"]+)"/.exec(press)?.[1] ?? (press === 'form.upload' ? '/upload/' : path);
      if (part === '/upload/') await b.upload(part);
      else await b.submit(part);
      await hold(`${base}${path} refused`, b.html, faults);
    }
  }
  sum(faults);
});

test('the desk and the terminal', async () => {
  const faults = [], { cases } = await states(server), clerk = await browse(server, '421300', 'window');
  await hold('/desk/login', await web.text('/desk/login'), faults);
  await hold('/desk/login refused', await (await web.post('/desk/login', { region: '421300', login: 'nobody', password: 'x' })).text(), faults);
  for (const at of ['/desk', '/desk?closed=1', '/desk/find?no=1', '/desk/intake', '/desk/intake?q=zzzz', ...['01', '02', '03', '04', '05', '06', '08', '10'].map((id) => `/desk/intake/${id}`), '/desk/tasks', '/desk/password',
    ...Object.values(cases).map((c) => `/desk/c/${c.no}`), '/desk/c/4213002611239999990'])
    await hold(at, await clerk.text(at), faults);
  await hold('/desk/intake/02 refused', (await clerk.send('/desk/intake/02', {})).text, faults);
  await hold('/desk/c/… refused', (await clerk.send(`/desk/c/${cases.gap.no}/accept`, {})).text, faults);
  const admin = await browse(server, '421300', 'admin'), kiosk = await browse(server, '410400', 'kiosk');
  await hold('/desk/staff', await admin.text('/desk/staff'), faults);
  await hold('/desk/staff refused', (await admin.send('/desk/staff', {}, '/desk/staff')).text, faults);
  await hold('/kiosk', await kiosk.text('/kiosk'), faults);
  const p = demoPeople('410400', 40).find((d) => d.insurance);
  for (const [name, at, fields] of [['person', '/kiosk/person', { name: p.name, id_number: p.id_number }], ['wrong', '/kiosk/person', { name: '不', id_number: '1' }], ['unit', '/kiosk/unit', { code: uscc('410400', 1, 'MA00') }]])
    await hold(`/kiosk ${name}`, (await kiosk.send(at, fields, '/kiosk')).text, faults);
  sum(faults);
});

test("the keeper's desk", async () => {
  const faults = [], keeper = await browse(server, '420281', 'keeper'), at = '/desk/catalog/v/2/f/regions/420281/matters/18.yaml';
  for (const url of ['/desk/catalog', '/desk/catalog/v/1', '/desk/catalog/v/1/f/regions/420281/matters/18.yaml', '/r/420281/changes']) await hold(url, await keeper.text(url), faults);
  await hold('/desk/catalog refused', (await keeper.send('/desk/catalog/import', { text: '' })).text, faults);
  assert.equal((await keeper.send('/desk/catalog/open', {})).location, '/desk/catalog/v/2');
  for (const url of ['/desk/catalog', '/desk/catalog/v/2', at]) await hold(url, await keeper.text(url), faults);
  await hold(`${at} refused`, (await keeper.send(at, { text: '编号：1\n', edited: '1' })).text, faults);
  const text = unescape(/<textarea[^>]*>\n([^]*?)<\/textarea>/.exec(await keeper.text(at))[1]);
  assert.equal((await keeper.send(at, { text: text.replace('行170-179', '行170-180'), edited: '1' })).status, 303);
  await hold('/desk/catalog/v/2 changed', await keeper.text('/desk/catalog/v/2'), faults);
  await hold('/desk/catalog/v/2 refused', (await keeper.send('/desk/catalog/v/2/submit', { note: '', effective: 'x' })).text, faults);
  assert.equal((await keeper.send('/desk/catalog/v/2/submit', { note: '更正出处', effective: '2026-12-01' })).status, 303);
  await hold('/desk/catalog/v/2 submitted', await keeper.text('/desk/catalog/v/2'), faults);
  sum(faults);
});
