// Messages: the outbox on the real binary with a real HTTP receiver, a real SMTP server and a process that is killed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Browser } from './browser.mjs';
import { client, root, serve } from './lib.mjs';
import { browse, signIn } from './staff.mjs';

const R = '420281', QUIET = '421381', SECRET = '推送的密钥-8f2c', MOBILE = '13912345678';
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
async function until(what, check, ms = 20000) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) { const r = await check(); if (r) return r; }
  assert.fail(`waited in vain for ${what}`);
}

// A receiver that keeps what comes; answer(request) gives {status, body, headers, delay}, 200 unless set.
function receiver() {
  const got = [], self = { got, answer: () => ({}) };
  const server = http.createServer(async (req, res) => {
    let body = '';
    for await (const piece of req) body += piece;
    const r = { path: req.url, method: req.method, headers: req.headers, body, at: Date.now() };
    got.push(r);
    const { status = 200, body: text = '{"code":0}', headers = {}, delay = 0 } = self.answer(r) ?? {};
    if (delay) await sleep(delay);
    res.writeHead(status, headers).end(text);
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(Object.assign(self, {
    base: `http://127.0.0.1:${server.address().port}`, at: (p) => got.filter((r) => r.path.startsWith(p)), forget: () => got.splice(0),
    stop: () => { server.closeAllConnections(); return new Promise((end) => server.close(end)); } }))));
}

// As much of SMTP as a mail needs; reply(command) may refuse one.
function mailServer() {
  const got = [], self = { got, reply: () => null };
  const server = net.createServer((socket) => {
    let rest = '', mail = null, data = false;
    socket.on('error', () => {});
    const say = (line) => socket.write(line + '\r\n');
    say('220 test ESMTP');
    socket.on('data', (piece) => {
      rest += piece.toString('utf8');
      for (let end; (end = rest.indexOf('\r\n')) >= 0;) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (data) {
          if (line !== '.') { mail.lines.push(line.replace(/^\.\./, '.')); continue; }
          data = false;
          got.push(mail);
          say('250 taken');
          continue;
        }
        const refused = self.reply(line);
        if (refused) { say(refused); continue; }
        if (/^EHLO/i.test(line)) { mail = { to: [], lines: [] }; say('250-test'); say('250 8BITMIME'); }
        else if (/^MAIL FROM/i.test(line)) { mail.from = line; say('250 ok'); }
        else if (/^RCPT TO/i.test(line)) { mail.to.push(/<(.*)>/.exec(line)[1]); say('250 ok'); }
        else if (/^DATA/i.test(line)) { data = true; say('354 go on'); }
        else if (/^QUIT/i.test(line)) { say('221 bye'); socket.end(); }
        else say('250 ok');
      }
    });
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(Object.assign(self, { port: server.address().port, stop: () => new Promise((end) => server.close(end)) }))));
}

const decoded = (mail) => Buffer.from(mail.lines.slice(mail.lines.indexOf('') + 1).join(''), 'base64').toString('utf8');
const subject = (mail) => [...mail.lines.slice(0, mail.lines.indexOf('')).join('\n').matchAll(/=\?UTF-8\?B\?([^?]*)\?=/g)].map((m) => Buffer.from(m[1], 'base64').toString('utf8')).join('');
const field = (mail, name) => mail.lines.find((l) => l.startsWith(name + ': '))?.slice(name.length + 2);

