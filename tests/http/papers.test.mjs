// The papers of a case, word by word: each is issued by the real program on the way of a real matter, printed to PDF and read back.
// JINGBAN_PAPERS_OUT=DIR keeps the PDFs, to be looked at.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { browse, signIn } from './staff.mjs';
import { House, Way } from './ways.mjs';

const WAYS = ['211282-07', '211282-10', '211282-17', '211282-31', '211282-32', '410400-12', '420281-26', '421300-09', '421300-15'];
let house, dir, closed, ways = {};
const of = (key) => { if (ways[key].error) throw ways[key].error; return ways[key].way; };

before(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'jingban-papers-'));
  house = await House.open();
  house.calendar();
  for (const region of new Set(WAYS.map((k) => k.slice(0, 6)))) await house.roster(region);
  house.clock.enter(); // until everybody has set out
  const runs = WAYS.flatMap((key) => {
    const [region, id] = key.split('-'), one = new Way(house, region, id), two = new Way(house, region, id, one.m);
    one.did = []; // who did what so far
    if (key === '211282-07') { // the page of a case that is closed and waits for a letter
      const after = one.after.bind(one);
      one.after = async () => { closed = await (await browse(house.server, region, 'win1')).text(`/desk/c/${one.no}`); return after(); };
    }
    const settle = async (name, way, fn) => { ways[name] = { way }; try { await fn(); } catch (error) { ways[name].error = error; } };
    return [settle(key, one, () => one.drive()), settle(`${key} refused`, two, () => two.turnDown())];
  });
  house.clock.leave();
  await Promise.all(runs);
}, { timeout: 300000 });
after(async () => { await house?.stop(); rmSync(dir, { recursive: true, force: true }); });

function pdfText(bytes, name) {
  assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
  const file = path.join(dir, `${name}.pdf`);
  writeFileSync(file, bytes);
  if (process.env.JINGBAN_PAPERS_OUT) copyFileSync(file, path.join(process.env.JINGBAN_PAPERS_OUT, `${name}.pdf`));
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
}
const tight = (s) => s.replace(/\s+/g, '');
// Every text is on the paper, whatever its line breaks.
function says(text, ...what) { for (const w of what) assert.ok(tight(text).includes(tight(w)), `“${w}” is not in:\n${text}`); }
function saysNot(text, ...what) { for (const w of what) assert.ok(!tight(text).includes(tight(w)), `“${w}” is in:\n${text}`); }

async function bytesOf(response) {
  assert.equal(response.status, 200, await (response.status === 200 ? '' : response.text()));
  return Buffer.from(await response.arrayBuffer());
}
// The nth paper of KIND of a way's case: its number and what it says.
async function paper(way, kind, nth = 0, login = way.desk) {
  const c = await way.see(login), d = c.documents.filter((x) => x.kind === kind)[nth];
  assert.ok(d, way.at(`has no ${kind}`));
  const bytes = await bytesOf(await way.staff[login].raw(`/desk/cases/${way.no}/documents/${d.id}`));
  return { ...d, text: pdfText(bytes, `${way.region}-${way.id}-${kind}${nth || ''}`) };
}
// A form of a page sent by a browser; the answer as it comes, which may be a PDF.
async function press(b, at, fields) {
  const csrf = /name="csrf" value="([^"]+)"/.exec(await b.text(at))[1];
  return fetch(house.server.base + at, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ ...fields, csrf }), headers: { cookie: b.cookie } });
}
const onDay = (at) => `${Number(at.slice(0, 4))}年${Number(at.slice(5, 7))}月${Number(at.slice(8, 10))}日`;
const codeOf = (text) => /验证码\s*([0-9A-Z]{10})/.exec(text)[1];
async function verified(region, no, code) { return (await house.web.getJson(`/documents/${region}/${no}?code=${code}`)).body.document; }

test('the one-time notice says that it is the only one', async () => { //= R16 R20 R21
  const way = of('211282-17'), p = await paper(way, 'notice');
  says(p.text, '一次性告知单', way.m.name, way.no, '现一次性告知', '本单只出具一次', '签收人', p.no);
  const told = way.case.timeline.find((e) => e.kind === 'noticed').gaps;
  says(p.text, `需补正下列 ${told.length} 项`, ...told);
});

test('a receipt for what was brought later says what is still missing', async () => {
  const way = of('211282-17'), first = await paper(way, 'supplement'), last = await paper(way, 'supplement', 1);
  says(first.text, '补正材料接收回执', '这次收到的材料', '还缺的材料（1 项）', way.no);
  says(last.text, '告知单列出的材料已经补齐');
  saysNot(last.text, '还缺的材料');
});

