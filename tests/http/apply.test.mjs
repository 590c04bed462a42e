// From the checklist to the receipt, by pages without scripts and by the API, on the real binary.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, idNumber, pdf, png } from './browser.mjs';
import { client, root, serve } from './lib.mjs';

let server, web;
before(async () => { server = await serve(); web = client(server.base); });
after(() => server?.stop());

const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
const flexible = { insured_status: '灵活就业人员', employee_action: '增加' };
let serial = 100;
const somebody = (name = '林小满') => ({ name, id_number: idNumber('421303', '19900307', ++serial), mobile: '13812345678' });
const formOf = (p) => ({ filler_phone: p.mobile, employees: [{ person_name: p.name, id_kind: '居民身份证', id_number: p.id_number, employee_action: '增加', mobile: p.mobile }] });
const bodyOf = (p, more = {}) => ({ facts: flexible, applicant: p, form: formOf(p), materials: { '2.1': 'given' }, ...more });
let key = 0;
const send = (body, { id = `t-${++key}`, region = '421300', matter = '02' } = {}) =>
  web.postJson(`/regions/${region}/matters/${matter}/applications`, body, id ? { 'idempotency-key': id } : {});

export function demoPerson(region, insurance) {
  const rows = execFileSync(binary, ['export', 'persons', '--region', region, '--limit', '200', '--demo'], { cwd: root, encoding: 'utf8' }).trim().split('\n').map((l) => l.split('\t'));
  const hit = rows.find((r) => !insurance || r[3] === insurance);
  return { name: hit[0], id_number: hit[1], mobile: '13912345678' };
}

// From the guide to the task list, answering the questions.
async function begin(region, matter, answers, base = '') {
  const b = new Browser(server.base);
  await b.open(`${base}/r/${region}/m/${matter}`);
  await b.follow('开始核对材料');
  while (/name="ask"/.test(b.html)) {
    const ask = /name="ask" value="([^"]+)"/.exec(b.html)[1];
    assert.ok(ask in answers, `the wizard asks ${ask}`);
    await b.submit('/check', { [ask]: answers[ask] });
  }
  return b.submit('/apply');
}

async function fillIn(b, p) {
  await b.follow('开始填写');
  b.has('谁来申请');
  await b.submit('/applicant', { applicant_name: p.name, applicant_id: p.id_number, mobile: p.mobile });
  return b;
}

for (const base of ['', '/e']) {
  test(`职工参保登记（灵活就业）by pages, from guide to receipt${base && ', elder mode'}`, async () => { //= R52 R62
    const p = somebody(), b = await begin('421300', '02', flexible, base);
    assert.match(b.url, new RegExp(`^${base}/r/421300/d/[0-9A-Z]{26}$`));
    b.has('职工参保登记', '申请人', '填表', '材料', '领取方式', '核对并提交', '保存 30 天', '未填');
    await fillIn(b, p);
    b.has('职工基本医疗保险参保登记表');
    assert.ok(b.html.includes(`value="${p.id_number}"`) && b.html.includes(`value="${p.name}"`), 'nothing is typed twice');
    await b.submit('/form', { filler_phone: '' });
    assert.equal(b.status, 422);
    b.has('没有填写', '电话');
    assert.ok(b.html.includes('href="#f-filler_phone"') && b.html.includes('id="f-filler_phone"'));
    assert.ok(b.html.includes(`value="${p.id_number}"`), 'what was typed is still there');
    await b.submit('/form', { filler_phone: p.mobile });
    b.has('材料', '有效身份证件', '20 MB', 'HEIC', '已在线填写', '还差 1 样');
    await b.upload('/upload/2.1', { name: '身份证正面.png', bytes: png }, { name: '身份证反面.png', bytes: png });
    b.has('身份证正面.png', '身份证反面.png', '要交的都齐了');
    await b.follow('继续');
    await b.submit('/delivery', { delivery: '电子证照下载' });
    b.has('核对并提交', p.name, p.id_number, '电子证照下载', '灵活就业人员', '要交的都齐了');
    await b.submit('/submit');
    assert.match(b.url, /\/c\/\d{19}\/[0-9A-Z]{10}\/receipt$/);
    b.has('申请已提交', '办件编号', '查询码', '最晚', '收件回执');
    const qr = await fetch(server.base + /<img src="([^"]+qr\.svg)"/.exec(b.html)[1]);
    assert.equal(qr.headers.get('content-type'), 'image/svg+xml');
    const paper = await fetch(server.base + b.link('收件回执'));
    assert.equal((await paper.arrayBuffer()).byteLength > 3000 && paper.headers.get('content-type'), 'application/pdf');
    await b.follow('看办件进度');
    b.has('待受理', '已提交申请', '受理', '审核');
  });
}

