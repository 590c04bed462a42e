// The disk fills up in mid-batch: refused is refused, in Chinese; acknowledged is there; reading goes on; and with room again
// everything does. On SQLite with the data folder, on PostgreSQL with the cluster on a small disk of its own (tmpfs).
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { Cluster, Desk, Disk, MiB, acknowledged, assertProblem, assertReceipts, assertSound, cleanUp, folder, matter, region, seed, sendAgain,
  submissions } from './lib.mjs';

after(cleanUp);
const REFUSED = 100; // at least so many, to see that it goes on being refused

// Submits until the disk is full and REFUSED have been told so: what was sent, and what was answered.
async function fill(desk, prefix, enough) {
  const all = submissions(2000, prefix);
  let refused = 0;
  const answers = await desk.submitAll(all, { stop: () => refused >= REFUSED, done: (r) => { refused += !acknowledged(r); } });
  const sent = answers.findLastIndex((r) => r) + 1, first = answers.slice(0, sent);
  assert.ok(refused >= REFUSED, 'the disk never filled up');
  assert.ok(first.filter(acknowledged).length >= enough, 'the disk was full from the beginning');
  return { list: all.slice(0, sent), first };
}

function tell(t, first, what) {
  t.diagnostic(`seed ${seed}: ${first.filter(acknowledged).length} acknowledged, ${first.filter((r) => !acknowledged(r)).length} refused; ${what}`);
}

async function assertGuideOpens(desk) {
  const r = await desk.get(`/r/${region}/m/${matter}`);
  assert.equal(r.status, 200, r.text);
}

const room = Disk.make(600 * MiB);
const skip = room ? false : 'mounting a small disk is not permitted here';

test('a full disk under SQLite', { skip }, async (t) => {
  const desk = new Desk(path.join(room.dir, 'data'));
  await desk.start();
  room.leave(3 * MiB);
  const { list, first } = await fill(desk, 'full', 100);
  const refused = first.filter((r) => !acknowledged(r));
  for (const r of refused) assertProblem(r, [507]);
  assert.match(refused[0].body.title, /存储空间不足/);
  await assertGuideOpens(desk);
  await assertReceipts(desk, first);

  room.resize(600 * MiB);
  const { doubted } = await sendAgain(desk, list, first);
  tell(t, first, `${doubted} of those kept`);
  assert.equal(doubted, 0, 'refused was refused');
  await desk.stop();
  assertSound(desk, list.length);
});

test('no room for an upload', { skip }, async () => {
  const data = path.join(room.dir, 'uploads');
  const desk = new Desk(data);
  await desk.start();
  const [s, again] = submissions(2, 'upload');
  const receipt = (await desk.submit(s)).body;
  const json = { 'Content-Type': 'application/json' };
  const draft = await desk.call('POST', `/api/v1/regions/${region}/matters/${matter}/drafts`, { headers: json, body: '{"facts": {"insurance": "职工医保"}}' });
  assert.equal(draft.status, 201, draft.text);
  const base = `/api/v1/regions/${region}/drafts/${draft.body.draft.token}`;
  const key = (await desk.get(`${base}/materials`)).body.materials[0].parts[0].key;
  const pdf = Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(4 * MiB, 'x')]);
  const body = Buffer.concat([Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="证.pdf"\r\n\r\n'), pdf, Buffer.from('\r\n--b--\r\n')]);
  const upload = () => desk.call('POST', `${base}/uploads/${key}`, { headers: { 'Content-Type': 'multipart/form-data; boundary=b', 'Content-Length': body.length }, body });

  room.leave(2 * MiB);
  const refused = await upload();
  assertProblem(refused, [507]);
  assert.match(refused.body.title, /存储空间不足/);
  assert.deepEqual(readdirSync(path.join(data, 'tmp')), [], 'nothing of it stays on the full disk');
  assert.ok(acknowledged(await desk.submit(again)), 'what fits goes on');
  await assertReceipts(desk, [{ status: 201, body: receipt }]);
  assert.equal((await desk.get(`${base}/materials`)).body.materials[0].parts[0].uploads.length, 0);

  room.resize(600 * MiB);
  const kept = await upload();
  assert.equal(kept.status, 201, kept.text);
  assert.equal((await desk.get(`${base}/materials`)).body.materials[0].parts[0].uploads.length, 1);
  await desk.stop();
  assertSound(desk, 2);
});

const no_pg = skip || (process.env.JINGBAN_TEST_PG ? false : 'no PostgreSQL');

test('a full disk under PostgreSQL: no room for its tables, then none for its log', { skip: no_pg }, async (t) => {
  const dir = path.join(room.dir, 'pg');
  mkdirSync(dir);
  const cluster = new Cluster(dir);
  await cluster.again(['max_wal_size = 32MB', 'min_wal_size = 32MB', 'wal_recycle = on']);
  const desk = new Desk(folder(), cluster.url);
  await desk.start();
  room.leave(2 * MiB);
  const tables = await fill(desk, 'tables', 100);
  for (const r of tables.first) if (!acknowledged(r)) assertProblem(r, [500, 503, 507]);
  assert.ok(tables.first.some((r) => r.status === 507 && /存储空间不足/.test(r.body.title)));
  await assertGuideOpens(desk);
  await assertReceipts(desk, tables.first);
  room.resize(600 * MiB);
  tell(t, tables.first, `${(await sendAgain(desk, tables.list, tables.first)).doubted} of those kept`);

  // No checkpoint meanwhile: it would hand back old segments of the log, or prepare the next one.
  await cluster.again(['wal_recycle = off', 'max_wal_size = 4GB', 'checkpoint_timeout = 1h', 'autovacuum = off']);
  cluster.fillLog(3 * MiB); // whole pages go into the log after a checkpoint: less would be full at once
  room.leave(10 * MiB); // a segment of the log takes 16: PostgreSQL gives up
  const log = await fill(desk, 'log', 20);
  for (const r of log.first) if (!acknowledged(r)) assertProblem(r, [500, 503, 507]);
  await assertGuideOpens(desk);
  assertProblem(await desk.open(log.first.find(acknowledged).body), [500, 503]);
  room.resize(600 * MiB);
  await cluster.again();
  await assertReceipts(desk, log.first);
  tell(t, log.first, `${(await sendAgain(desk, log.list, log.first)).doubted} of those kept`);
  await desk.stop();
  assertSound(desk, tables.list.length + log.list.length);
});
