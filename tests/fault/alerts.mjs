// The lights and what goes with them, across kill -9 and across processes: an alert's row stands once for its case, kind and deadline,
// none is missing, none is made up, and every message and every invitation to rate that belongs to one stands once, too.
// A file a database (alerts_sqlite, alerts_postgres), because each is a minute's work for one processor. The jobs are ended with SIGKILL
// while they write; on PostgreSQL three processes do the same round at the same time.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { client, serve } from '../http/lib.mjs';
import { signIn } from '../http/staff.mjs';
import { House, Way } from '../http/ways.mjs';
import { random, seed } from './lib.mjs';

// Mondays, the next working day is a Tuesday. 即时 matters are due on the first; a stage of five working days ends on the second.
const DAYS = ['2026-11-23', '2026-11-30', '2027-03-01'], NEVER = 2147483647;
const ONLINE = '420281', QUERY = '08', DESK = '211282', TRANSFERS = '421300', TRANSFER = '09';
const COUNT = { online: 240, owned: 60, noticed: 20, concluded: 15, desk: 80, transfers: 10 };
const number = (day) => Date.parse(day) / 86400000, all = (n, f) => Array.from({ length: n }, (_, i) => i).reduce((done, i) => done.then(() => f(i)), Promise.resolve());

const running = new Set();
after(() => { for (const child of running) child.kill('SIGKILL'); });
const born = (server) => { running.add(server.child); server.child.once('exit', () => running.delete(server.child)); return server; };
const ended = (server) => new Promise((done) => {
  if (server.child.exitCode !== null || server.child.signalCode !== null) return done();
  return server.child.once('exit', done);
});
async function kill(server) { server.child.kill('SIGKILL'); await ended(server); }

// What the database holds, asked beside the running desks: one shell of the database for the whole test, an answer in a millisecond.
class Book {
  constructor({ db, data }) {
    const command = db[1] ? ['psql', '-XAtq', '-F', '|', '-d', db[1]] : ['sqlite3', '-cmd', '.timeout 20000', path.join(data, 'jingban.db')];
    this.shell = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    this.shell.stdout.setEncoding('utf8');
    this.lines = createInterface({ input: this.shell.stdout })[Symbol.asyncIterator]();
  }
  async rows(sql) {
    const list = [];
    this.shell.stdin.write(`${sql};\nselect 'no more';\n`);
    for (;;) {
      const { value, done } = await this.lines.next();
      assert.ok(!done, 'the shell of the database ended');
      if (value === 'no more') return list;
      list.push(value.split('|'));
    }
  }
  async alerts() { return (await this.rows('select case_id, kind, deadline_day from case_alert')).map((r) => r.join(' ')).sort(); }
  async count() { return Number((await this.rows('select count(*) from case_alert'))[0][0]); }
  close() { this.shell.stdin.end(); }
}

// The rule, in our own words: which alerts DAY wants for the cases as they stand.
async function wanted(book, day) {
  const today = number(day), until = today + 1, list = [];
  for (const [id, due, legal, stage] of (await book.rows('select id, due_day, legal_day, stage_due_day from case_file where open = 1')).map((r) => r.map((x, i) => (i ? Number(x) : x)))) {
    if (due !== NEVER && due <= until) list.push(`${id} ${due < today ? 'overdue' : 'near'} ${due}`);
    if (due < today && legal < today) list.push(`${id} legal ${legal}`);
    if (stage !== NEVER && stage <= until) list.push(`${id} stage_${stage < today ? 'overdue' : 'near'} ${stage}`);
  }
  return list;
}

