// The sample forms on the real binary: 15 tables printed blank and filled, read back by pdftotext with every value behind its
// label; rows without scripts; all errors at once; the JSON Schema; a region's own version; what the guides cite and do not supply.
// JINGBAN_FORM_PICTURES=DIR keeps every printed page as a picture, to be looked at.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, idNumber } from './browser.mjs';
import { client, root, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';

const REGION = '410400', OTHER = '421381', BARE = '211282'; // the annex's own city; one that names the forms; one that names none of them
const ids = Array.from({ length: 15 }, (_, i) => `form-${String(i + 1).padStart(2, '0')}`);
let server, web, catalog, dir, clerk;

// A region's own version: another option among those of 申请人身份, as the sample invites (R71).
function withOwnVersion() {
  const to = mkdtempSync(path.join(tmpdir(), 'jingban-forms-catalog-'));
  cpSync(path.join(root, 'catalog'), to, { recursive: true });
  const own = readFileSync(path.join(to, 'forms/form-03.yaml'), 'utf8').replace('取值: [中小学儿童, 大学生, 无业成年人]', '取值: [新生儿, 中小学儿童, 大学生, 无业成年人]');
  assert.ok(own.includes('新生儿'));
  mkdirSync(path.join(to, 'regions', OTHER, 'forms'), { recursive: true });
  writeFileSync(path.join(to, 'regions', OTHER, 'forms/form-03.yaml'), own);
  return to;
}

before(async () => {
  catalog = withOwnVersion();
  dir = mkdtempSync(path.join(tmpdir(), 'jingban-forms-'));
  server = await serve(['--catalog', catalog], { timeout: 120000 });
  web = client(server.base);
  clerk = await signIn(server, REGION, 'window');
});
after(async () => { await server?.stop(); for (const d of [catalog, dir]) if (d) rmSync(d, { recursive: true, force: true }); });

// --- papers ---

const squeeze = (s) => s.replace(/[\s\u3000\f]+/g, '');

async function read(response, name) {
  const bytes = Buffer.from(await response.arrayBuffer());
  assert.equal(response.status, 200, bytes.toString('utf8').slice(0, 600));
  assert.equal(response.headers.get('content-type'), 'application/pdf');
  const file = path.join(dir, `${name}.pdf`);
  writeFileSync(file, bytes);
  const fonts = execFileSync('pdffonts', [file], { encoding: 'utf8' });
  assert.ok(!/\bno\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+\s*$/m.test(fonts), `${name}: a font is not embedded\n${fonts}`);
  const pictures = process.env.JINGBAN_FORM_PICTURES;
  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    execFileSync('pdftoppm', ['-r', '80', '-png', file, path.join(pictures, name)]);
  }
  const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
  return { text: squeeze(execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' })), pages: Number(/Pages:\s+(\d+)/.exec(info)[1]), size: /Page size:\s+(.*)/.exec(info)[1] };
}

const definition = async (id, region) => (await web.getJson(region ? `/regions/${region}/forms/${id}` : `/forms/${id}`)).body.definition;

// --- values as people write them, from a seed ---

function random(seed) {
  let s = seed >>> 0;
  return (n) => { s = (Math.imul(s, 1664525) + 1013904223) >>> 0; return Math.floor((s / 2 ** 32) * n); };
}
const seed = Number(process.env.JINGBAN_SEED ?? 20261122);
const names = ['阿依古丽·买买提江', '𬳶桥', '欧阳建国', '买买提·艾山·吐尔逊', '林小满', '司马𠮷明', 'Maria Chen'];
const places = ['河南省平顶山市卫东区建设路街道矿工路中段269号院家属区7号楼2单元14层1402室', '新疆维吾尔自治区巴音郭楞蒙古自治州和静县巴音布鲁克镇赛罕陶海村牧民定居点第三排西起第五户', '湖北省随州市曾都区北郊街道舜井大道128号（原玉柴专汽宿舍）A座901'];
const usccSet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
function uscc(n) {
  const org = `TE${String(n).padStart(6, '0')}`, value = (c) => (c <= '9' ? Number(c) : c.charCodeAt(0) - 55), ow = [3, 7, 9, 10, 5, 8, 4, 2];
  const o = 11 - [...org].reduce((s, c, i) => s + value(c) * ow[i], 0) % 11, body = `91410400${org}${o === 11 ? '0' : o === 10 ? 'X' : o}`;
  let sum = 0, w = 1;
  for (const c of body) { sum += usccSet.indexOf(c) * w; w = (w * 3) % 31; }
  return body + usccSet[(31 - sum % 31) % 31];
}
const cut = (s, f) => [...s].slice(0, f.max_length).join('');

function valueOf(f, r, n) {
  const pick = (list) => list[r(list.length)];
  switch (f.type) {
    case '姓名': return pick(names);
    case '证件类型': return '居民身份证';
    case '身份证件': return idNumber('410402', `19${60 + r(39)}0${1 + r(9)}${10 + r(18)}`, String(100 + n).padStart(3, '0'));
    case '信用代码': return uscc(100 + n);
    case '手机': return `13${String(100000000 + r(899999999))}`;
    case '电话': return r(2) ? `0375-${2000000 + r(7999999)}` : `15${String(100000000 + r(899999999))}`;
    case '银行账号': return `62220212${String(1000000000 + r(8999999999 % 2 ** 31))}`;
    case '日期': return `2026-1${r(2)}-${10 + r(18)}`;
    case '年月': return `20${10 + r(16)}-0${1 + r(9)}`;
    case '整数': return String(1 + r(240));
    case '金额': return `${1000 + r(90000)}.${10 + r(89)}`;
    case '是否': return pick(['是', '否']);
    case '选项': return f.values.find((v) => v.startsWith('其他')) ?? f.values[Math.min(1, f.values.length - 1)];
    case '多选': return [f.values[0], f.values.at(-1)];
    case '长文本': return cut(`${pick(places)}；经核对原件无误，情况属实。「第${n}项」<甲&乙>。${pick(places)}。`.repeat(2), f);
    default: return cut(f.max_length >= 100 ? `${pick(places)}#${n}` : `第${n}号-${pick(['东区', '甲乙丙', 'AB12'])}`, f);
  }
}

// Everything that may be typed, the table of rows to its last one.
function filled(def, fields, number = seed) {
  const r = random(number), body = {};
  let n = 0;
  for (const s of def.sections) {
    const mine = s.fields.filter((f) => fields(f) && !f.follows_from);
    if (!mine.length) continue;
    if (!s.rows) for (const f of mine) body[f.id] = valueOf(f, r, ++n);
    else body[s.rows.id] = Array.from({ length: s.rows.max }, () => Object.fromEntries(mine.map((f) => [f.id, valueOf(f, r, ++n)])));
    for (const row of s.rows ? body[s.rows.id] : [])
      if ('period_from' in row) Object.assign(row, { period_from: `201${r(10)}-0${1 + r(9)}`, period_to: `202${r(6)}-0${1 + r(9)}`, paid_months: String(1 + r(8)) });
    for (const row of s.rows ? body[s.rows.id] : [])
      if ('change_item' in row) changeOf(row, s.fields.find((f) => f.id === 'change_item'), r, ++n);
  }
  for (const id of Object.keys(body).filter((k) => k.endsWith('_words'))) Object.assign(body, { [id]: '壹万贰仟叁佰肆拾伍元陆角柒分', [id.replace('_words', '')]: '12345.67' });
  return body;
}
// A change whose new value fits what is changed.
function changeOf(row, f, r, n) {
  row.change_item = f.values[n % f.values.length];
  const as = (type) => valueOf({ type, max_length: 200, values: [] }, r, n), item = row.change_item;
  const type = item.endsWith('联系电话') ? '电话' : item.endsWith('姓名') ? '姓名' : item.endsWith('码') && item.startsWith('统一') ? '信用代码' : /身份证/.test(item) ? '身份证件' : item.endsWith('账号') ? '银行账号' : item === '出生日期' ? '日期' : '文本';
  row.new_value = item === '性别' ? '男' : item === '出生日期' ? `19${60 + r(39)}-0${1 + r(9)}-15` : as(type);
  row.old_value = item === '性别' ? '女' : as(type);
}

// --- where each value must stand ---

const shown = (f, v) => (f.type === '日期' || f.type === '年月' ? v.replace(/^(\d+)-0?(\d+)(?:-0?(\d+))?$/, (_, y, m, d) => `${y}年${m}月${d ? `${d}日` : ''}`) : v);
const bare = (label) => squeeze(label).replace(/[:：]+$/, '');
function ticks(f, value, blank) {
  const on = [value ?? []].flat();
  return f.values.map((v) => (on.includes(v) ? '☑' : '☐') + v + (blank !== undefined && v.startsWith('其他') ? `：${blank}` : '')).join('');
}
function textOf(def, f, body) {
  if (f.type === '是否' && !f.label_printed) return (body[f.id] === '是' ? '☑' : '☐') + f.label;
  if (f.type === '是否') return `${body[f.id] === '是' ? '☑' : '☐'}是${body[f.id] === '否' ? '☑' : '☐'}否`;
  if (!f.values || !['选项', '多选'].includes(f.type)) return shown(f, body[f.id]);
  const blank = def.sections.flatMap((s) => s.fields).find((x) => x.attached_to === f.id);
  return ticks(f, body[f.id], blank && body[blank.id]);
}

class Reader {
  constructor(text, name) { this.text = text; this.name = name; this.at = 0; this.found = 0; }
  // The first of WAYS that stands further down.
  next(what, ...ways) {
    const hits = ways.map((w) => [this.text.indexOf(squeeze(w), this.at), squeeze(w).length]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0]);
    assert.ok(hits.length, `${this.name}: ${what} is not in its place: “${ways.join('” or “')}” after …${this.text.slice(Math.max(0, this.at - 60), this.at)}▸${this.text.slice(this.at, this.at + 200)}`);
    this.at = hits[0][0] + hits[0][1];
    this.found++;
  }
}

function checkSection(reader, def, s, body) {
  const closing = new Set((s.signatures ?? []).filter((c) => ['signature', 'date'].includes(c.kind)).map((c) => c.text));
  const printed = (s.printed_text ?? '').replace('{声明}', def.declaration ?? '');
  if (s.rows) return checkRows(reader, s, body[s.rows.id]);
  for (const f of s.fields) {
    if (f.attached_to || closing.has(f.id) || printed.includes(`{${f.id}`)) continue;
    const value = textOf(def, f, body);
    if (f.label_printed) reader.next(f.label, bare(f.label) + value, `${bare(f.label)}：${value}`);
    else reader.next(f.label, value);
  }
  for (const [, before, id, option] of printed.matchAll(/([^{}]*)\{([a-z0-9_]+)(?::([^}]+))?\}/g)) {
    const f = s.fields.find((x) => x.id === id);
    reader.next(f.label, before.slice(-8) + (option ? option + (body[id] === option ? '☑' : '☐') : body[id]));
  }
  for (const f of s.fields) if (closing.has(f.id)) reader.next(f.label, `${bare(f.label)}：${shown(f, body[f.id])}`);
}

