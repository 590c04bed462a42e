// The directory: every region's halls, windows and phones as its guide prints them, look-ups, the contact of a matter, rating posters.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, idNumber } from './browser.mjs';
import { client, root, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';

let server, web, scratch;
before(async () => { server = await serve(); web = client(server.base); scratch = mkdtempSync(path.join(tmpdir(), 'jingban-poster-')); });
after(async () => { await server?.stop(); rmSync(scratch, { recursive: true, force: true }); });

const directory = async (region, query = '') => (await web.getJson(`/regions/${region}/directory${query}`)).body;
const ids = (list) => list.map((m) => m.id);

test('a window is told by its number among several, with what is handled there', async () => { //= R31 R281
  const d = await directory('211282'), [hall] = d.points;
  assert.equal(d.points.length, 1);
  assert.equal(hall.address, '文化路133号');
  const at = Object.fromEntries(hall.windows.map((w) => [w.name, ids(w.matters)]));
  assert.deepEqual(at['5号窗口'], ['12', '13', '14', '21']);
  assert.deepEqual(at['7号窗口'], ['21', '28']);
  assert.deepEqual(at['2号窗口'], ['16', '17', '18', '19', '20'], 'not those of window 12');
  assert.deepEqual(at['12号窗口'], ['22', '23', '24', '25', '26']);
  assert.deepEqual(at['16号窗口'], ['01', '03', '06', '08', '09', '27', '30'], 'also where “号” is missing');
  assert.deepEqual(at['506室'], ['21'], 'a room that only a step names');
  assert.deepEqual(at['10号窗口'], ['15']);
  const onsite = (await Promise.all(Array.from({ length: 30 }, (_, i) => String(i + 1).padStart(2, '0')).map(async (id) => [id, (await web.getJson(`/regions/211282/matters/${id}`)).body.channels.items]))).filter(([, c]) => c.length);
  for (const [id] of onsite) assert.ok(hall.windows.some((w) => ids(w.matters).includes(id)), `${id} is at some window`);
  assert.equal(d.no_phones, true);
});

test('annex 5: a hall with address and phone for every county', async () => { //= R9
  const d = await directory('410400'), halls = d.points.filter((p) => p.area);
  assert.deepEqual(halls.map((p) => [p.area, p.phones[0].number]), [
    ['平顶山市', '2978611'], ['舞钢市', '8165520'], ['宝丰县', '6589690'], ['郏县', '7068390'], ['鲁山县', '5078199'], ['叶县', '3310200'], ['新华区', '7675967'],
    ['卫东区', '3992660'], ['湛河区', '7670313'], ['石龙区', '2703639'], ['新城区', '2667680'], ['高新区', '3986261']]);
  assert.ok(halls.every((p) => p.address && p.phones[0].no_area_code && p.matter_count === halls[0].matter_count));
  const slots = Object.fromEntries(d.slots.map((s) => [s.kind, s]));
  assert.equal(slots.办理地址.values.length, 12);
  for (const kind of ['网址', '手机APP', '微信公众号', '监督电话']) { //= R8
    assert.equal(slots[kind].missing, true, kind);
    assert.deepEqual(slots[kind].values, []);
  }
  const page = new Browser(server.base);
  (await page.open('/r/410400/directory')).has('指南没有印出，请向您参保地的经办机构咨询', '各统筹区向社会公布监督电话。', '温州路文化大厦15楼');
  assert.ok(page.html.includes('href="tel:8165520"'));
});

test('phones are chosen by insurance', async () => { //= R283
  const all = (await directory('421381', '?m=14')).contact;
  assert.deepEqual(all.phones.map((p) => [p.insurance, p.number]), [['职工', '0722-6249103'], ['居民', '0722-6396208']]);
  assert.deepEqual((await directory('421381', `?m=14&insurance=${encodeURIComponent('居民')}`)).contact.phones.map((p) => p.number), ['0722-6396208']);
  const book = (await directory('421381')).phones;
  assert.deepEqual(ids(book.find((p) => p.number === '0722-6396208').matters), ['12', '13', '14', '15', '16', '17', '18']);
  assert.equal((await web.getJson('/regions/421381/directory?m=14&insurance=x')).status, 422);
});

test('towns and villages are a look-up, told as such', async () => { //= R282
  const d = await directory('421381');
  assert.deepEqual(d.lookups.map((p) => [p.name, p.unlisted, p.ask.number]), [['各镇办便民服务大厅医保窗口', true, '0722-6249102'], ['党群服务中心政务服务综合窗口', true, '0722-6249102']]);
  assert.ok(ids(d.lookups[0].matters).includes('16') && !ids(d.lookups[1].matters).includes('16'), 'the village does not take chronic diseases');
  const contact = (await directory('420281', '?m=25')).contact;
  assert.deepEqual(contact.places.map((p) => [p.name, p.duty]), [['市政务服务大厅', null], ['乡镇（街道）政务便民服务中心', '初审'], ['村（社区）政务便民服务点', '协办']]);
  assert.equal(contact.lookup, true);
});

test('every place and phone that a matter prints is in its region\'s directory', async () => {
  for (const { code } of (await web.getJson('/regions')).body.regions) {
    const d = await directory(code), phones = JSON.stringify([d.phones, d.points, d.supervision]);
    const named = (n) => [...d.points, ...d.lookups, ...d.places].some((p) => p.name === n || p.aliases?.includes(n)) || d.platforms.some((p) => p.name.includes(n));
    for (const m of (await web.getJson(`/regions/${code}/matters`)).body.groups.flatMap((g) => g.matters)) {
      const guide = (await web.getJson(`/regions/${code}/matters/${m.id}`)).body;
      for (const c of guide.channels.items) assert.ok(!c.name || named(c.name), `${code}/${m.id}: ${c.name}`);
      for (const p of [...guide.consult.phones, ...guide.supervision.phones]) assert.ok(phones.includes(`"${p.number}"`), `${code}/${m.id}: ${p.number}`);
    }
  }
});

test('search without scripts, from the guide and back', async () => {
  const page = new Browser(server.base);
  await page.open('/r/211282/directory');
  await page.submit('/directory', { q: '１２号' });
  page.has('12号窗口').hasNot('16号窗口', '506室');
  (await page.open('/r/410400/directory?q=7068390')).has('郏县社会医疗保险中心').hasNot('叶县社会医疗保险中心');
  (await page.open(`/r/420281/directory?q=${encodeURIComponent('转诊')}`)).has('事项的联系方式', '异地转诊人员备案');
  (await page.open(`/r/211282/directory?q=${encodeURIComponent('没有这个')}`)).has('没有找到“没有这个”');
  await page.open('/r/421300/m/07');
  (await page.follow('联系方式')).has('随州市政务服务大厅医疗保障窗口', '0722-3233198');
  assert.ok(page.html.includes('href="tel:07223233198"'));
  (await page.follow('看办事指南'));
  assert.equal(page.url, '/r/421300/m/07');
  assert.equal((await web.get('/r/421300/directory?m=99')).status, 404);
  assert.equal((await web.get('/e/r/421300/directory')).status, 200);
  assert.ok((await web.text('/e/r/420281/directory?m=12')).includes('href="/e/r/420281/m/12"'));
});

test('a poster\'s code leads to the page where a case is rated', async () => { //= R48
  const desk = await browse(server, '211282', 'supervisor');
  const list = await desk.text('/desk/posters'), window = encodeURIComponent('16号窗口');
  assert.ok(list.includes(`/desk/posters/hall.pdf?window=${window}`) && list.includes('/desk/posters/hall.pdf"'));
  const answer = await desk.get(`/desk/posters/hall.pdf?window=${window}`);
  assert.equal(answer.headers.get('content-type'), 'application/pdf');
  const pdf = path.join(scratch, 'poster.pdf');
  writeFileSync(pdf, Buffer.from(await answer.arrayBuffer()));
  const text = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' });
  for (const words of ['开原市医疗保障事务服务中心', '请您评价', '16号窗口', '演示']) assert.ok(text.includes(words), words);
  assert.ok(!text.includes('监督电话'), 'this guide prints none');
  execFileSync('pdftoppm', ['-r', '100', '-png', pdf, path.join(scratch, 'poster')]);
  const read = execFileSync('zbarimg', ['--quiet', '--raw', path.join(scratch, 'poster-1.png')], { encoding: 'utf8' }).trim();
  assert.equal(read, `${server.base}/r/211282/rate/hall?window=${window}`);
  const page = new Browser(server.base);
  (await page.open(read.replace(server.base, ''))).has('开原市医疗保障事务服务中心', '16号窗口', '这次服务您满意吗？');
  assert.equal((await web.get('/r/211282/rate/hall?window=x')).status, 404);
  assert.equal((await web.get('/r/211282/rate/nowhere')).status, 404);
  assert.equal((await desk.get('/desk/posters/nowhere.pdf')).status, 404);
  const info = execFileSync('pdfinfo', [pdf], { encoding: 'utf8' });
  assert.match(info, /Pages:\s+1\n/);
  assert.match(info, /A4/);
});

test('posters print the supervision phone that the guide prints; who may print them', async () => {
  const clerk = await signIn(server, '421300', 'window');
  const pdf = path.join(scratch, 'sz.pdf');
  writeFileSync(pdf, Buffer.from(await (await clerk.raw('/desk/posters/hall.pdf')).arrayBuffer()));
  const text = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' });
  assert.ok(text.includes('监督电话 0722-7115868') && !text.includes('0722-67115868'), 'a slip in two matters does not hang on the wall');
  const points = (await clerk.get('/desk/posters')).body.points;
  assert.equal(points[0].device, true);
  const keeper = await signIn(server, '421300', 'keeper');
  assert.equal((await keeper.get('/desk/posters')).status, 403);
  const town = (await (await signIn(server, '421381', 'admin')).get('/desk/posters')).body.points;
  assert.deepEqual(town.map((p) => [p.id, p.needed]), [['hall', false], ['town', true], ['village', true]]);
});

test('the page behind the code takes number and code of a case, and says what is wrong', async () => {
  const p = { name: '林小满', id_number: idNumber('421303', '19900307', '801'), mobile: '13812345678' };
  const made = await web.postJson('/regions/421300/matters/02/applications', {
    facts: { insured_status: '灵活就业人员', employee_action: '增加' }, applicant: p,
    form: { filler_phone: p.mobile, employees: [{ person_name: p.name, id_kind: '居民身份证', id_number: p.id_number, employee_action: '增加', mobile: p.mobile }] }, materials: { '2.1': 'given' } },
  { 'idempotency-key': 'poster-1' });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const page = new Browser(server.base);
  await page.open('/r/421300/rate/hall');
  await page.submit('/rate/hall', { no: '', code: '' });
  page.has('办件编号：没有填写', '查询码：没有填写');
  assert.equal(page.status, 422);
  await page.submit('/rate/hall', { no: made.body.no, code: 'AAAAAAAAAA' });
  assert.equal(page.status, 404);
  page.has('没有编号和查询码都相符的办件');
  await page.submit('/rate/hall', { no: made.body.no, code: made.body.code.toLowerCase() });
  assert.equal(page.url, `/c/${made.body.no}/${made.body.code}?via=qr#rating`);
});

test('slots and look-ups filled by the bureau show at once on every matter, as data alone', async () => { //= R9 R8 R282
  const dir = path.join(scratch, 'catalog'), edit = (region, fn) => {
    const file = path.join(dir, 'regions', region, 'region.yaml');
    writeFileSync(file, fn(readFileSync(file, 'utf8')));
  };
  cpSync(process.env.JINGBAN_CATALOG || path.join(root, 'catalog'), dir, { recursive: true });
  edit('410400', (y) => y.replace(/( {2}- 项目: 网址\n {4}原文: .*\n)/, '$1    公布:\n      - 统筹区: 郏县\n        内容: https://jx.example.cn/yb\n')
    .replace(/( {2}- 项目: 监督电话\n {4}原文: .*\n)/, '$1    公布:\n      - 统筹区: 郏县\n        内容: 0375-5160000\n'));
  edit('421381', (y) => y.replace('渠道平台:', '  - 标识: town-01\n    名称: 应山街道便民服务大厅\n    归入: town\n    所属: 应山街道\n    层级: 乡镇级\n    地址: 应山街道某路 1 号\n    电话: [0722-6200001]\n渠道平台:'));
  const other = await serve(['--catalog', dir]), there = client(other.base);
  try {
    const get = async (region, query = '') => (await there.getJson(`/regions/${region}/directory${query}`)).body;
    const contact = (await get('410400', '?m=03')).contact, net = contact.others.find((o) => o.kind === '网上');
    assert.deepEqual(net.published.map((p) => [p.area, p.slot, p.url]), [['郏县', '网址', 'https://jx.example.cn/yb']]);
    assert.deepEqual(contact.published.map((p) => [p.area, p.dial]), [['郏县', '03755160000']]);
    const slots = Object.fromEntries((await get('410400')).slots.map((s) => [s.kind, s.missing]));
    assert.deepEqual([slots.网址, slots.监督电话, slots.手机APP], [false, false, true]);
    const page = await there.text('/r/410400/directory?m=03');
    assert.ok(page.includes('href="https://jx.example.cn/yb"') && page.includes('href="tel:03755160000"'));
    const [town, village] = (await get('421381')).lookups;
    assert.deepEqual(town.members.map((m) => [m.area, m.phones[0].number]), [['应山街道', '0722-6200001']]);
    assert.deepEqual([town.unlisted, village.unlisted], [false, true]);
    const found = await there.text(`/r/421381/directory?q=${encodeURIComponent('应山')}`);
    assert.ok(found.includes('应山街道便民服务大厅') && !found.includes('党群服务中心'));
  } finally { await other.stop(); }
});
