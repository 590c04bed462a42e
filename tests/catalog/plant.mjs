// Faults planted at random into the real catalogue: how many `catalog lint` finds, and what it calls wrong besides. One fault at a time, into one
// matter's file, which stays readable YAML; the lint of that region before and after are compared. A fault counts as found when a new finding
// names the matter, the field and a line that was changed (or the file as a whole where something was taken away); "near" when it names the
// matter, but tells it in another field or at a sibling's line. Every other new finding is counted as false.
//   node tests/catalog/plant.mjs [--seed N] [--count N] [--kind NAME] [--misses]
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalog, program } from '../cli/lib.mjs';

const WORKERS = 2;

// --- chance ---

export function chance(seed) {
  let s = seed >>> 0;
  const next = () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), s | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  const pick = (list) => list[below(list.length)];
  const shuffle = (list) => {
    for (let i = list.length - 1; i > 0; i--) {
      const k = below(i + 1);
      [list[i], list[k]] = [list[k], list[i]];
    }
    return list;
  };
  return { below, pick, shuffle };
}

// --- a matter's file as lines ---

// Verbatim texts of a file: {field, text, at: line, col}. A |- block gives one per line.
function textsOf(lines) {
  const texts = [];
  let top = '', block = -1;
  lines.forEach((line, at) => {
    const indent = line.search(/\S/);
    if (block >= 0 && indent > block) {
      texts.push({ field: top, text: line.slice(block + 2), at, col: block + 2, part: true });
      return;
    }
    block = -1;
    const key = /^(\S[^:]*):/.exec(line);
    if (key) top = key[1];
    if (['存疑', '其他原文', '异文'].includes(top)) return;
    const value = /^( *(?:- )?)(原文|名称|标题|图题|受理单位|组): (?!\|-)([^"'].*)$/.exec(line);
    if (value && (value[2] === '原文' ? indent <= 4 : indent === 0))
      texts.push({ field: top, text: value[3], at, col: line.length - value[3].length, own: value[2] === '原文' });
    if (/^ *(- )?原文: \|-$/.test(line)) block = indent + (/^ *- /.test(line) ? 2 : 0);
  });
  const fields = new Map();
  for (const t of texts.filter((x) => (x.own || x.part) && x.col <= 8)) {
    if (!fields.has(t.field)) fields.set(t.field, []);
    fields.get(t.field).push(t);
  }
  return { texts, fields };
}

function readMatters(dir) {
  const list = [];
  for (const region of readdirSync(path.join(dir, 'regions')))
    for (const name of readdirSync(path.join(dir, 'regions', region, 'matters'))) {
      const file = `regions/${region}/matters/${name}`, lines = readFileSync(path.join(dir, file), 'utf8').replace(/\n$/, '').split('\n');
      const m = { region, id: name.slice(0, 2), file, lines, top: new Map(), ...textsOf(lines) };
      lines.forEach((line, at) => {
        const key = /^(\S[^:]*):/.exec(line);
        if (key) m.top.set(key[1], { from: at, to: lines.length });
      });
      const tops = [...m.top.values()];
      tops.forEach((t, i) => { t.to = tops[i + 1]?.from ?? lines.length; });
      m.value = (key) => (m.top.has(key) ? lines[m.top.get(key).from].slice(key.length + 2).replaceAll('"', '') : '');
      m.code = m.value('标准编码');
      m.text = (field) => (m.fields.get(field) ?? []).map((t) => t.text).join('\n');
      list.push(m);
    }
  return list;
}

// --- edits: {field, lines: new lines, changed: line numbers (1-based) of the new file, what} ---

const replaced = (m, field, edits, what) => ({
  field, what,
  lines: m.lines.map((line, i) => edits.get(i) ?? line),
  changed: [...edits.keys()].map((i) => i + 1),
});
// FROM → TO at every line of the field: the verbatim text and what was read from it.
function everywhere(m, field, from, to, what = `${from} → ${to}`) {
  const span = m.top.get(field), edits = new Map();
  for (let i = span?.from ?? 0; i < (span?.to ?? 0); i++)
    if (m.lines[i].includes(from)) edits.set(i, m.lines[i].replaceAll(from, to));
  return edits.size ? replaced(m, field, edits, what) : null;
}
const inText = (m, t, text, what) => (/^[-?:,[\]{}#&*!|>'"%@` ]|: |:$| #|^$/.test(text) && !t.part ? null :
  replaced(m, t.field, new Map([[t.at, m.lines[t.at].slice(0, t.col) + text]]), what));
const without = (m, from, to, field, what) => ({ field, what, lines: m.lines.toSpliced(from, to - from), changed: [], gone: true });
const inserted = (s, at, what) => s.slice(0, at) + what + s.slice(at);
const swapped = (s, at, what, n = 1) => s.slice(0, at) + what + s.slice(at + n);

const PHONE = /0\d{2,3}-\d{7,8}(?!\d)/g;
const HAN = /\p{Script=Han}/u;
const COMMON = '的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经';
const RARE = '渭汛卷贝刃妥冰炙孰囱铃坪厄勺';
const LIKE = { 公章: '公项', 报销: '报消', 参保: '叁保', 备案: '倍案', 账户: '帐户', 医疗: '医廖', 保险: '保脸', 登记: '登纪', 申请: '伸请', 审核: '审该',
  证件: '证仲', 复印件: '复应件', 身份证: '身分征', 职工: '识工', 窗口: '窗囗', 受理: '受里', 居民: '居名', 机构: '机沟', 材料: '材科', 病历: '病厉', 发票: '发漂',
  凭证: '凭正', 单位: '单未', 银行: '银形', 社会保障卡: '社会保彰卡', 生育: '生肓', 门诊: '门珍', 住院: '主院', 定点: '订点', 待遇: '侍遇', 工作日: '工做日' };

const usual = (all, m, field, least = 5) => {
  const own = m.text(field);
  return own && all.filter((x) => x.region === m.region && x.text(field) === own).length > least;
};

function dictionary() {
  const lines = readFileSync(path.join(catalog, 'lint/terms.yaml'), 'utf8').split('\n');
  return lines.slice(lines.indexOf('词语:') + 1, lines.indexOf('变体:')).flatMap((l) => /^ {2}- (\p{Script=Han}{4,})$/u.exec(l)?.[1] ?? []);
}

function factValues() {
  const facts = new Map();
  for (const file of readdirSync(path.join(catalog, 'facts'))) {
    let name = '';
    for (const line of readFileSync(path.join(catalog, 'facts', file), 'utf8').split('\n')) {
      name = /^- 名称: (.*)$/.exec(line)?.[1] ?? name;
      const values = /^ {2}取值: \[(.*)\]$/.exec(line);
      if (values) facts.set(name, values[1].split(', '));
    }
  }
  return facts;
}

const phonesIn = (m, field) => [...new Set(m.text(field).match(PHONE) ?? [])];
const NUMBERED = /^(\()?(\d{1,2}|[一二三四五六七八九十]{1,2})([.、．)）]|\))(?=\D)/;
const NUMERALS = '一二三四五六七八九十';
const sentences = (s) => s.match(/[^。；;]+[。；;]/g) ?? [];

// Each kind: every edit it could make in M, drawn with R; the caller takes one of them.
export function kindsOf(all, r) {
  const terms = dictionary(), facts = factValues();
  const caps = { '002036007004': 10, '002036006001': 30, '002036006002': 30, '002036007001': 30, '002036007002': 30, '002036007003': 30 };
  const others = (m, f) => all.filter((x) => x.region !== m.region && f(x));
  const siblings = (m, f) => all.filter((x) => x.region === m.region && x !== m && f(x));
  const bulk = ['评价渠道', '咨询方式', '监督电话', '办理渠道', '送达'];
  const spots = (m, fields) => fields.flatMap((f) => m.fields.get(f) ?? []);
  const body = ['服务对象', '办理渠道', '办理材料', '办理流程', '注意事项'];
  const flipLimit = (m, f) => {
    const days = /(\d+) ?个工作日/.exec(m.text('办理时限'));
    const edit = days && everywhere(m, '办理时限', days[0], days[0].replace(days[1], f(+days[1])));
    if (!edit || days[0] === `${days[1]}个工作日`) return edit; // printed with a blank, read without
    const also = everywhere(m, '办理时限', `${days[1]}个工作日`, `${f(+days[1])}个工作日`);
    return also && { ...edit, lines: edit.lines.map((x, i) => (x === m.lines[i] ? also.lines[i] : x)), changed: [...edit.changed, ...also.changed] };
  };

  return {
    'unit-foreign': (m) => m.value('受理单位') && [...others(m, (x) => x.value('受理单位')).map((x) => x.value('受理单位')), '仙桃市医疗保障局', '汨罗市医疗保障中心']
      .filter((u) => u !== m.value('受理单位')).map((u) => replaced(m, '受理单位', new Map([[m.top.get('受理单位').from, `受理单位: ${u}`]]), u)),
    'unit-missing': (m) => m.top.has('受理单位') && [without(m, m.top.get('受理单位').from, m.top.get('受理单位').to, '受理单位', '受理单位')],
    'phone-digit-more': (m) => ['咨询方式', '监督电话', '办理渠道'].flatMap((f) => phonesIn(m, f).map((p) => everywhere(m, f, p, inserted(p, 6 + r.below(6), String(r.below(10)))))),
    'phone-digit-less': (m) => ['咨询方式', '监督电话', '办理渠道'].flatMap((f) => phonesIn(m, f).map((p) => everywhere(m, f, p, swapped(p, 6 + r.below(p.length - 6), '')))),
    'phone-digit-other': (m) => ['咨询方式', '监督电话'].flatMap((f) => phonesIn(m, f)
      .filter((p) => siblings(m, (x) => x.text(f).includes(p)).length >= 5)
      .map((p) => { const at = 6 + r.below(p.length - 6); return everywhere(m, f, p, swapped(p, at, String((+p[at] + 1 + r.below(9)) % 10))); })),
    'address-doubled': (m) => spots(m, ['办理渠道', '办理流程']).flatMap((t) => [...t.text.matchAll(/(地址|地点)[:：]([^,，;；。]{6,}?)(?=[,，;；。]|$)/g)]
      .map((a) => inText(m, t, inserted(t.text, a.index + a[0].length, a[2]), `${a[2]} ×2`))),
    'sentence-doubled': (m) => spots(m, [...body, '评价渠道']).flatMap((t) => sentences(t.text).filter((s) => s.length >= 10 && !/^\d/.test(s))
      .map((s) => inText(m, t, t.text.replace(s, s + s), `${s} ×2`))),
    'boilerplate-cut': (m) => bulk.filter((f) => usual(all, m, f)).map((f) => {
      const t = m.fields.get(f).at(-1), n = t.text.replace(/[。；]$/, '').length, keep = n - 2 - r.below(Math.min(10, n - 3));
      return n > 12 && inText(m, t, t.text.slice(0, keep), `…${t.text.slice(keep)} 去掉`);
    }),
    'boilerplate-drop': (m) => bulk.filter((f) => usual(all, m, f)).flatMap((f) => m.fields.get(f)).map((t) => {
      const at = r.below(t.text.length);
      return HAN.test(t.text[at]) && t.text.length > 8 && inText(m, t, swapped(t.text, at, ''), `${t.text.slice(Math.max(0, at - 6), at + 6)} 少 ${t.text[at]}`);
    }),
    'boilerplate-change': (m) => bulk.filter((f) => usual(all, m, f)).flatMap((f) => m.fields.get(f)).map((t) => {
      const at = r.below(t.text.length), to = r.pick([...COMMON]);
      return HAN.test(t.text[at]) && t.text[at] !== to && t.text.length > 8 && inText(m, t, swapped(t.text, at, to), `${t.text.slice(Math.max(0, at - 6), at + 6)} ${t.text[at]} → ${to}`);
    }),
    'term-slip': (m) => body.flatMap((f) => Object.entries(LIKE).filter(([w]) => m.text(f).split(w).length === 2).map(([w, to]) => everywhere(m, f, w, to))),
    'term-common': (m) => body.flatMap((f) => terms.filter((w) => m.text(f).split(w).length === 2).map((w) => {
      const at = r.below(w.length), to = r.pick([...COMMON]);
      return to !== w[at] && everywhere(m, f, w, swapped(w, at, to));
    })),
    'term-rare': (m) => body.flatMap((f) => terms.filter((w) => m.text(f).split(w).length === 2).map((w) => everywhere(m, f, w, swapped(w, r.below(w.length), r.pick([...RARE]))))),
    'term-drop': (m) => body.flatMap((f) => terms.filter((w) => w.length > 4 && m.text(f).split(w).length === 2).map((w) => everywhere(m, f, w, swapped(w, 1 + r.below(w.length - 2), '')))),
    bracket: (m) => spots(m, [...body, '评价渠道']).flatMap((t) => [...t.text.matchAll(/[()（）《》“”]/g)]
      .filter((b) => !NUMBERED.test(t.text) || b.index > 3).map((b) => inText(m, t, swapped(t.text, b.index, ''), `${t.text.slice(Math.max(0, b.index - 5), b.index + 6)} 少 ${b[0]}`))),
    'numbering-block': (m) => ['办理材料', '办理流程', '办理渠道'].flatMap((f) => (m.fields.get(f) ?? []).filter((t) => t.part && NUMBERED.test(t.text)).slice(1).map((t) => {
      const hit = NUMBERED.exec(t.text), step = r.pick([1, -1]), old = hit[2];
      const fresh = /\d/.test(old) ? String(+old + step) : NUMERALS[NUMERALS.indexOf(old) + step];
      return fresh && +fresh !== 0 && inText(m, t, t.text.replace(old, fresh), `${old} → ${fresh}`);
    })),
    'numbering-notes': (m) => {
      const at = m.top.get('注意事项'), list = [];
      for (let i = at?.from ?? 0; i < (at?.to ?? 0); i++) {
        const hit = /^ {2}- 序号: "(\d+)(.*)"$/.exec(m.lines[i]);
        if (hit) list.push([i, hit]);
      }
      return list.slice(1).map(([i, hit], k) => { const to = +hit[1] + r.pick([1, -1]); return to !== +list[k][1][1] + 1 && replaced(m, '注意事项', new Map([[i, `  - 序号: "${to}${hit[2]}"`]]), `${hit[1]} → ${to}`); });
    },
    'field-missing': (m) => [...m.top.keys()].filter((f) => /办理|评价|监督|咨询|服务对象|图题|设定依据|送达|^标题$/.test(f) && siblings(m, (x) => x.top.has(f)).length >= siblings(m, () => true).length * 0.9)
      .map((f) => without(m, m.top.get(f).from, m.top.get(f).to, f, f)),
    'caption-differs': (m) => (m.top.has('图题') || m.top.has('标题')) && ['图题', '标题'].filter((f) => m.top.has(f)).flatMap((f) => {
      const old = m.value(f), other = r.pick(siblings(m, (x) => x.value('名称')))?.value('名称');
      const name = m.value('名称'), at = r.below(Math.min(old.length, name.length));
      return [old.includes(name) && replaced(m, f, new Map([[m.top.get(f).from, `${f}: ${old.replace(name, other)}`]]), `${old} → ${other}`),
        HAN.test(old[at]) && replaced(m, f, new Map([[m.top.get(f).from, `${f}: ${swapped(old, at, r.pick([...COMMON]))}`]]), `${old} 改一字`)];
    }),
    'name-char': (m) => {
      const old = m.value('名称'), at = r.below(old.length);
      return HAN.test(old[at]) && m.code && [replaced(m, '名称', new Map([[m.top.get('名称').from, `名称: ${swapped(old, at, r.pick([...COMMON]))}`]]), `${old} 改一字`),
        old.length > 4 && replaced(m, '名称', new Map([[m.top.get('名称').from, `名称: ${swapped(old, at, '')}`]]), `${old} 少一字`)];
    },
    'limit-sum': (m) => { const more = 3 + r.below(9); return m.lines.some((l) => /^ {6}阶段:/.test(l)) && [flipLimit(m, (n) => n + more)]; },
    'limit-cap': (m) => caps[m.code] && [flipLimit(m, (n) => Math.max(2 * caps[m.code], n + 1))],
    'limit-tenfold': (m) => m.code && others(m, (x) => x.code === m.code && /\d 个工作日|\d个工作日/.test(x.text('办理时限'))).length >= 2 && !caps[m.code] &&
      [flipLimit(m, (n) => n * 10)],
    'limit-reading': (m) => {
      const span = m.top.get('办理时限'), list = [];
      for (let i = span?.from ?? 0; i < (span?.to ?? 0); i++) {
        const hit = /^( {4}- 承诺: )(\d+)(个工作日)$/.exec(m.lines[i]);
        if (hit) list.push(replaced(m, '办理时限', new Map([[i, hit[1] + (+hit[2] + 1 + r.below(9)) + hit[3]]]), m.lines[i].trim()));
      }
      return list;
    },
    'level-village': (m) => m.top.has('办理层级') && !/村|社区/.test(m.text('办理层级') + m.text('办理渠道')) && (() => {
      const span = m.top.get('办理层级'), edits = new Map();
      for (let i = span.from; i < span.to; i++) {
        if (/^ {2}原文: /.test(m.lines[i])) edits.set(i, `${m.lines[i]}、村（社区）`);
        if (/^ {2}层级: \[/.test(m.lines[i])) edits.set(i, m.lines[i].replace(']', ', 村级]'));
      }
      return edits.size === 2 && [replaced(m, '办理层级', edits, '村级')];
    })(),
    'form-renamed': (m) => [...m.text('办理材料').matchAll(/《([^》]{6,}?(?:表|书|单))》/g)].map((f) => {
      const at = 2 + r.below(f[1].length - 3), to = r.pick([...COMMON]);
      return to !== f[1][at] && everywhere(m, '办理材料', f[1], swapped(f[1], at, to));
    }),
    'code-digit': (m) => m.code && (() => { const at = r.below(12), to = swapped(m.code, at, String((+m.code[at] + 1 + r.below(9)) % 10)); return [replaced(m, '标准编码', new Map([[m.top.get('标准编码').from, `标准编码: "${to}"`]]), `${m.code} → ${to}`)]; })(),
    'code-swapped': (m) => m.code && siblings(m, (x) => x.code && x.code !== m.code).map((x) => replaced(m, '标准编码', new Map([[m.top.get('标准编码').from, `标准编码: "${x.code}"`]]), `${m.value('名称')}: ${m.code} → ${x.code}`)),
    'variant-limit': (m) => {
      const span = m.top.get('异文'), list = [];
      for (let i = span?.from ?? 0, field = ''; i < (span?.to ?? 0); i++) {
        field = /^ {4}字段: (.*)$/.exec(m.lines[i])?.[1] ?? field;
        const days = field === '办理时限' && /(\d+) ?个(工作日|自然日|月)/.exec(m.lines[i]);
        if (days) list.push(replaced(m, '办理时限', new Map([[i, m.lines[i].replace(days[0], days[0].replace(days[1], +days[1] + 1 + r.below(9)))]]), days[0]));
      }
      return list;
    },
    'object-unit': (m) => /人员|职工|居民/.test(m.text('服务对象')) && !/单位/.test(m.text('服务对象')) && m.code && [(() => {
      const t = m.fields.get('服务对象')[0], span = m.top.get('服务对象');
      return { field: '服务对象', what: t.text, lines: m.lines.toSpliced(span.from, span.to - span.from, '服务对象:', '  原文: 用人单位'), changed: [span.from + 1, span.from + 2] };
    })()],
    'channel-gone': (m) => /网上申请|线上申请|网上申报/.test(m.text('办理流程')) && m.fields.has('办理渠道') && (() => {
      const span = m.top.get('办理渠道'), lines = [];
      for (let i = span.from, skip = false; i < span.to; i++) {
        const item = /^ {4}- 方式: (.*)$/.exec(m.lines[i]);
        skip = item ? /网上|微信/.test(item[1]) : /^ {6}/.test(m.lines[i]) && skip;
        if (!skip && !(m.fields.get('办理渠道').some((t) => t.at === i && t.part) && /网上办理|线上[:：]/.test(m.lines[i]))) lines.push(m.lines[i]);
      }
      return lines.length < span.to - span.from && [{ field: '办理', what: '网上渠道', lines: m.lines.toSpliced(span.from, span.to - span.from, ...lines), changed: [], gone: true, anyLine: true }];
    })(),
    'condition-never': (m) => m.lines.flatMap((line, i) => {
      const c = /^( +(?:- )?当: ')(.*)'$/.exec(line), eq = c && /(^|and )([^ ()]+) = "([^"]+)"($| and )/.exec(c[2]), other = eq && facts.get(eq[2])?.find((v) => v !== eq[3]);
      if (!other || / or /.test(c[2])) return [];
      const field = [...m.top].find(([, s]) => i >= s.from && i < s.to)[0];
      return [replaced(m, field, new Map([[i, `${c[1]}${c[2]} and ${eq[2]} = "${other}"'`]]), `${c[2]} and ${other}`)];
    }),
    'width-mixed': (m) => spots(m, body).flatMap((t) => [...t.text.matchAll(/[;；,，]/g)].filter((x) => m.text(t.field).split(x[0]).length > 4)
      .map((x) => inText(m, t, swapped(t.text, x.index, { ';': '；', '；': ';', ',': '，', '，': ',' }[x[0]]), `${t.text.slice(Math.max(0, x.index - 5), x.index + 5)} ${x[0]}`))),
    'sentence-cut': (m) => spots(m, ['办理渠道', '办理材料', '办理流程']).filter((t, i, list) => t.part && t.text.length >= 16 && list[i + 1]?.field === t.field).map((t) => {
      const at = 8 + r.below(t.text.length - 11);
      return HAN.test(t.text[at - 1]) && HAN.test(t.text[at]) && inText(m, t, t.text.slice(0, at), `${t.text.slice(Math.max(0, at - 8), at)}|${t.text.slice(at)}`);
    }),
    'sentence-cut-last': (m) => spots(m, [...body]).filter((t, i, list) => t.text.length >= 14 && list[i + 1]?.field !== t.field && /[。；;]$/.test(t.text)).map((t) => {
      const at = 6 + r.below(t.text.length - 9);
      return HAN.test(t.text[at - 1]) && HAN.test(t.text[at]) && inText(m, t, t.text.slice(0, at), `${t.text.slice(Math.max(0, at - 8), at)}|${t.text.slice(at)}`);
    }),
  };
}

// --- before and after ---

const lint = (dir, region) => new Promise((resolve, reject) => {
  execFile(program, ['catalog', 'lint', '--json', '--catalog', dir, '--region', region], { encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, JINGBAN_CATALOG: dir } },
    (error, out, err) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve(out ? { rows: JSON.parse(out) } : { refused: err.trim() });
    });
});