let hook, mails, server, web, keys;
function prepare(data) {
  writeFileSync(path.join(data, 'hook.key'), SECRET + '\n', { mode: 0o600 });
  writeFileSync(path.join(data, 'sm2.pem'), readFileSync(path.join(keys, 'sm2.pem')), { mode: 0o600 });
  writeFileSync(path.join(data, 'sms.key'), 'gateway-token', { mode: 0o600 });
  writeFileSync(path.join(data, 'messages.yaml'), `租约秒: 2
退避秒: 1
次数: 3
地区:
  - 区划: "${R}"
    短信:
      地址: ${hook.base}/sms
      请求体: '{"to":"{mobile}","text":"{text}","id":"{key}"}'
      请求头: ["Authorization: Bearer {secret}"]
      密钥文件: sms.key
      成功标志: '"code":0'
    邮件: {服务器: "smtp://127.0.0.1:${mails.port}", 发件人: noreply@yb.example, 收件人: [window@yb.example], 事件: [noticed]}
    推送:
      - {名称: 城市平台, 地址: "${hook.base}/hook", 密钥文件: hook.key, 签名私钥文件: sm2.pem}
      - {名称: 只要受理, 地址: "${hook.base}/other", 密钥文件: hook.key, 事件: [accepted]}
      - {名称: 评价平台, 地址: "${hook.base}/rated", 密钥文件: hook.key, 事件: [rated, rated_excluded]}
`);
}
before(async () => {
  keys = mkdtempSync(path.join(tmpdir(), 'jingban-keys-'));
  execFileSync('openssl', ['genpkey', '-algorithm', 'SM2', '-out', path.join(keys, 'sm2.pem')], { stdio: 'pipe' });
  execFileSync('openssl', ['pkey', '-in', path.join(keys, 'sm2.pem'), '-pubout', '-out', path.join(keys, 'pub.pem')], { stdio: 'pipe' });
  hook = await receiver();
  mails = await mailServer();
  server = await serve([], { prepare });
  web = client(server.base);
});
after(async () => {
  await server?.stop();
  await hook?.stop();
  await mails?.stop();
  if (keys) rmSync(keys, { recursive: true, force: true });
});

const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
const people = {};
let serial = 0;
async function apply(region = R, http_ = web, materials = {}) {
  people[region] ??= execFileSync(binary, ['export', 'persons', '--region', region, '--limit', '300', '--demo'], { cwd: root, encoding: 'utf8' })
    .trim().split('\n').map((l) => l.split('\t')).filter((r) => r[3] === '职工医保');
  const [name, id_number] = people[region].shift(), matter = await certificate(region);
  const { status, body } = await http_.postJson(`/regions/${region}/matters/${matter}/applications`,
    { facts: { insurance: '职工医保' }, applicant: { name, id_number, mobile: MOBILE }, materials, delivery: { way: '电子证照下载' } }, { 'idempotency-key': `m-${++serial}` });
  assert.equal(status, 201, JSON.stringify(body));
  return { no: body.no, code: body.code, name, id_number, headers: { 'x-access-code': body.code } };
}
// The matter of the certificate: its number is each region's own.
const numbers = {};
async function certificate(region) {
  if (!numbers[region]) {
    const { body } = await web.getJson(`/regions/${region}/matters`), all = (body.groups ?? [body]).flatMap((g) => g.matters ?? []);
    numbers[region] = all.find((m) => /参保凭证/.test(m.name)).id;
  }
  return numbers[region];
}
const act = async (staff, no, action, body = {}) => {
  const r = await staff.post(`/desk/cases/${no}/actions/${action}`, body);
  assert.equal(r.status, 200, `${action}: ${JSON.stringify(r.body)}`);
};
const events = (no, at = '/hook') => hook.at(at).map((r) => JSON.parse(r.body)).filter((e) => e.subject === no);
const inbox = async (c) => (await web.getJson(`/cases/${c.no}/messages`, c.headers)).body.messages;