function checkRows(reader, s, rows) {
  const choice = s.fields.find((f) => f.id === 'change_item');
  if (choice && s.fields.length === 3) return checkPairs(reader, choice, rows); // before and after, item by item
  rows.forEach((row, i) => reader.next(`row ${i + 1}`, String(i + 1) + s.fields.map((f) => (f.ticked ? f.values.map((v) => (v === row[f.id] ? '☑' : '☐')).join('') : shown(f, row[f.id]))).join('')));
}
function checkPairs(reader, choice, rows) {
  const groups = ['法定代表人(负责人)', '缴费单位经办人', '开户银行'];
  for (const item of choice.values)
    for (const row of rows.filter((r) => r.change_item === item)) {
      const g = groups.find((x) => item.startsWith(x)) ?? '', own = item.slice(g.length);
      reader.next(item, `${own}${row.old_value}${own}${row.new_value}`, `${own}${row.old_value}${g}${own}${row.new_value}`);
    }
}

const nothing = (def) => def.sections.every((s) => s.fields.every((f) => !f.asked));

// --- the tests ---

test('the definitions: who fills, what it feeds, conditions, signatures, repairs', async () => { //= R10 R57
  const who = new Set(), types = new Set();
  for (const id of ids) {
    const def = await definition(id);
    assert.ok(def.repairs.length, `${id} says nothing of its source`);
    for (const r of def.repairs) assert.ok(r.field && r.printed && r.read && r.basis, JSON.stringify(r));
    const all = def.sections.flatMap((s) => s.fields);
    assert.equal(new Set(all.map((f) => f.id)).size, all.length, `${id} names a field twice`);
    for (const f of all) {
      who.add(f.who);
      types.add(f.type);
      if (/^office_/.test(f.id)) assert.ok(!f.asked && ['经办', '医疗机构', '部门'].includes(f.who), `${id}.${f.id} is asked of citizens`);
      if (f.handwritten) assert.ok(!f.asked);
      assert.ok(!/原件识读|补作/.test(f.help ?? ''), `${id}.${f.id} still hides a repair in its help`);
    }
    assert.ok(def.sections.some((s) => s.signatures) || def.printed_signatures?.length, `${id} is signed nowhere`);
  }
  assert.deepEqual([...who].sort(), ['单位', '医疗机构', '申请人', '经办', '部门'].sort());
  const feeds = (await definition('form-02')).sections.flatMap((s) => s.fields).find((f) => f.id === 'id_number').feeds;
  assert.equal(feeds.record, 'person.id');
  assert.equal((await definition('form-07')).sections.flatMap((s) => s.fields).find((f) => f.id === 'withdrawal_ground').feeds.fact, '支取原因');
  assert.ok((await definition('form-07')).repairs.some((r) => r.field === '声明' && r.unsure), 'a sentence read by its sense is marked to be confirmed');
});