test('the tolerance slip says by when, and what else', async () => { //= R22
  const way = of('211282-17'), p = await paper(way, 'tolerance');
  const due = house.add(way.accepted, 5).split('-').map(Number);
  says(p.text, '容缺受理通知单', '下列 1 项材料暂缺', `${due[0]}年${due[1]}月${due[2]}日`, '补交期限', '补齐之前不能办结', '容缺受理终止', '五日内补交');
});

test('a refusal is called what the guide calls it, with its reason and what can be done', async () => { //= R23
  const reason = '不符合规定的条件，详见政策文件';
  const printed = await paper(of('211282-17 refused'), 'refusal');
  says(printed.text, '否定备案书', reason, '可以重新申请', '签收人');
  const before = await paper(of('421300-09 refused'), 'refusal');
  says(before.text, '不予受理通知书', '不符合受理条件，不予受理', reason, '监督电话 0722-7115868');
  const later = await paper(of('410400-12 refused'), 'refusal');
  says(later.text, '不予办理通知书', '经审核不符合条件，不予办理', reason);
  for (const p of [printed, before, later]) saysNot(p.text, '行政复议', '诉讼'); // no guide gives their articles
});

test('designation: a slip of acceptance, a slip of refusal', async () => { //= R253
  const way = of('420281-26'), p = await paper(way, 'acceptance');
  says(p.text, '受理回执单', way.m.name, way.no, '符合受理条件', '予以受理');
  const no = await paper(of('420281-26 refused'), 'refusal');
  says(no.text, '不受理回执单', '不予受理', '不符合规定的条件');
});

test('the letter of contact has the form of the sample and what was recorded', async () => { //= R103
  const way = of('421300-09'), p = await paper(way, 'letter');
  const head = ['基本医疗保险关系转移接续联系函', '此表由转入地医疗保障经办机构填写并提供给转出地医疗保障经办机构', '演示联系函编号', '演示对方经办机构'];
  says(p.text, ...head, '因流动就业等原因，现申请将其基本医疗保险关系转移至我处', '参保', '开户银行行号', '行政区划代码', way.region);
  says(p.text, way.who.person.name, way.who.person.id_number, Number(way.who.person.id_number[16]) % 2 ? '男' : '女', '41 岁'); // to another agency: in full
  const [y, m, d] = way.passedOn['发联系函'].split('-').map(Number);
  says(p.text, `${y}年${m}月${d}日`);
  const place = ['姓名', '年龄', '身份证件号码', '是否需要转移个人账户', '现参加的基本医疗保险类型', '开户全称', '机构地址'].map((w) => tight(p.text).indexOf(w));
  assert.deepEqual(place, [...place].sort((a, b) => a - b), 'in the order of the sample');
});

test('decisions are called by the guide\'s names and carry decision, basis and order', async () => { //= R268 R272 R273
  const inspected = await paper(of('211282-31'), 'decision', 0, 'enf1'), punished = await paper(of('211282-32'), 'decision', 0, 'enf1');
  says(inspected.text, '行政处理决定书', '责令立即改正', '演示现场检查报告', of('211282-31').no, '经手人');
  says(punished.text, '行政处罚决定书', '演示决定内容', '演示法律依据', '案由', '演示案由');
  assert.equal(inspected.title, '行政处理决定书');
});

test('a letter is called what the guide calls it', async () => { //= R117
  const way = of('211282-10'), p = await paper(way, 'letter');
  assert.equal(p.title, '接收函');
  says(p.text, '接收函', '演示联系函编号', way.who.person.name, way.who.person.id_number);
  saysNot(p.text, '基本医疗保险关系转移接续联系函');
  assert.equal((await verified('211282', p.no, codeOf(p.text))).title, '接收函');
});

test('the origin sends its form once the other agency has written', async () => { //= R108 R117
  const way = of('211282-07'), p = await paper(way, 'stage_paper'), person = way.who.person;
  assert.equal(p.title, '信息变更表');
  says(p.text, '信息变更表', '演示文书送交：', person.name, person.id_number, '收到接收函', '来函的经办机构', '演示来函的经办机构', '收到日期', '发出日期', '寄送方式网络');
  assert.deepEqual(way.case.documents.map((d) => d.kind).slice(-3), ['certificate', 'stage_paper', 'cover'], 'after the certificate');
  const done = way.case.timeline.map((e) => e.title);
  assert.deepEqual(done.filter((t) => ['已办结', '登记来函', '登记信息表'].includes(t)), ['已办结', '登记来函', '登记信息表']);
  assert.ok(closed.includes('现在要办：收联系函') && closed.includes('登记来函') && closed.includes('record.party'), 'the desk offers it on the closed case');
  assert.ok(!closed.includes('登记信息表'), 'not the form before the letter');
  assert.doesNotMatch(closed, /<ul class="note"><\/ul>/, 'no empty note where a pause moved nothing');
});