const identity = (f) => [f.id, f.field, f.evidence, ...f.matters].join('|');
// Rows of AFTER that say something BEFORE did not: a new place, or a matter more.
function fresh(before, after) {
  const known = new Set(before.map(identity)), still = new Set(after.map(identity)); // a cause may move to its next matter
  return after.filter((f) => !known.has(identity(f)) && !before.some((b) => !still.has(identity(b)) && b.id === f.id && b.field === f.field && f.matters.every((m) => b.matters.includes(m)) &&
    (b.evidence === f.evidence || (b.matters.length > f.matters.length))));
}

const sameField = (f, field) => f.split('.')[0].startsWith(field.split('.')[0]) || (field === '办理时限' && f === '异文');
// A list with matters added under an old cause is told at the first matter's line: that is where the keeper looks them up.
export function judge(m, edit, before, after) {
  const rows = fresh(before, after), mine = rows.filter((f) => f.matters.includes(m.id));
  const here = (f) => (f.file === m.file && (edit.changed.includes(f.line) || edit.gone || f.line === 0)) || (f.line === 0 && f.matters.length > 1);
  const hits = mine.filter((f) => here(f) && sameField(f.field, edit.field));
  const near = mine.filter((f) => !hits.includes(f) && (sameField(f.field, edit.field) || here(f)));
  const ids = new Set([...hits, ...near].map((f) => f.id));
  return { hits, near, wrong: rows.filter((f) => !hits.includes(f) && !near.includes(f) && !ids.has(f.id) && f.id !== 'accepted-stale') };
}

