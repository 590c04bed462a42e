// Runs the real program once and returns what it said. JINGBAN (or JINGBAN_BIN) names it; default build-test/, then build/.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const catalog = path.join(root, 'catalog');
export const program = process.env.JINGBAN || process.env.JINGBAN_BIN ||
  ['build-test/jingban', 'build/jingban'].map((p) => path.join(root, p)).find(existsSync);
if (!program) throw new Error('no program under test: build first, or set JINGBAN');

const environment = (more) => ({ ...process.env, JINGBAN_CATALOG: catalog, JINGBAN_PAGES: path.join(root, 'pages'), ...more });

// {status, out, err}
export function run(args, { input, env } = {}) {
  const done = spawnSync(program, args, { input, env: environment(env), encoding: 'utf8', maxBuffer: 1 << 28, timeout: 300000 });
  if (done.error) throw done.error;
  return { status: done.status, out: done.stdout, err: done.stderr };
}

// The JSON it printed; anything but success throws with what it said.
export function json(args, options) {
  const { status, out, err } = run(args, options);
  if (status !== 0) throw new Error(`jingban ${args.join(' ')}: ${status}\n${err}`);
  return JSON.parse(out);
}

export const jsonSoon = (args) => new Promise((resolve, reject) => {
  execFile(program, args, { env: environment(), encoding: 'utf8', maxBuffer: 1 << 28 }, (error, out, err) => {
    if (error) return reject(new Error(`jingban ${args.join(' ')}: ${err}`));
    try { resolve(JSON.parse(out)); } catch (e) { reject(e); }
  });
});

// A copy of the catalogue to spoil; FN(dir) may be async.
export async function withCatalog(fn) {
  const dir = mkdtempSync(path.join(tmpdir(), 'jingban-catalog-'));
  try {
    cpSync(catalog, dir, { recursive: true });
    return await fn(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

// `serve` until it listens or ends: {status, text, base, stop()}.
export function serve(args, { timeout = 60000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['serve', '--listen', '127.0.0.1:0', ...args], { env: environment() });
    let text = '';
    const ended = new Promise((done) => { child.once('exit', done); });
    const timer = setTimeout(() => { child.kill('SIGKILL'); reject(new Error(`nothing after ${timeout} ms:\n${text}`)); }, timeout);
    const read = (piece) => {
      text += piece;
      const hit = /listening on (http:\/\/\S+)/.exec(text);
      if (hit) {
        clearTimeout(timer);
        resolve({ base: hit[1], text, stop: async () => { child.kill('SIGTERM'); return ended; } });
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    ended.then((status) => { clearTimeout(timer); resolve({ status, text }); });
  });
}