test('a recognised chronic patient: the notice goes to the hospital, with what was found and from when', async () => { //= R163
  const way = of('421300-15'), p = await paper(way, 'stage_paper'), person = way.who.person;
  assert.equal(p.title, '慢病认定通知单');
  says(p.text, '慢病认定通知单', p.no, way.no, way.m.name, '演示文书送交：', person.name, person.id_number, '次月享受医保待遇');
  says(p.text, '鉴定结果符合', '认定的病种演示病种', '本院专家库中相对应专业的鉴定专家进行鉴定', '认定', '医保经办机构');
  saysNot(p.text, '审核信息', '演示鉴定意见', '同意'); // what it need not state; opinions stay inside
  for (const { at, staff_name } of way.case.timeline.filter((e) => ['鉴定签字', '审批通过'].includes(e.title)))
    says(p.text, `${staff_name}${onDay(at)}`);
  assert.equal((await verified('421300', p.no, codeOf(p.text))).title, '慢病认定通知单');
  const file = await way.staff.sup1.raw(`/desk/cases/${way.no}/archive.pdf?reason=${encodeURIComponent('上级调卷')}`);
  says(pdfText(await bytesOf(file), 'archive'), `编号：${p.no}`, '演示病种'); // it is in the file of the case
  const d = way.case.documents.find((x) => x.kind === 'stage_paper'), key = { 'x-access-code': way.code };
  const mine = (await house.web.getJson(`/cases/${way.no}`, key)).body.case.documents;
  assert.ok(mine.some((x) => x.kind === 'result') && !mine.some((x) => x.kind === 'stage_paper'), 'the applicant sees his own papers alone');
  assert.equal((await house.web.getJson(`/cases/${way.no}/documents/${d.id}`, key)).status, 404);
});

test('inspection and penalty leave the papers that the guide names', async () => { //= R267 R268 R272 R273
  const inspected = await paper(of('211282-31'), 'stage_paper', 0, 'enf1'), [found, closing] = [await paper(of('211282-32'), 'stage_paper', 0, 'enf1'), await paper(of('211282-32'), 'stage_paper', 1, 'enf1')];
  says(inspected.text, '现场检查报告', '演示现场检查报告', '责令改正的内容', '责令立即改正', '当事人', of('211282-31').no, '检查人员签字');
  says(found.text, '调查报告', '演示调查报告', '已出示执法证件', '已告知申请回避的权利', '当事人', '案件编号');
  says(closing.text, '结案审批表', '执行完毕日期', '演示决定内容', '送达方式', '证据已归档是', '批准结案', '意见：批准');
  for (const [p, key, verb, least] of [[inspected, '211282-31', '检查人员签字', 2], [found, '211282-32', '调查人员签字', 2], [closing, '211282-32', '批准结案', 1]]) {
    const signed = of(key).case.timeline.filter((e) => e.title === verb);
    assert.ok(signed.length >= least);
    for (const { staff_name, at } of signed) says(p.text, verb, `${staff_name}${onDay(at)}`);
    assert.equal((await verified('211282', p.no, codeOf(p.text))).title, p.title);
  }
  assert.deepEqual([inspected.title, found.title, closing.title], ['现场检查报告', '调查报告', '结案审批表']);
});

test('the cover lists the papers with their numbers and hides whose file it is', async () => { //= R269
  const way = of('421300-09'), p = await paper(way, 'cover'), c = way.case;
  says(p.text, '归档案卷封面', c.archive_no, way.m.name, '卷内文书', '办理记录');
  for (const d of c.documents.filter((x) => x.kind !== 'cover')) says(p.text, d.no, d.title);
  for (const e of c.timeline) says(p.text, e.title, e.at);
  saysNot(p.text, way.who.person.name, way.who.person.id_number);
});

