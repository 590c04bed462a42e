// The desk, supervision, ratings, commitments and what the public sees of them: see axe.mjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkedHouse, drawn, promise, supervisorOf, VERDICT } from '../http/breach.mjs';
import { idNumber } from '../http/browser.mjs';
import { client } from '../http/lib.mjs';
import { PASSWORD, signIn } from '../http/staff.mjs';
import { Way } from '../http/ways.mjs';
import { axe, browser, examine, leftOut, note, openAll, PAGES, server, signedIn } from './axe.mjs';

test('the desk, light and dark', async () => {
  const faults = [], { fresh, gap, told, done, refused } = PAGES.cases;
  const door = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce' }), login = await door.newPage();
  await login.goto(server.base + '/desk/login');
  note(login);
  await examine(login, '/desk/login', faults, false);
  await login.fill('#f-login', 'nobody');
  await login.fill('#f-password', 'nothing-at-all');
  await Promise.all([login.waitForNavigation(), login.press('#f-password', 'Enter')]);
  await examine(login, '/desk/login refused', faults, false);
  await door.close();
  const clerk = await signedIn('421300', 'window');
  const pages = ['/desk', '/desk?closed=1', '/desk/find?no=1', '/desk/intake', '/desk/intake?q=zzzz', '/desk/intake/02', '/desk/intake/01', '/desk/tasks', '/desk/password', '/desk/forms', '/desk/forms/form-13', '/desk/forms/form-02',
    ...[fresh, gap, told, done, refused].map((c) => `/desk/c/${c.no}`), `/desk/c/${told.no}/messages`, `/desk/c/4213002611239999990`];
  for (const at of pages) {
    await clerk.goto(server.base + at);
    note(clerk, at.endsWith('9999990') ? 'error' : undefined);
    await examine(clerk, at, faults, false);
    await clerk.setViewportSize({ width: 1366, height: 800 });
    await clerk.emulateMedia({ colorScheme: 'dark' });
    await axe(clerk, `${at} dark`, faults);
    await clerk.emulateMedia({ colorScheme: 'light' });
  }
  await clerk.goto(server.base + '/desk/intake/02');
  await Promise.all([clerk.waitForNavigation(), clerk.locator('.send button[type=submit]').click()]);
  await examine(clerk, '/desk/intake/02 refused', faults, false);
  await clerk.context().close();
  const admin = await signedIn('421300', 'admin');
  note(admin);
  await examine(admin, '/desk/staff', faults, false);
  await admin.goto(server.base + (await admin.locator('a[href^="/desk/staff/"]').first().getAttribute('href')));
  note(admin);
  await examine(admin, '/desk/staff/…', faults, false);
  await admin.context().close();
  const comparing = await signedIn('421300', 'keeper');
  for (const at of ['/desk/catalog/diff', '/desk/catalog/diff?against=410400', '/desk/catalog/diff?against=standard&show=other']) {
    await comparing.goto(server.base + at);
    note(comparing);
    await examine(comparing, at, faults, false);
    await comparing.setViewportSize({ width: 1366, height: 800 });
    await comparing.emulateMedia({ colorScheme: 'dark' });
    await axe(comparing, `${at} dark`, faults);
    await comparing.emulateMedia({ colorScheme: 'light' });
  }
  await comparing.context().close();
  assert.deepEqual([...new Set(faults)], []);
});

