// The whole file of a case: one PDF and one ZIP, read back with other programs; every digest reckoned again; nobody gets it who may not.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { after, before, test } from 'node:test';
import { browse, signIn } from './staff.mjs';
import { House, Way } from './ways.mjs';

const REGION = '421300', MATTER = '09';
let house, way, dir, files;
const sm3 = (bytes) => createHash('sm3').update(bytes).digest('hex');

// What an applicant's telephone and scanner send: two pages, one of them named after himself.
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n');
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

async function upload(no, code, material, name, bytes, type) {
  const body = new FormData();
  body.set('file', new Blob([bytes], { type }), name);
  const r = await fetch(`${house.server.base}/api/v1/cases/${no}/uploads/${encodeURIComponent(material)}`, { method: 'POST', body, headers: { 'x-access-code': code } });
  assert.ok([200, 201].includes(r.status), await r.text());
}

before(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'jingban-archive-'));
  house = await House.open();
  house.calendar();
  await house.roster(REGION);
  way = new Way(house, REGION, MATTER);
  const supplement = way.supplement.bind(way);
  way.supplement = async (gaps) => { // with files, as people send them
    const [key] = gaps.flatMap((g) => way.leaves(g));
    await upload(way.no, way.code, key, `../${way.who.person.name}的凭证.pdf`, PDF, 'application/pdf');
    await upload(way.no, way.code, key, '照片.png', PNG, 'image/png');
    return supplement(gaps);
  };
  await way.drive();
}, { timeout: 300000 });
after(async () => { await house?.stop(); rmSync(dir, { recursive: true, force: true }); });

const url = (kind, reason = '') => `/desk/cases/${way.no}/archive.${kind}${reason && `?reason=${encodeURIComponent(reason)}`}`;
async function taken(kind, login = 'sup1') {
  const r = await way.staff[login].raw(url(kind, '上级调卷'));
  assert.equal(r.status, 200, r.status === 200 ? '' : await r.text());
  return { r, bytes: Buffer.from(await r.arrayBuffer()) };
}

// A ZIP by its central directory: {name: bytes}. Our own reader, not the library that wrote it.
function unzip(b) {
  const end = b.lastIndexOf(Buffer.from('PK\x05\x06')), out = {};
  let at = b.readUInt32LE(end + 16);
  for (let i = 0; i < b.readUInt16LE(end + 10); i++) {
    assert.equal(b.readUInt32LE(at), 0x02014b50);
    const [flags, method, size] = [b.readUInt16LE(at + 8), b.readUInt16LE(at + 10), b.readUInt32LE(at + 20)];
    const [n, extra, comment, local] = [b.readUInt16LE(at + 28), b.readUInt16LE(at + 30), b.readUInt16LE(at + 32), b.readUInt32LE(at + 42)];
    const name = b.subarray(at + 46, at + 46 + n).toString(), from = local + 30 + b.readUInt16LE(local + 26) + b.readUInt16LE(local + 28);
    const data = b.subarray(from, from + size);
    if (/[^\x00-\x7f]/.test(name)) assert.ok(flags & 0x800, `${name} is marked as UTF-8`);
    assert.ok(!(name in out), `${name} twice`);
    out[name] = method === 8 ? inflateRawSync(data) : data;
    at += 46 + n + extra + comment;
  }
  return out;
}