test('the same by the API, and what its receipt opens', async () => {
  const p = somebody(), { status, body } = await send(bodyOf(p));
  assert.equal(status, 201, JSON.stringify(body));
  assert.match(body.no, /^421300\d{13}$/);
  assert.equal(body.case.status, 'submitted');
  assert.equal(body.case.clock.due, '2026-11-23'); // 即时办结
  assert.deepEqual(body.case.gaps, []);
  const seen = await web.getJson(`/cases/${body.no}`, { 'x-access-code': body.code.toLowerCase() });
  assert.equal(seen.body.case.no, body.no);
  assert.ok(!JSON.stringify(seen.body).includes(p.id_number), 'identity numbers are masked');
  const least = await web.postJson('/regions/421300/matters/02/applications', bodyOf(somebody()), { 'idempotency-key': 'least', prefer: 'return=minimal' });
  assert.equal(least.body.case, undefined);
});

test('出具《参保凭证》 by pages: a matter without a form', async () => { //= R110
  const p = demoPerson('420281', '职工医保'), b = await begin('420281', '10', { insurance: '职工医保' });
  b.hasNot('填表');
  await fillIn(b, p);
  b.has('任选一样', '有效身份证', '社保卡', '医保电子凭证');
  await b.upload('/upload/1.2', { name: '社保卡.pdf', bytes: pdf });
  b.has('要交的都齐了');
  await b.follow('继续');
  await b.submit('/delivery', { delivery: '电子证照下载' });
  await b.submit('/submit');
  b.has('申请已提交');
});

