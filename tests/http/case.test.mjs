// The applicant's side of a case on the real binary: progress, correction after the one notice, papers, withdrawal, rating, guessing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, idNumber, pdf, png } from './browser.mjs';
import { client, root, serve } from './lib.mjs';
import { signIn } from './staff.mjs';

let server, web;
before(async () => { server = await serve(); web = client(server.base); });
after(() => server?.stop());

const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
let serial = 500, persons;
function insured() { // every test is somebody else
  persons ??= execFileSync(binary, ['export', 'persons', '--region', '420281', '--limit', '300', '--demo'], { cwd: root, encoding: 'utf8' })
    .trim().split('\n').map((l) => l.split('\t')).filter((r) => r[3] === '职工医保');
  const [name, id_number] = persons.shift();
  return { name, id_number, mobile: '13912345678' };
}

// A certificate asked for in 420281; MATERIALS as given.
async function certificate(materials = { 1.2: 'given' }, more = {}) {
  const p = insured(), { status, body } = await web.postJson('/regions/420281/matters/10/applications',
    { facts: { insurance: '职工医保' }, applicant: p, materials, delivery: { way: '电子证照下载' }, ...more }, { 'idempotency-key': `c-${++serial}` });
  assert.equal(status, 201, JSON.stringify(body));
  return { ...body, person: p, headers: { 'x-access-code': body.code } };
}

const act = async (staff, no, action, body = {}) => {
  const r = await staff.post(`/desk/cases/${no}/actions/${action}`, body);
  assert.equal(r.status, 200, `${action}: ${JSON.stringify(r.body)}`);
  return r.body;
};
async function finish(no, region = '420281') {
  const clerk = await signIn(server, region, 'window'), reviewer = await signIn(server, region, 'reviewer');
  await act(clerk, no, 'accept');
  for (let i = 0; i < 4; i++) {
    const { body } = await reviewer.get(`/desk/cases/${no}`);
    if (body.case.stage === '办结' || !body.case.stage) break;
    await act(reviewer, no, 'pass');
  }
  const r = await clerk.post(`/desk/cases/${no}/actions/conclude`, {});
  if (r.status !== 200) await act(reviewer, no, 'conclude');
}

test('number and code open the case, with blanks, in any case, full width', async () => {
  const c = await certificate(), b = new Browser(server.base);
  await b.open('/case');
  await b.submit('/case', { no: ` ${c.no.slice(0, 6)} ${c.no.slice(6, 12)}-${c.no.slice(12)} `, code: ` ${c.code.slice(0, 5)} ${c.code.slice(5).toLowerCase()}` });
  assert.equal(b.url, `/c/${c.no}/${c.code}`);
  b.has('出具《参保凭证》', '待受理', '当天办结', '受理');
  b.hasNot(c.person.name, c.person.id_number);
  const wide = [...c.no].map((d) => String.fromCodePoint(d.codePointAt(0) + 0xfee0)).join('');
  await b.open('/case');
  await b.submit('/case', { no: wide, code: c.code });
  assert.equal(b.url, `/c/${c.no}/${c.code}`);
  await b.open(`/e/c/${c.no}/${c.code}/receipt`);
  b.has('申请已提交', c.no.slice(0, 6));
  assert.ok(b.html.includes('class="elder"'));
});

test('a wrong code and a wrong number are alike; a mistyped number is told', async () => {
  const c = await certificate(), other = await certificate();
  for (const [no, code] of [[c.no, 'AAAAAAAAAA'], [c.no, other.code]]) {
    const r = await web.getJson(`/cases/${no}`, { 'x-access-code': code });
    assert.deepEqual([r.status, r.body.id], [404, 'ERR_NOT_FOUND']);
  }
  const digit = c.no.slice(0, 18) + (Number(c.no[18]) + 1) % 10;
  const typo = await web.getJson(`/cases/${digit}`, c.headers);
  assert.deepEqual([typo.status, typo.body.errors[0].field], [422, 'no']);
  assert.equal((await web.getJson(`/cases/${c.no}`)).status, 401);
  const b = new Browser(server.base);
  await b.open('/case');
  await b.submit('/case', { no: c.no, code: 'BBBBB BBBBB' });
  assert.equal(b.status, 404);
  b.has('没有编号和查询码都相符的办件');
  assert.ok(b.html.includes(`value="${c.no}"`));
});