test('one PDF: cover, contents with page numbers, every paper, form, what happened, the materials with their digests', async () => {
  const { r, bytes } = await taken('pdf'), file = path.join(dir, 'case.pdf');
  assert.equal(r.headers.get('content-type'), 'application/pdf');
  assert.match(decodeURIComponent(r.headers.get('content-disposition')), new RegExp(`attachment.*${way.no}-案卷\\.pdf`));
  assert.match(r.headers.get('cache-control'), /no-store/);
  assert.equal(Number(r.headers.get('content-length')), bytes.length);
  writeFileSync(file, bytes);
  if (process.env.JINGBAN_PAPERS_OUT) writeFileSync(path.join(process.env.JINGBAN_PAPERS_OUT, 'archive.pdf'), bytes);
  const pages = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).split('\f').slice(0, -1), tight = pages.map((p) => p.replace(/\s+/g, ''));
  pages.forEach((p, i) => assert.ok(tight[i].includes(`第${i + 1}页共${pages.length}页`), `page ${i + 1} is counted`));
  assert.ok(tight[0].includes('归档案卷封面') && tight[0].includes(`${way.no}-D`));
  const c = await way.see(), at = tight.findIndex((p) => p.includes('卷内目录')), contents = pages[at].split('\n');
  for (const d of c.documents) assert.ok(tight.some((p) => p.includes(d.no)), `${d.title} is in it`);
  for (const d of c.documents.filter((x) => x.kind !== 'cover')) { // the page that the list names is the page it begins on
    const line = contents.find((l) => l.includes(d.no.slice(-11))), page = Number(/(\d+)\s*$/.exec(line)[1]);
    assert.ok(tight[page - 1].includes(`编号：${d.no}`) || tight[page - 1].includes(d.no), `${d.title} begins on page ${page}`);
    assert.ok(tight[page - 1].includes(d.title), `${d.title} on page ${page}:\n${pages[page - 1]}`);
  }
  const all = tight.join('');
  for (const e of c.timeline) assert.ok(all.includes(e.title), e.title);
  for (const m of c.materials) assert.ok(all.includes(m.name.replace(/\s+/g, '')), m.name);
  for (const b of [PDF, PNG]) assert.ok(all.includes(sm3(b)), 'the digest of an uploaded file');
  assert.ok(all.includes('演示联系函编号') && all.includes('取卷人'));
});