// For every alert the messages that belong to it, and no others: near to whom the case belongs (else the supervisor), past to both.
async function assertMessages(book) {
  const owned = Object.fromEntries(await book.rows('select id, owner_id from case_file'));
  const owner = Object.fromEntries(await book.rows("select c.id, c.owner_id from case_file c join staff s on s.region = c.region and s.id = c.owner_id where s.status = 'active'")), region = Object.fromEntries(await book.rows('select id, region from case_file'));
  const boss = Object.fromEntries(await book.rows("select region, id, login from staff where status = 'active' and roles like '%supervisor%' order by login desc"));
  const kinds = { near: ['staff_due'], overdue: ['staff_overdue', 'staff_escalated'], legal: ['staff_legal', 'staff_legal'], stage_near: ['staff_stage_due'], stage_overdue: ['staff_stage_overdue', 'staff_stage_overdue'] };
  const want = new Set();
  for (const [id, kind, day, told] of await book.rows('select case_id, kind, deadline_day, staff_id from case_alert')) {
    const mine = owner[id] ?? null, above = boss[region[id]], [first, second] = kinds[kind];
    assert.ok(above, `no supervisor in ${region[id]}`);
    assert.ok(told === above || (!second && told === owned[id]), `${id} ${kind} told ${told}`); // near, it may have been nobody's yet
    if (second && mine) want.add(`${id} ${first} ${day} ${mine}`);
    want.add(`${id} ${second ?? first} ${day} ${told}`);
  }
  const have = (await book.rows("select case_id, kind, mark, target from message where channel = 'staff'")).map((r) => r.join(' ')).sort();
  assert.deepEqual(have, [...want].sort(), 'every message of an alert, once');
}

async function assertInvitations(book, day) {
  const due = await book.rows(`select case_id, reminded_ms from rating_offer where remind_day <= ${number(day)} and rated = 0`);
  assert.equal(due.length, COUNT.concluded);
  assert.ok(due.every((r) => r[1] !== '0'), 'everybody was invited');
  assert.deepEqual((await book.rows("select case_id from message where kind = 'remind_rating' and channel = 'inbox'")).flat().sort(), due.map((r) => r[0]).sort(), 'everybody once');
}

async function poll(what, check) {
  for (const end = Date.now() + 60000; Date.now() < end; await new Promise((go) => setTimeout(go, 1)))
    if (await check()) return;
  assert.fail(`not in a minute: ${what}`);
}

// --- the cases ---

async function makeCases(house) {
  const { server, web } = house, clerk = await signIn(server, ONLINE, 'window'), window = await signIn(server, DESK, 'window');
  house.staff[TRANSFERS] = { win1: await signIn(server, TRANSFERS, 'window') };
  const crowd = (region) => Array.from({ length: 40 }, () => house.person(region, '在职职工'));
  const people = crowd(ONLINE), walkers = crowd(DESK), made = [];
  const post = async (work) => { const r = await house.gate.pass(work); assert.ok([200, 201].includes(r.status), JSON.stringify(r.body)); return r.body; };
  await Promise.all(Array.from({ length: COUNT.online }, async (_, i) => {
    made.push((await post(() => web.postJson(`/regions/${ONLINE}/matters/${QUERY}/applications`,
      { applicant: people[i % people.length], facts: {}, materials: i < COUNT.noticed ? {} : { 1.1: 'given' } }, { 'idempotency-key': `alert-${seed}-${i}` }))).no);
    const no = made.at(-1), act = (action, body) => post(() => clerk.post(`/desk/cases/${no}/actions/${action}`, body));
    if (i < COUNT.noticed) await act('notice', {});
    else if (i < COUNT.noticed + COUNT.owned) await act('accept', {});
    else if (i < COUNT.noticed + COUNT.owned + COUNT.concluded) await act('accept', { finish: true });
  }));
  await Promise.all(Array.from({ length: COUNT.desk }, (_, i) => {
    const { name, id_number, mobile } = walkers[i % walkers.length];
    return post(() => window.post('/desk/intake/03', { facts: {}, applicant_name: name, applicant_id: id_number, mobile, delivery: '快递', address: '演示市演示路1号院2栋', materials: [] }, { 'idempotency-key': `desk-${seed}-${i}` }));
  }));
  await all(COUNT.transfers, async () => {
    const way = new Way(house, TRANSFERS, TRANSFER);
    way.desk = 'win1';
    await way.begin('public');
    await way.see();
    await way.act('win1', 'accept', { materials: way.case.ticks.map((x) => ({ key: x.key, state: 'checked' })) });
  });
}