test('an application is told to the applicant, by short message and to another system, signed', async () => {
  const c = await apply();
  const sms = await until('the short message', () => hook.at('/sms').find((r) => r.body.includes(c.no)));
  const text = JSON.parse(sms.body);
  assert.equal(text.to, MOBILE);
  assert.match(text.text, /【大冶市?医保】您申请的.*参保凭证.*已收到/);
  assert.ok(!sms.body.includes(c.id_number) && !sms.body.includes(c.name));
  assert.equal(sms.headers.authorization, 'Bearer gateway-token');
  assert.equal(sms.headers['idempotency-key'], text.id);

  const pushed = await until('the event', () => hook.at('/hook').find((r) => r.body.includes(c.no)));
  const event = JSON.parse(pushed.body), at = pushed.headers['x-jingban-timestamp'];
  assert.deepEqual([event.specversion, event.type, event.source, event.subject, event.datacontenttype],
    ['1.0', 'jingban.case.submitted', `/regions/${R}`, c.no, 'application/json']);
  assert.match(event.time, /^2026-11-23T09:\d\d:\d\d\+08:00$/);
  assert.equal(event.data.status, 'submitted');
  assert.match(pushed.headers['content-type'], /^application\/cloudevents\+json/);
  assert.ok(!pushed.body.includes(c.name) && !pushed.body.includes(MOBILE) && !pushed.body.includes(c.id_number), 'no personal data leaves');
  assert.equal(pushed.headers['x-jingban-signature'], 'hmac-sm3=' + createHmac('sm3', SECRET).update(`${at}.${pushed.body}`).digest('hex'));
  const said = path.join(keys, 'said'), signature = path.join(keys, 'signature');
  writeFileSync(said, `${at}.${pushed.body}`);
  writeFileSync(signature, Buffer.from(pushed.headers['x-jingban-signature-sm2'], 'base64'));
  const verified = execFileSync('openssl', ['pkeyutl', '-verify', '-rawin', '-digest', 'sm3', '-pubin', '-inkey', path.join(keys, 'pub.pem'), '-in', said, '-sigfile', signature,
    '-pkeyopt', 'distid:1234567812345678'], { encoding: 'utf8' });
  assert.match(verified, /Signature Verified Successfully/);
  assert.equal(hook.at('/other').length, 0, 'that one wants acceptances only');

  assert.deepEqual((await inbox(c)).map((m) => m.event), ['submitted']);
  const page = new Browser(server.base);
  await page.open(`/c/${c.no}/${c.code}/messages`);
  page.has('消息', '收到您的申请', c.no);
  page.hasNot(c.name, c.id_number, MOBILE);
  assert.equal((await web.getJson(`/cases/${c.no}/messages`, { 'x-access-code': 'AAAAAAAAAA' })).status, 404);
});

test('a notice names the gaps; a mail goes to the bureau; an identity number never leaves by short message', async () => {
  const c = await apply(), clerk = await signIn(server, R, 'window'), id = '420281199003078517';
  await act(clerk, c.no, 'list', { materials: [{ key: 'x1', name: `身份证 ${id} 复印件`, state: 'absent' }] }).catch(() => {});
  const before_ = (await clerk.get(`/desk/cases/${c.no}`)).body.case, gap = before_.gaps[0];
  assert.ok(gap, 'something is missing');
  await act(clerk, c.no, 'notice', { reason: `证件 ${id} 看不清` });
  const told = await until('the notice', async () => (await inbox(c)).find((m) => m.event === 'noticed'));
  assert.ok(told.text.includes(gap.text), told.text);
  const sms = await until('its short message', () => hook.at('/sms').find((r) => r.body.includes(c.no) && r.body.includes('需要补材料')));
  assert.ok(sms.body.includes('需要补材料') && !sms.body.includes(id));
  const mail = await until('the mail', () => mails.got.find((m) => decoded(m).includes(c.no)));
  assert.deepEqual(mail.to, ['window@yb.example']);
  assert.match(subject(mail), /^请补材料：.*参保凭证/);
  assert.ok(decoded(mail).includes(gap.text.slice(0, 6)) && !decoded(mail).includes(id));
  assert.match(field(mail, 'Message-ID'), /^<420281-\d+-noticed-\d+-mail-1@yb\.example>$/);
  assert.match(field(mail, 'Date'), /^Mon, 23 Nov 2026 09:\d\d:\d\d \+0800$/);
  const tasks = (await clerk.get('/desk/tasks')).body.tasks.filter((t) => t.case_no === c.no);
  assert.deepEqual(tasks, [], 'who got a short message need not be rung');
});

