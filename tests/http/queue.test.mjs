// The workbench's lists on the real binary: filters, pages while cases change hands, finding, handing several over.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { client, root, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';

const REGION = '420281', MATTER = '08', CASES = 300; // 参保人员参保信息查询: no question, no form, one material
const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
let server, web, people, boss, clerk, serial = 0;
const made = []; // {no, code}

async function apply(person = people[serial % people.length]) {
  const r = await web.postJson(`/regions/${REGION}/matters/${MATTER}/applications`,
    { applicant: { name: person.name, id_number: person.id, mobile: person.mobile }, facts: {}, materials: { 1.1: 'given' } },
    { 'idempotency-key': `queue-${process.pid}-${++serial}` });
  assert.ok([200, 201].includes(r.status), JSON.stringify(r.body));
  const receipt = r.body.receipt ?? r.body;
  return { no: receipt.no, code: receipt.code };
}

before(async () => {
  server = await serve([], { timeout: 120000 });
  web = client(server.base);
  people = execFileSync(binary, ['export', 'persons', '--demo', '--region', REGION], { cwd: root, encoding: 'utf8' }).trim().split('\n')
    .map((line) => { const [name, id, mobile] = line.split('\t'); return { name, id, mobile }; }).slice(0, 40);
  for (let i = 0; i < CASES; i += 20) made.push(...await Promise.all(Array.from({ length: 20 }, () => apply())));
  boss = await signIn(server, REGION, 'supervisor');
  clerk = await signIn(server, REGION, 'window');
});
after(async () => { await server?.stop(); });

const list = async (staff, query = '') => {
  const r = await staff.get(`/desk/cases?${query}`);
  assert.equal(r.status, 200, JSON.stringify(r.body));
  return r.body;
};
// Every page of a list; EACH is called between two pages.
async function walk(staff, query, each = async () => {}) {
  const rows = [];
  for (let next = '', pages = 0; pages < 400; pages++) {
    const body = await list(staff, `${query}${next && `&after=${encodeURIComponent(next)}`}`);
    rows.push(...body.cases);
    if (!body.next) return rows;
    next = body.next;
    await each(pages);
  }
  return assert.fail('pages without end');
}
const colleague = async (login) => {
  const html = await (await browse(server, REGION, 'supervisor')).text('/desk');
  const hit = new RegExp(`<option value="(\\d+)">[^<]*（${login}）</option>`).exec(html);
  assert.ok(hit, `no ${login} to hand over to`);
  return hit[1];
};

test('all pages together are the list: nothing twice, nothing left out', async () => {
  for (const limit of [7, 50, 100]) {
    const numbers = (await walk(clerk, `limit=${limit}`)).map((r) => r.no);
    assert.equal(new Set(numbers).size, numbers.length);
    assert.deepEqual([...numbers].sort(), made.map((m) => m.no).sort());
  }
});

test('while others take, hand over, withdraw and send in, what nobody touched is seen exactly once', async () => {
  const to = await colleague('reviewer'), standing = new Set(made.map((m) => m.no)), touched = new Set();
  let going = true;
  const pick = () => made[Math.floor(Math.random() * made.length)];
  const others = [
    async () => { const { no } = pick(); touched.add(no); await boss.post(`/desk/cases/${no}/actions/hand_over`, { to, reason: '换人' }); },
    async () => { const { no } = pick(); touched.add(no); await clerk.post(`/desk/cases/${no}/actions/accept`, {}); },
    async () => { const { no, code } = pick(); touched.add(no); await web.postJson(`/cases/${no}/withdraw`, { reason: '不办了' }, { 'x-access-code': code }); },
    async () => { made.push(await apply()); },
  ];
  const busy = others.map(async (change) => { while (going) await change(); });
  for (let round = 0; round < 2; round++) {
    const before = new Set(touched), seen = new Map();
    for (const r of await walk(boss, 'limit=9')) seen.set(r.no, (seen.get(r.no) ?? 0) + 1);
    for (const no of standing)
      if (!touched.has(no)) assert.equal(seen.get(no), 1, `${no}: ${seen.get(no)} times`);
    assert.ok(touched.size > before.size, 'nothing was changed meanwhile');
  }
  going = false;
  await Promise.all(busy);
  assert.ok([...standing].some((no) => !touched.has(no)), 'everything was touched: nothing was proved');
});

