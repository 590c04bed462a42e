// Starts the real binary for a test file: a fresh data folder, any free port, the demo clock; stops it by its own pid.
// JINGBAN or JINGBAN_BIN (default build/jingban); JINGBAN_DB is a database URL (default: SQLite in the data folder); with
// JINGBAN_TEST_DB=postgres each server gets a database of its own in the cluster of JINGBAN_TEST_PG.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const LISTENING = /listening on (http:\/\/\S+)/;

function database() {
  if (process.env.JINGBAN_DB) return { args: ['--db', process.env.JINGBAN_DB], drop() {} };
  if (process.env.JINGBAN_TEST_DB !== 'postgres') return { args: [], drop() {} };
  const cluster = process.env.JINGBAN_TEST_PG, name = `jingban_test_${randomBytes(6).toString('hex')}`;
  const psql = (sql) => execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', cluster, '-c', sql], { stdio: 'pipe' });
  psql(`create database ${name}`);
  const url = new URL(cluster);
  url.pathname = '/' + name;
  return { args: ['--db', url.toString()], drop: () => psql(`drop database if exists ${name} with (force)`) };
}

// {base, out(), stop()}; ARGS are added to the command line. BESIDE: another server, whose data this one shares.
// PREPARE(folder) may put files into the data folder before the start.
export function serve(args = [], { clock = '2026-11-23T09:00:00+08:00', timeout = 60000, beside, prepare } = {}) {
  const bin = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
  const data = beside?.data ?? mkdtempSync(path.join(tmpdir(), 'jingban-test-'));
  prepare?.(data);
  const db = beside ? { args: beside.db, drop() {} } : database();
  const child = spawn(bin, ['serve', '--demo', '--clock', clock, '--data', data, '--listen', '127.0.0.1:0', ...db.args, ...args], { cwd: root });
  let text = '';
  const stop = () => new Promise((done) => {
    const end = () => { if (!beside) rmSync(data, { recursive: true, force: true }); db.drop(); done(child.exitCode); };
    if (child.exitCode !== null || child.signalCode !== null) return end();
    child.once('exit', end);
    child.kill('SIGTERM');
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { child.kill('SIGKILL'); reject(new Error(`not listening after ${timeout} ms:\n${text}`)); }, timeout);
    const read = (piece) => {
      text += piece;
      const hit = LISTENING.exec(text);
      if (hit) { clearTimeout(timer); resolve({ base: hit[1], data, db: db.args, child, out: () => text, stop }); }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => { clearTimeout(timer); reject(new Error(`ended with ${code} before listening:\n${text}`)); });
  });
}

// A small client: get(path), getJson(path), post(path, fields), postJson(path, body, headers). Redirects are not followed.
export function client(base) {
  const call = (method, url, init = {}) => fetch(base + url, { method, redirect: 'manual', ...init });
  const json = async (response) => ({ status: response.status, type: response.headers.get('content-type'), body: await response.json() });
  return {
    get: (url, headers = {}) => call('GET', url, { headers }),
    text: async (url, headers = {}) => (await call('GET', url, { headers })).text(),
    getJson: async (url, headers = {}) => json(await call('GET', '/api/v1' + url, { headers })),
    post: (url, fields, headers = {}) => call('POST', url, { headers, body: new URLSearchParams(fields) }),
    postJson: async (url, body, headers = {}) => json(await call('POST', '/api/v1' + url, {
      headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })),
  };
}

// Query string of answers.
export const query = (facts) => new URLSearchParams(facts).toString();