test('a region without set-up: inbox, and somebody rings about the notice; nothing goes out', async () => {
  const c = await apply(QUIET), clerk = await signIn(server, QUIET, 'window'), seen = hook.got.length;
  await act(clerk, c.no, 'notice');
  assert.deepEqual((await inbox(c)).map((m) => m.event), ['noticed', 'submitted']);
  const tasks = (await clerk.get('/desk/tasks')).body.tasks.filter((t) => t.case_no === c.no);
  assert.equal(tasks.length, 1, JSON.stringify(tasks));
  const { body } = await clerk.get(`/desk/cases/${c.no}/messages`), call = body.messages.find((m) => m.channel === 'phone');
  assert.match(call.text, /告诉申请人/);
  const page = await browse(server, QUIET, 'window');
  assert.ok((await page.text(`/desk/c/${c.no}/messages`)).includes('电话里说'));
  assert.equal((await (await signIn(server, R, 'window')).get(`/desk/cases/${c.no}/messages`)).status, 404, 'another region');
  await sleep(1500);
  assert.ok(hook.got.slice(seen).every((r) => !r.body.includes(c.no)));
});

test('who is out of order is tried again, later and later, under the same key', async () => {
  const tries = new Map();
  hook.answer = (r) => {
    if (!r.path.startsWith('/hook')) return {};
    const id = JSON.parse(r.body).id;
    tries.set(id, [...(tries.get(id) ?? []), r]);
    return tries.get(id).length < 3 ? { status: 503 } : {};
  };
  const c = await apply();
  await until('the third try', () => events(c.no).length === 3);
  const mine = hook.at('/hook').filter((r) => JSON.parse(r.body).subject === c.no);
  assert.equal(new Set(mine.map((r) => r.headers['idempotency-key'])).size, 1);
  assert.equal(new Set(mine.map((r) => r.body)).size, 1);
  const [first, second] = [mine[1].at - mine[0].at, mine[2].at - mine[1].at];
  assert.ok(first >= 900 && second >= 1900 && second > first, `${first} ${second}`);
  hook.answer = () => ({});
  await sleep(2500);
  assert.equal(events(c.no).length, 3, 'it has arrived');
});

test('what fails stands on the supervisor\'s list: sent again, or given up with a reason', async () => {
  hook.answer = (r) => (r.path.startsWith('/sms') ? { status: 422 } : {});
  const c = await apply(), supervisor = await signIn(server, R, 'supervisor'), admin = await signIn(server, R, 'admin'), clerk = await signIn(server, R, 'window');
  const row = await until('the failure', async () => (await supervisor.get('/desk/messages')).body.messages.find((m) => m.case_no === c.no));
  assert.deepEqual([row.channel, row.recipient, row.attempts, row.outcome], ['sms', '139****5678', 1, 'HTTP 422']);
  assert.equal((await clerk.get('/desk/messages')).status, 403);
  assert.equal((await clerk.post(`/desk/messages/${row.id}/again`)).status, 403);
  assert.equal((await (await signIn(server, QUIET, 'supervisor')).post(`/desk/messages/${row.id}/again`)).status, 404, 'no statement crosses regions');
  const page = await browse(server, R, 'supervisor');
  let html = await page.text('/desk/messages');
  assert.ok(html.includes('139****5678') && !html.includes(MOBILE) && !html.includes(c.name));
  hook.answer = () => ({});
  const sent = hook.at('/sms').length;
  assert.equal((await page.send(`/desk/messages/${row.id}/again`, {}, '/desk/messages')).status, 303);
  await until('the second try', () => hook.at('/sms').slice(sent).some((r) => r.body.includes(c.no)));
  await until('an empty list', async () => !(await admin.get('/desk/messages')).body.messages.some((m) => m.id === row.id));
  assert.equal((await supervisor.post(`/desk/messages/${row.id}/again`)).status, 409);

  hook.answer = (r) => (r.path.startsWith('/sms') ? { body: '{"code":7}' } : {}); // it took it and did not do it
  const d = await apply();
  const lost = await until('the given up', async () => (await supervisor.get('/desk/messages')).body.messages.find((m) => m.case_no === d.no), 30000);
  assert.equal(lost.attempts, 3);
  assert.match(lost.outcome, /没有成功标志/);
  const blank = await page.send(`/desk/messages/${lost.id}/give_up`, { reason: ' ' }, '/desk/messages');
  assert.equal(blank.status, 422);
  assert.ok(blank.text.includes('不再发送的理由：没有填写'));
  assert.equal((await supervisor.post(`/desk/messages/${lost.id}/give_up`, { reason: '已当面告知' })).status, 200);
  assert.ok((await supervisor.get('/desk/messages?state=given_up')).body.messages.some((m) => m.id === lost.id && m.outcome.includes('已当面告知')));
  assert.equal((await supervisor.get('/desk/messages?state=sent')).status, 422);
  hook.answer = () => ({});
});

