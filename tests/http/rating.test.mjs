// Ratings (好差评) on the real binary: one per case whichever way, bad ones called back and put right, appeals, visits by a poster's code,
// devices, publication, the city's platform; who sees nothing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Browser } from './browser.mjs';
import { client, root, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';

let server, web;
before(async () => { server = await serve(); web = client(server.base); });
after(() => server?.stop());

const R = '420281', PDS = '410400', TEXT = '办了三次都说材料不对，欧阳小丽没有讲清楚。';
const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
let serial = 0, persons;
function insured() {
  persons ??= execFileSync(binary, ['export', 'persons', '--region', R, '--limit', '300', '--demo'], { cwd: root, encoding: 'utf8' })
    .trim().split('\n').map((l) => l.split('\t')).filter((r) => r[3] === '职工医保');
  const [name, id_number] = persons.shift();
  return { name, id_number, mobile: '13912345678' };
}
async function applied() {
  const person = insured(), { status, body } = await web.postJson(`/regions/${R}/matters/10/applications`,
    { facts: { insurance: '职工医保' }, applicant: person, materials: { 1.2: 'given' }, delivery: { way: '电子证照下载' } }, { 'idempotency-key': `rate-${++serial}` });
  assert.equal(status, 201, JSON.stringify(body));
  return { no: body.no, code: body.code, person, headers: { 'x-access-code': body.code } };
}
const staff = (login, region = R) => signIn(server, region, login);
async function act(who, no, action) {
  const r = await who.post(`/desk/cases/${no}/actions/${action}`, {});
  assert.equal(r.status, 200, `${action}: ${JSON.stringify(r.body)}`);
}
// Accepted and concluded: by the window's clerk and the reviewer, who therefore have worked on it.
async function finished() {
  const c = await applied(), clerk = await staff('window'), reviewer = await staff('reviewer');
  await act(clerk, c.no, 'accept');
  for (let i = 0; i < 4; i++) {
    const { body } = await reviewer.get(`/desk/cases/${c.no}`);
    if (body.case.stage === '办结' || !body.case.stage) break;
    await act(reviewer, c.no, 'pass');
  }
  const r = await clerk.post(`/desk/cases/${c.no}/actions/conclude`, {});
  if (r.status !== 200) await act(reviewer, c.no, 'conclude');
  return c;
}
const rate = (c, body) => web.postJson(`/cases/${c.no}/ratings`, body, c.headers);
async function bad(level = 5, more = {}) {
  const c = await finished(), r = await rate(c, { level, text: TEXT, tags: ['工作人员：服务态度', '经办机构：办事流程', '随便：什么'], ...more });
  assert.equal(r.status, 200, JSON.stringify(r.body));
  const row = (await (await staff('supervisor')).get('/desk/ratings?list=open')).body.ratings.find((x) => x.case_no === c.no);
  assert.ok(row, 'every bad rating is on the list');
  assert.ok(row.call_back.assignee && !['窗口演示', '审核演示'].includes(row.call_back.assignee), `${row.call_back.assignee} has not worked on it`);
  await assign(row.id, '审批演示');
  return { ...c, id: row.id, row };
}
// The supervisor gives it to the person of that NAME.
async function assign(id, name) {
  const supervisor = await staff('supervisor'), { people } = (await supervisor.get(`/desk/ratings/${id}`)).body.rating;
  const r = await supervisor.post(`/desk/ratings/${id}/assign`, { to: people.find((x) => x.name === name).id });
  assert.deepEqual([r.status, r.body.rating.call_back.assignee], [200, name]);
}
const advance = async (days) => assert.equal((await web.postJson('/demo/clock', { advance_workdays: days })).status, 200);
const numbers = async (region = R) => (await (await staff('supervisor', region)).get('/desk/rating-stats')).body;
const total = (body) => body.parts.find((p) => p.id === 'totals').rows[0];
function rows(sql) {
  const url = server.db[1];
  const out = url ? execFileSync('psql', ['-X', '-A', '-t', '-d', url, '-c', sql], { encoding: 'utf8' })
    : execFileSync('sqlite3', ['-readonly', path.join(server.data, 'jingban.db'), sql], { encoding: 'utf8' });
  return out.trim().split('\n').filter(Boolean);
}

test('a bad rating is called back by a person who did not work on it, put right, answered', async () => { //= R40 R41 R42 R43
  const b = await bad(), assignee = await staff('approver'), supervisor = await staff('supervisor');
  assert.equal(b.row.call_back.next, '2026-11-24');
  assert.deepEqual(b.row.tags, ['工作人员：服务态度', '经办机构：办事流程'], 'what nobody offered is left out');
  const mine = (await assignee.get('/desk/ratings')).body.ratings;
  assert.deepEqual(mine.map((r) => r.id), [b.id]);
  const view = (await assignee.get(`/desk/ratings/${b.id}`)).body.rating;
  assert.equal(view.text, TEXT);
  assert.ok(!JSON.stringify(view).includes(b.person.name) && !JSON.stringify(view).includes('13912345678'), 'masked');
  assert.equal((await assignee.post(`/desk/ratings/${b.id}/contact`, {})).status, 422);
  const contact = await assignee.post(`/desk/ratings/${b.id}/contact`, { reason: '回访差评' });
  assert.deepEqual(contact.body.contact, { name: b.person.name, phone: '13912345678' });
  assert.deepEqual(rows(`select reason from look where kind = 'rating_contact' and subject_id = ${b.id}`), ['回访差评']);
  assert.equal((await assignee.post(`/desk/ratings/${b.id}/close`, { rectification: '改好了', reply: '已回复' })).status, 409, 'not before the call');
  const empty = await assignee.post(`/desk/ratings/${b.id}/call`, {});
  assert.deepEqual([empty.status, empty.body.errors.map((e) => e.field)], [422, ['clear', 'truthful', 'reasonable', 'note']]);
  assert.equal((await supervisor.post(`/desk/ratings/${b.id}/call`, { clear: true, truthful: true, reasonable: true, note: '打了' })).status, 403, 'the named person does it');
  const called = await assignee.post(`/desk/ratings/${b.id}/call`, { clear: true, truthful: true, reasonable: true, note: '电话核实，材料清单没有讲清' });
  assert.equal(called.status, 200, JSON.stringify(called.body));
  assert.deepEqual([called.body.rating.call_back.state, called.body.rating.call_back.rectify], ['rectifying', '2026-11-30']);
  const half = await assignee.post(`/desk/ratings/${b.id}/close`, { rectification: '窗口张贴材料清单' });
  assert.deepEqual([half.status, half.body.errors.map((e) => e.field)], [422, ['reply']]);
  const closed = await assignee.post(`/desk/ratings/${b.id}/close`, { rectification: '窗口张贴材料清单', reply: '电话告知整改结果' });
  assert.deepEqual([closed.status, closed.body.rating.call_back.ended], [200, '已整改回复']);
  assert.equal((await assignee.post(`/desk/ratings/${b.id}/close`, { rectification: '再来', reply: '再来' })).status, 409);
  assert.ok((await supervisor.get('/desk/ratings?list=closed')).body.ratings.some((r) => r.id === b.id));
});

test('untrue or unreasonable: closed with a reason, nothing else needed', async () => { //= R43
  const b = await bad(4), assignee = await staff('approver');
  assert.equal((await assignee.post(`/desk/ratings/${b.id}/call`, { clear: true, truthful: false, reasonable: true, note: '说的是另一个单位' })).body.rating.call_back.state, 'checked');
  assert.equal((await assignee.post(`/desk/ratings/${b.id}/close`, {})).status, 422);
  assert.equal((await assignee.post(`/desk/ratings/${b.id}/close`, { rectification: '评价的是邮政柜台' })).body.rating.call_back.ended, '核实后结案');
});

test('whoever worked on the case sees no rater and may neither call nor decide; he may appeal', async () => { //= R44
  const before_ = total(await numbers()), b = await bad(5), clerk = await staff('reviewer'), supervisor = await staff('supervisor');
  for (const who of [clerk, await staff('window')]) {
    const seen = await who.get(`/desk/ratings/${b.id}`);
    assert.equal(seen.status, 200);
    const text = JSON.stringify(seen.body);
    assert.equal(seen.body.rating.hidden, true);
    assert.ok(!text.includes(b.no) && !text.includes(TEXT) && !('rater' in seen.body.rating), text);
    for (const action of ['call', 'close', 'contact']) {
      const r = await who.post(`/desk/ratings/${b.id}/${action}`, { clear: true, truthful: true, reasonable: true, note: '我自己打', rectification: '好', reply: '好了', reason: '看看' });
      assert.deepEqual([r.status, r.body.id], [403, 'ERR_SEPARATION'], action);
    }
    const desk = (await who.get(`/desk/cases/${b.no}`)).body.case;
    assert.equal(desk.rating, 0, 'the case on the desk does not say how it was rated');
    assert.ok(!desk.timeline.some((e) => e.kind === 'rated'));
    assert.equal((await who.get('/desk/ratings?list=open')).status, 403);
  }
  const own = (await clerk.get('/desk/ratings')).body.own;
  assert.ok(own.all >= 1 || (await (await staff('window')).get('/desk/ratings')).body.own.all >= 1, 'counts are his to see');
  const refused = await clerk.post(`/desk/ratings/${b.id}/appeal`, { ground: 'mistaken', evidence: '短' });
  assert.deepEqual([refused.status, refused.body.errors.map((e) => e.field)], [422, ['evidence']]);
  assert.equal((await clerk.post(`/desk/ratings/${b.id}/appeal`, { ground: 'mistaken', evidence: '当天我不在窗口，评价的是取号机。', file_ref: '监控 11-23 第 3 段' })).status, 200);
  assert.equal((await clerk.post(`/desk/ratings/${b.id}/appeal`, { ground: 'explain', evidence: '再申诉一次看看。' })).status, 409);
  assert.equal((await clerk.post(`/desk/ratings/${b.id}/decide`, { outcome: 'upheld', decision: '我同意我自己' })).status, 403);
  assert.deepEqual((await supervisor.get('/desk/ratings?list=appeals')).body.ratings.map((r) => r.id), [b.id]);
  assert.equal((await supervisor.post(`/desk/ratings/${b.id}/decide`, { decision: '看过监控' })).status, 422);
  const counts = total(await numbers());
  assert.equal(counts.all, before_.all + 1, 'it counts until then');
  const decided = await supervisor.post(`/desk/ratings/${b.id}/decide`, { outcome: 'upheld', decision: '看过监控，确属误评' });
  assert.deepEqual([decided.status, decided.body.rating.excluded, decided.body.rating.call_back.ended], [200, true, '申诉成立，不计入统计']);
  assert.equal(total(await numbers()).all, before_.all, 'no longer');
  assert.deepEqual(rows(`select r.level from rating r join rating_about a on a.region = r.region and a.id = r.id where a.id = ${b.id} and a.excluded = 1`), ['5'], 'the record stays');
});

test('an appeal carries files; whoever decides it opens them, and that is on record', async () => { //= R44 type=test
  const b = await bad(5), clerk = await staff('reviewer'), supervisor = await staff('supervisor'), at = `/desk/ratings/${b.id}`;
  const send = async (who, files, fields = {}) => {
    const body = new FormData();
    for (const [k, v] of Object.entries({ ground: 'mistaken', evidence: '当天我不在窗口，见考勤表照片。', ...fields })) body.append(k, v);
    for (const [name, bytes] of files) body.append('file', new Blob([bytes]), name);
    const r = await fetch(`${server.base}/api/v1${at}/appeal`, { method: 'POST', headers: { authorization: `Bearer ${who.token}` }, body });
    return { status: r.status, body: await r.json() };
  };
  const stored = () => Number(rows("select count(*) from upload where material = 'appeal'")[0]);
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('考勤表')]), pdf = Buffer.from('%PDF-1.4 说明');
  const before = stored(), shell = await send(clerk, [['考勤表.png', png], ['运行.sh', '#!/bin/sh\nrm -rf /']]);
  assert.deepEqual([shell.status, shell.body.id], [415, 'ERR_MEDIA_TYPE'], JSON.stringify(shell.body));
  const large = await send(clerk, [['大.png', Buffer.concat([png, Buffer.alloc(21 << 20)])]]);
  assert.deepEqual([large.status, large.body.errors?.[0].field], [413, 'file'], JSON.stringify(large.body));
  const short = await send(clerk, [['考勤表.png', png]], { evidence: '短' });
  assert.deepEqual([short.status, short.body.errors[0].field], [422, 'evidence']);
  assert.equal((await send(await staff('keeper'), [['考勤表.png', png]])).status, 403);
  assert.equal(stored(), before, 'an appeal that is refused leaves no file');
  assert.deepEqual((await clerk.get(at)).body.rating.appeals, []);

  const sent = await send(clerk, [['考勤表.png', png], ['情况说明.pdf', pdf]]);
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  const own = sent.body.rating.appeals[0].files;
  assert.deepEqual(own.map((f) => [f.file, f.mime, f.size]), [['考勤表.png', 'image/png', png.length], ['情况说明.pdf', 'application/pdf', pdf.length]]);
  assert.equal(stored(), before + 2);
  const seen = (await supervisor.get(at)).body.rating.appeals[0].files;
  assert.deepEqual(seen, own);
  for (const [i, bytes] of [png, pdf].entries()) {
    const r = await supervisor.raw(`${at}/files/${seen[i].id}`);
    assert.deepEqual([r.status, r.headers.get('content-type')], [200, seen[i].mime]);
    assert.ok(Buffer.from(await r.arrayBuffer()).equals(bytes));
  }
  assert.deepEqual(rows(`select count(*) from look where kind = 'appeal_file' and subject_id = ${b.id}`), ['2'], 'each look is on record');
  const other = await staff('window');
  assert.deepEqual((await other.get(at)).body.rating.appeals[0].files, [], 'another who worked on it sees no evidence');
  assert.equal((await other.raw(`${at}/files/${seen[0].id}`)).status, 404);
  assert.equal((await supervisor.raw(`${at}/files/12345`)).status, 404);
  assert.equal((await fetch(`${server.base}${at}/files/${seen[0].id}`, { redirect: 'manual' })).status >= 300, true, 'nobody without an account');
  const page = await browse(server, R, 'supervisor'), html = await page.text(at);
  assert.ok(html.includes(`href="${at}/files/${seen[0].id}"`) && html.includes('考勤表.png'));
  const shown = await page.get(`${at}/files/${seen[0].id}`);
  assert.deepEqual([shown.status, shown.headers.get('content-type'), shown.headers.get('content-security-policy')], [200, 'image/png', "default-src 'none'; sandbox"]);
  assert.equal((await supervisor.post(`${at}/decide`, { outcome: 'rejected', decision: '考勤表看不出时间' })).status, 200);
  assert.equal((await supervisor.get(at)).body.rating.appeals[0].files.length, 2, 'what was decided upon stays');

  // without scripts: the form as a browser sends it, no file chosen; what was typed stays when it is refused
  const c = await bad(4), form = await browse(server, R, 'reviewer'), url = `/desk/ratings/${c.id}`;
  const html2 = await form.text(url), csrf = /name="csrf" value="([^"]+)"/.exec(html2)[1];
  assert.ok(/<form[^>]*enctype="multipart\/form-data"[^>]*action="[^"]*\/appeal"/.test(html2));
  const post = async (fields) => {
    const body = new FormData();
    for (const [k, v] of Object.entries({ csrf, ...fields })) body.append(k, v);
    body.append('file', new Blob([]), '');
    const r = await fetch(`${server.base}${url}/appeal`, { method: 'POST', redirect: 'manual', headers: { cookie: form.cookie }, body });
    return { status: r.status, text: await r.text() };
  };
  const refused = await post({ evidence: '当天我不在窗口。', file_ref: '监控 3' });
  assert.equal(refused.status, 422);
  assert.ok(refused.text.includes('申诉的理由：没有选择') && refused.text.includes('>当天我不在窗口。</textarea>') && refused.text.includes('<details open><summary>申诉'));
  assert.equal((await post({ ground: 'explain', evidence: '当天我不在窗口。' })).status, 303);
});

