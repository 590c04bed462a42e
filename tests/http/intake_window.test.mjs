// When an application can be filed, on the guide page and in the wizard, on the real binary. The answer depends on today, so the test reckons it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { client, query, serve } from './lib.mjs';

let server, web;
before(async () => { server = await serve(); web = client(server.base); });
after(() => server?.stop());

const PRINTED = '需要参加体检重症慢性病每半年申报一次,在每年的5月1日到5月15日和11月1日至11月15日';

test('the guide says when to file, with its own words', async () => { //= R174 type=test
  const { body } = await web.getJson('/regions/410400/matters/17');
  assert.deepEqual(body.intake_windows.map((w) => [w.when_words, w.kind, w.from, w.to, w.words]), [
    ['不需要体检', 'round-month', 0, 0, '每月一次'],
    ['需要体检', 'yearly', 501, 515, '每年5月1日至5月15日'],
    ['需要体检', 'yearly', 1101, 1115, '每年11月1日至11月15日']]);
  const page = await web.text('/r/410400/m/17');
  assert.ok(page.includes('什么时候申报') && page.includes('每年11月1日至11月15日') && page.includes(PRINTED));
  assert.ok(!(await web.text('/r/410400/m/01')).includes('什么时候申报'));
});

test('the blank of the form is said, not filled in', async () => { //= R225 type=test
  const page = await web.text('/r/410400/m/20');
  assert.ok(page.includes('没有印出起止日') && page.includes('业务经办时间为每月**--**日工作日时间。'));
});

test('a quarterly round', async () => { //= R158 type=test
  const page = await web.text('/r/211282/m/15');
  assert.ok(page.includes('每季度一次') && page.includes('慢病审批一年四次,每季度一次'));
});

test('who goes through a stage is said at the stage, and drawn', async () => { //= R157 type=test
  const { body } = await web.getJson('/regions/211282/matters/15'), page = await web.text('/r/211282/m/15');
  const stages = body.process.stages.map((s) => [s.kind_name, s.when_words ?? '']);
  assert.deepEqual(stages, [['申请', ''], ['受理', ''], ['初审', ''], ['体检', '病种类别为慢性病'], ['专家评审', '病种类别为慢性病'], ['复核', '']]);
  assert.equal(page.split('仅限：病种类别为慢性病').length, 3);
  const drawing = await web.text('/r/211282/m/15/flow.svg');
  assert.equal(drawing.split('仅限：').length, 3);
});

test('the wizard tells the next window when today is outside', async () => { //= R174 type=test
  const [y, m, d] = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date()).split('-').map(Number);
  const md = m * 100 + d, open = (md >= 501 && md <= 515) || (md >= 1101 && md <= 1115);
  const next = md < 501 ? `${y}年5月1日` : md < 1101 ? `${y}年11月1日` : `${y + 1}年5月1日`;
  const { body } = await web.getJson('/regions/410400/matters/17');
  const insurance = body.facts.find((f) => f.name === '险种').id;
  const url = `/r/410400/m/17/check?${query({ [insurance]: '职工医保', exam_required: '是', all: '1' })}`;
  const page = await web.text(url);
  assert.equal(page.includes('现在不在申报期'), !open);
  assert.equal(page.includes(`下一次从${next}开始`), !open);
  const other = await web.text(url.replace(query({ exam_required: '是' }), query({ exam_required: '否' })));
  assert.ok(!other.includes('现在不在申报期'));
});
