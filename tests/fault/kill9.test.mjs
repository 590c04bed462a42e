// kill -9 in the middle of 1,000 concurrent submissions, on both databases, and an end of the PostgreSQL server itself:
// whoever was given a number has his case, nobody has two.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Cluster, Desk, acknowledged, assertProblem, assertReceipts, assertSound, cleanUp, folder, matter, random, region, seed, sendAgain,
  submissions } from './lib.mjs';

after(cleanUp);
const COUNT = 1000, AT_LEAST = 300;

// Submits LIST; after at least 300 acknowledgements, at some moment, END is called once. What was answered, or {error}, or nothing.
async function interrupted(desk, list, end) {
  const moment = AT_LEAST + Math.floor(random() * (COUNT - AT_LEAST) * 0.6), pause = random() * 20;
  let count = 0, ended = false;
  const first = await desk.submitAll(list, {
    stop: () => ended,
    done: (r) => {
      if (acknowledged(r) && ++count === moment) setTimeout(async () => { await end(); ended = true; }, pause);
    },
  });
  assert.ok(ended, `only ${count} acknowledged: ${JSON.stringify(first.find((r) => !acknowledged(r)))}`);
  assert.ok(first.filter(acknowledged).length >= AT_LEAST);
  return first;
}

function tell(t, first, doubted) {
  const known = first.filter(acknowledged).length, open = first.filter((r) => r && !acknowledged(r)).length;
  t.diagnostic(`seed ${seed}: ${known} acknowledged, ${open} not, ${doubted} of those kept`);
}

async function killed(t, desk) {
  const list = submissions(COUNT, 'kill');
  await desk.start();
  const first = await interrupted(desk, list, () => desk.kill9());
  await desk.start();
  await assertReceipts(desk, first);
  const { doubted } = await sendAgain(desk, list, first);
  tell(t, first, doubted);
}

test('kill -9 under load on SQLite', async (t) => {
  const desk = new Desk(folder());
  await killed(t, desk);
  await desk.stop();
  assertSound(desk, COUNT);
});

const skip = process.env.JINGBAN_TEST_PG ? false : 'no PostgreSQL';

test('kill -9 under load on PostgreSQL, then the end of PostgreSQL itself', { skip }, async (t) => {
  const cluster = new Cluster(folder());
  const desk = new Desk(folder(), cluster.url);
  await killed(t, desk);

  const list = submissions(COUNT, 'crash');
  const first = await interrupted(desk, list, () => cluster.crash());
  assert.equal((await desk.get(`/r/${region}/m/${matter}`)).status, 200, 'guides need no database');
  assertProblem(await desk.open(first.find(acknowledged).body), [500, 503]);
  assertProblem(await desk.submit(list[0]), [500, 503]);
  for (const r of first) if (r && !acknowledged(r)) assertProblem(r, [500, 503]);
  cluster.resume();
  await assertReceipts(desk, first);
  const { doubted } = await sendAgain(desk, list, first);
  tell(t, first, doubted);
  await desk.stop();
  assertSound(desk, 2 * COUNT);
});
