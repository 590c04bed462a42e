// What the loader holds against a region's directory: file, line, what, why.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { run, withCatalog } from './lib.mjs';

const slips = {
  '标识“Hall”只能用小写字母、数字和“-”': (y) => y.replace('- 标识: hall\n', '- 标识: Hall\n'),
  '标识“town”用了两次': (y) => y.replace('- 标识: village\n', '- 标识: town\n'),
  '“hall”不是写明“各处: 是”的服务点的标识': (y) => y.replace('    层级: 村级\n', '    层级: 村级\n    归入: hall\n'),
  '不认识的种类“网页”': (y) => y.replace('种类: 网站', '种类: 网页'),
  '网址应以 http:// 或 https:// 开头': (y) => y.replace('种类: 网站', '种类: 网站\n    网址: javascript:alert(1)'),
  '不认识的项目“传真”': (y) => y + '公布项:\n  - 项目: 传真\n',
  '不认识的键“窗囗”': (y) => y.replace('    层级: 村级\n', '    层级: 村级\n    窗囗: [1号窗口]\n'),
  '应是一段文字，或带“名称”的映射': (y) => y.replace('    层级: 村级\n', '    层级: 村级\n    窗口: [[1号窗口]]\n'),
};

for (const [words, spoil] of Object.entries(slips))
  test(`refused: ${words}`, () => withCatalog((dir) => {
    const file = path.join(dir, 'regions/421381/region.yaml'), before = readFileSync(file, 'utf8'), after = spoil(before);
    assert.notEqual(after, before);
    writeFileSync(file, after);
    const { status, out, err } = run(['catalog', 'list', '421381', '--catalog', dir]);
    assert.notEqual(status, 0);
    assert.match(out + err, /regions\/421381\/region\.yaml:\d+:\d+: /);
    assert.ok((out + err).includes(words), out + err);
  }));