test('a redirection is not followed', async () => {
  hook.answer = (r) => (r.path.startsWith('/hook') ? { status: 302, headers: { location: `${hook.base}/elsewhere` } } : {});
  const c = await apply();
  await until('all tries', async () => events(c.no).length === 3, 30000);
  assert.equal(hook.at('/elsewhere').length, 0);
  hook.answer = () => ({});
});

test('a mail that is refused for now is sent later', async () => {
  const c = await apply(), clerk = await signIn(server, R, 'window');
  let refused = 0;
  mails.reply = (line) => (/^RCPT/i.test(line) && refused++ === 0 ? '451 later' : null);
  await act(clerk, c.no, 'notice');
  await until('the mail', () => mails.got.find((m) => decoded(m).includes(c.no)));
  assert.ok(refused >= 2);
  mails.reply = () => null;
});

// Rows of the running server's database, whichever it is.
function rows(s, sql) {
  const url = s.db[1];
  const out = url ? execFileSync('psql', ['-X', '-A', '-t', '-d', url, '-c', sql], { encoding: 'utf8' })
    : execFileSync('sqlite3', ['-readonly', path.join(s.data, 'jingban.db'), sql], { encoding: 'utf8' });
  return out.trim().split('\n').filter(Boolean);
}

test('every rating goes to who wants ratings: once, signed, without text or name; no list of the case tells of it', async () => { //= R284 type=test
  const c = await apply(R, web, { 1.2: 'given' }), clerk = await signIn(server, R, 'window'), reviewer = await signIn(server, R, 'reviewer'), kiosk = await signIn(server, R, 'kiosk');
  const words = '欧阳小丽没有讲清楚材料', rate = (body) => web.postJson(`/cases/${c.no}/ratings`, body, c.headers);
  await act(clerk, c.no, 'accept');
  const early = await kiosk.post('/kiosk/ratings', { no: c.no, level: 2, step: 'accept', tags: ['工作人员：服务水平'] });
  assert.equal(early.status, 201, JSON.stringify(early.body));
  for (let i = 0; i < 4; i++) {
    const { body } = await reviewer.get(`/desk/cases/${c.no}`);
    if (body.case.stage === '办结' || !body.case.stage) break;
    await act(reviewer, c.no, 'pass');
  }
  if ((await clerk.post(`/desk/cases/${c.no}/actions/conclude`, {})).status !== 200) await act(reviewer, c.no, 'conclude');
  assert.equal((await rate({ level: 6 })).status, 422);
  assert.equal((await rate({ level: 5, text: words })).status, 200);
  assert.equal((await rate({ level: 1 })).body.id, 'ERR_RATED');
  const place = `/regions/${R}/points/hall/ratings`, { form } = (await web.getJson(place)).body;
  await sleep(2300);
  const visit = { form, level: 1, text: words, contact: '13700001111' };
  assert.equal((await web.postJson(place, visit)).status, 201);
  assert.equal((await web.postJson(place, visit)).status, 201, 'the same form again');

  const made = rows(server, `select id, case_id, level, channel, staff_id, source from rating_about where region = '${R}' order by id`).map((l) => l.split('|'));
  assert.deepEqual(made.map((r) => [r[2], r[3], r[5]]), [['2', 'device', 'case'], ['5', 'internet', 'case'], ['1', 'qr', 'visit']]);
  const ratings = (at) => hook.at(at).filter((r) => JSON.parse(r.body).type === 'jingban.rating.given');
  for (const at of ['/rated', '/hook']) await until(`ratings at ${at}`, () => new Set(ratings(at).map((r) => r.headers['idempotency-key'])).size === 3);
  assert.ok(hook.at('/rated').every((r) => JSON.parse(r.body).type === 'jingban.rating.given'), 'it wants nothing else');
  assert.equal(ratings('/other').length, 0);
  assert.ok(!hook.got.some((r) => r.body.includes('jingban.case.rated')), 'a rating is told once, not as an event of the case too');
  const ids = new Set();
  for (const r of hook.at('/rated')) {
    const event = JSON.parse(r.body), stamp = r.headers['x-jingban-timestamp'], d = event.data, [id, , level, channel, staff, source] = made.find((m) => m[0] === event.data.id);
    ids.add(event.id);
    assert.equal(r.headers['x-jingban-signature'], 'hmac-sm3=' + createHmac('sm3', SECRET).update(`${stamp}.${r.body}`).digest('hex'));
    assert.equal(r.headers['idempotency-key'], `${R}-0-rated-${id}-webhook`);
    assert.equal(event.id, `${R}-0-rated-${id}`);
    assert.deepEqual([event.specversion, event.source, event.subject, event.time], ['1.0', `/regions/${R}`, source === 'visit' ? undefined : c.no, d.at]);
    assert.deepEqual([String(d.level), d.channel, d.source, d.staff, d.bad, d.excluded], [level, channel, source, staff === '0' ? null : staff, level === '5', false]);
    assert.ok(!r.body.includes('欧阳') && !r.body.includes('13700001111') && !r.body.includes(MOBILE) && !r.body.includes(c.name) && !r.body.includes(c.id_number) && !r.body.includes('演示'), 'nothing a person wrote, and nobody by name');
  }
  assert.equal(ids.size, 3);
  const data = (step) => hook.at('/rated').map((r) => JSON.parse(r.body).data).find((d) => d.step === step);
  assert.deepEqual([data('accept').no, data('accept').tags, data('accept').matter], [c.no, ['工作人员：服务水平'], await certificate(R)]);
  assert.deepEqual([data('visit').no, data('visit').point, data('visit').staff], [null, 'hall', null]);
  const me = (await (await signIn(server, R, 'admin')).get('/desk/staff')).body.staff.find((s) => s.login === 'window');
  assert.equal(data('accept').staff, me.id, 'the clerk who accepted, by the number of his account');
  const before_ = ratings('/rated').length, boss = await signIn(server, R, 'supervisor'), bad = made[1][0];
  assert.equal((await clerk.post(`/desk/ratings/${bad}/appeal`, { ground: 'mistaken', evidence: '评价的是隔壁单位的窗口。' })).status, 200);
  assert.equal((await boss.post(`/desk/ratings/${bad}/decide`, { outcome: 'upheld', decision: '看过监控' })).status, 200);
  const gone = JSON.parse((await until('the exclusion', () => hook.at('/rated').find((r) => r.body.includes('jingban.rating.excluded')))).body);
  assert.deepEqual([gone.id, gone.data.id, gone.data.excluded, gone.subject], [`${R}-0-rated_excluded-${bad}`, bad, true, c.no], 'an upheld appeal counts there too');
  assert.equal(ratings('/rated').length, before_);
  assert.deepEqual(rows(server, `select target || ' ' || count(*) from message where kind = 'rated_excluded' group by target order by target`).sort(), ['城市平台 1', '评价平台 1'].sort());
  assert.deepEqual(rows(server, `select target || ' ' || count(*) from message where kind = 'rated' and channel = 'webhook' group by target order by target`).sort(), ['城市平台 3', '评价平台 3'].sort());
  assert.ok(!(await clerk.get(`/desk/cases/${c.no}/messages`)).body.messages.some((m) => m.event === 'rated'), 'who handled it does not learn here that it was rated');
});