for (const id of ids)
  test(`${id}: blank, as anybody prints it`, async () => {
    const def = await definition(id, REGION), { text, pages, size } = await read(await web.get(`/r/${REGION}/forms/${id}/blank.pdf`), `${id}-blank`);
    assert.equal(pages, 1, 'a blank form is one sheet');
    assert.match(size, /A4/);
    assert.ok(text.includes(squeeze(def.title)));
    for (const s of def.sections)
      for (const f of s.fields) {
        const inText = (s.printed_text ?? '').includes(`{${f.id}`) || (s.printed_text ?? '') === '{声明}' && (def.declaration ?? '').includes(`{${f.id}`);
        if (f.label_printed && !f.attached_to && !inText && f.id !== 'change_item') assert.ok(text.includes(bare(f.label)), `${f.label} is not printed`);
        for (const v of !s.rows && f.values || []) assert.ok(text.includes(squeeze(v)), `${f.id}: ${v} is not printed`);
      }
    for (const c of def.sections.flatMap((s) => s.signatures ?? [])) if (c.kind === 'stamp') assert.ok(text.includes('盖章处') && text.includes(squeeze(c.text)), `${c.text}: no place for it`);
    if (def.sections.some((s) => s.signatures?.some((c) => c.kind === 'date'))) assert.ok(text.includes('年月日'));
    assert.ok(!text.includes('☑'));
  });