test('from gaps to the result by pages: one notice, the file, acceptance, certificate, verification, rating', async () => { //= R16 R110 R114 R49
  const c = await certificate({}), b = new Browser(server.base);
  assert.equal(c.case.gaps.length, 1);
  const clerk = await signIn(server, '420281', 'window');
  await act(clerk, c.no, 'notice');
  await b.open(`/c/${c.no}/${c.code}`);
  b.has('待补正', '请补这 1 样', '一次性告知', '任选一样', '社保卡', '材料补齐那天起算');
  await b.submit('/supplement');
  assert.equal(b.status, 422);
  b.has('没有新提交的材料');
  await b.upload('/upload/1.2', { name: '程序.exe', bytes: Buffer.from('MZ plain') });
  assert.equal(b.status, 415);
  b.has('只能上传照片', '社保卡');
  await b.upload('/upload/1.2', { name: '社保卡.png', bytes: png });
  assert.equal(b.status, 200);
  b.has('社保卡.png');
  await b.submit('/supplement');
  assert.equal(b.status, 200);
  b.has('待受理', '已补充材料');
  await finish(c.no);
  await b.open(`/c/${c.no}/${c.code}`);
  b.has('待送达', '在下面的“文书”里下载', '这次办事满意吗', '非常满意', '非常不满意');
  assert.ok(!/<input type="radio" name="level"[^>]* checked/.test(b.html), 'no default');
  const seen = await web.getJson(`/cases/${c.no}`, c.headers), paper = seen.body.case.documents.find((d) => d.kind === 'certificate');
  assert.match(paper.no, /^42-420200-2026-\d+$/); //= R115
  assert.equal((await fetch(`${server.base}/c/${c.no}/${c.code}/doc/${paper.id}`, { method: 'HEAD' })).status, 200);
  await b.open(`/c/${c.no}/${c.code}`);
  b.has('待送达'); // HEAD hands nothing over
  await b.open(`/c/${c.no}/${c.code}/doc/${paper.id}`);
  assert.equal(b.type, 'application/pdf');
  assert.equal(b.bytes.subarray(0, 5).toString(), '%PDF-');
  await b.open(`/c/${c.no}/${c.code}`);
  b.has('已办结'); //= R27
  await b.submit('/rate', {});
  assert.equal(b.status, 422);
  b.has('没有选择');
  assert.ok(b.html.includes('id="f-level"') && /id="e-level">没有选择/.test(b.html), 'told at the field');
  assert.ok(!/<input type="radio" name="level"[^>]* checked/.test(b.html), 'and nothing is chosen for people'); //= R49 type=test
  await b.submit('/rate', { level: '2', tags: ['经办机构：服务效率'], text: '长'.repeat(501) });
  assert.equal(b.status, 422);
  assert.match(b.html, /id="e-text">超过 500 个字/);
  assert.deepEqual([...b.html.matchAll(/name="level" value="(\d)"([^>]*)>/g)].filter((m) => m[2].includes('checked')).map((m) => m[1]), ['2'], 'the level chosen is kept');
  assert.ok(b.html.includes(`>${'长'.repeat(501)}</textarea>`) && b.html.includes('value="经办机构：服务效率" checked'), 'and what was written and ticked');
  await b.submit('/rate', { level: '2', tags: ['经办机构：速度快', '工作人员：态度好'], text: '很快 <b>' });
  b.has('谢谢您的评价', '满意');
  const twice = await web.postJson(`/cases/${c.no}/ratings`, { level: 1 }, c.headers);
  assert.deepEqual([twice.status, twice.body.id], [409, 'ERR_RATED']);
});

test('withdrawal ends the case once; nothing can be sent to it after', async () => {
  const c = await certificate(), b = new Browser(server.base);
  await b.open(`/c/${c.no}/${c.code}`);
  await b.submit('/withdraw', { reason: '不'.repeat(201) });
  b.has('撤回的原因：超过 200 个字');
  assert.ok(/<details class="inner fold" open><summary>撤回申请/.test(b.html) && b.html.includes(`value="${'不'.repeat(201)}"`), 'the form that was refused stays open, with what was typed');
  await b.submit('/withdraw', { reason: '不办了' });
  b.has('已撤回', '不办了').hasNot('确定撤回');
  const twice = await web.postJson(`/cases/${c.no}/withdraw`, {}, c.headers);
  assert.deepEqual([twice.status, twice.body.id], [409, 'ERR_CASE_EDGE']);
  const files = new FormData();
  files.append('file', new Blob([pdf]), 'x.pdf');
  assert.equal((await fetch(`${server.base}/api/v1/cases/${c.no}/uploads/1.2`, { method: 'POST', headers: c.headers, body: files })).status, 409);
});

