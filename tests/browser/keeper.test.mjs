// A guide of a sixth city, in a layout of its own: imported, checked, mended, compared, published by a second person, and then used for an
// application. No line of C knows the city.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { idNumber } from '../http/browser.mjs';
import { client, root, serve } from '../http/lib.mjs';
import { atDesk, axeSource, evidence, Hand, launch } from './lib.mjs';

const REGION = '990100', CITY = '云溪市', GUIDE = path.join(root, 'tests/import/sixth.txt');
const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
let server, browser, web, made, folder;

// The city's first files lie in the installation's folder, as `catalog import` wrote them: known to its staff, closed to the public as long as
// the check calls something an error.
before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'jingban-sixth-'));
  cpSync(path.join(root, 'catalog'), folder, { recursive: true });
  execFileSync(binary, ['catalog', 'import', GUIDE, '--region', REGION, '--out', folder, '--catalog', path.join(root, 'catalog')], { stdio: 'pipe' });
  server = await serve(['--catalog', folder]);
  browser = await launch();
  web = client(server.base);
  made = await evidence(browser);
});
after(async () => { await browser?.close(); await server?.stop(); if (folder) rmSync(folder, { recursive: true, force: true }); });

const main = (hand) => hand.page.locator('main').innerText();
async function says(hand, ...words) { const text = await main(hand); for (const w of words) assert.ok(text.includes(w), `“${w}” is not on ${hand.page.url()}:\n${text.slice(0, 1500)}`); }
async function axe(hand) {
  await hand.page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  await hand.page.evaluate(axeSource);
  const { violations } = await hand.page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] }));
  assert.deepEqual(violations.map((v) => `${v.id} ${v.nodes[0].html.slice(0, 120)}`), [], hand.page.url());
}
const person = async () => new Hand(await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage());

