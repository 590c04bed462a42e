// Verdicts that a guide leaves to hospitals and has the agency supervise: entered with the case, drawn by lot, checked by somebody who had no
// part in it; what the agency finds stands beside the verdict and changes nothing of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, signIn } from './staff.mjs';
import { House, Way } from './ways.mjs';

const CITY = '410400', COUNTY = '421381', OFFICE = '医保经办机构或委托的定点医疗机构', AT_HOSPITAL = { disease_devolved: '是', accepting_body: '定点医疗机构' };
let house, granted, denied, own, county;
const answering = (region, answers) => {
  const way = new Way(house, region, '16'), usual = way.facts();
  way.facts = () => ({ ...usual, ...answers });
  return way;
};
const change = async (region, login, fields) => {
  const { admin } = house.staff[region], person = (await admin.get('/desk/staff')).body.staff.find((s) => s.login === login), r = await admin.post(`/desk/staff/${person.id}`, fields);
  assert.equal(r.status, 200, JSON.stringify(r.body));
  house.staff[region][login] = Object.assign(await signIn(house.server, region, login), { login });
};

before(async () => {
  house = await House.open();
  house.calendar();
  for (const region of [CITY, COUNTY]) await house.roster(region);
  for (const login of ['rev1', 'rev2', 'rev3', 'all']) await change(COUNTY, login, { section: OFFICE });
  granted = answering(CITY, AT_HOSPITAL);
  denied = answering(CITY, AT_HOSPITAL);
  own = answering(CITY, {});
  county = answering(COUNTY, {});
  await granted.drive();
  await denied.turnDown();
  await own.drive();
  await county.drive();
}, { timeout: 300000 });
after(() => house?.stop());

const desk = (region, login = 'sup1') => house.staff[region][login];
const list = async (region) => (await desk(region).get('/desk/verdicts')).body;

test('what a hospital decided can be drawn, granted or not; what the agency decided itself is not the hospital’s', async () => { //= R179 type=test
  const city = await list(CITY);
  assert.deepEqual(city.rules.map((r) => r.text), ['经办机构对医疗机构认定情况进行有效监管']);
  assert.equal(city.waiting, 2, 'the two that went to a hospital');
  assert.equal((await list(COUNTY)).waiting, 1);
  const seen = async (way) => (await way.see(way.desk)).verdict;
  assert.deepEqual([(await seen(granted)).verdict, (await seen(denied)).verdict, await seen(own)], ['予以认定', '不予认定', null]);
  const c = await seen(county);
  assert.deepEqual([c.verdict, c.section, c.state, c.opinion], ['予以认定', OFFICE, 'new', null], 'whose verdict it is');
});

test('the lot is the supervisor’s: how many he says, which ones nobody', async () => { //= R179 type=test
  for (const login of ['rev1', 'win1', 'admin']) {
    assert.equal((await desk(CITY, login).get('/desk/verdicts')).status, 403, login);
    assert.equal((await desk(CITY, login).post('/desk/verdicts/draw', { count: '1' })).status, 403, login);
  }
  for (const count of ['', '0', '201', '两件']) {
    const r = await desk(CITY).post('/desk/verdicts/draw', { count });
    assert.deepEqual([r.status, r.body.errors[0].field], [422, 'count'], count);
    assert.match(r.body.errors[0].remedy, /1 到 200/);
  }
  const one = await desk(CITY).post('/desk/verdicts/draw', { count: '1' });
  assert.deepEqual([one.status, one.body.drawn], [200, 1], JSON.stringify(one.body));
  const left = await list(CITY);
  assert.deepEqual([left.waiting, left.drawn.length], [1, 1]);
  assert.equal((await list(COUNTY)).drawn.length, 0, 'another region’s are its own');
  assert.equal((await desk(CITY).post('/desk/verdicts/draw', { count: '9' })).body.drawn, 1, 'no more than there are');
  const none = await desk(CITY).post('/desk/verdicts/draw', { count: '1' });
  assert.deepEqual([none.status, none.body.id], [409, 'ERR_CASE_EDGE'], JSON.stringify(none.body));
  assert.deepEqual((await list(CITY)).drawn.map((v) => v.case_no).sort(), [granted.no, denied.no].sort());
});