for (const id of ids)
  test(`${id}: every field filled at the desk to the last row, printed, every value read behind its label`, async () => {
    const def = await definition(id, REGION), body = filled(def, () => true);
    if (id === 'form-11') Object.assign(body, { commitment_matter: '2.异地长期居住人员', commitment_missing: '2.居住证明' });
    const response = await fetch(`${server.base}/api/v1/desk/forms/${id}/print`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${clerk.token}` }, body: JSON.stringify(body) });
    const { text } = await read(response, `${id}-filled`), reader = new Reader(text, `${id} (seed ${seed})`);
    const above = def.sections.filter((s) => s.fields.some((f) => f.id === 'office_filing_no'));
    for (const s of [...above, ...def.sections.filter((s) => !above.includes(s))]) checkSection(reader, def, s, body);
    assert.ok(reader.found >= 5, 'the test found something to look for');
  });

test('anybody prints what an applicant fills, and nothing of what the bureau writes', async () => {
  for (const id of ids) {
    const def = await definition(id, REGION), all = filled(def, () => true, 7), body = Object.fromEntries(Object.entries(all));
    if (id === 'form-11') Object.assign(body, { commitment_matter: '3.常驻异地工作人员备案', commitment_missing: '3.参保地工作单位派出证明、异地工作单位证明、工作合同' });
    const response = await fetch(`${server.base}/api/v1/regions/${REGION}/forms/${id}/print`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const { text } = await read(response, `${id}-public`);
    for (const s of def.sections)
      for (const f of s.rows ? [] : s.fields) {
        const value = [body[f.id]].flat()[0];
        if (!f.values && value?.length > 6 && !f.asked && !def.sections.some((x) => x.fields.some((y) => y.asked && body[y.id] === value))) assert.ok(!text.includes(squeeze(value)), `${id}.${f.id} is the bureau's and printed for anybody`);
      }
    if (nothing(def)) assert.ok(!text.includes('☑'), `${id} is the bureau's alone`);
  }
});

test('rows by pages without scripts: one more, one less, everything typed stays; then the table', async () => {
  const b = new Browser(server.base);
  await b.open(`/r/${REGION}/forms/form-02`);
  b.has('职工基本医疗保险参保登记表', '增加一行', '不保存').hasNot('经办机构经办人');
  assert.ok(!b.html.includes('name="office_handler"'));
  await b.submit('/forms/form-02', { 'employees.0.person_name': '阿依古丽·买买提', filler_phone: '0375-2978611' }, { add_row: 'employees' });
  assert.ok(b.html.includes('value="阿依古丽·买买提"') && b.html.includes('value="0375-2978611"') && b.html.includes('name="employees.1.person_name"'));
  await b.submit('/forms/form-02', { 'employees.1.person_name': '𬳶桥', 'employees.1.employee_action': '恢复' }, { add_row: 'employees' });
  await b.submit('/forms/form-02', {}, { remove_row: 'employees.0' });
  assert.ok(!b.html.includes('阿依古丽') && b.html.includes('name="employees.0.person_name" value="𬳶桥"') && !b.html.includes('name="employees.2.'));
  const f = b.form('/forms/form-02');
  const send = (more = {}) => fetch(`${server.base}${f.action}/print`, { method: 'POST', body: new URLSearchParams([...f.fields.filter(([n]) => !(n in more)), ...Object.entries(more)]) });
  assert.ok(b.html.includes(`formaction="${f.action}/print"`));
  const { text } = await read(await send(), 'form-02-by-pages');
  assert.ok(text.includes('1𬳶桥') && text.includes('☐☐☐☑☐☐') && text.includes('电话：0375-2978611'));
  // wrong values: every one of them, rows too, and all that was typed
  const wrong = await send({ filler_phone: '12', 'employees.0.id_number': '410402199003071234', 'employees.0.mobile': 'abc', 'employees.0.declared_wage': '很多' });
  const page = await wrong.text();
  assert.equal(wrong.status, 422);
  for (const id of ['filler_phone', 'employees.0.id_number', 'employees.0.mobile', 'employees.0.declared_wage']) assert.ok(page.includes(`href="#f-${id}"`) && page.includes(`id="f-${id}"`), `${id} is not among the errors`);
  assert.ok(page.includes('value="410402199003071234"'));
  // never more rows than the form has
  const many = new URLSearchParams(Array.from({ length: 60 }, (_, i) => [`employees.${i}.person_name`, '林小满']));
  many.set('add_row', 'employees');
  const full = await (await fetch(server.base + f.action, { method: 'POST', body: many })).text();
  assert.ok(full.includes('name="employees.49.person_name"') && !full.includes('name="employees.50.') && !full.includes('增加一行'));
});