//= R6 R7
test('import, check, compare, publish: a city that nobody had thought of takes its first application', async () => {
  assert.equal((await web.get(`/r/${REGION}`)).status, 404);
  assert.ok(!(await web.text('/')).includes(CITY), 'not yet open to the public');

  // the keeper reads the guide in
  const keeper = await atDesk(browser, server, REGION, 'keeper'), { page } = keeper;
  assert.equal(new URL(page.url()).pathname, '/desk/catalog');
  await keeper.at('keeper-first');
  await says(keeper, '还没有施行的版本', '正在编辑的一稿');
  await axe(keeper);
  await keeper.go('form[action$="/import"] button[type=submit]'); // nothing chosen
  await says(keeper, '没有内容');
  await keeper.files('#f-guide', [GUIDE]);
  await keeper.go('form[action$="/import"] button[type=submit]');
  assert.match(new URL(page.url()).pathname, /^\/desk\/catalog\/v\/1$/);
  await keeper.at('keeper-imported');
  await says(keeper, '导入时读不准的地方', '共 6 个事项', '0999-612345678', '检查结果');
  assert.equal(await page.locator('form[action$="/submit"]').count(), 0, 'errors hold it back');
  await axe(keeper);

  // from the first error to its line; what would break the draft is refused beside the line
  await keeper.go('.findings-error a[href*="/f/"]');
  await keeper.at('keeper-file');
  assert.match(page.url(), /matters\/02\.yaml\?line=\d+#L\d+$/);
  await axe(keeper);
  const area = page.locator('#f-text'), text = await area.inputValue();
  assert.ok(text.includes('0999-61234567\n'));
  await area.fill(text.replace('监督电话:', '监督电话：'));
  await keeper.go('.editor-foot .button-primary');
  await keeper.at('keeper-file-refused');
  await says(keeper, '第', '全角冒号', '还没有保存');
  assert.ok((await area.inputValue()).includes('监督电话：'), 'what was typed is kept');
  await axe(keeper);
  await area.fill(text.replaceAll('0999-612345678', '0999-6123400').replaceAll('0999-61234567', '0999-6123456'));
  await keeper.go('.editor-foot .button-primary');
  await says(keeper, '已保存到这一稿');
  await keeper.go('.case-no .back');
  assert.equal(await page.locator('.findings-error li').count(), 0, await main(keeper));

  // one warning is left as it is, with a reason
  const warning = page.locator('.findings-warn > li', { hasText: '3．《云溪市城乡居民参保' }).first();
  await warning.locator('summary').click();
  await warning.locator('input[name=reason]').fill('印发的原件就是从1跳到3');
  await keeper.go(warning.locator('button[type=submit]'));
  await says(keeper, '理由已记下', '保留不改的 1 条');
  await keeper.at('keeper-accepted');

  // compared with the standard list
  await keeper.go('.case-no .back');
  await keeper.go('main a[href="/desk/catalog/diff"]');
  await keeper.at('keeper-diff');
  await says(keeper, '单位参保登记');
  await page.goBack();
  await keeper.go('.draft-card .button-primary');

  // handed in; the keeper cannot publish it
  await keeper.type('#f-note', '首次公布本市医疗保障服务事项办事一览');
  await keeper.go('form[action$="/submit"] .button-primary');
  await keeper.at('keeper-submitted');
  await says(keeper, '已提交', '要由另一位目录岗或督办岗发布');
  assert.equal(await page.locator('form[action$="/publish"]').count(), 0);
  await axe(keeper);

  // the second person
  const boss = await atDesk(browser, server, REGION, 'supervisor');
  await boss.go('.desk-nav a[href="/desk/catalog"]');
  await boss.at('boss-overview');
  await boss.go('.draft-card .button-primary');
  await says(boss, '首次公布本市医疗保障服务事项办事一览');
  await boss.go('form[action$="/publish"] .button-primary');
  await boss.at('boss-published');
  await says(boss, '已发布', '现行', '督办演示');
  await axe(boss);

  // the public finds it
  const citizen = await person();
  await citizen.page.goto(server.base + '/');
  await citizen.go(`.region-list a[href$="/r/${REGION}"]`);
  await citizen.at('sixth-home');
  await citizen.go(citizen.page.locator('.foot a[href$="/changes"]'));
  await citizen.at('sixth-changes');
  await says(citizen, '第 1 版', '首次公布本市医疗保障服务事项办事一览', '目录演示', '督办演示');
  await axe(citizen);
  await citizen.page.goto(`${server.base}/r/${REGION}/m/04`);
  await citizen.at('sixth-guide');
  await says(citizen, '异地长期居住人员备案', '2个工作日', '本指南第 1 版');

  // and applies
  const name = '林小满', number = idNumber('421303', '19880214', 731), mobile = '13812345678';
  await citizen.page.goto(`${server.base}/r/${REGION}/m/02`);
  await citizen.go('main a.button-primary');
  for (let i = 0; await citizen.page.locator('form.question').count(); i++) {
    assert.ok(i < 12, 'the questions end');
    const flexible = citizen.page.locator('form.question input[value="灵活就业人员"]');
    await citizen.pick((await flexible.count()) ? flexible : citizen.page.locator('form.question input[type=radio]').first());
    await citizen.go('form.question button[type=submit]');
  }
  await citizen.go('form[action$="/apply"] button[type=submit]');
  await citizen.at('sixth-draft');
  await citizen.go('main a.button-primary');
  await citizen.type('#f-applicant_name', name);
  await citizen.type('#f-applicant_id', number);
  await citizen.type('#f-mobile', mobile);
  await citizen.go('form[action$="/applicant"] .button-primary');
  await citizen.at('sixth-form');
  await citizen.type('#f-filler_phone', mobile);
  await citizen.go('form[action$="/form"] p.actions .button-primary');
  await citizen.at('sixth-materials');
  for (let i = 0; i < 6; i++) {
    const box = citizen.page.locator('form[action*="/upload/"] input[type=file]').nth(i);
    if (!(await box.count())) break;
    await citizen.page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
    await box.setInputFiles([{ name: `材料${i}.png`, mimeType: 'image/png', buffer: made.png }]);
    const send = citizen.page.locator('form[action*="/upload/"] button[type=submit]').nth(i);
    if (await send.isVisible()) await citizen.go(send);
    else await citizen.page.waitForLoadState('networkidle');
  }
  await citizen.go('main a.button-primary');
  await citizen.pick('input[name=delivery]');
  await citizen.go('form[action$="/delivery"] .button-primary');
  await citizen.at('sixth-review');
  await citizen.go('form[action$="/submit"] .button-primary');
  assert.match(new URL(citizen.page.url()).pathname, /\/c\/\d{19}\/[0-9A-Z]{10}\/receipt$/, await main(citizen));
  await citizen.at('sixth-receipt');
  await says(citizen, '职工参保登记');
  const no = /\/c\/(\d{19})\//.exec(citizen.page.url())[1];
  const clerk = await atDesk(browser, server, REGION, 'window');
  await clerk.page.goto(`${server.base}/desk/c/${no}`);
  await says(clerk, '职工参保登记');
});
