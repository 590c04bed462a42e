// Shared by the fault tests: the real program under 64 connections of submissions, ended and filled up in every way, and
// what must be true afterwards: whoever has a receipt has a case, nobody has two, audit and rebuild find nothing.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import http from 'node:http';
import { appendFileSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const bin = process.env.JINGBAN || path.join(root, 'build/jingban');
const cluster = path.join(root, 'tools/pg-test-cluster');
const sources = ['--catalog', path.join(root, 'catalog'), '--pages', path.join(root, 'pages')];
export const region = '420281', matter = '10'; // 出具《参保凭证》: no form, one question
export const MiB = 1 << 20;

// --- chance, with its seed

export const seed = Number(process.env.JINGBAN_SEED || Date.now() % 1e9);
let state = seed;
export function random() { // mulberry32: [0, 1)
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

// --- what was begun is ended, last first: after the tests, or when the run is stopped from outside

const undo = [];
export const later = (f) => undo.push(f);
export function cleanUp() {
  for (let f; (f = undo.pop());) try { f(); } catch (e) { console.error(`clean-up: ${e.message}`); }
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(signal, () => { cleanUp(); process.exit(1); });

export function folder() {
  const dir = mkdtempSync(path.join(tmpdir(), 'jingban-fault-'));
  later(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

// --- a disk that can fill up

export class Disk {
  // null where mounting is not permitted
  static make(bytes) {
    const dir = folder();
    try { execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', dir], { stdio: 'pipe' }); } catch { return null; }
    later(() => execFileSync('umount', ['-l', dir]));
    return new Disk(dir);
  }
  constructor(dir) { this.dir = dir; }
  used() { const s = statfsSync(this.dir); return (s.blocks - s.bfree) * s.bsize; }
  free() { const s = statfsSync(this.dir); return s.bfree * s.bsize; }
  resize(bytes) { execFileSync('mount', ['-o', `remount,size=${bytes}`, this.dir], { stdio: 'pipe' }); }
  leave(bytes) { this.resize(this.used() + bytes); } // so much room is left
}

// --- a PostgreSQL cluster of our own, with fsync

export class Cluster {
  constructor(dir) {
    this.dir = dir;
    later(() => { try { execFileSync(cluster, ['crash', dir], { stdio: 'pipe' }); } catch { /* it is down already */ } });
    const out = execFileSync(cluster, ['start', dir], { env: { ...process.env, PG_TEST_FSYNC: 'on' }, encoding: 'utf8', stdio: 'pipe' });
    this.url = out.trim().split('\n').at(-1);
  }
  crash() { return promisify(execFile)(cluster, ['crash', this.dir]); } // at once, and the requests go on meanwhile
  resume() { execFileSync(cluster, ['resume', this.dir], { stdio: 'ignore' }); }
  async again(settings = []) { // whether it still runs or not
    await this.crash().catch(() => {});
    appendFileSync(path.join(this.dir, 'data/postgresql.conf'), settings.map((x) => `${x}\n`).join(''));
    this.resume();
  }
  sql(text) { return execFileSync('psql', ['-XAtq', '-d', this.url, '-c', text], { encoding: 'utf8', stdio: 'pipe' }).trim(); }
  // The log's segment filled until LEFT bytes of it remain, and no other waits to be used.
  fillLog(left) {
    const size = 16 * MiB;
    for (let i = 0; i < 64 && existsSync(path.join(this.dir, 'data/pg_wal', this.sql(`select pg_walfile_name(pg_current_wal_lsn() + ${size})`))); i++)
      this.sql('select pg_switch_wal(); select pg_logical_emit_message(false, \'\', \'\')');
    this.sql(`select pg_logical_emit_message(false, '', repeat('x', (${size - left} - (pg_current_wal_lsn() - '0/0') % ${size})::int)) where (pg_current_wal_lsn() - '0/0') % ${size} < ${size - left}`);
  }
}

// --- the desk

export class Desk {
  constructor(data, db) {
    this.args = ['--data', data, ...(db ? ['--db', db] : []), ...sources];
    later(() => this.child?.kill('SIGKILL'));
  }
  async start() {
    const child = spawn(bin, ['serve', '--demo', '--quiet', '--listen', '127.0.0.1:0', ...this.args], { cwd: root });
    let text = '';
    this.child = child;
    this.exit = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
    const listening = new Promise((resolve) => {
      const read = (piece) => {
        text = (text + piece).slice(-65536);
        const hit = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(text);
        if (hit) resolve(Number(hit[1]));
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
    });
    this.text = () => text;
    const ended = this.exit.then((code) => { throw new Error(`ended with ${code} before listening:\n${text}`); });
    let timer;
    const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`not listening:\n${text}`)), 60000); });
    this.port = await Promise.race([listening, ended, late]).finally(() => clearTimeout(timer));
    ended.catch(() => {});
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  }
  async kill9() { this.child.kill('SIGKILL'); this.agent.destroy(); return this.exit; }
  async stop() { // in peace: nothing left behind, which the sanitizers check
    this.agent.destroy();
    this.child.kill('SIGTERM');
    assert.equal(await this.exit, 0, this.text());
  }
  // {status, type, body, text}; rejects when the connection breaks
  call(method, url, { headers = {}, body } = {}) {
    return new Promise((resolve, reject) => {
      const q = http.request({ host: '127.0.0.1', port: this.port, agent: this.agent, method, path: url, headers, timeout: 60000 }, (r) => {
        const parts = [];
        r.on('data', (p) => parts.push(p));
        r.once('error', reject);
        r.once('aborted', () => reject(new Error('aborted')));
        r.once('end', () => {
          const text = Buffer.concat(parts).toString(), type = r.headers['content-type'] ?? '';
          resolve({ status: r.statusCode, type, text, body: /json/.test(type) ? JSON.parse(text) : null });
        });
      });
      q.once('timeout', () => q.destroy(new Error('no answer in 60 seconds')));
      q.once('error', reject);
      q.end(body);
    });
  }
  get(url, headers) { return this.call('GET', url, { headers }); }
  submit(s) {
    return this.call('POST', `/api/v1/regions/${region}/matters/${matter}/applications`, {
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': s.key, 'Content-Length': Buffer.byteLength(s.body) }, body: s.body });
  }
  open(receipt) { return this.get(`/api/v1/cases/${receipt.no}`, { 'X-Access-Code': receipt.code }); }
  // EACH of LIST over 64 connections; a broken one gives {error}. STOP() ends it early: the rest stay undefined.
  async each(list, f, { stop = () => false, done = () => {} } = {}) {
    const results = new Array(list.length);
    let next = 0;
    const worker = async () => {
      while (next < list.length && !stop()) {
        const i = next++;
        results[i] = await f(list[i]).catch((e) => ({ error: e.code ?? e.message }));
        done(results[i]);
      }
    };
    await Promise.all(Array.from({ length: 64 }, worker));
    return results;
  }
  submitAll(list, options) { return this.each(list, (s) => this.submit(s), options); }
}

let persons;
// N different submissions; PREFIX makes their keys.
export function submissions(n, prefix) {
  persons ??= execFileSync(bin, ['export', 'persons', '--demo', '--region', region, '--limit', '2000', ...sources], { cwd: root, encoding: 'utf8' })
    .trim().split('\n').map((line) => line.split('\t')).filter((p) => p[3] === '职工医保');
  return Array.from({ length: n }, (_, i) => {
    const [name, id_number, mobile] = persons[i % persons.length];
    return { key: `${prefix}-${seed}-${i}`, body: JSON.stringify({ facts: { insurance: '职工医保' }, applicant: { name, id_number, mobile }, materials: {} }) };
  });
}

export const acknowledged = (r) => r?.status === 201 || r?.status === 200;

// A refusal by the machine is a problem document that says in Chinese what is the matter.
export function assertProblem(r, statuses) {
  assert.ok(statuses.includes(r.status), `${r.status} ${r.text}`);
  assert.match(r.type, /^application\/problem\+json/);
  assert.equal(r.body.status, r.status);
  assert.match(r.body.title, /[\u4e00-\u9fff]{2}/);
}

// Every receipt of FIRST opens its case.
export async function assertReceipts(desk, first) {
  const receipts = first.filter(acknowledged).map((r) => r.body);
  for (const [i, r] of (await desk.each(receipts, (x) => desk.open(x))).entries()) {
    if (r.status !== 200) assert.fail(`${receipts[i].no}: ${r.error ?? r.text}\n${desk.text().slice(-8000)}`);
    assert.equal(r.body.case.no, receipts[i].no);
  }
}

// Sends everything once more: FIRST's receipts come again, the others get theirs now; all numbers differ. Gives the numbers.
export async function sendAgain(desk, list, first) {
  const again = await desk.submitAll(list);
  let doubted = 0;
  for (const [i, r] of again.entries()) {
    if (!acknowledged(r)) assert.fail(`${list[i].key}: ${r.error ?? `${r.status} ${r.text}`}\n${desk.text().slice(-8000)}`);
    if (!acknowledged(first[i])) { doubted += r.body.replayed; continue; }
    assert.ok(r.body.replayed, `${list[i].key} became a new case`);
    assert.deepEqual([r.body.no, r.body.code], [first[i].body.no, first[i].body.code]);
  }
  const numbers = new Set(again.map((r) => r.body.no));
  assert.equal(numbers.size, list.length, 'every key has a number of its own');
  return { numbers, doubted };
}

// `audit verify` and `rebuild --check` find nothing, and so many cases in the region.
export function assertSound(desk, cases) {
  for (const command of [['audit', 'verify'], ['rebuild', '--check']]) {
    const out = execFileSync(bin, [...command, ...desk.args], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
    const line = out.split('\n').find((l) => l.startsWith(region));
    assert.equal(Number(/办件 (\d+)/.exec(line)[1]), cases, line);
    assert.ok(!out.includes('有问题'), out);
  }
}