//= R113 R114
test('the information form at the desk: no more paid months than the calendar has, words as figures', async () => {
  const print = async (id, more) => {
    const def = await definition(id, REGION), body = { ...filled(def, () => true), ...more };
    const r = await fetch(`${server.base}/api/v1/desk/forms/${id}/print`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${clerk.token}` }, body: JSON.stringify(body) });
    return r.status === 200 ? [] : (await r.json()).errors.map((e) => [e.field, e.reason, e.remedy]);
  };
  const period = (period_from, period_to, paid_months) => ({ period_from, period_to, paid_months, insurance_type: '职工医保' });
  const money = { transfer_amount: '1234.50', transfer_amount_words: '壹仟贰佰叁拾肆元伍角整' };
  assert.deepEqual(await print('form-10', { ...money, periods: [period('2025-11', '2026-02', '4')] }), []);
  assert.deepEqual(await print('form-10', { ...money, periods: [period('2025-11', '2026-02', '4'), period('2025-11', '2026-02', '5')] }),
    [['periods.1.paid_months', '多于起止年月之间的 4 个月', '请核对缴费月数和起止年月']]);
  assert.deepEqual(await print('form-10', { ...money, periods: [period('2026-02', '2025-11', '1')] }), [['periods.0.period_to', '早于起始年月', '请核对起止年月']]);
  assert.deepEqual(await print('form-10', { transfer_amount: '1234.05', transfer_amount_words: money.transfer_amount_words, periods: [period('2026-02', '2026-02', '1')] }),
    [['transfer_amount_words', '与小写金额不一致', '按小写应为：壹仟贰佰叁拾肆元零伍分']]);
  assert.deepEqual(await print('form-08', { balance: '1234.50', balance_words: '壹仟元整' }), [['balance_words', '与小写金额不一致', '按小写应为：壹仟贰佰叁拾肆元伍角整']]);
});

test('conditions between fields: what 其他 means must be said, two go together, one choice binds the other', async () => { //= R131 R132
  const refused = async (r) => { if (r.status === 200) return []; const { errors } = await r.json(); return errors.map((e) => e.field); };
  const json = { 'content-type': 'application/json' };
  const print = async (id, body) => refused(await fetch(`${server.base}/api/v1/forms/${id}/print`, { method: 'POST', headers: json, body: JSON.stringify(body) }));
  assert.deepEqual(await print('form-11', { commitment_matter: '1.异地安置退休人员备案', commitment_missing: '2.居住证明' }), ['commitment_missing']);
  assert.deepEqual(await print('form-11', { commitment_matter: '2.异地长期居住人员', commitment_missing: '2.居住证明' }), []);
  const { text } = await read(await fetch(`${server.base}/api/v1/forms/form-01/print`, { method: 'POST', headers: json, body: JSON.stringify({ insurances: ['生育保险'], insurances_other: '不该印出' }) }), 'form-01-other');
  assert.ok(!text.includes('不该印出'), 'the blank behind 其他 is empty while 其他 is not ticked');
  // the same on the way of an application, where what is owed is owed
  const made = await web.postJson(`/regions/${REGION}/matters/12/drafts`, { facts: { filing_action: '首次备案', proof_mode: '承诺制', retired: '是', outside_pool: '是', hukou_moved: '是', delegated: '否', has_chronic_benefit: '否' } });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const save = async (body) => refused(await fetch(`${server.base}/api/v1/regions/${REGION}/drafts/${made.body.draft.token}/form`, { method: 'PUT', headers: json, body: JSON.stringify(body) }));
  const fine = { person_name: '林小满', id_number: idNumber('410402', '19600611', '119'), mobile: '13812345678', filing_category: '异地安置退休人员', filing_action: '新增', filing_province: '海南', commitment_matter: '1.异地安置退休人员备案', commitment_missing: '1.“户口簿首页”和本人“常住人口登记卡”' };
  assert.deepEqual(await save(fine), []);
  assert.deepEqual(await save({ ...fine, filing_category: '其他' }), ['filing_category_other']);
  assert.deepEqual(await save({ ...fine, filing_category: '其他', filing_category_other: '投靠子女' }), []);
  assert.deepEqual(await save({ ...fine, filing_province: '湖北省' }), ['filing_city']);
  assert.deepEqual(await save({ ...fine, commitment_missing: '' }), ['commitment_missing']);
});

test('灵活就业: the form of a flexible worker has no unit section, is filled from the applicant and ticked by itself', async () => { //= R52 R57
  const facts = { insured_status: '灵活就业人员', employee_action: '增加' };
  const made = await web.postJson('/regions/421300/matters/02/drafts', { facts });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const at = `/r/421300/d/${made.body.draft.token}`, b = new Browser(server.base), person = { applicant_name: '林小满', applicant_id: idNumber('421303', '19900307', '771'), mobile: '13812345678' };
  await b.open(`${at}/applicant`);
  await b.submit('/applicant', person);
  await b.open(`${at}/form`);
  b.hasNot('单位信息', '单位编码');
  for (const [name, value] of [['employees.0.person_name', '林小满'], ['employees.0.id_number', person.applicant_id], ['filler_name', '林小满'], ['filler_phone', person.mobile]]) assert.ok(new RegExp(`name="${name.replaceAll('.', '\\.')}"[^>]*value="${value}"`).test(b.html), `${name} is to be typed again`);
  assert.ok(!b.html.includes('name="flexible"'), 'what follows from an answer is not asked');
  const f = b.form('/form'), response = await fetch(`${server.base}${at}/form/print`, { method: 'POST', body: new URLSearchParams(f.fields) });
  const { text } = await read(response, 'form-02-flexible');
  assert.ok(text.includes('☑灵活就业人员') && text.includes(person.applicant_id));
  const unit = await web.postJson('/regions/421300/matters/02/drafts', { facts: { insured_status: '在职职工', employee_action: '增加' } });
  await b.open(`/r/421300/d/${unit.body.draft.token}/form`);
  b.has('单位信息', '单位编码');
});

test("a case's own form from the desk: in full, with a reason, on record", async () => {
  const person = { name: '欧阳桥', id_number: idNumber('421303', '19880612', '553'), mobile: '13912345670' };
  const sent = await web.postJson('/regions/421300/matters/02/applications', { facts: { insured_status: '灵活就业人员', employee_action: '增加' }, applicant: person, materials: { '2.1': 'given' },
    form: { filler_phone: person.mobile, employees: [{ person_name: person.name, id_kind: '居民身份证', id_number: person.id_number, employee_action: '增加', mobile: person.mobile }] } }, { 'idempotency-key': 'forms-1' });
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  const staff = await signIn(server, '421300', 'window'), url = `/desk/cases/${sent.body.no}/form`;
  const none = await staff.post(url, {});
  assert.equal(none.body.id, 'ERR_REASON_REQUIRED');
  const response = await fetch(`${server.base}/api/v1${url}`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${staff.token}` }, body: JSON.stringify({ reason: '申请人要求打印' }) });
  const { text } = await read(response, 'form-02-case');
  assert.ok(text.includes(`1${person.name}居民身份证${person.id_number}`) && text.includes('☑灵活就业人员'));
  const other = await signIn(server, REGION, 'window');
  assert.equal((await other.post(url, { reason: '看看' })).status, 403);
  const page = await browse(server, '421300', 'window');
  assert.ok((await page.text(`/desk/c/${sent.body.no}`)).includes('打印这张表'));
});

