// The public pages, the keeper's desk, what stands beside them, the self-service terminal: see axe.mjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, browser, examine, leftOut, note, openAll, PAGES, refusal, server, signedIn, visit, visited } from './axe.mjs';
import { demoPeople, uscc } from './lib.mjs';

for (const elder of [false, true])
  test(`the public pages, ${elder ? 'elder' : 'normal'} mode`, async () => {
    const faults = [], queue = [...PAGES.pages];
    const worker = async () => {
      const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1366, height: 800 }, reducedMotion: 'reduce' });
      const page = await context.newPage();
      for (let state; (state = queue.shift());) {
        const name = `${elder ? '/e' : ''}${decodeURI(state.path)}`.replace(/[0-9A-Z]{26}/, '…');
        await visit(page, state, server.base + (elder ? '/e' : ''));
        await examine(page, name, faults, elder);
        if (!state.press) continue;
        await refusal(page, state);
        if (state.pressed) visited.add(state.pressed);
        await examine(page, `${name} refused`, faults, elder);
      }
      await context.close();
    };
    await Promise.all([worker(), worker()]);
    // The same page twice, or a row of a list, is one fault.
    assert.deepEqual([...new Set(faults)], []);
  });

test('reports of faults and posters at the desk, light and dark', async () => {
  const faults = [];
  for (const [login, pages] of [['keeper', ['/desk/faults', '/desk/faults?answered=1']], ['supervisor', ['/desk/faults', '/desk/posters', '/desk/messages', '/desk/inbox']]]) {
    const page = await signedIn('421300', login);
    for (const at of pages) {
      await page.setViewportSize({ width: 1366, height: 800 });
      await page.goto(server.base + at);
      note(page);
      await examine(page, `${at} ${login}`, faults, false);
      await page.emulateMedia({ colorScheme: 'dark' });
      await axe(page, `${at} ${login} dark`, faults);
      await page.emulateMedia({ colorScheme: 'light' });
    }
    if (login === 'keeper') {
      await page.goto(server.base + '/desk/faults');
      await openAll(page);
      await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '公开答复' }).first().click()]);
      await examine(page, '/desk/faults refused', faults, false);
    }
    await page.context().close();
  }
  const page = await signedIn('211282', 'admin');
  await page.goto(server.base + '/desk/posters');
  await examine(page, '/desk/posters with windows', faults, false);
  await page.context().close();
  assert.deepEqual([...new Set(faults)], []);
});

test("the keeper's desk, light and dark", async () => {
  const faults = [], page = await signedIn('420281', 'keeper');
  const look = async (name, template) => {
    note(page, template);
    await examine(page, name, faults, false);
    await page.setViewportSize({ width: 1366, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await axe(page, `${name} dark`, faults);
    await page.emulateMedia({ colorScheme: 'light' });
  };
  await page.goto(server.base + '/desk/catalog');
  await look('/desk/catalog');
  await Promise.all([page.waitForNavigation(), page.locator('form[action$="/import"] button[type=submit]').click()]);
  await look('/desk/catalog refused', 'desk_catalog');
  await Promise.all([page.waitForNavigation(), page.locator('form[action$="/open"] button[type=submit]').first().click()]);
  await look('/desk/catalog/v unchanged');
  await page.goto(page.url() + '/dry-run');
  await look('/desk/catalog/v/dry-run');
  await page.goBack();
  await page.locator('#h-files ~ ul a', { hasText: '门诊费用报销' }).click();
  await look('/desk/catalog/v/f', 'desk_catalog_file');
  const text = await page.inputValue('#f-text');
  await page.fill('#f-text', text.replace('名称: ', '名称：'));
  await Promise.all([page.waitForNavigation(), page.locator('.editor-foot .button-primary').click()]);
  await look('/desk/catalog/v/f refused', 'desk_catalog_file');
  await page.fill('#f-text', text.replace(/^出处: .*$/m, '出处: 行1-2'));
  await Promise.all([page.waitForNavigation(), page.locator('.editor-foot .button-primary').click()]);
  await page.locator('.case-no .back').click();
  await look('/desk/catalog/v changed');
  await page.locator('#f-note').fill('改');
  await Promise.all([page.waitForNavigation(), page.locator('form[action$="/submit"] .button-primary').click()]);
  await look('/desk/catalog/v refused', 'desk_catalog_version');
  await page.goto(server.base + '/desk/catalog/v/1/f/facts/common.yaml');
  await look('/desk/catalog/v/f shared', 'desk_catalog_file');
  await page.context().close();
  assert.deepEqual([...new Set(faults)], []);
});

test('the self-service terminal', async () => {
  const faults = [], page = await signedIn('410400', 'kiosk'), p = demoPeople('410400', 40).find((d) => d.insurance);
  note(page);
  await examine(page, '/kiosk', faults, false);
  await page.fill('#f-name', '不是本人');
  await page.fill('#f-id_number', p.id_number);
  await Promise.all([page.waitForNavigation(), page.press('#f-id_number', 'Enter')]);
  await examine(page, '/kiosk refused', faults, false);
  await page.fill('#f-name', p.name);
  await Promise.all([page.waitForNavigation(), page.press('#f-id_number', 'Enter')]);
  visited.add('kiosk_person');
  await examine(page, '/kiosk/person', faults, false);
  await page.goto(server.base + '/kiosk');
  await page.fill('#f-code', uscc('410400', 1, 'MA00'));
  await Promise.all([page.waitForNavigation(), page.press('#f-code', 'Enter')]);
  visited.add('kiosk_unit');
  await examine(page, '/kiosk/unit', faults, false);
  await page.context().close();
  assert.deepEqual([...new Set(faults)], []);
});

test('no template was left out', () => { assert.deepEqual(leftOut(false), []); });