test('one case at the desk: whose it is, messages, archive; several handed over; a suspended matter', async () => {
  const faults = [], boss = await signedIn('421300', 'supervisor'), { told, done } = PAGES.cases;
  const look = async (page, name, template) => {
    note(page, template);
    await examine(page, name, faults, false);
    await page.setViewportSize({ width: 1366, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await axe(page, `${name} dark`, faults);
    await page.emulateMedia({ colorScheme: 'light' });
  };
  const press = (page, button) => Promise.all([page.waitForNavigation(), page.locator(button).first().click()]);
  for (const at of [`/desk/c/${told.no}/messages`, `/desk/c/${done.no}/archive`]) {
    await boss.goto(server.base + at);
    await look(boss, at);
  }
  await boss.fill('#f-reason', ' ');
  await press(boss, 'form[action$="/archive.pdf"] button[type=submit]');
  await look(boss, '/desk/c/archive refused', 'desk_archive');
  await boss.goto(`${server.base}/desk`);
  await boss.locator('input[name=case]').first().check();
  await press(boss, 'fieldset.bulk button[type=submit]');
  await look(boss, '/desk/hand-over refused', 'desk_queue');
  await boss.locator('input[name=case]').first().check();
  await boss.selectOption('#f-to', { index: 1 });
  await boss.fill('#f-reason', '轮岗');
  await press(boss, 'fieldset.bulk button[type=submit]');
  await look(boss, '/desk/hand-over', 'desk_bulk');
  await boss.fill('#find', done.person.id_number);
  await press(boss, '.desk-find button[type=submit]');
  await look(boss, '/desk/persons/…');
  await boss.context().close();
  const clerk = await signedIn('211282', 'window');
  await clerk.goto(`${server.base}/desk/m/16/suspended`);
  await look(clerk, '/desk/m/16/suspended');
  await clerk.fill('#f-name', ' ');
  await press(clerk, 'main form button[type=submit]');
  await look(clerk, '/desk/m/16/suspended refused', 'desk_suspended');
  for (const base of ['', '/e']) {
    await clerk.goto(`${server.base}${base}/r/211282/m/16/suspended`);
    note(clerk);
    await examine(clerk, `${base}/r/211282/m/16/suspended`, faults, base === '/e');
  }
  await clerk.context().close();
  assert.deepEqual([...new Set(faults)], []);
});

// A hospital's verdict that is drawn for a check: its case.
async function drawnVerdict(region) {
  const [clerk, reviewer, supervisor] = await Promise.all(['window', 'reviewer', 'supervisor'].map((login) => signIn(server, region, login)));
  const must = (r) => { assert.ok(r.status < 300, JSON.stringify(r.body)); return r.body; };
  const { no } = must(await clerk.post('/desk/intake/16', { facts: { disease_devolved: '是', accepting_body: '定点医疗机构', delegated: '否' }, applicant_name: '林小满', applicant_id: idNumber(region, '19850614', 100), mobile: '13900000002', materials: [] }, { 'idempotency-key': 'verdict' }));
  const at = `/desk/cases/${no}`, act = async (staff, action, body = {}) => must(await staff.post(`${at}/actions/${action}`, body)), { ticks } = must(await clerk.get(at)).case;
  await act(clerk, 'accept', { materials: ticks.map((t) => ({ key: t.key, state: 'checked' })) });
  await act(reviewer, 'pass', { reason: '符合' });
  await act(clerk, 'conclude');
  must(await supervisor.post('/desk/verdicts/draw', { count: '1' }));
  return no;
}

test('complaints, the supervisor, a city and its counties', async () => {
  const faults = [], web = client(server.base), city = '421300', county = '421381', text = '在大厅等了两个小时，没有人叫号。';
  const sent = async (body) => (await web.postJson(`/regions/${city}/complaints`, { kind: 'complaint', text, contact: '13912345678', ...body })).body;
  const [waiting, answered, moved] = [await sent({ target: '三号窗口' }), await sent({ matter: '02' }), await sent({})], boss = await signIn(server, city, 'supervisor');
  const id = async (c) => (await boss.get('/desk/complaints')).body.complaints.find((x) => x.no === c.no).id;
  const own = (await boss.get(`/desk/complaints/${await id(answered)}`)).body.staff.find((x) => x.login === 'supervisor').id, [done, gone, open] = [await id(answered), await id(moved), await id(waiting)];
  await boss.post(`/desk/complaints/${done}/assign`, { owner: own });
  await boss.post(`/desk/complaints/${open}/assign`, { owner: own, note: '三天内核实' });
  assert.equal((await boss.post(`/desk/complaints/${done}/answer`, { text: '已经修好。', publish: '1', title: '关于大厅等候的投诉', public_text: '叫号机已经修好。' })).status, 200);
  assert.equal((await boss.post(`/desk/complaints/${gone}/transfer`, { agency: '市卫生健康局', reason: '归卫健部门管。' })).status, 200);
  const issued = await boss.post('/desk/circulars', { title: '关于三季度经办服务情况的通报', text: '超期较多。', counties: [county], publish: '1', tasks: [{ county, title: '清理超期办件', responsible: '经办股', due: '2026-12-04' }, { county, title: '修订办事指南', due: '2026-12-31' }] });
  assert.equal(issued.status, 201, JSON.stringify(issued.body));
  const circular = `/desk/circulars/${city}/${issued.body.id}`, theirs = await signIn(server, county, 'supervisor'), [task] = (await theirs.get(circular)).body.tasks;
  assert.equal((await theirs.post(`/desk/rectifications/${city}/${task.id}`, { what: 'answer', text: '已清理。' })).status, 200);
  for (const elder of [false, true]) {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1366, height: 800 }, reducedMotion: 'reduce' }), page = await context.newPage(), base = elder ? '/e' : '';
    for (const at of [`/r/${city}/complaint`, `${waiting.path}?new=1`, answered.path, moved.path, `/r/${city}/complaints`, `/r/${county}/complaints`, `/r/${city}/circulars`]) {
      await page.goto(server.base + base + at);
      note(page);
      await examine(page, base + at.replace(/[0-9A-Z]{10}(?=\?|$)/, '…'), faults, elder);
      if (!at.endsWith('/complaint')) continue;
      await Promise.all([page.waitForNavigation(), page.locator('form[action$="/complaint"] button[type=submit]').click()]);
      await examine(page, `${base}${at} refused`, faults, elder);
    }
    await context.close();
  }
  for (const [region, pages] of [[city, ['/desk/supervision', '/desk/supervision?unexplained=1', '/desk/report', '/desk/report?from=x', '/desk/complaints', '/desk/complaints?closed=1', `/desk/complaints/${open}`, `/desk/complaints/${done}`, '/desk/calls', '/desk/circulars', circular]],
    [county, ['/desk/circulars', circular, '/desk/supervision', '/desk/complaints']], ['410400', ['/desk/verdicts', `/desk/c/${await drawnVerdict('410400')}`]]]) {
    const page = await signedIn(region, 'supervisor');
    for (const at of pages) {
      await page.setViewportSize({ width: 1366, height: 800 });
      await page.goto(server.base + at);
      note(page);
      await examine(page, `${at} ${region}`, faults, false);
      await page.setViewportSize({ width: 1366, height: 800 });
      await page.emulateMedia({ colorScheme: 'dark' });
      await axe(page, `${at} ${region} dark`, faults);
      await page.emulateMedia({ colorScheme: 'light' });
      const press = { '/desk/calls': 'form[action="/desk/calls"]', '/desk/circulars': 'form[action="/desk/circulars"]', '/desk/verdicts': 'form[action="/desk/verdicts/draw"]', [`/desk/complaints/${open}`]: 'form[action$="/answer"]', [circular]: 'form[action^="/desk/rectifications"]' }[at];
      if (!press || (region === county && at === '/desk/circulars')) continue;
      await Promise.all([page.waitForNavigation(), page.locator(`${press} button[type=submit]`).first().click()]);
      await examine(page, `${at} ${region} refused`, faults, false);
    }
    await page.context().close();
  }
  assert.deepEqual([...new Set(faults)], []);
});