test("the desk's page of a form: everything may be typed, and the repairs of the source stand below", async () => {
  const page = await browse(server, REGION, 'window'), html = await page.text('/desk/forms/form-13');
  for (const w of ['name="form.office_opinion"', 'name="form.office_civil_opinion"', 'name="form.person_name"', '原件缺损和识读', '特困供人员', '特困供养人员', '待核']) assert.ok(html.includes(w), w);
  assert.ok((await page.text('/desk/forms')).includes('/desk/forms/form-08'));
  const more = await page.send('/desk/forms/form-10', { 'form.periods.0.period_from': '2019-01', add_row: 'periods' }, '/desk/forms/form-10');
  const again = more.text;
  assert.ok(again.includes('name="form.periods.1.period_from"') && again.includes('value="2019-01"'), again.slice(0, 300));
});

test('nothing of it is stored or logged', async () => {
  const secret = '密折儿·不落痕', number = idNumber('410402', '19850611', '919');
  const body = new URLSearchParams({ person_name: secret, id_number: number, commitment_matter: '异地安置', commitment_missing: '户口簿' });
  const { text } = await read(await fetch(`${server.base}/r/${REGION}/forms/form-15/print`, { method: 'POST', body }), 'form-15-secret');
  assert.ok(text.includes(`本人${secret}`) && text.includes(`身份证号${number}`));
  assert.ok(!server.out().includes(number) && !server.out().includes(secret));
  assert.ok(!readFiles(server.data).some((b) => b.includes(number) || b.includes(secret)));
});
function readFiles(where) {
  return execFileSync('find', [where, '-type', 'f', '-size', '-64M'], { encoding: 'utf8' }).trim().split('\n').map((f) => readFileSync(f));
}

test('the list: the sample forms with their matters; what the guide cites and does not supply', async () => { //= R10
  const { body } = await web.getJson(`/regions/${REGION}/forms`);
  assert.deepEqual(body.forms.map((f) => f.id), ids);
  assert.ok(body.forms.filter((f) => f.id !== 'form-08' && f.id !== 'form-10').every((f) => f.matters.length) || body.forms.find((f) => f.id === 'form-11').matters.length >= 3);
  assert.ok(body.cited.some((c) => c.name === '平顶山市基本医疗保险转诊单' && !c.sample));
  const other = (await web.getJson(`/regions/${OTHER}/forms`)).body;
  const cited = other.cited.find((c) => c.name === '异地就医登记备案表');
  assert.equal(cited.sample, 'form-11');
  assert.ok(cited.matters.length >= 4);
  const b = new Browser(server.base);
  await b.open(`/r/${OTHER}/forms`);
  b.has('异地就医登记备案表', '没有附上的表单', '可以参照样表', '请向窗口索取', '本地版本');
  await b.open(`/e/r/${BARE}/forms/form-01`);
  b.has('本地指南没有附这张表的式样');
  for (const f of other.forms) for (const m of f.matters) assert.equal((await web.get(`/r/${OTHER}/m/${m.id}`)).status, 200);
});