test('one ZIP: everything named safely, every digest right', async () => {
  const { r, bytes } = await taken('zip'), file = path.join(dir, 'case.zip');
  assert.equal(r.headers.get('content-type'), 'application/zip');
  writeFileSync(file, bytes);
  files = unzip(bytes);
  const names = Object.keys(files), manifest = JSON.parse(files['manifest.json']), c = await way.see();
  for (const n of names) assert.ok(!/^\/|\.\.|[\\:*?"<>|\x00-\x1f]/.test(n), `${n} is a safe name`);
  assert.deepEqual(manifest.entries.map((e) => e.name).sort(), names.filter((n) => n !== 'manifest.json').sort());
  for (const e of manifest.entries) {
    assert.equal(files[e.name].length, e.size, e.name);
    assert.equal(sm3(files[e.name]), e.sm3, e.name);
  }
  assert.equal(names.filter((n) => n.startsWith('文书/')).length, c.documents.length);
  for (const d of c.documents) assert.ok(names.some((n) => n.startsWith('文书/') && n.includes(d.title) && n.endsWith(`${d.no}.pdf`)), d.title);
  for (const n of names.filter((x) => x.endsWith('.pdf') && !x.startsWith('材料/'))) assert.equal(files[n].subarray(0, 5).toString(), '%PDF-', n);
  const sent = names.filter((n) => n.startsWith('材料/')).sort();
  assert.equal(sent.length, 2);
  assert.match(sent[0], /^材料\/01-[^/]+\.pdf$/);
  assert.match(sent[1], /^材料\/02-[^/]+\.png$/);
  assert.deepEqual([files[sent[0]], files[sent[1]]], [PDF, PNG]);
  assert.deepEqual([manifest.case_no, manifest.region, manifest.status, manifest.digest], [way.no, REGION, 'closed', 'SM3']);
  assert.match(manifest.chain.head, /^[0-9a-f]{64}$/);
  const { events } = JSON.parse(files['events.json']);
  assert.equal(events.length, manifest.chain.events);
  assert.deepEqual(events.map((e) => e.seq), events.map((_, i) => i + 1));
  assert.deepEqual(events.filter((e) => !e.withheld).map((e) => e.kind), c.timeline.map((e) => e.kind));
  assert.equal(events.filter((e) => e.withheld).length, 1); // its rating
  assert.ok(!files['events.json'].toString().includes('rated'));
  const first = events[0].payload;
  assert.equal(first.applicant_name, way.who.person.name);
  assert.equal(first.access, undefined, 'what opens the case to its applicant stays inside');
  assert.equal(events.find((e) => e.kind === 'passed').payload.record.reference, '演示联系函编号');
});

test('a changed byte of a stored file is seen by its digest', async () => { // made by somebody with a hand in the data folder
  const digest = sm3(PDF), stored = path.join(house.server.data, 'files', digest.slice(0, 2), digest), was = readFileSync(stored);
  try {
    writeFileSync(stored, Buffer.concat([was.subarray(0, -1), Buffer.from('x')]));
    const got = unzip((await taken('zip')).bytes), e = JSON.parse(got['manifest.json']).entries.find((x) => x.sm3 === digest);
    assert.notEqual(sm3(got[e.name]), e.sm3);
    rmSync(stored);
    const less = unzip((await taken('zip')).bytes), gone = JSON.parse(less['manifest.json']).entries.find((x) => x.sm3 === digest);
    assert.equal(gone.missing, true, 'a lost file is told, not passed over');
    assert.ok(!(gone.name in less));
  } finally { writeFileSync(stored, was); }
});

test('not without a reason, which is kept', async () => {
  for (const kind of ['pdf', 'zip'])
    for (const r of [await way.staff.win1.raw(url(kind)), await way.staff.win1.raw(url(kind, '　 '))]) {
      assert.equal(r.status, 422);
      const body = await r.json();
      assert.deepEqual([body.id, body.errors[0].field], ['ERR_REASON_REQUIRED', 'reason']);
    }
  const posted = await fetch(`${house.server.base}/api/v1/desk/cases/${way.no}/archive.pdf`, {
    method: 'POST', body: JSON.stringify({ reason: '复核调卷' }), headers: { 'content-type': 'application/json', authorization: `Bearer ${way.staff.win1.token}` } });
  assert.equal(posted.status, 200);
  assert.equal(Buffer.from(await posted.arrayBuffer()).subarray(0, 5).toString(), '%PDF-');
});

test('HEAD tells the same and hands nothing over', async () => {
  const r = await fetch(`${house.server.base}/api/v1${url('zip', '看看多大')}`, { method: 'HEAD', headers: { authorization: `Bearer ${way.staff.win1.token}` } });
  assert.equal(r.status, 200);
  assert.equal(r.headers.get('content-type'), 'application/zip');
  assert.ok(Number(r.headers.get('content-length')) > 10000);
  assert.equal((await r.arrayBuffer()).byteLength, 0);
});

test('nobody else gets it', async () => {
  for (const login of ['expert1', 'hospital', 'admin', 'keeper']) assert.equal((await (await signIn(house.server, REGION, login)).raw(url('zip', '想看看'))).status, 403, login);
  const stranger = await signIn(house.server, '211282', 'window');
  assert.equal((await stranger.raw(url('pdf', '想看看'))).status, 403, 'another region');
  assert.equal((await stranger.raw(url('zip', '想看看'))).status, 403);
  assert.equal((await house.web.get('/api/v1' + url('zip', '想看看'))).status, 401);
  assert.equal((await house.web.get(`/api/v1/desk/cases/${way.no.slice(0, -1)}${(Number(way.no.at(-1)) + 1) % 10}/archive.pdf?reason=x`)).status, 401);
});

test('the page asks for the reason and gives both', async () => {
  const b = await browse(house.server, REGION, 'supervisor'), at = `/desk/c/${way.no}/archive`, page = await b.text(at);
  assert.ok(page.includes('取卷原因') && page.includes('archive.zip'));
  assert.ok((await b.text(`/desk/c/${way.no}`)).includes(at));
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)[1];
  const send = (reason) => fetch(`${house.server.base}${at}.zip`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ reason, csrf }), headers: { cookie: b.cookie } });
  const bare = await send('');
  assert.equal(bare.status, 422);
  assert.ok((await bare.text()).includes('没有填写'));
  const got = await send('评查');
  assert.equal(got.status, 200);
  assert.ok('manifest.json' in unzip(Buffer.from(await got.arrayBuffer())));
});

test('nothing stays behind in the temporary folder', () => {
  assert.deepEqual(readdirSync(path.join(house.server.data, 'tmp')).filter((n) => n.includes('archive')), []);
});