test('filters: each shows what it says; what no index serves together is refused with the way out', async () => {
  for (const r of await walk(clerk, `stage=${encodeURIComponent('受理')}&limit=100`)) assert.equal(r.stage, '受理');
  const online = await list(clerk, `channel=${encodeURIComponent('网上')}&limit=100`);
  assert.ok(online.count > 0 && online.cases.every((r) => r.channel === '网上'));
  assert.ok((await list(clerk, `matter=${MATTER}`)).cases.every((r) => r.matter === MATTER));
  assert.equal((await list(clerk, 'matter=01')).count, 0);
  assert.equal((await list(clerk, 'late=1')).count, 0);
  assert.ok((await list(clerk, 'closed=1&limit=100')).cases.every((r) => ['closed', 'refused', 'withdrawn'].includes(r.status)));
  for (const query of ['mine=1&stage=x', 'stage=x&matter=y', 'closed=1&late=1', 'owner=abc', 'day=2026-02-30', 'by=nonsense', 'by=owner:0']) {
    const r = await clerk.get(`/desk/cases?${query}`);
    assert.equal(r.status, 422, query);
    assert.ok(r.body.errors[0].reason && r.body.errors[0].remedy, query);
  }
  const page = await browse(server, REGION, 'window'), refused = await page.get('/desk?mine=1&stage=x');
  assert.equal(refused.status, 422);
  assert.match(await refused.text(), /不能同时用/);
});

test('closed ones: the last concluded first, a day is that day, withdrawn ones too', async () => {
  const { no, code } = await apply();
  const gone = await web.postJson(`/cases/${no}/withdraw`, { reason: '不办了' }, { 'x-access-code': code });
  assert.equal(gone.status, 200, JSON.stringify(gone.body));
  const rows = await walk(boss, 'closed=1&limit=5'), numbers = rows.map((r) => r.no);
  assert.equal(new Set(numbers).size, numbers.length);
  assert.ok(numbers.includes(no));
  assert.deepEqual(rows.map((r) => r.concluded_at), rows.map((r) => r.concluded_at).sort().reverse());
  assert.ok((await walk(boss, 'closed=1&day=2026-11-23&limit=50')).some((r) => r.no === no));
  assert.equal((await list(boss, 'closed=1&day=2026-11-22')).count, 0);
});

test('what is late is told with its light, on the day it is', async () => {
  const later = await serve([], { beside: server, clock: '2027-03-01T09:00:00+08:00', timeout: 120000 });
  try {
    const staff = { ...clerk, get: async (url) => {
      const r = await fetch(`${later.base}/api/v1${url}`, { headers: { authorization: `Bearer ${clerk.token}` } });
      return { status: r.status, body: await r.json() };
    } };
    const { cases, count } = await list(staff, 'late=1&limit=100');
    assert.ok(count > 0);
    for (const r of cases) assert.ok(r.clock.is_red && r.clock.days_left < 0, r.no);
  } finally { await later.stop(); }
});

test('a person is found by identity number, which stands in no address and on no page', async () => {
  const person = people[0], page = await browse(server, REGION, 'window');
  const found = await page.send('/desk/find', { no: person.id.toLowerCase() }, '/desk');
  assert.equal(found.status, 303, found.text);
  assert.match(found.location, /^\/desk\/persons\/\d+$/);
  const html = await page.text(found.location), rows = html.match(/href="\/desk\/c\/\d{19}"/g) ?? [];
  assert.ok(rows.length >= CASES / people.length, `${rows.length} cases`);
  assert.ok(!html.includes(person.id) && !html.includes(person.name));
  const api = await clerk.post('/desk/find', { no: person.id });
  assert.equal(api.body.kind, 'person');
  const mine = await clerk.get(`/desk/persons/${api.body.id}/cases`);
  assert.equal(mine.body.count, rows.length);
  assert.deepEqual(mine.body.cases.map((r) => r.received_at), mine.body.cases.map((r) => r.received_at).sort().reverse());
  assert.equal((await page.get(`/desk/find?no=${person.id}`)).status, 422, 'not by an address');
  const nobody = await page.send('/desk/find', { no: `${person.id.slice(0, 6)}19010101001X` }, '/desk');
  assert.equal(nobody.status, 422);
  assert.match(nobody.text, /编号不对|没有这个证件号码/);
  assert.equal((await page.send('/desk/find', { no: made[0].no }, '/desk')).location, `/desk/c/${made[0].no}`);
  assert.equal((await clerk.get('/desk/persons/1/cases')).status, 404);
  assert.equal((await clerk.get('/desk/units/1/cases')).status, 404);
});