test('the agency’s finding stands beside the hospital’s verdict; nobody checks his own; once', async () => { //= R179 type=test
  const drawn = (await list(CITY)).drawn, of = (way) => drawn.find((v) => v.case_no === way.no), before = await granted.see(granted.desk);
  const empty = await desk(CITY).post(`/desk/verdicts/${of(granted).id}`, {});
  assert.deepEqual([empty.status, empty.body.errors.map((e) => e.field)], [422, ['outcome', 'opinion']], JSON.stringify(empty.body));
  assert.equal((await desk(CITY).post('/desk/verdicts/1', { outcome: 'agreed', opinion: '看过病历' })).status, 404);
  assert.equal((await desk(COUNTY).post(`/desk/verdicts/${of(granted).id}`, { outcome: 'agreed', opinion: '看过病历' })).status, 404, 'another region’s');

  const judge = granted.did.find((x) => x.kind === '审核').login;
  await change(CITY, judge, { roles: 'review supervisor' });
  const self = await desk(CITY, judge).post(`/desk/verdicts/${of(granted).id}`, { outcome: 'agreed', opinion: '自己看自己的' });
  assert.deepEqual([self.status, self.body.id], [403, 'ERR_SEPARATION'], JSON.stringify(self.body));

  const r = await desk(CITY).post(`/desk/verdicts/${of(granted).id}`, { outcome: 'disagreed', opinion: '住院病历没有检查报告，不符合病种标准' });
  assert.equal(r.status, 200, JSON.stringify(r.body));
  const after = await granted.see(granted.desk);
  assert.deepEqual([after.verdict.verdict, after.verdict.state_name, after.verdict.opinion, after.verdict.checker], ['予以认定', '认定不当', '住院病历没有检查报告，不符合病种标准', desk(CITY).name]);
  assert.notEqual(after.verdict.giver, after.verdict.checker);
  for (const key of ['status', 'timeline', 'documents']) assert.deepEqual(after[key], before[key], `${key} is as the hospital left it`);
  const again = await desk(CITY).post(`/desk/verdicts/${of(granted).id}`, { outcome: 'agreed', opinion: '再看一次' });
  assert.deepEqual([again.status, again.body.id], [409, 'ERR_CASE_EDGE'], JSON.stringify(again.body));
  const now = await list(CITY);
  assert.deepEqual([now.drawn.map((v) => v.case_no), now.disagreed.map((v) => v.case_no), now.agreed], [[denied.no], [granted.no], []]);
});

test('the same by pages without scripts', async () => { //= R179 type=test
  const b = await browse(house.server, COUNTY, 'sup1');
  assert.ok((await b.text('/desk/supervision')).includes('href="/desk/verdicts"'));
  let html = await b.text('/desk/verdicts');
  for (const words of ['医保经办机构对认定情况进行有效监管', '还没抽取的认定有 1 件', '没有待核查的认定']) assert.ok(html.includes(words), words);
  const press = async (path, fields) => { const r = await b.send(path, fields, '/desk/verdicts'); return { status: r.status, html: r.text }; };
  const wrong = await press('/desk/verdicts/draw', { count: '很多' });
  assert.ok(wrong.status === 422 && wrong.html.includes('抽取件数') && wrong.html.includes('value="很多"'), 'what was typed stays');
  assert.equal((await press('/desk/verdicts/draw', { count: '3' })).status, 303);
  html = await b.text('/desk/verdicts');
  assert.ok(html.includes(county.no) && html.includes(OFFICE));
  const [path] = /\/desk\/verdicts\/\d+/.exec(html), half = await press(path, { outcome: 'agreed', opinion: '' });
  assert.ok(half.status === 422 && half.html.includes('核查的依据') && half.html.includes('value="agreed" checked'), half.html.slice(0, 300));
  assert.equal((await press(path, { outcome: 'agreed', opinion: '病历和检查报告都看过，符合' })).status, 303);
  assert.ok((await b.text('/desk/verdicts')).includes('病历和检查报告都看过，符合'));
  const page = await b.text(`/desk/c/${county.no}`);
  assert.match(page, /<dt>认定<\/dt><dd>予以认定[^]*<dt>经办机构核查<\/dt><dd>认定正确[^]*病历和检查报告都看过，符合/);
});

test('afterwards every case is the fold of its events and the chain holds', () => {
  for (const said of house.verify()) for (const line of said.trim().split('\n')) assert.match(line, /：一致$/);
});