// Runs COUNT faults of every kind; calls TELL after each. Returns rows of the table.
export async function plant({ seed, count, kinds: wanted, tell = () => {} }) {
  const r = chance(seed), all = readMatters(catalog), kinds = kindsOf(all, r), jobs = [], table = new Map();
  for (const [kind, f] of Object.entries(kinds)) {
    if (wanted && !wanted.includes(kind)) continue;
    table.set(kind, { kind, places: 0, planted: 0, hit: 0, near: 0, miss: 0, refused: 0, wrong: 0 });
    const byMatter = all.map((m) => [m, (f(m) || []).filter(Boolean)]).filter(([, list]) => list.length);
    table.get(kind).places = byMatter.reduce((n, [, list]) => n + list.length, 0);
    const pool = r.shuffle(byMatter.flatMap(([m, list]) => r.shuffle(list).map((edit, i) => ({ kind, m, edit, i })))).sort((a, b) => a.i - b.i);
    // the regions in turn
    const regions = [...new Set(pool.map((j) => j.m.region))], turn = new Map();
    for (const j of pool) { const n = turn.get(j.m.region) ?? 0; turn.set(j.m.region, n + 1); j.turn = n * regions.length; }
    jobs.push(...pool.sort((a, b) => a.turn - b.turn).slice(0, count));
  }
  const before = new Map();
  await Promise.all(Array.from({ length: WORKERS }, async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'jingban-plant-'));
    try {
      cpSync(catalog, dir, { recursive: true });
      for (let job; (job = jobs.shift());) {
        const { kind, m, edit } = job, row = table.get(kind), file = path.join(dir, m.file);
        if (!before.has(m.region)) before.set(m.region, await lint(dir, m.region));
        writeFileSync(file, `${edit.lines.join('\n')}\n`);
        const after = await lint(dir, m.region);
        writeFileSync(file, `${m.lines.join('\n')}\n`);
        row.planted++;
        const verdict = after.refused ? { refused: after.refused } : judge(m, edit, before.get(m.region).rows, after.rows);
        if (verdict.refused) row.refused++;
        else {
          row[verdict.hits.length ? 'hit' : verdict.near.length ? 'near' : 'miss']++;
          row.wrong += verdict.wrong.length;
        }
        tell(job, verdict);
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }));
  return [...table.values()];
}