test("a region's own version of a form: page, schema and print (R10, R71)", async () => { //= R10 R71
  const own = (await web.getJson(`/regions/${OTHER}/forms/form-03/schema`)).body, sample = (await web.getJson('/forms/form-03/schema')).body;
  assert.deepEqual(own.properties.applicant_class.enum, ['新生儿', '中小学儿童', '大学生', '无业成年人']);
  assert.deepEqual(sample.properties.applicant_class.enum, ['中小学儿童', '大学生', '无业成年人']);
  const { text } = await read(await web.get(`/r/${OTHER}/forms/form-03/blank.pdf`), 'form-03-own');
  assert.ok(text.includes('☐新生儿☐中小学儿童'));
});

test('an unknown form, too large a body, a wrong kind of value', async () => {
  assert.equal((await web.get('/forms/form-99')).status, 404);
  assert.equal((await web.get(`/r/${REGION}/forms/form-99/blank.pdf`)).status, 404);
  const big = await fetch(`${server.base}/r/${REGION}/forms/form-02/print`, { method: 'POST', body: new URLSearchParams({ remark: '长'.repeat(300000) }) });
  assert.equal(big.status, 413);
  const many = await web.postJson('/forms/form-02/print', { employees: Array.from({ length: 51 }, () => ({ person_name: '林小满' })) });
  assert.equal(many.status, 422);
  const odd = await web.postJson('/forms/form-02/print', { filler_phone: { a: 1 } });
  assert.equal(odd.status, 422);
  assert.equal((await fetch(`${server.base}/api/v1/desk/forms/form-08/print`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status, 401);
});

// --- JSON Schema 2020-12: a small validator of the words used ---

const WORDS = new Set(['$schema', '$id', 'title', 'description', 'type', 'properties', 'required', 'items', 'enum', 'const', 'pattern', 'format', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems', 'minimum', 'allOf', 'if', 'then', 'not', 'contains']);
const TYPES = { string: (v) => typeof v === 'string', integer: Number.isInteger, boolean: (v) => typeof v === 'boolean', object: (v) => v !== null && typeof v === 'object' && !Array.isArray(v), array: Array.isArray };
const list = (v) => (v === undefined ? [] : [v].flat());

function validate(s, v, at = '') {
  const bad = [];
  const say = (word) => bad.push(`${at || '/'} ${word}`);
  const string = typeof v === 'string', array = Array.isArray(v), object = TYPES.object(v);
  if (s.type !== undefined && !list(s.type).some((t) => TYPES[t](v))) say('type');
  if (s.enum && !s.enum.includes(v)) say('enum');
  if ('const' in s && s.const !== v) say('const');
  if (string && s.pattern !== undefined && !new RegExp(s.pattern, 'u').test(v)) say('pattern');
  if (string && s.minLength !== undefined && [...v].length < s.minLength) say('minLength');
  if (string && s.maxLength !== undefined && [...v].length > s.maxLength) say('maxLength');
  if (Number.isInteger(v) && s.minimum !== undefined && v < s.minimum) say('minimum');
  if (array && s.minItems !== undefined && v.length < s.minItems) say('minItems');
  if (array && s.maxItems !== undefined && v.length > s.maxItems) say('maxItems');
  if (array && s.uniqueItems && new Set(v).size !== v.length) say('uniqueItems');
  if (array && s.items) v.forEach((x, i) => bad.push(...validate(s.items, x, `${at}/${i}`)));
  if (array && s.contains && !v.some((x) => !validate(s.contains, x).length)) say('contains');
  if (object) for (const k of s.required ?? []) if (!(k in v)) bad.push(`${at}/${k} required`);
  if (object) for (const [k, p] of Object.entries(s.properties ?? {})) if (k in v) bad.push(...validate(p, v[k], `${at}/${k}`));
  if (s.not && !validate(s.not, v).length) say('not');
  for (const x of s.allOf ?? []) bad.push(...validate(x, v, at));
  if (s.if && s.then && !validate(s.if, v).length) bad.push(...validate(s.then, v, at));
  return bad;
}

// The schema itself: only words of the standard (or x-…), each with a value of its kind; every name owed is a property.
function soundSchema(s, at) {
  for (const [k, v] of Object.entries(s)) {
    assert.ok(WORDS.has(k) || k.startsWith('x-'), `${at}: ${k} is no word of the standard that we use`);
    if (['minLength', 'maxLength', 'minItems', 'maxItems', 'minimum'].includes(k)) assert.ok(Number.isInteger(v) && v >= 0, `${at}.${k}`);
    if (k === 'type') for (const t of list(v)) assert.ok(t in TYPES, `${at}.${k} ${t}`);
    if (k === 'enum') assert.ok(Array.isArray(v) && v.length && new Set(v).size === v.length, `${at}.enum`);
    if (k === 'required') assert.ok(Array.isArray(v) && v.every((x) => typeof x === 'string') && new Set(v).size === v.length, `${at}.required`);
    if (k === 'pattern') assert.ok(new RegExp(v, 'u'));
    if (k === 'properties') for (const [n, p] of Object.entries(v)) soundSchema(p, `${at}.${n}`);
    if (['items', 'if', 'then', 'not', 'contains'].includes(k)) soundSchema(v, `${at}.${k}`);
    if (k === 'allOf') v.forEach((x, i) => soundSchema(x, `${at}.allOf[${i}]`));
  }
  if (s.properties && s.type === 'object') for (const k of s.required ?? []) assert.ok(k in s.properties, `${at} owes ${k}, which it does not know`);
  if (s.minItems !== undefined && s.maxItems !== undefined) assert.ok(s.minItems <= s.maxItems);
}

for (const id of ids)
  test(`${id}: its JSON Schema is one, takes what is right and refuses what is wrong`, async () => {
    const def = await definition(id), schema = (await web.getJson(`/forms/${id}/schema`)).body;
    assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
    soundSchema(schema, id);
    const asked = def.sections.flatMap((s) => s.fields.filter((f) => f.asked).map((f) => [s, f]));
    const properties = (s) => (s.rows ? schema.properties[s.rows.id].items.properties : schema.properties);
    for (const [s, f] of asked) {
      const p = properties(s)[f.id];
      assert.ok(p && p.title === f.label && p['x-type'] === f.type && p['x-who'] === f.who, `${f.id} is missing`);
      if (f.type === '选项') assert.deepEqual(p.enum, f.values);
      if (f.type === '多选') assert.deepEqual(p.items.enum, f.values);
      else assert.equal(p.maxLength, f.max_length);
      assert.equal((s.rows ? schema.properties[s.rows.id].items.required : schema.required).includes(f.id), f.required);
      if (f.help) assert.ok(p.description.includes(f.help));
    }
    for (const s of def.sections) for (const f of s.fields) if (!f.asked) assert.ok(!schema.properties[f.id], `${f.id} is not an applicant's`);
    const body = filled(def, (f) => f.asked, 11);
    if (id === 'form-11') Object.assign(body, { commitment_matter: '2.异地长期居住人员', commitment_missing: '2.居住证明' });
    assert.deepEqual(validate(schema, body), []);
    // the server takes it too
    if (asked.length) assert.equal((await fetch(`${server.base}/api/v1/forms/${id}/print`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).status, 200);
    for (const [s, f] of asked) {
      const at = s.rows ? `/${s.rows.id}/0/${f.id}` : `/${f.id}`;
      const put = (value) => { const copy = structuredClone(body), where = s.rows ? copy[s.rows.id][0] : copy; if (value === undefined) delete where[f.id]; else where[f.id] = value; return validate(schema, copy).filter((x) => x.startsWith(at)); };
      if (f.required) assert.ok(put(undefined).length, `${f.id} may be left out`);
      if (f.values) assert.ok(put(f.type === '多选' ? ['没有这一项'] : '没有这一项').length, `${f.id} takes anything`);
      if (['日期', '年月', '整数', '金额', '身份证件', '信用代码', '手机', '电话', '银行账号'].includes(f.type)) assert.ok(put('不是这样').length, `${f.id} (${f.type}) takes anything`);
      if (['文本', '长文本', '姓名'].includes(f.type)) assert.ok(put('长'.repeat(f.max_length + 1)).length, `${f.id} has no end`);
      assert.ok(put({ a: 1 }).length, `${f.id} takes an object`);
    }
    for (const s of def.sections.filter((s) => s.rows && s.fields.some((f) => f.asked))) {
      const copy = structuredClone(body);
      copy[s.rows.id].push(copy[s.rows.id][0]);
      assert.ok(validate(schema, copy).length, 'more rows than the form has');
    }
  });

test('what hangs together is in the schema: 其他 wants its blank, a province its city', async () => { //= R138
  const schema = (await web.getJson('/forms/form-11/schema')).body;
  const place = (o) => validate(schema, { person_name: '林小满', filing_category: '异地安置退休人员', filing_action: '新增', id_number: idNumber('410402', '19600611', '11' + '9'), mobile: '13812345678', ...o });
  assert.deepEqual(place({ filing_province: '湖北省' }), ['/filing_city required']);
  assert.deepEqual(place({ filing_province: '北京市' }), []);
  assert.deepEqual(place({ filing_province: '海南', filing_category: '其他' }), ['/filing_category_other required']);
  assert.deepEqual(place({ filing_province: '海南', commitment_matter: '2.异地长期居住人员' }), ['/commitment_missing required']);
});