test('a draft by the API, step by step', async () => {
  const p = somebody();
  const made = await web.postJson('/regions/421300/matters/02/drafts', { facts: flexible });
  assert.equal(made.status, 201);
  const at = `/api/v1/regions/421300/drafts/${made.body.draft.token}`;
  const put = (part, body) => fetch(server.base + `${at}/${part}`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal((await put('applicant', { applicant: p })).status, 200);
  assert.equal((await put('form', {})).status, 422);
  assert.equal((await put('form', formOf(p))).status, 200);
  const files = new FormData();
  files.append('file', new Blob([png]), '证件.png');
  const up = await fetch(server.base + `${at}/uploads/2.1`, { method: 'POST', body: files });
  assert.equal(up.status, 201);
  const file = (await up.json()).uploads[0];
  assert.equal(file.mime, 'image/png');
  assert.equal((await fetch(server.base + `${at}/uploads/${file.id}`, { method: 'DELETE' })).status, 200);
  const list = await (await fetch(server.base + `${at}/materials`)).json();
  assert.equal(list.missing, 1);
  const sent = await fetch(server.base + `${at}/submit`, { method: 'POST' });
  assert.equal(sent.status, 201);
  const receipt = await sent.json();
  assert.equal(receipt.case.gaps.length, 1); // handed in with a gap: the bureau tells it once
  const again = await fetch(server.base + `${at}/submit`, { method: 'POST' });
  assert.equal((await again.json()).no, receipt.no); // one draft, one case
  assert.equal((await put('form', formOf(p))).status, 409);
});

test('idempotency: the same again gives the same number, another content is refused', async () => {
  const p = somebody(), first = await send(bodyOf(p), { id: 'same' });
  assert.equal(first.status, 201);
  const again = await send(bodyOf(p), { id: 'same' });
  assert.deepEqual([again.status, again.body.no, again.body.code, again.body.replayed], [200, first.body.no, first.body.code, true]);
  const other = await send(bodyOf({ ...p, mobile: '13700000000' }), { id: 'same' });
  assert.deepEqual([other.status, other.body.id], [409, 'ERR_IDEMPOTENCY']);
  const none = await send(bodyOf(p), { id: null });
  assert.equal(none.status, 422);
  assert.equal(none.body.errors[0].field, 'Idempotency-Key');
});

test('refusals name the field, the reason and the remedy', async () => {
  const missing = await send({ ...bodyOf(somebody()), facts: {} });
  assert.equal(missing.status, 422);
  assert.equal(missing.body.errors[0].field, 'insured_status');
  const p = somebody(), wrong = { ...p, id_number: p.id_number.slice(0, 17) + (p.id_number[17] === '1' ? '2' : '1') };
  const check = await send(bodyOf(wrong));
  assert.equal(check.status, 422);
  assert.deepEqual([check.body.errors[0].field, !!check.body.errors[0].remedy], ['applicant_id', true]);
  const retired = somebody();
  const not = await send({ ...bodyOf(retired), facts: { insured_status: '退休人员' }, form: { ...formOf(retired), unit_name: '某单位', unit_no: '1' } });
  assert.deepEqual([not.status, not.body.id], [422, 'ERR_NOT_ELIGIBLE']);
  const leaver = somebody(), leaves = formOf(leaver);
  leaves.employees[0].employee_action = '终止';
  const sub = await send({ ...bodyOf(leaver), form: leaves }); //= R52
  assert.deepEqual([sub.status, sub.body.id, sub.body.errors[0].field], [422, 'ERR_FIELD_INVALID', 'employees.0.employee_action']);
  const material = await send({ ...bodyOf(somebody()), materials: { 99: 'given' } });
  assert.equal(material.status, 422);
  const kind = await send({ ...bodyOf(somebody()), materials: { '2.1': 'checked' } });
  assert.equal(kind.body.errors[0].field, 'materials.2.1');
  const list = await send([]);
  assert.equal(list.status, 400);
  const nobody = await send({ facts: { insurance: '职工医保' }, applicant: somebody() }, { region: '420281', matter: '10' });
  assert.deepEqual([nobody.status, nobody.body.id], [409, 'ERR_RECORD_MISSING']); //= R102
});

test('suspended and not handled matters are refused before a draft is made', async () => { //= R13
  const suspended = await web.postJson('/regions/211282/matters/16/drafts', { facts: {} });
  assert.deepEqual([suspended.status, suspended.body.id, suspended.body.rule], [409, 'ERR_MATTER_SUSPENDED', 'R13']);
  assert.ok(suspended.body.detail.includes('铁政办发'));
  const page = await web.post('/r/211282/m/16/apply', {});
  assert.equal(page.status, 409);
  assert.ok((await page.text()).includes('暂停'));
  const hospital = await web.postJson('/regions/410400/matters/15/drafts', { facts: {} }); //= R143
  assert.deepEqual([hospital.status, hospital.body.id], [409, 'ERR_MATTER_UNAVAILABLE']);
});

test('unanswered questions lead back into the wizard; a wrong service object is told', async () => { //= R62
  const res = await web.post('/r/420281/m/10/apply', {});
  assert.deepEqual([res.status, res.headers.get('location')], [303, '/r/420281/m/10/check']);
  const not = await web.post('/r/421300/m/02/apply', { insured_status: '城乡居民', employee_action: '增加' });
  assert.equal(not.status, 422);
});

test('nothing typed is lost: errors, rows, a page left without saving', async () => {
  const p = somebody('欧阳·阿依夏'), b = await begin('421300', '02', flexible);
  const draft = b.url;
  await b.follow('开始填写');
  await b.submit('/applicant', { applicant_name: p.name, applicant_id: '421303199003070001', mobile: '123' });
  assert.equal(b.status, 422);
  assert.ok(b.html.includes('value="421303199003070001"') && b.html.includes('href="#f-applicant_id"') && b.html.includes('id="f-applicant_id"'));
  await b.open(draft);
  b.has('没填完', '还有 2 处要填');
  await b.open(draft + '/applicant');
  assert.ok(b.html.includes(`value="${p.name}"`));
  await b.submit('/applicant', { applicant_id: p.id_number, mobile: p.mobile });
  await b.submit('/form', { 'employees.0.remark': '第一行' }, { add_row: 'employees' });
  assert.ok(b.html.includes('name="employees.1.person_name"') && b.html.includes('value="第一行"'));
  await b.submit('/form', { 'employees.1.person_name': '第二人' }, { remove_row: 'employees.0' });
  assert.ok(!b.html.includes('name="employees.1.person_name"') && b.html.includes('value="第二人"'));
  const beacon = await web.post(draft + '/form', { filler_phone: '07223233281', 'employees.0.person_name': '写到一', autosave: '1' });
  assert.equal(beacon.status, 204);
  await b.open(draft + '/form');
  assert.ok(b.html.includes('value="写到一"') && b.html.includes('value="07223233281"'));
});

test('uploads: 20 MB passes, more is told and the page lives, a wrong kind is refused, files are removed', async () => {
  const p = somebody(), b = await begin('421300', '02', flexible);
  await b.open(b.url + '/materials');
  const big = Buffer.concat([png, Buffer.alloc(20 * 1024 * 1024 - png.length, 1)]);
  await b.upload('/upload/2.1', { name: '大照片.png', bytes: big });
  assert.equal(b.status, 200);
  b.has('大照片.png', '20.0 MB');
  await b.upload('/upload/2.1', { name: '太大.png', bytes: Buffer.concat([big, Buffer.from('x')]) });
  assert.equal(b.status, 413);
  b.has('“太大.png”超过 20 MB', '大照片.png', '有效身份证件');
  await b.upload('/upload/2.1', { name: '程序.png', bytes: Buffer.from('MZ\x90\x00 not a picture at all') });
  assert.equal(b.status, 415);
  b.has('只能上传照片', '大照片.png');
  await b.upload('/upload/2.1');
  assert.equal(b.status, 422);
  b.has('没有选择文件');
  await b.submit('/remove/');
  b.hasNot('大照片.png');
  assert.equal((await web.post(b.url.replace(/materials.*/, 'upload/9.9'), {})).status, 404);
  assert.ok(p);
});

test('a declaration must be ticked; a unit is asked for its handler', async () => { //= R72
  const facts = (await web.getJson('/regions/410400/matters')).body;
  assert.ok(facts.groups.length);
  const made = await web.postJson('/regions/410400/matters/03/drafts', { facts: Object.fromEntries((await web.getJson('/regions/410400/matters/03/checklist?all=1')).body.questions
    .filter((q) => q.asked).map((q) => [q.id, q.options[q.options.length - 1]?.value ?? '1'])) });
  if (made.status === 201) {
    const b = new Browser(server.base);
    await b.open(`/r/410400/d/${made.body.draft.token}/review`);
    await b.submit('/submit');
    b.has('还没有填写');
    await fetch(`${server.base}/api/v1/regions/410400/drafts/${made.body.draft.token}/form`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}' });
    await b.open(`/r/410400/d/${made.body.draft.token}/review`);
    b.has('我已读过，同意以上声明');
    await b.submit('/submit');
    assert.equal(b.status, 422);
    b.has('声明', '没有勾选', 'R72');
  } else {
    assert.fail(JSON.stringify(made.body));
  }
  const unit = await begin('421300', '01', { unit_action: '新参保', unit_class: '企业' });
  await unit.follow('开始填写');
  unit.has('单位和经办人', '经办人姓名').hasNot('单位编号或');
});

test('an unknown or foreign draft is not found', async () => {
  assert.equal((await web.get('/r/421300/d/AAAAAAAAAAAAAAAAAAAAAAAAAA')).status, 404);
  const b = await begin('421300', '02', flexible);
  assert.equal((await web.get(b.url.replace('421300', '420281'))).status, 404);
});

test('forms and their schema', async () => {
  const { body } = await web.getJson('/forms/form-02');
  assert.equal(body.form.title, '职工基本医疗保险参保登记表');
  const schema = (await web.getJson('/forms/form-02/schema')).body;
  assert.deepEqual(schema.properties.employees.items.required, ['person_name', 'id_kind', 'id_number', 'employee_action', 'mobile']);
  assert.equal((await web.getJson('/forms/nothing')).status, 404);
});

// Answers the wizard with the first option that does not refuse.
async function answers(region, id) {
  const facts = {};
  for (let i = 0; i < 30; i++) {
    const { body } = await web.getJson(`/regions/${region}/matters/${id}/checklist?${new URLSearchParams(facts)}`);
    const ask = body.questions.find((q) => q.asked);
    if (!ask || body.refusal) return body.refusal ? null : facts;
    for (const value of ask.options.length ? ask.options.map((o) => o.value) : ['1', '60']) {
      facts[ask.id] = value;
      if (!(await web.getJson(`/regions/${region}/matters/${id}/checklist?${new URLSearchParams(facts)}`)).body.refusal) break;
    }
  }
  return facts;
}

test('every matter of every region begins, or says why not; every step of it renders in both modes', async () => {
  const begun = {};
  for (const { code } of (await web.getJson('/regions')).body.regions) {
    for (const m of (await web.getJson(`/regions/${code}/matters`)).body.groups.flatMap((g) => g.matters)) {
      const facts = await answers(code, m.id);
      assert.ok(facts, `${code}/${m.id} refuses every answer`);
      const made = await web.postJson(`/regions/${code}/matters/${m.id}/drafts`, { facts });
      if (made.status !== 201) {
        assert.equal(made.status, 409, `${code}/${m.id}: ${JSON.stringify(made.body)}`);
        assert.ok(made.body.detail.length > 5, `${code}/${m.id}`);
        continue;
      }
      begun[code] = (begun[code] ?? 0) + 1;
      const api = (await web.getJson(`/regions/${code}/drafts/${made.body.draft.token}`)).body;
      for (const base of ['', '/e'])
        for (const step of ['', ...api.tasks.map((t) => '/' + t.id)]) {
          const page = await web.get(`${base}/r/${code}/d/${made.body.draft.token}${step}`);
          assert.equal(page.status, 200, `${code}/${m.id}${step}`);
          const html = await page.text();
          assert.ok(html.trimEnd().endsWith('</html>') && html.includes('<h1'), `${code}/${m.id}${step}`);
          const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((x) => x[1]), twice = ids.filter((x, i) => ids.indexOf(x) !== i);
          assert.deepEqual(twice, [], `${code}/${m.id}${step}: an id twice`);
        }
    }
  }
  for (const [code, n] of Object.entries(begun)) assert.ok(n >= 10, `${code}: ${n}`);
});