async function main(argv) {
  const value = (name, fallback) => (argv.includes(name) ? argv[argv.indexOf(name) + 1] : fallback);
  const seed = Number(value('--seed', process.env.JINGBAN_SEED ?? Date.now() % 1e9)), misses = argv.includes('--misses');
  console.log(`seed ${seed}`);
  const rows = await plant({ seed, count: Number(value('--count', 25)), kinds: value('--kind')?.split(','), tell: ({ kind, m, edit }, v) => {
    const at = `${kind} ${m.region}/${m.id}:${edit.changed[0] ?? 0} ${edit.field} ${edit.what}`;
    if (misses && v.refused) console.log(`refused ${at}\n    ${v.refused.split('\n')[0]}`);
    else if (misses && !v.hits?.length) console.log(`${v.near.length ? 'near' : 'MISS'} ${at}${v.near.map((f) => `\n    ${f.id} ${f.file}:${f.line} ${f.field} ${f.message}`).join('')}`);
    if (misses) for (const f of v.wrong ?? []) console.log(`FALSE ${at}\n    ${f.id} ${f.matters} ${f.file}:${f.line} ${f.field} ${f.evidence} ${f.message}`);
  } });
  console.log(['kind'.padEnd(20), 'places', 'planted', 'hit', 'near', 'miss', 'refused', 'false'].join('\t'));
  for (const x of rows) console.log([x.kind.padEnd(20), x.places, x.planted, x.hit, x.near, x.miss, x.refused, x.wrong].join('\t'));
  const sum = (k) => rows.reduce((n, x) => n + x[k], 0);
  console.log(['all'.padEnd(20), sum('places'), sum('planted'), sum('hit'), sum('near'), sum('miss'), sum('refused'), sum('wrong')].join('\t'));
}
if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