test('assigned to somebody of the agency, administrators not excepted', async () => { //= R42
  const b = await bad(5), supervisor = await staff('supervisor');
  const people = (await supervisor.get(`/desk/ratings/${b.id}`)).body.rating.people;
  const names = people.map((p) => p.name);
  assert.ok(names.includes('审批演示') && names.includes('督办演示'));
  for (const name of ['窗口演示', '审核演示', '管理演示', '目录演示', '终端演示']) assert.ok(!names.includes(name), name);
  const ids = Object.fromEntries((await (await staff('admin')).get('/desk/staff')).body.staff.map((p) => [p.login, p.id]));
  assert.equal((await supervisor.post(`/desk/ratings/${b.id}/assign`, { to: ids.window })).status, 403);
  for (const to of [ids.admin, ids.keeper, ids.kiosk, '1', '']) assert.equal((await supervisor.post(`/desk/ratings/${b.id}/assign`, { to })).status, 422, String(to));
  assert.equal((await supervisor.post(`/desk/ratings/${b.id}/assign`, { to: ids.supervisor })).body.rating.call_back.assignee, '督办演示');
  assert.equal((await (await staff('admin')).get(`/desk/ratings/${b.id}`)).status, 403);
  assert.equal((await (await staff('approver')).post(`/desk/ratings/${b.id}/call`, { clear: false, truthful: false, reasonable: false, note: '不是我的了' })).status, 403);
});