test('ratings: giving one, what is published, the desk, light and dark', async () => {
  const faults = [], region = '421300', web = client(server.base), api = `/regions/${region}/points/hall/ratings`;
  const given = await Promise.all([5, 4, 1, 2, 1, 3].map(async (level) => ({ level, form: (await web.getJson(api)).body.form })));
  await new Promise((done) => setTimeout(done, 2300));
  for (const r of given) assert.equal((await web.postJson(api, { ...r, text: '等了两个小时，取号机也坏了。', contact: '13900001111', tags: ['经办机构：服务效率'] })).status, 201);
  for (const base of ['', '/e']) {
    const context = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce' }), page = await context.newPage();
    for (const at of [`/r/${region}/rate/hall`, `/r/${region}/rate/hall?done=1`, `/r/${region}/ratings`, `/r/${region}/ratings?from=2020-01&to=2020-02`]) {
      await page.goto(server.base + base + at);
      note(page);
      await examine(page, base + at, faults, base === '/e');
    }
    await page.goto(`${server.base}${base}/r/${region}/rate/hall`);
    await Promise.all([page.waitForNavigation(), page.locator('form[action$="/visit"] button[type=submit]').first().click()]);
    await examine(page, `${base} visit refused`, faults, base === '/e');
    await context.close();
  }
  const boss = await signIn(server, region, 'supervisor'), list = (await boss.get('/desk/ratings')).body.ratings, [first, second] = list;
  const me = (await boss.get(`/desk/ratings/${first.id}`)).body.rating.people.find((x) => x.name === '督办演示');
  for (const r of [first, second]) assert.equal((await boss.post(`/desk/ratings/${r.id}/assign`, { to: me.id })).status, 200);
  assert.equal((await boss.post(`/desk/ratings/${second.id}/call`, { clear: true, truthful: true, reasonable: true, note: '打通了电话' })).status, 200);
  const clerk = await signIn(server, region, 'window');
  assert.equal((await clerk.post(`/desk/ratings/${second.id}/appeal`, { ground: 'mistaken', evidence: '评价的是隔壁单位的窗口。' })).status, 200);
  for (const [login, pages] of [['supervisor', ['/desk/ratings', '/desk/ratings?list=appeals', '/desk/ratings?list=closed', `/desk/ratings/${first.id}`, `/desk/ratings/${second.id}`, '/desk/rating-stats', '/desk/rating-stats?from=2020-01&to=2020-02']],
    ['window', ['/desk/ratings', `/desk/ratings/${first.id}`]], ['kiosk', ['/kiosk', '/kiosk/rate', '/kiosk/rate?done=1']]]) {
    const page = await signedIn(region, login);
    for (const at of pages) {
      await page.setViewportSize({ width: 1366, height: 800 });
      await page.goto(server.base + at);
      note(page);
      await examine(page, `${at} ${login}`, faults, false);
      await page.emulateMedia({ colorScheme: 'dark' });
      await axe(page, `${at} ${login} dark`, faults);
      await page.emulateMedia({ colorScheme: 'light' });
      const press = { [`/desk/ratings/${first.id}`]: login === 'supervisor' ? 'form[action$="/call"]' : 'form[action$="/appeal"]', [`/desk/ratings/${second.id}`]: 'form[action$="/decide"]', '/kiosk/rate': 'form' }[at];
      if (!press) continue;
      await openAll(page);
      await Promise.all([page.waitForNavigation(), page.locator(`${press} button[type=submit]`).first().click()]);
      await examine(page, `${at} ${login} refused`, faults, false);
    }
    await page.context().close();
  }
  assert.deepEqual([...new Set(faults)], []);
});