test('a letter of commitment pairs the matter with the missing proof, once', async () => { //= R132
  const way = new Way(house, '410400', '12'), clock = house.clock;
  clock.enter();
  way.desk = 'win1';
  await way.begin('desk');
  clock.leave();
  const letter = () => way.staff.win1.raw(`/desk/cases/${way.no}/commitment.pdf`);
  assert.equal((await letter()).status, 404, 'nothing was promised');
  const promised = way.case.ticks.filter((t) => t.committable);
  assert.ok(promised.length >= 1);
  const other = way.case.ticks.filter((t) => !t.committable).map((t) => ({ key: t.key, state: 'checked' }));
  const r = await way.staff.win1.post(`/desk/cases/${way.no}/actions/accept`, { materials: [...other, ...promised.map((t) => ({ key: t.key, state: 'committed' }))] });
  assert.equal(r.status, 200, JSON.stringify(r.body));
  const text = pdfText(await bytesOf(await letter()), 'commitment');
  says(text, '承诺书', '承诺人', ...promised.flatMap((t) => [way.m.name, t.name]), '一项承诺只对应一项业务和一项材料');
  for (const t of way.case.ticks.filter((x) => !x.committable)) saysNot(text, t.name);
  const again = pdfText(await bytesOf(await letter()), 'commitment-again');
  assert.equal(again, text, 'the same letter, under the same number');
  const c = await way.see('win1');
  assert.equal(c.documents.filter((d) => d.kind === 'commitment').length, 1);
  const d = c.documents.find((x) => x.kind === 'commitment');
  assert.equal((await verified('410400', d.no, codeOf(text))).title, '承诺书');
  assert.equal((await house.staff['211282'].win1.raw(`/desk/cases/${way.no}/commitment.pdf`)).status, 403, 'another region');
});

test('a suspended matter: its notice for anybody, and with a number at the window', async () => { //= R13
  const region = '211282', m = house.matter(region, '16');
  const page = await house.web.text(`/r/${region}/m/16/suspended`);
  assert.ok(page.includes('铁政办发【2020】27号') && page.includes('suspended.pdf'));
  assert.ok((await house.web.text(`/r/${region}/m/16`)).includes(`/r/${region}/m/16/suspended`));
  const open = pdfText(await bytesOf(await house.web.get(`/r/${region}/m/16/suspended.pdf`)), 'suspended-public');
  says(open, '不予受理（暂停办理）告知书', m.status_basis, '暂停期间不予受理新的申请');
  saysNot(open, '验证码', '编号：');
  assert.equal((await house.web.get(`/r/${region}/m/17/suspended`)).status, 404);
  assert.equal((await house.web.get(`/r/${region}/m/17/suspended.pdf`)).status, 404);
  const win = house.staff[region].win1, nobody = await win.post('/desk/matters/16/suspended', { name: ' ' });
  assert.deepEqual([nobody.status, nobody.body.errors[0].field], [422, 'name']);
  assert.equal((await house.staff[region].rev1.post('/desk/matters/16/suspended', { name: '演示药店' })).status, 403);
  assert.equal((await win.post('/desk/matters/17/suspended', { name: '演示药店' })).status, 404);
  const b = await browse(house.server, region, 'window');
  assert.ok((await b.text('/desk/m/16/suspended')).includes('铁政办发'));
  const issued = pdfText(await bytesOf(await press(b, '/desk/m/16/suspended', { name: '演示大药房' })), 'suspended-issued');
  says(issued, '演示大药房', m.status_basis, '提出的申请不予受理', '签收人');
  const no = /编号：\s*(211282B-2026-\d{6})/.exec(issued)[1], d = await verified(region, no, codeOf(issued));
  assert.deepEqual([d.title, d.subject, d.revoked], ['不予受理（暂停办理）告知书', '演示大药房', false]);
});

test('every paper is verified by number and code, and a void one says so', async () => {
  const way = of('421300-09'), { documents } = await way.see();
  for (const [i, x] of documents.entries()) {
    const p = await paper(way, x.kind, documents.slice(0, i).filter((y) => y.kind === x.kind).length);
    const d = await verified(way.region, x.no, codeOf(p.text));
    assert.deepEqual([d.title, d.no, d.revoked], [x.title, x.no, false]);
  }
  const letter = documents.find((d) => d.kind === 'letter'), at = `/desk/cases/${way.no}/documents/${letter.id}/revoke`;
  const code = codeOf((await paper(way, 'letter')).text);
  assert.equal((await way.staff.win1.post(at, { reason: '编号写错' })).status, 403);
  const bare = await way.staff.sup1.post(at, {});
  assert.deepEqual([bare.status, bare.body.id, bare.body.errors[0].field], [422, 'ERR_REASON_REQUIRED', 'reason']);
  assert.equal((await house.staff['211282'].sup1.post(at, { reason: '编号写错' })).status, 403, 'another region');
  assert.equal((await way.staff.sup1.post(at, { reason: '编号写错' })).status, 200);
  assert.equal((await way.staff.sup1.post(at, { reason: '编号写错' })).status, 409, 'once');
  assert.equal((await verified(way.region, letter.no, code)).revoked, true);
  assert.ok((await house.web.text(`/v/${way.region}/${letter.no}/${code}`)).includes('已经作废'));
  says((await paper(way, 'letter')).text, '本文书已于', '作废');
  assert.equal((await way.see()).documents.find((d) => d.id === letter.id).revoked, true);
});
