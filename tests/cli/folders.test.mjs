// A region is data: taking its folder away or adding one needs no rebuild; a malformed catalogue stops the start and says where.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { json, run, serve, withCatalog } from './lib.mjs';

const edit = (dir, file, from, to) => {
  const name = path.join(dir, file), text = readFileSync(name, 'utf8');
  assert.ok(text.includes(from), `${file} has no ${from}`);
  writeFileSync(name, text.replace(from, to));
};

test('a region folder added is another bureau open, one removed is gone', () => withCatalog(async (dir) => {
  cpSync(path.join(dir, 'regions/420281'), path.join(dir, 'regions/999900'), { recursive: true });
  edit(dir, 'regions/999900/region.yaml', '区划: "420281"', '区划: "999900"');
  edit(dir, 'regions/999900/region.yaml', '名称: 大冶市', '名称: 新区');
  rmSync(path.join(dir, 'regions/410400'), { recursive: true });
  const view = json(['catalog', 'list', '999900', '--json', '--catalog', dir]);
  assert.equal(view.count, 29);
  assert.equal(view.region.name, '新区');
  assert.equal(json(['catalog', 'show', '999900', '002036004001', '--json', '--catalog', dir]).region.code, '999900');
  assert.equal(json(['checklist', '999900', '12', '--json', '--catalog', dir]).questions.length, 5);
  const gone = run(['catalog', 'list', '410400', '--catalog', dir]);
  assert.equal(gone.status, 1);
  assert.match(gone.err, /没有统筹区 410400/);
  assert.equal(json(['catalog', 'list', '421300', '--json', '--catalog', dir]).count, 26);
  assert.match(run(['catalog', 'lint', '--catalog', dir]).out, /^5 个统筹区、144 个事项/);
  const server = await serve(['--data', path.join(dir, 'data'), '--catalog', dir]);
  assert.ok(server.base, server.text);
  try {
    const { regions } = await (await fetch(`${server.base}/api/v1/regions`)).json();
    assert.deepEqual(regions.map((r) => r.code).sort(), ['211282', '420281', '421300', '421381', '999900']);
    assert.equal((await fetch(`${server.base}/r/999900/m/12`)).status, 200);
    assert.equal((await fetch(`${server.base}/r/410400/m/12`)).status, 404);
  } finally {
    assert.equal(await server.stop(), 0);
  }
}));

test('a matter file added or removed changes the count', () => withCatalog((dir) => {
  rmSync(path.join(dir, 'regions/421300/matters/26.yaml'));
  assert.equal(json(['catalog', 'list', '421300', '--json', '--catalog', dir]).count, 25);
  cpSync(path.join(dir, 'regions/421300/matters/25.yaml'), path.join(dir, 'regions/421300/matters/26.yaml'));
  assert.match(run(['catalog', 'list', '421300', '--catalog', dir]).err, /regions\/421300\/matters\/26\.yaml:\d+:\d+: 编号“25”与文件名不一致/);
}));

const FAULTS = [
  ['full-width colon after a key', 'regions/421300/matters/01.yaml', '受理单位: ', '受理单位：', /: 键后面用了全角冒号“：”，请改成半角冒号/],
  ['plain condition', 'regions/421300/matters/02.yaml', `当: '参保身份 = "在职职工"'`, '当: 参保身份 = 1', /: 条件要用单引号括起来/],
  ['unknown fact', 'regions/421300/matters/02.yaml', `当: '参保身份 = `, `当: '参保身分 = `, /: 条件第 1 个字：没有叫“参保身分”的事实/],
  ['value that is none', 'regions/421300/matters/02.yaml', '参保身份 = "在职职工"', '参保身份 = "在值职工"', /没有取值“在值职工”；可用的取值：/],
  ['unknown key', 'regions/420281/matters/12.yaml', '办理材料:', '办理才料:', /: (缺少“办理材料”|不认识的键“办理才料”)/],
  ['key twice', 'regions/420281/matters/12.yaml', '编号: "12"', '编号: "12"\n编号: "12"', /:2:1: 键“编号”重复，第一次在第 1 行/],
  ['anchor', 'regions/420281/matters/12.yaml', '编号: "12"', '编号: &n "12"', /:1:5: 目录文件不允许使用锚点/],
  ['limit nobody can read', 'regions/211282/matters/22.yaml', '承诺: 即时', '承诺: 马上', /: 看不懂时限“马上”，可写 即时、5个工作日/],
  ['region under another code', 'regions/211282/region.yaml', '区划: "211282"', '区划: "211283"', /: 区划“211283”与文件夹名不一致/],
  ['broken indentation', 'facts/common.yaml', '  标识: ', ' 标识: ', /: YAML 格式有误/],
  ['day that is none', 'calendar/2026.yaml', '起: "2026-01-01"', '起: "2026-13-01"', /: 日期“2026-13-01”应写成/],
];

for (const [name, file, from, to, message] of FAULTS)
  test(`a malformed catalogue stops every command with file:line:column — ${name}`, () => withCatalog(async (dir) => {
    edit(dir, file, from, to);
    const where = new RegExp(`${file.replaceAll('.', '\\.')}:\\d+:\\d+: `);
    for (const args of [['catalog', 'lint'], ['catalog', 'list', '421381'], ['checklist', '421381', '01'], ['workday', 'add', '2026-01-01', '1']]) {
      const { status, out, err } = run([...args, '--catalog', dir]);
      assert.equal(status, 1, `${args}: ${err}`);
      assert.equal(out, '');
      assert.match(err, where);
      assert.match(err, message);
    }
    const data = path.join(dir, 'data');
    mkdirSync(data);
    const ended = await serve(['--data', data, '--catalog', dir]);
    assert.equal(ended.status, 1, ended.text);
    assert.match(ended.text, where);
    assert.match(ended.text, message);
    assert.ok(!existsSync(path.join(data, 'jingban.db')), 'nothing is made before the catalogue is sound');
  }));

test('a folder that is no catalogue', () => {
  const { status, err } = run(['catalog', 'lint', '--catalog', '/nonexistent']);
  assert.equal(status, 1);
  assert.match(err, /^目录文件有错误：\/nonexistent:1:1: 读不到这个文件.*请检查路径和权限$/m);
});