test('commitments, breaches and data of other departments', async () => {
  const faults = [], region = '420281', other = '410400', house = await checkedHouse(region);
  try {
    house.clock.enter();
    const way = await promise(house, region), check = await drawn(house, region, way), boss = await supervisorOf(house, region);
    assert.equal((await way.staff.rev1.post(`/desk/commitments/checks/${check.id}`, VERDICT)).status, 200);
    await drawn(house, region, await promise(house, region));
    const [breach] = (await boss.get('/desk/commitments')).body.breaches;
    await house.roster(other, ['win1']);
    const taken = await (await supervisorOf(house, other)).post('/desk/sharing/imports', { source: 'civil', way: 'replace', text: '身份证号,类别\n11010519491231002X,低保\nx,低保\n' });
    assert.equal(taken.status, 201, JSON.stringify(taken.body));
    const shared = new Way(house, other, '25');
    shared.desk = 'win1';
    await shared.begin('desk');
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1366, height: 800 }, reducedMotion: 'reduce' }), page = await context.newPage();
    const look = async (name, template, elder) => {
      note(page, template);
      await examine(page, name, faults, elder);
      await page.setViewportSize({ width: 1366, height: 800 });
    };
    const enter = async (where, login, password) => {
      await context.clearCookies();
      await page.goto(house.server.base + '/desk/login');
      await page.selectOption('#f-region', where);
      await page.fill('#f-login', login);
      await page.fill('#f-password', password);
      await Promise.all([page.waitForNavigation(), page.press('#f-password', 'Enter')]);
    };
    for (const elder of [false, true]) {
      await page.goto(house.server.base + (elder ? '/e' : '') + breach.path);
      await look('breach', 'commitment_breach', elder);
      await Promise.all([page.waitForNavigation(), page.locator('main form button[type=submit]').first().click()]);
      await look('breach refused', 'commitment_breach', elder);
      for (const facts of [way.given, { ...way.given, proof_mode: '提交材料' }]) { // who may promise nothing now: by his answer, at the material
        const { draft } = (await house.web.postJson(`/regions/${region}/matters/12/drafts`, { facts })).body;
        await fetch(`${house.server.base}/api/v1/regions/${region}/drafts/${draft.token}/applicant`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ applicant: way.who.person }) });
        for (const step of ['materials', 'review']) {
          await page.goto(`${house.server.base}${elder ? '/e' : ''}${draft.path}/${step}`);
          assert.ok((await page.locator('main').innerText()).includes('现在不能用承诺代替材料'), step);
          await look(`${step} without promises`, step, elder);
        }
      }
    }
    await enter(region, 'supervisor', PASSWORD);
    for (const at of ['/desk/commitments', '/desk/commitments?closed=1', '/desk/commitments/register']) {
      await page.goto(house.server.base + at);
      await look(at, undefined, false);
    }
    await page.goto(house.server.base + '/desk/commitments');
    await openAll(page);
    await Promise.all([page.waitForNavigation(), page.locator('form[action*="/checks/"] button[type=submit]').first().click()]);
    await look('/desk/commitments refused', 'commitment', false);
    await enter(other, 'supervisor', PASSWORD);
    for (const at of ['/desk/sharing', `/desk/sharing/imports/${taken.body.import.id}`, '/desk/sharing/looks']) {
      await page.goto(house.server.base + at);
      await look(at, undefined, false);
    }
    await page.goto(house.server.base + '/desk/sharing');
    await Promise.all([page.waitForNavigation(), page.locator('form[action="/desk/sharing/looks"] button[type=submit]').click()]);
    await look('/desk/sharing refused', 'sharing', false);
    await enter(other, 'win1', PASSWORD);
    await page.goto(`${house.server.base}/desk/intake/25`);
    await look('/desk/intake/25', undefined, false);
    await page.goto(`${house.server.base}/desk/c/${shared.no}`);
    await Promise.all([page.waitForNavigation(), page.locator('form[action$="/share"] button[type=submit]').first().click()]);
    await look('/desk/c/share', 'sharing_case', false);
    await context.close();
    house.clock.leave();
  } finally { await house.stop(); }
  assert.deepEqual([...new Set(faults)], []);
}, { timeout: 300000 });

test('no template was left out', () => { assert.deepEqual(leftOut(true), []); });