// --- the rounds ---

// On DAY: COPIES processes at once, KILLS times ended with SIGKILL when so many of the rows have come, one before the others; then as many to the
// end. Gives those that are left.
async function rounds(t, house, book, day, copies, kills, broken) {
  const start = () => Promise.all(Array.from({ length: copies }, () => serve([], { beside: house.server, clock: `${day}T09:00:00+08:00`, timeout: 120000 }).then(born)));
  const complete = [...new Set([...await book.alerts(), ...(await wanted(book, day)).filter((a) => !broken.includes(a.split(' ')[0]))])].sort(), told = [];
  for (let i = 0; i < kills && await book.count() < complete.length; i++) {
    const servers = await start();
    for (const s of servers) {
      const from = await book.count(), at = from + Math.ceil(random() * (complete.length - from));
      await poll(`${at} of ${complete.length} alerts on ${day}`, async () => await book.count() >= at);
      await kill(s);
      told.push(await book.count());
    }
  }
  const last = await start();
  await poll(`all ${complete.length} alerts on ${day}`, async () => await book.count() >= complete.length);
  assert.deepEqual(await book.alerts(), complete, `${day}: every alert that is due, no other`);
  if (told.length) t.diagnostic(`seed ${seed}, ${day}: killed at ${told.join(', ')} of ${complete.length}`);
  return last;
}

export async function proof(t, database, copies) {
  process.env.JINGBAN_TEST_DB = database;
  const house = await House.open({ day: DAYS[0] }), book = new Book(house.server);
  born(house.server);
  t.after(() => { book.close(); return house.stop(); });
  await makeCases(house);
  await kill(house.server);
  // A person whose key cannot be opened silences nobody else; his cases are told of when it can. And whoever has left is told nothing any more.
  const [[keyId]] = await book.rows(`select key_id from case_file where region = '${ONLINE}' and due_day < ${NEVER} and key_id not in (select key_id from case_file where status not in ('submitted', 'notified', 'working')) order by due_day, id limit 1`);
  const broken = (await book.rows(`select id from case_file where region = '${ONLINE}' and key_id = ${keyId}`)).flat();
  const turn = (by) => book.rows(`update data_key set wrapped = ${by} where region = '${ONLINE}' and id = ${keyId}`);
  const [[kept]] = await book.rows(house.server.db[1] ? `select encode(wrapped, 'hex') from data_key where id = ${keyId}` : `select hex(wrapped) from data_key where id = ${keyId}`);
  for (const [i, day] of DAYS.entries()) {
    if (i === 1) {
      await book.rows(`update staff set status = 'suspended' where region = '${DESK}' and login = 'window'`);
      await turn(house.server.db[1] ? "decode('00', 'hex')" : "x'00'");
    }
    const servers = await rounds(t, house, book, day, copies, i === 1 ? Math.ceil(3 / copies) : 0, i === 1 ? broken : []);
    if (i === 1) await poll('the invitations to rate', async () => (await book.rows('select case_id from rating_offer where reminded_ms > 0')).length >= COUNT.concluded);
    const failed = (s) => /event=(alert|rating_remind) request=/.test(s.out()); // a job that failed says so
    if (i === 1) await poll('that something is broken is told', () => servers.some(failed));
    else for (const s of servers) assert.ok(!failed(s), s.out().slice(-2000));
    if (i === 1) await turn(house.server.db[1] ? `decode('${kept}', 'hex')` : `x'${kept}'`);
    await Promise.all(servers.map(kill));
    await assertMessages(book);
  }
  const kinds = Object.fromEntries((await book.rows('select kind, count(*) from case_alert group by kind')).map(([k, n]) => [k, Number(n)]));
  for (const kind of ['near', 'overdue', 'legal', 'stage_near', 'stage_overdue']) assert.ok(kinds[kind] > 0, `no ${kind} in ${JSON.stringify(kinds)}`);
  await assertInvitations(book, DAYS[1]);
  const [rebuilt, audited] = house.verify();
  assert.ok(!/有问题/.test(rebuilt + audited), rebuilt + audited);
}