test('killed in the middle of sending: everything arrives, what comes twice has the same key', async () => {
  let asked = 0;
  hook.forget(); // another server of this file may have used the same case numbers
  const first = await serve([], { prepare });
  hook.answer = (r) => (r.path.startsWith('/hook') ? (asked++, { delay: asked < 5 ? 0 : 1500 }) : {});
  const there = client(first.base), cases = await Promise.all(Array.from({ length: 12 }, () => apply(R, there)));
  await until('a request without an answer', () => asked >= 6);
  await new Promise((done) => { first.child.once('exit', done); first.child.kill('SIGKILL'); });
  const open = rows(first, `select id from message where state in ('waiting', 'leased')`).length;
  assert.ok(open > 0, 'something was still to do');
  hook.answer = () => ({});
  const second = await serve([], { beside: first, clock: '2026-11-23T09:10:00+08:00' }); // time does not go back
  try {
    await until('every event', () => cases.every((c) => events(c.no).length >= 1), 30000);
    await until('an empty outbox', () => rows(second, `select id from message where state <> 'sent'`).length === 0, 30000);
    for (const c of cases) {
      assert.equal(new Set(events(c.no).filter((e) => e.data.event === 'submitted').map((e) => e.id)).size, 1);
      assert.equal(hook.at('/sms').filter((r) => r.body.includes(c.no)).map((r) => JSON.parse(r.body).id).filter((id) => id.includes('-submitted-')).filter((id, i, all) => all.indexOf(id) === i).length, 1);
    }
    assert.equal(rows(second, `select id from message where kind = 'submitted'`).length, 12 * 3, 'inbox, short message, event: once each');
    assert.ok(cases.some((c) => events(c.no).length > 1), 'what had no answer came again');
  } finally {
    await second.stop();
    await first.stop();
  }
});

