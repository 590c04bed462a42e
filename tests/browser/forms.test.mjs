// The forms in a real browser, without scripts: from the list to a form, a row more by the keyboard, errors beside their boxes, the printed
// table; every one of the fifteen fits a narrow window.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { serve } from '../http/lib.mjs';
import { launch, sound } from './lib.mjs';

const ids = Array.from({ length: 15 }, (_, i) => `form-${String(i + 1).padStart(2, '0')}`);
let server, browser;
before(async () => { server = await serve(); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

test('by keyboard and without scripts: a row more, a slip, the print', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1000, height: 800 } });
  const page = await context.newPage();
  await page.goto(server.base + '/r/421381');
  await page.getByRole('link', { name: '表单：看样表、打印' }).click();
  await page.getByRole('link', { name: '职工基本医疗保险参保登记表' }).first().click();
  await page.locator('[name="employees.0.person_name"]').fill('阿依古丽·买买提');
  await page.locator('[name="filler_phone"]').fill('12');
  await page.getByRole('button', { name: '增加一行' }).focus();
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  assert.equal(await page.locator('[name="employees.0.person_name"]').inputValue(), '阿依古丽·买买提');
  await page.locator('[name="employees.1.person_name"]').fill('𬳶桥');
  await page.locator('[name="employees.1.employee_action"]').selectOption('恢复');
  await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '打印（PDF）' }).click()]);
  await page.getByRole('link', { name: /^电话：/ }).waitFor();
  assert.equal(await page.locator('[name="employees.1.person_name"]').inputValue(), '𬳶桥');
  await page.locator('[name="filler_phone"]').fill('0375-2978611');
  const [answer] = await Promise.all([page.waitForResponse((r) => r.url().endsWith('/print')), page.getByRole('button', { name: '打印（PDF）' }).click()]);
  assert.equal(answer.status(), 200);
  assert.match(answer.headers()['content-type'], /application\/pdf/);
  await context.close();
});

for (const elder of ['', '/e'])
  test(`the list and all fifteen fit a narrow window${elder && ', elder mode'}`, async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 780 } }), page = await context.newPage();
    await page.goto(`${server.base}${elder}/r/410400/forms`);
    await sound(page, 'forms');
    for (const id of ids) {
      await page.goto(`${server.base}${elder}/r/410400/forms/${id}`);
      await sound(page, id);
    }
    await context.close();
  });