test('a supervisor hands several over with one reason; each is told by itself', async () => {
  const to = await colleague('reviewer'), open = (await list(boss, 'limit=6')).cases.map((r) => r.no);
  const closed = (await list(boss, 'closed=1&limit=1')).cases[0].no, wrong = '4202812611230000000';
  assert.equal((await clerk.post('/desk/hand-over', { cases: open, to, reason: '轮岗' })).status, 403, 'the window may not');
  for (const body of [{ cases: [], to, reason: '轮岗' }, { cases: open, to, reason: ' ' }, { cases: open, reason: '轮岗' },
    { cases: Array(101).fill(open[0]), to, reason: '轮岗' }]) {
    const r = await boss.post('/desk/hand-over', body);
    assert.equal(r.status, 422, JSON.stringify(r.body));
  }
  assert.equal((await boss.post('/desk/hand-over', { cases: 'x', to, reason: '轮岗' })).status, 400);
  const r = await boss.post('/desk/hand-over', { cases: [...open, closed, wrong], to, reason: '轮岗交接' });
  assert.equal(r.status, 200, JSON.stringify(r.body));
  assert.equal(r.body.done, open.length);
  assert.equal(r.body.refused, 2);
  assert.deepEqual(r.body.results.map((x) => x.done), [...open.map(() => true), false, false]);
  for (const x of r.body.results.filter((y) => !y.done)) assert.ok(x.note.length > 3, x.no);
  const reviewer = await signIn(server, REGION, 'reviewer'), theirs = new Set((await walk(reviewer, 'mine=1&limit=100')).map((x) => x.no));
  for (const no of open) assert.ok(theirs.has(no));
  const timeline = (await boss.get(`/desk/cases/${open[0]}`)).body.case;
  assert.ok(JSON.stringify(timeline).includes('轮岗交接'));
});

test('the same on the page, without scripts', async () => {
  const page = await browse(server, REGION, 'supervisor'), to = await colleague('window');
  const html = await page.text('/desk'), boxes = [...html.matchAll(/name="case" value="(\d{19})"/g)].map((m) => m[1]);
  assert.equal(boxes.length, 50);
  const r = await page.send('/desk/hand-over', [...boxes.slice(0, 3).map((no) => ['case', no]), ['to', to], ['reason', '页面移交']], '/desk');
  assert.equal(r.status, 200, r.text);
  assert.match(r.text, /移交了 3 件/);
  const none = await page.send('/desk/hand-over', [['to', to], ['reason', '']], '/desk');
  assert.equal(none.status, 422);
  assert.match(none.text, /没有勾选/);
  assert.ok(!(await (await browse(server, REGION, 'window')).text('/desk')).includes('name="case"'), 'only supervisors tick');
});

test('who belongs to a section has its queue one link away; a section that the guide does not name is none', async () => {
  const admin = await signIn(server, '211282', 'admin');
  const { section } = /<option value="(?<section>[^"]+股)"/.exec(await (await browse(server, '211282', 'admin')).text('/desk/staff')).groups;
  const wrong = await admin.post('/desk/staff', { login: 'nosection', name: '股室演示', roles: 'review', section: '没有这个股' });
  assert.equal(wrong.status, 422, JSON.stringify(wrong.body));
  assert.equal(wrong.body.errors[0].field, 'section');
  const added = await admin.post('/desk/staff', { login: 'insection', name: '股室演示', roles: 'review', section });
  assert.equal(added.status, 200, JSON.stringify(added.body));
  const staff = await signIn(server, '211282', 'insection', added.body.made.password);
  assert.ok((await list(staff, `section=${encodeURIComponent(section)}`)).count >= 0);
  const html = await (await browse(server, '211282', 'insection')).text('/desk');
  assert.ok(html.includes(`section=${encodeURIComponent(section)}`) && html.includes('本股室'));
});
