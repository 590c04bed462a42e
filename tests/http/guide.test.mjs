// The public pages that need only the catalogue, on the real binary.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { client, query, serve } from './lib.mjs';

let server, web;
before(async () => { server = await serve(); web = client(server.base); });
after(() => server?.stop());

const filing = { retired: '是', outside_pool: '是', hukou_moved: '是', filing_action: '首次备案' };

test('five regions with all their matters', async () => {
  const { body } = await web.getJson('/regions');
  const counts = Object.fromEntries(body.regions.map((r) => [r.code, r.matter_count]));
  assert.deepEqual(counts, { 211282: 32, 410400: 30, 420281: 29, 421300: 26, 421381: 28 });
});

test('every guide page and its JSON render, in both modes', async () => {
  const { body } = await web.getJson('/regions');
  for (const region of body.regions) {
    const home = (await web.getJson(`/regions/${region.code}/matters`)).body;
    const matters = home.groups.flatMap((g) => g.matters);
    assert.equal(matters.length, region.matter_count);
    for (const m of matters) {
      const page = await web.text(`/r/${region.code}/m/${m.id}`);
      assert.ok(page.includes(`<h1>${m.name.replaceAll('&', '&amp;')}</h1>`), `${region.code}/${m.id}`);
      assert.ok(page.includes(`href="/r/${region.code}/complaint?matter=${m.id}"`), 'the complaint page beside the supervision phone');
      assert.ok(page.includes('花钱吗') && page.trimEnd().endsWith('</html>'));
      const elder = await web.text(`/e/r/${region.code}/m/${m.id}`);
      assert.ok(elder.includes('class="elder"') && elder.includes(`href="/e/r/${region.code}/complaint?matter=${m.id}"`));
      const json = (await web.getJson(`/regions/${region.code}/matters/${m.id}`)).body;
      assert.equal(json.name, m.name);
      assert.ok(json.process.stages.length > 0 || !json.code, 'stages printed, or 系统口径 of the standard list');
      const check = await web.get(`/r/${region.code}/m/${m.id}/check`);
      assert.equal(check.status, 200);
    }
  }
});

test('the link beside the supervision phone opens the complaint with the matter chosen', async () => { //= R8 type=test
  for (const [region, matter] of [['421300', '02'], ['410400', '01']]) {
    const page = await web.text(`/r/${region}/m/${matter}`), link = /href="([^"]*\/complaint\?[^"]*)"/.exec(page)[1];
    const form = await web.text(link);
    assert.ok(new RegExp(`<option value="${matter}" selected>`).test(form), `${region}: ${link}`);
    assert.ok(!/type="radio"[^>]* checked/.test(form), 'the kind is for the citizen to choose');
  }
  const printed = await web.text('/r/421300/m/02');
  assert.match(printed, /<dt>监督<\/dt><dd class="verbatim">[^]*?0722-7115868[^]*?网上投诉举报/);
});

test('both limits of a matter with their conditions, by standard code', async () => { //= R34 R35
  const { body } = await web.getJson('/regions/420281/matters/002036004001');
  assert.deepEqual(body.limits.tiers.map((t) => [t.when_words, t.text]), [['证明方式为承诺制', '即时办结'], ['证明方式为提交材料', '2个工作日']]);
  assert.ok(body.materials.text.includes('承诺制免提交'));
  assert.equal((await web.get('/r/420281/m/002036004001')).headers.get('location'), '/r/420281/m/12');
});

test('the checklist changes with the facts', async () => {
  const list = async (facts) => (await web.getJson(`/regions/420281/matters/12/checklist?${query(facts)}`)).body;
  const open = await list({});
  assert.ok(open.questions.length > 0 && !open.complete);
  const promise = await list({ ...filing, proof_mode: '承诺制' });
  const proof = await list({ ...filing, proof_mode: '提交材料' });
  assert.ok(promise.complete && proof.complete);
  assert.equal(promise.materials.length, 2);
  assert.equal(proof.materials.length, 3);
  assert.equal(promise.limit.text, '即时办结');
  assert.equal(proof.limit.due, '2026-11-25');
  assert.ok(proof.materials.at(-1).spares.includes('可以签承诺书代替'));
});

test('who is not meant is told with the words of the guide', async () => { //= R119
  const { body } = await web.getJson('/regions/420281/matters/12/checklist?retired=否');
  assert.equal(body.refusal.service_object, '退休后在异地（黄石市以外）定居并迁入户籍的人员');
  const page = await web.text('/r/420281/m/12/check?retired=否');
  assert.ok(page.includes('不属于这个事项的服务对象') && page.includes('迁入户籍的人员'));
});

