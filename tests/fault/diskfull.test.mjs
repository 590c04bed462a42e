// The disk fills up in mid-batch: refused is refused, in Chinese; acknowledged is there; reading goes on; and with room again
// everything does. On SQLite with the data folder, on PostgreSQL with the cluster on a small disk of its own (tmpfs).
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { Cluster, Desk, Disk, MiB, acknowledged, assertProblem, assertReceipts, assertSound, cleanUp, folder, matter, region, seed, sendAgain,
  submissions } from './lib.mjs';

after(cleanUp);
const LIST = 1500, REFUSED = 100; // so many, unless there have been enough refusals before

// Submits until the disk is full and REFUSED have been told so.
async function fill(desk, list) {
  let refused = 0;
  const first = await desk.submitAll(list, { stop: () => refused >= REFUSED, done: (r) => { refused += !acknowledged(r); } });
  assert.ok(refused >= REFUSED, 'the disk never filled up');
  assert.ok(first.filter(acknowledged).length >= REFUSED, 'the disk was full from the beginning');
  return first;
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
  const list = submissions(LIST, 'full');
  const first = await fill(desk, list);
  for (const r of first) if (r && !acknowledged(r)) assertProblem(r, [507]);
  assert.match(first.find((r) => r && !acknowledged(r)).body.title, /存储空间不足/);
  await assertGuideOpens(desk);
  await assertReceipts(desk, first);

  room.resize(600 * MiB);
  const { doubted } = await sendAgain(desk, list, first);
  t.diagnostic(`seed ${seed}: ${first.filter(acknowledged).length} acknowledged, ${first.filter((r) => r && !acknowledged(r)).length} refused`);
  assert.equal(doubted, 0, 'refused was refused');
  await desk.stop();
  assertSound(desk, LIST);
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

test('a full disk under PostgreSQL', { skip: no_pg }, async (t) => {
  const dir = path.join(room.dir, 'pg');
  mkdirSync(dir);
  const cluster = new Cluster(dir, ['max_wal_size = 32MB', 'min_wal_size = 32MB']);
  const desk = new Desk(folder(), cluster.url);
  await desk.start();
  room.leave(2 * MiB);
  const list = submissions(LIST, 'pgfull');
  const first = await fill(desk, list);
  for (const r of first) if (r && !acknowledged(r)) assertProblem(r, [500, 503, 507]);
  await assertGuideOpens(desk);
  const up = (await desk.open(first.find(acknowledged).body)).status === 200; // or PostgreSQL has given up: its log had no room
  if (up) await assertReceipts(desk, first);

  room.resize(600 * MiB);
  if (!up) await cluster.again();
  await assertReceipts(desk, first);
  const { doubted } = await sendAgain(desk, list, first);
  t.diagnostic(`seed ${seed}: ${first.filter(acknowledged).length} acknowledged, ${first.filter((r) => r && !acknowledged(r)).length} not, ` +
    `${doubted} of those kept; PostgreSQL ${up ? 'went on' : 'gave up and was started again'}`);
  await desk.stop();
  assertSound(desk, LIST);
});