test('contents and numbers are sealed in the database and never in the log', async () => {
  const c = await apply();
  await until('the short message', () => hook.at('/sms').find((r) => r.body.includes(c.no)));
  assert.ok(!server.out().includes(MOBILE) && !server.out().includes(c.name));
  if (server.db.length) {
    const dump = rows(server, `select encode(recipient, 'escape') || encode(content, 'escape') from message`).join('');
    assert.ok(dump.length > 0 && !dump.includes(MOBILE) && !dump.includes('收到您的申请'));
  } else
    for (const f of readdirSync(server.data).filter((n) => n.startsWith('jingban.db')))
      assert.ok(!readFileSync(path.join(server.data, f)).includes(MOBILE), f);
});

test('a clerk\'s inbox is his own', async () => {
  const clerk = await signIn(server, R, 'window'), { body } = await clerk.get('/desk/inbox');
  assert.equal(body.count, body.messages.length);
  assert.equal((await clerk.post('/desk/inbox/1')).status, 404);
  assert.equal((await clerk.get('/desk/inbox?after=x')).status, 422);
  assert.ok((await (await browse(server, R, 'supervisor')).text('/desk/inbox')).includes('我的消息'));
});

test('a wrong set-up is refused at the start, with file, line and remedy, without the secret', async () => {
  const wrong = (text, mode, says) => assert.rejects(serve([], { prepare: (data) => {
    writeFileSync(path.join(data, 'hook.key'), SECRET, { mode });
    writeFileSync(path.join(data, 'messages.yaml'), text);
  } }), (e) => { assert.match(e.message, says); assert.ok(!e.message.includes(SECRET)); return true; });
  const one = (more) => `地区:\n  - 区划: "${R}"\n    推送: [{名称: a, ${more}}]\n`;
  await wrong(one('地址: "http://127.0.0.1:9/", 密钥文件: hook.key'), 0o644, /messages\.yaml:3.*chmod 600/s);
  await wrong(one('地址: "file:///etc/passwd", 密钥文件: hook.key'), 0o600, /messages\.yaml:3.*http/s);
  await wrong(one('地址: "http://127.0.0.1:9/", 密钥文件: hook.key').replace(R, '999999'), 0o600, /没有区划 999999/);
});