test('the wizard keeps what was answered when a question comes back empty or wrong', async () => {
  const empty = await web.get(`/r/420281/m/12/check?${query({ retired: '是', ask: 'outside_pool' })}`);
  assert.equal(empty.status, 422);
  const page = await empty.text();
  assert.ok(page.includes('还没有回答') && page.includes('name="retired" value="是"') && page.includes('href="#f-outside_pool"'));
  const wrong = await web.get(`/r/420281/m/12/check?${query({ retired: '是', outside_pool: '也许' })}`);
  assert.equal(wrong.status, 422);
  assert.ok((await wrong.text()).includes('不是可用的值'));
  const problem = await web.getJson('/regions/420281/matters/12/checklist?retired=也许');
  assert.equal(problem.status, 422);
  assert.equal(problem.type, 'application/problem+json; charset=utf-8');
  assert.equal(problem.body.errors[0].field, 'retired');
});

test('search forgives: synonyms, initials, syllables, sentences', async () => {
  const first = async (q) => (await web.getJson(`/regions/421300/matters?${query({ q })}`)).body.results.map((m) => m.name);
  assert.equal((await first('生孩子'))[0], '生育医疗费支付');
  assert.ok((await first('ydjy')).some((n) => n.includes('异地')));
  assert.ok((await first('zhuanyizhongshu')).length === 0);
  assert.ok((await first('zhuanyi')).includes('转移接续手续办理'));
  assert.ok((await first('请问怎么报销住院费')).includes('住院费用报销'));
  assert.ok((await first('换单位')).includes('转移接续手续办理'));
  assert.deepEqual(await first('量子力学'), []);
  assert.ok((await web.text('/r/421300?q=%E9%87%8F%E5%AD%90')).includes('没有找到'));
});

test('guides come from memory with an ETag, the same for everybody', async () => {
  const page = await web.get('/r/421300/m/02');
  const etag = page.headers.get('etag');
  assert.ok(etag && !page.headers.get('set-cookie'));
  const again = await web.get('/r/421300/m/02', { 'if-none-match': etag });
  assert.equal(again.status, 304);
});

test('the flow chart is drawn from the stages', async () => {
  const r = await web.get('/r/421300/m/02/flow.svg');
  assert.equal(r.status, 200);
  assert.equal(r.headers.get('content-type'), 'image/svg+xml');
  const svg = await r.text();
  assert.ok(/^<svg width="[\d.]+" height="[\d.]+" /.test(svg) && svg.includes('受理'));
});

test('working days through the API', async () => { //= R276
  assert.equal((await web.getJson('/workday?from=2026-09-30&n=1')).body.due, '2026-10-08');
  assert.equal((await web.getJson('/workday?from=2026-11-23&to=2026-11-30')).body.workdays, 5);
  const bad = await web.getJson('/workday?from=2026-13-01&n=1');
  assert.equal(bad.status, 422);
  assert.equal(bad.body.errors[0].field, 'from');
});

test('what is not there is said in Chinese, as page and as problem', async () => {
  const page = await web.get('/r/421300/m/99');
  assert.equal(page.status, 404);
  assert.ok((await page.text()).includes('没有找到'));
  const api = await web.getJson('/regions/000000/matters');
  assert.equal(api.status, 404);
  assert.equal(api.body.id, 'ERR_NOT_FOUND');
  assert.equal((await web.get('/r/421300/')).headers.get('location'), '/r/421300');
  assert.equal((await web.post('/r/421300', {})).status, 405);
});

test('pages refuse foreign scripts, assets may be kept for ever', async () => {
  const page = await web.get('/r/421300');
  assert.match(page.headers.get('content-security-policy'), /default-src 'self'/);
  const css = /href="(\/assets\/[0-9a-f]+\/site\.css)"/.exec(await page.text())[1];
  const asset = await web.get(css);
  assert.match(asset.headers.get('cache-control'), /immutable/);
  assert.equal((await web.get(css.replace(/[0-9a-f]{16}/, '0'.repeat(16)))).headers.get('cache-control'), 'no-cache');
});

test('text from the address line never becomes markup', async () => {
  const page = await web.text('/r/421300?q=%3Cscript%3Ealert(1)%3C/script%3E%22%27');
  assert.ok(!page.includes('<script>alert') && page.includes('&lt;script&gt;'));
});

test('OpenAPI covers what answers', async () => {
  const { body } = await web.getJson('/openapi');
  assert.equal(body.openapi, '3.1.0');
  const ids = Object.values(body.paths).flatMap((p) => Object.values(p)).map((o) => o.operationId);
  assert.equal(new Set(ids).size, ids.length);
  for (const [path, operations] of Object.entries(body.paths))
    for (const o of Object.values(operations))
      for (const [, name] of path.matchAll(/\{(\w+)\}/g))
        assert.ok(o.parameters.some((p) => p.in === 'path' && p.name === name), `${path}: ${name}`);
});