test('the same by the API: supplement, rating, documents', async () => {
  const c = await certificate({});
  const strange = await web.postJson(`/cases/${c.no}/supplement`, { materials: { 7.7: 'given' } }, c.headers);
  assert.deepEqual([strange.status, strange.body.errors[0].field], [422, 'materials.7.7']);
  const committed = await web.postJson(`/cases/${c.no}/supplement`, { materials: { 1.2: 'committed' } }, c.headers); //= R35
  assert.equal(committed.status, 422);
  const given = await web.postJson(`/cases/${c.no}/supplement`, { materials: { 1.3: 'given' } }, c.headers);
  assert.equal(given.status, 200, JSON.stringify(given.body));
  assert.deepEqual(given.body.case.gaps, []);
  assert.equal(given.body.case.days.running, true);
  const early = await web.postJson(`/cases/${c.no}/ratings`, { level: 1 }, c.headers);
  assert.deepEqual([early.status, early.body.id], [409, 'ERR_CASE_EDGE']);
  await finish(c.no);
  const long = await web.postJson(`/cases/${c.no}/ratings`, { level: 3, text: '长'.repeat(501) }, c.headers);
  assert.deepEqual([long.status, long.body.errors[0].field], [422, 'text']);
  const rated = await web.postJson(`/cases/${c.no}/ratings`, { level: 5, tags: ['经办机构：速度快'], text: '慢' }, c.headers);
  assert.deepEqual([rated.status, rated.body.case.rating], [200, 5]);
  const id = rated.body.case.documents[0].id;
  const paper = await web.get(`/api/v1/cases/${c.no}/documents/${id}`, c.headers);
  assert.deepEqual([paper.status, paper.headers.get('content-type')], [200, 'application/pdf']);
  const other = await certificate();
  assert.equal((await web.get(`/api/v1/cases/${other.no}/documents/${id}`, other.headers)).status, 404);
});

test('a paper is verified by number and code, masked; a wrong code is not', async () => {
  const c = await certificate(), receipt = c.case.documents.find((d) => d.kind === 'receipt');
  const clerk = await signIn(server, '420281', 'window');
  const { body } = await clerk.get(`/desk/cases/${c.no}`);
  assert.ok(body.case);
  const file = await web.get(`/api/v1/cases/${c.no}/documents/${receipt.id}`, c.headers);
  const text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: Buffer.from(await file.arrayBuffer()), encoding: 'utf8' });
  const code = /验证码[：:\s]*([0-9A-Z ]{8,})/.exec(text)?.[1].trim();
  assert.ok(code, text);
  const page = new Browser(server.base);
  await page.open('/v');
  await page.submit('/v', { region: '420281', no: receipt.no, code });
  page.has('这份文书是真的', '收件回执', '大冶市').hasNot(c.person.name);
  const wrong = await web.get(`/v/420281/${receipt.no}/AAAAAAAA`);
  assert.equal(wrong.status, 404);
  assert.ok((await wrong.text()).includes('没有查到这份文书'));
  assert.equal((await web.getJson(`/documents/420281/${receipt.no}?code=AAAAAAAA`)).status, 404);
  const b = new Browser(server.base);
  await b.open('/v');
  b.has('验证文书', '大冶市');
  await b.submit('/v', { region: '420281', no: receipt.no, code: 'aaaa aaaa' });
  assert.equal(b.status, 404);
});

test('an overdue case says so and whom to call', async () => {
  const p = { name: '林小满', id_number: idNumber('421303', '19900307', ++serial), mobile: '13812345678' };
  const sent = await web.postJson('/regions/421300/matters/02/applications', {
    facts: { insured_status: '灵活就业人员' }, applicant: p, materials: { '2.1': 'given' },
    form: { filler_phone: p.mobile, employees: [{ person_name: p.name, id_kind: '居民身份证', id_number: p.id_number, employee_action: '增加', mobile: p.mobile }] } },
  { 'idempotency-key': `late-${serial}` });
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  await web.postJson('/demo/clock', { advance_workdays: 3 });
  const b = new Browser(server.base);
  await b.open(`/c/${sent.body.no}/${sent.body.code}`);
  b.has('已经超过承诺的时限', '已超期 3 个工作日', '监督电话', '0722-7115868');
});

test('after ten wrong codes in ten minutes a peer waits', async () => { // last: it locks this peer
  const c = await certificate();
  let locked = 0;
  for (let i = 0; i < 14 && !locked; i++) {
    const r = await web.getJson(`/cases/${c.no}`, { 'x-access-code': 'CCCCCCCC' + String(i).padStart(2, '0') });
    if (r.status === 429) { locked = i + 1; assert.equal(r.body.id, 'ERR_LOCKED'); } else assert.equal(r.status, 404);
  }
  assert.ok(locked > 1 && locked <= 11, `locked at ${locked}`);
  assert.equal((await web.getJson(`/cases/${c.no}`, c.headers)).status, 429);
  const page = await web.get(`/c/${c.no}/${c.code}`);
  assert.deepEqual([page.status, page.headers.get('retry-after')], [429, '600']);
  await web.postJson('/demo/clock', { now: new Date(Date.parse((await web.getJson('/demo/clock')).body.now) + 11 * 60000).toISOString() });
  assert.equal((await web.getJson(`/cases/${c.no}`, c.headers)).status, 200);
});