test('one rating for a case, whichever way is quicker; the acceptance is a step of its own', async () => { //= R46 R284
  const c = await finished();
  const all = await Promise.all([1, 2, 3, 4, 5, 1].map((level) => rate(c, { level })));
  assert.deepEqual(all.map((r) => r.status).sort(), [200, 409, 409, 409, 409, 409]);
  const kiosk = await staff('kiosk');
  assert.deepEqual((await kiosk.post('/kiosk/ratings', { no: c.no, level: 1 })).body.id, 'ERR_RATED');
  const d = await applied();
  assert.equal((await kiosk.post('/kiosk/ratings', { no: d.no, level: 2, step: 'accept' })).status, 409, 'not accepted yet');
  await act(await staff('window'), d.no, 'accept');
  assert.equal((await kiosk.post('/kiosk/ratings', { no: d.no, level: 2, step: 'accept', tags: ['工作人员：服务水平'] })).status, 201);
  assert.equal((await kiosk.post('/kiosk/ratings', { no: d.no, level: 2, step: 'accept' })).status, 409);
  assert.equal((await kiosk.post('/kiosk/ratings', { no: d.no, level: 2, step: 'lunch' })).status, 422);
  assert.equal((await kiosk.post('/kiosk/ratings', { no: d.no, level: 0, step: 'accept' })).status, 422, 'nothing is chosen beforehand');
  assert.deepEqual(rows('select channel from rating_about order by id desc limit 1'), ['device']);
  const page = await browse(server, R, 'kiosk'), html = await page.text('/kiosk/rate');
  assert.ok((await page.text('/kiosk')).includes('href="/kiosk/rate"'), 'the terminal\'s first page leads there');
  assert.ok(html.includes('非常不满意') && (html.match(/type="radio" name="level"/g) ?? []).length === 5);
  for (const at of ['/kiosk/rate', '/kiosk/rate?level=1']) assert.ok(!/type="radio"[^>]* checked/.test(await page.text(at)), `${at}: nobody chooses for people`);
  assert.ok(!/type="radio"[^>]* checked/.test(await web.text(`/r/${R}/rate/hall?level=1`)));
  const wrong = await page.send('/kiosk/rate', { level: '4', no: '123', tags: '工作人员：服务态度' }, '/kiosk/rate');
  assert.equal(wrong.status, 422);
  assert.ok(wrong.text.includes('办件编号：编号不对') && /value="4" checked/.test(wrong.text) && wrong.text.includes('value="123"') && /服务态度" checked/.test(wrong.text), 'nothing chosen or typed is lost');
  assert.equal(wrong.headers.get('refresh'), '60; url=/kiosk/rate', 'the next person does not find it');
  const e = await finished(), sent = await page.send('/kiosk/rate', { level: '3', no: e.no }, '/kiosk/rate');
  assert.deepEqual([sent.status, sent.location], [303, '/kiosk/rate?done=1']);
  const thanks = await page.text('/kiosk/rate?done=1');
  assert.ok(thanks.includes('谢谢您的评价') && !thanks.includes('type="radio"'));
});

test('a visit by a poster\'s code: no case, no name, so many a day, not in an instant', async () => { //= R48 R49
  const at = `/r/${PDS}/rate/hall-wugang`, page = new Browser(server.base);
  await page.open(at);
  page.has('没有办件编号', '自愿').hasNot('欧阳');
  assert.ok(!/type="radio"[^>]* checked/.test(page.html));
  await page.submit('/visit', { level: '5', text: TEXT, contact: '13900007777' });
  assert.equal(page.status, 422);
  page.has('提交得太快');
  assert.ok(page.html.includes('13900007777'), 'what was typed stays');
  assert.ok(/value="5" checked/.test(page.html), 'what was chosen too');
  await page.submit('/visit', { level: [], text: '字'.repeat(501) });
  page.has('满意度：没有选择', '超过 500 个字');
  assert.ok(!/type="radio"[^>]* checked/.test(page.html));
  const api = `/regions/${PDS}/points/hall-wugang/ratings`, forms = [];
  for (let i = 0; i < 11; i++) forms.push((await web.getJson(api)).body.form);
  await page.open(at);
  await new Promise((done) => setTimeout(done, 2300));
  await page.submit('/visit', { level: '5', text: TEXT, contact: '13900007777', matter: '01' });
  page.has('谢谢您的评价');
  const send = (form, more = {}) => web.postJson(api, { form, level: 2, ...more });
  assert.equal((await send(forms[0])).status, 201);
  assert.equal((await send(forms[0])).status, 201, 'the same form again is the same rating');
  assert.equal((await send(forms[0], { level: 3 })).status, 409);
  assert.equal((await send(forms[1], { matter: '999' })).body.errors[0].field, 'matter');
  assert.equal((await send('x')).status, 422);
  assert.equal((await web.postJson(`/regions/${PDS}/points/hall-city/ratings`, { form: forms[1], level: 2 })).status, 422, 'a form belongs to its place');
  for (let i = 1; i < 9; i++) assert.equal((await send(forms[i])).status, 201, String(i));
  assert.equal((await send(forms[9])).status, 429, 'ten a day from one address at one place');
  assert.equal(rows(`select count(*) from rating_about where region = '${PDS}' and source = 'visit' and staff_id = 0`)[0], '10');
  assert.ok(!rows('select * from rating_visit').join('').includes('127.0.0.1'));
  const row = (await (await staff('supervisor', PDS)).get('/desk/ratings?list=open')).body;
  assert.deepEqual([row.terms.call_back_days, row.terms.call_back_printed, row.terms.rectify_printed], [1, true, false], 'as this guide prints it');
  assert.equal((await (await staff('supervisor')).get('/desk/ratings')).body.terms.call_back_printed, false, 'elsewhere a convention of the house');
  const one = row.ratings.find((r) => r.visit);
  assert.deepEqual([one.agency, one.text, one.matter_name.length > 0], ['舞钢市社会医疗保险中心', TEXT, true]);
  assert.equal(one.call_back.unassigned, true, 'the owner is the agency whose hall it is, and nobody of it has an account here');
});

test('published without persons and without small numbers; CSV; statistics equal a recount', async () => { //= R47 R49
  const body = await numbers(), part = (id) => body.parts.find((p) => p.id === id).rows;
  const sum = (list) => list.reduce((n, r) => n + r.all, 0);
  for (const id of ['months', 'channels', 'matters', 'points']) assert.equal(sum(part(id)), total(body).all, id);
  assert.equal(Number(rows(`select count(*) from rating_about where region = '${R}' and excluded = 0`)[0]), total(body).all);
  for (let level = 1; level <= 5; level++)
    assert.equal(Number(rows(`select count(*) from rating_about where region = '${R}' and excluded = 0 and level = ${level}`)[0]), total(body).levels[level - 1].n);
  const staffRow = part('staff').find((r) => r.offers > 0);
  assert.ok(staffRow && staffRow.rated <= staffRow.offers, JSON.stringify(part('staff')));
  assert.equal(total(body).offers, Number(rows(`select count(*) from rating_offer where region = '${R}'`)[0]));
  const open = (await web.getJson(`/regions/${R}/ratings`)).body;
  assert.ok(!open.parts.some((p) => p.id === 'staff'));
  const few = open.parts.flatMap((p) => p.rows).filter((r) => r.all > 0 && r.all < 5);
  assert.ok(few.length > 0 && few.every((r) => r.levels.every((l) => l.n === null) && r.satisfied === null), 'a few could be told apart');
  const csv = await web.get(`/r/${R}/ratings.csv`);
  assert.match(csv.headers.get('content-type'), /text\/csv/);
  const text = Buffer.from(await csv.arrayBuffer()).toString('utf8');
  assert.ok(text.startsWith('\ufeff统计维度,名称,评价数') && text.includes('"合计","合计",') && !text.includes('演示'), text.slice(0, 300));
  assert.ok((await (await browse(server, R, 'supervisor')).text('/desk/rating-stats.csv')).includes('人员'));
  assert.equal((await web.getJson(`/regions/${R}/ratings?from=2026-13`)).status, 422);
  assert.equal((await web.getJson(`/regions/${R}/ratings?from=2026-05&to=2026-01`)).status, 422);
  assert.equal(total((await web.getJson(`/regions/${R}/ratings?from=2020-01&to=2020-12`)).body).all, 0);
  (await new Browser(server.base).open(`/r/${R}/ratings`)).has('服务评价', '满意率', '互联网').hasNot('审核演示');
  assert.equal((await (await staff('window')).get('/desk/rating-stats')).status, 403);
});

test('late call-backs are on the list in red, and counted', async () => { //= R41 R49
  const b = await bad(4), supervisor = await staff('supervisor');
  await advance(1);
  const row = async () => (await (await staff('supervisor')).get('/desk/ratings')).body;
  assert.equal((await row()).ratings.find((r) => r.id === b.id).call_back.late, false, 'the day itself is in time');
  await advance(2);
  const now = await row(), late = now.ratings.find((r) => r.id === b.id);
  assert.deepEqual([late.call_back.late, late.call_back.late_days], [true, 2]);
  assert.ok(now.counts.overdue >= 1 && now.counts.open >= now.counts.overdue);
  assert.ok((await (await browse(server, R, 'supervisor')).text('/desk/ratings')).includes('超期 2 个工作日'));
  assert.ok(supervisor);
});

test('the city\'s platform gives and fetches, signed; a case has one rating wherever it was given', async () => { //= R284
  const secret = Buffer.alloc(16, 7), file = path.join(server.data, 'keys', `rating-${R}.key`);
  const now = async () => String(Date.parse((await web.getJson('/demo/clock')).body.now));
  const sign = (method, url, time, body = '', key = secret) => {
    // HMAC-SM3 by its definition (RFC 2104), with the system's SM3
    const sm3 = (b) => execFileSync('openssl', ['dgst', '-sm3', '-binary'], { input: b });
    const block = Buffer.alloc(64); key.copy(block);
    const pad = (x) => Buffer.from(block.map((v) => v ^ x));
    const text = Buffer.from(`${method}\n${url}\n${time}\n${body}`);
    return sm3(Buffer.concat([pad(0x5c), sm3(Buffer.concat([pad(0x36), text]))])).toString('hex');
  };
  const url = `/api/v1/regions/${R}/ratings/platform`;
  const push = async (value, { key = secret, shift = 0 } = {}) => {
    const body = JSON.stringify(value), time = String(Number(await now()) + shift);
    const r = await fetch(server.base + url, { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-time': time, 'x-signature': sign('POST', url, time, body, key) } });
    return { status: r.status, body: await r.json() };
  };
  const c = await finished(), given = { no: c.no, ref: 'PT-0001', level: 5, channel: 'third_party', tags: ['服务平台：便捷性'], text: TEXT };
  assert.equal((await push(given)).status, 401, 'nobody has set it up');
  writeFileSync(file, secret.toString('hex') + '\n', { mode: 0o644 });
  chmodSync(file, 0o644);
  assert.equal((await push(given)).status, 500, 'a secret that others can read is none');
  chmodSync(file, 0o600);
  assert.equal((await push(given, { key: Buffer.alloc(16, 8) })).status, 401);
  assert.equal((await push(given, { shift: -400000 })).status, 401);
  assert.deepEqual((await push({ ...given, level: 9, channel: 'fax' })).body.errors.map((e) => e.field), ['channel', 'level']);
  const made = await push(given);
  assert.deepEqual([made.status, made.body.bad, made.body.replayed], [201, true, false], JSON.stringify(made.body));
  assert.deepEqual([(await push(given)).status, (await push(given)).body.replayed], [200, true]);
  assert.equal((await push({ ...given, level: 1 })).status, 409);
  assert.equal((await push({ ...given, ref: 'PT-0002' })).body.id, 'ERR_RATED');
  assert.equal((await rate(c, { level: 1 })).body.id, 'ERR_RATED');
  assert.ok((await (await staff('supervisor')).get('/desk/ratings')).body.ratings.some((r) => r.case_no === c.no && r.channel === '第三方'));
  await advance(1);
  const fetchAll = async (after, limit, key = secret) => {
    const at = `/api/v1/regions/${R}/ratings/export?after=${after}&limit=${limit}`, time = await now();
    const r = await fetch(server.base + at, { headers: { 'x-time': time, 'x-signature': sign('GET', at, time, '', key) } });
    return { status: r.status, body: await r.json() };
  };
  assert.equal((await fetchAll('', '', Buffer.alloc(16, 9))).status, 401);
  const got = [];
  for (let at = '', more = true; more;) {
    const r = await fetchAll(at, 3);
    assert.equal(r.status, 200, JSON.stringify(r.body));
    got.push(...r.body.ratings);
    at = r.body.next; more = r.body.more;
  }
  assert.equal(got.length, Number(rows(`select count(*) from rating_about where region = '${R}'`)[0]));
  assert.equal(new Set(got.map((r) => r.id)).size, got.length);
  assert.ok(!JSON.stringify(got).includes('欧阳小丽'), 'what people wrote does not go out');
  assert.ok(got.some((r) => r.no === c.no && r.source === 'platform' && r.step === 'case' && r.ref === 'PT-0001') && got.some((r) => r.excluded));
  for (const r of got) assert.equal(r.staff, rows(`select staff_id from rating_about where region = '${R}' and id = ${r.id}`).map((x) => (x === '0' ? null : x))[0]);
});

test('pages without scripts: the clerk\'s, the caller\'s, the supervisor\'s; channel of a poster kept', async () => { //= R47
  const c = await finished(), citizen = new Browser(server.base);
  await citizen.open(`/r/${R}/rate/hall`);
  await citizen.submit('/rate/hall', { no: c.no, code: c.code });
  citizen.has('政务服务事项管理', '服务便利度', '完善性', '服务水平'); //= R45
  await citizen.submit('/rate', { level: '5', tags: ['经办机构：服务效率'], text: TEXT });
  citizen.has('谢谢您的评价');
  const supervisor = await browse(server, R, 'supervisor'), list = await supervisor.text('/desk/ratings?list=open');
  const ids = [...list.matchAll(/\/desk\/ratings\/(\d+)"/g)].map((m) => m[1]);
  let id;
  for (const x of ids) if ((await supervisor.text(`/desk/ratings/${x}`)).includes(c.no)) id = x;
  assert.ok(id, 'the supervisor finds it');
  const page = await supervisor.text(`/desk/ratings/${id}`);
  assert.ok(page.includes('二维码') && page.includes('欧阳小丽') && page.includes('系统口径'));
  await assign(id, '审批演示');
  const approver = await browse(server, R, 'approver');
  let r = await approver.send(`/desk/ratings/${id}/call`, { clear: '1', note: '打了电话' }, `/desk/ratings/${id}`);
  assert.equal(r.status, 422);
  assert.ok(r.text.includes('评价属实：没有选择') && r.text.includes('>打了电话</textarea>') && /name="clear" value="1" checked/.test(r.text));
  r = await approver.send(`/desk/ratings/${id}/call`, { clear: '1', truthful: '1', reasonable: '1', note: '打了电话' }, `/desk/ratings/${id}`);
  assert.deepEqual([r.status, r.location], [303, `/desk/ratings/${id}?done=1`]);
  assert.ok((await approver.text(`/desk/ratings/${id}`)).includes('对评价人的回复'));
  const window = await browse(server, R, 'window'), hidden = await window.text(`/desk/ratings/${id}`);
  assert.ok(hidden.includes('您经手过这件事') && !hidden.includes('欧阳小丽') && !hidden.includes(c.no));
  r = await window.send(`/desk/ratings/${id}/appeal`, { ground: 'explain', evidence: '材料清单当场已书面告知。' }, `/desk/ratings/${id}`);
  assert.equal(r.status, 303);
  assert.ok((await supervisor.text('/desk/ratings?list=appeals')).includes(`/desk/ratings/${id}`));
  r = await supervisor.send(`/desk/ratings/${id}/decide`, { outcome: 'rejected', decision: '告知书没有签收' }, `/desk/ratings/${id}`);
  assert.equal(r.status, 303, r.text.slice(0, 400));
  assert.equal((await supervisor.get('/desk/ratings?list=nothing')).status, 404);
  assert.equal((await supervisor.get('/desk/ratings?list=open&after=x')).status, 422);
});

test('rebuild --check recounts the ratings too', () => { //= R49
  const out = execFileSync(binary, ['rebuild', '--check', '--data', server.data, ...server.db], { cwd: root, encoding: 'utf8' });
  assert.ok(out.includes(R) && !out.includes('评价 '), out);
});

test('what people and clerks write is sealed in the database and never in the log', async () => {
  assert.ok(!server.out().includes('欧阳小丽') && !server.out().includes('13900007777'));
  const words = ['欧阳小丽', '13900007777', '材料清单没有讲清', '当天我不在窗口'];
  if (server.db.length) {
    const dump = rows(`select encode(body, 'escape') from rating`).join('') + rows(`select encode(note, 'escape') || encode(reply, 'escape') from call_back`).join('') +
      rows(`select encode(evidence, 'escape') from rating_appeal`).join('') + rows(`select encode(contact, 'escape') from rating_about`).join('');
    assert.ok(dump.length > 0 && words.every((w) => !dump.includes(w)));
  } else
    for (const f of readdirSync(server.data).filter((n) => n.startsWith('jingban.db'))) {
      const bytes = readFileSync(path.join(server.data, f));
      for (const w of words) assert.ok(!bytes.includes(w), `${w} in ${f}`);
    }
});
