// One driver for every matter's way through the house, from its beginning to the archive, over the API alone. It reads from
// `catalog show` what the guide prints and keeps its own small tables of what each stage means, so that the program's are tested by them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { idNumber } from './browser.mjs';
import { client, root, serve } from './lib.mjs';
import { signIn } from './staff.mjs';

export const catalog = path.join(root, 'catalog');
const binary = process.env.JINGBAN_BIN || process.env.JINGBAN || path.join(root, 'build/jingban');
const run = (args, input, folder = catalog) => execFileSync(binary, args, { cwd: root, encoding: 'utf8', input, maxBuffer: 1 << 28, env: { ...process.env, JINGBAN_CATALOG: folder } });

// --- the house as the guides mean it ---

// Who passes a stage, what passing is called, who signs it and how many of them where the guide prints no number.
export const STAGES = {
  初审: { role: 'review', title: '初审通过' }, 审核: { role: 'review', title: '审核通过' }, 复核: { role: 'review', title: '复核通过' },
  审批: { role: 'approve', title: '审批通过' }, 评估: { role: 'review', title: '登记评估结果', signs: 'panel', number: 3 },
  专家评审: { role: 'review', title: '登记鉴定结果', signs: 'panel', number: 0 }, 体检: { role: 'review', title: '登记体检' },
  协商谈判: { role: 'review', title: '登记谈判结果' }, 公示: { role: 'review', title: '公示期满' }, 协议签订: { role: 'review', title: '登记协议' },
  公布: { role: 'review', title: '登记公布' }, 外伤调查: { role: 'review', title: '登记调查结果' }, 发联系函: { role: 'window', title: '登记联系函' },
  发信息表: { role: 'window', title: '登记信息表' }, 收联系函: { role: 'window', title: '登记来函' }, 划转资金: { role: 'fund', title: '登记划转' }, 名单: { role: 'window', title: '登记名单' },
  财政申请: { role: 'fund', title: '登记资金到账' }, 拨付: { role: 'fund', title: '登记拨付' }, 送达: { role: 'window', title: '登记送达' },
  反馈: { role: 'window', title: '登记反馈' }, 立案: { role: 'enforce', title: '立案' },
  启动: { role: 'enforce', title: '启动检查', signs: 'head', number: 1 }, 调查取证: { role: 'enforce', title: '提交调查报告', signs: 'enforce', number: 2 },
  实施检查: { role: 'enforce', title: '提交检查报告', signs: 'enforce', number: 2 }, 审查决定: { role: 'head', title: '作出决定', signs: 'legal', number: 1 },
  送达执行: { role: 'enforce', title: '登记送达和执行' }, 归档: { role: 'enforce', title: '结案归档', signs: 'head', number: 1 },
  医院办结: { role: 'hospital', title: '登记' },
};
// Whoever did one of these may not do this one. 受理 stands for having accepted the case.
const APART = { 复核: ['初审', '审核'], 审批: ['初审', '审核', '复核'], 拨付: ['初审', '审核', '复核', '审批', '受理'], 外伤调查: ['受理'], 审查决定: ['调查取证'] };
const JUDGED = ['初审', '审核', '复核', '审批', '拨付'];
const ORIGINS = { 医院办结: 'hospital', 名单: 'department', 启动: 'office', 立案: 'office' };
const DUTY = { hospital: 'hospital', department: 'window', office: 'enforce' }; // who begins it

const PEOPLE = {
  all: 'window review approve fund enforce legal head', win1: 'window', win2: 'window', rev1: 'review', rev2: 'review', rev3: 'review', app1: 'approve', fund1: 'fund', fund2: 'fund',
  pan1: 'panel', pan2: 'panel', pan3: 'panel', pan4: 'panel', pan5: 'panel', enf1: 'enforce', enf2: 'enforce', leg1: 'legal', head1: 'head', hos1: 'hospital', sup1: 'supervisor', twn1: 'window',
};
// twn1 is posted to a town.
const NAMES = Object.fromEntries(Object.keys(PEOPLE).map((login, i) => [login, `经手人${'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥'[i]}`]));

const EXPERTS = { ...Object.fromEntries(Object.keys(PEOPLE).filter((l) => PEOPLE[l] === 'panel').map((l) => [l, NAMES[l]])), expert1: '评审演示一', expert2: '评审演示二', expert3: '评审演示三' };

// --- what people answer ---

const ANSWERS = {
  insured_status: '在职职工', insurance: '职工医保', unit_action: '新参保', employee_action: '增加', special_group: '不属于', first_enrolment: '是', hukou: '本市户口',
  change_class: '非关键信息', delegated: '否', proof_mode: '提交材料', filing_action: '首次备案', retired: '是', hukou_moved: '是', outside_pool: '是', resides_elsewhere: '是',
  posted_by_employer: '是', posted_half_year: '是', age: '65', unit_class: '企业', withdrawal_ground: '出国定居', expense_place: '本统筹区', care_case: '普通', referral_scope: '省内',
  has_referral: '是', disease_class: '慢性病', chronic_count: '0', months_paid_running: '12', in_first_month: '否', disease_devolved: '否', accepting_body: '医保经办机构', visit_kind: '门诊', aid_class: '特困人员', aid_certified: '是', spouse_insurance: '否', provider_kind: '医疗机构', has_insurance_card: '是',
  care_outside_pool_or_filed: '是', same_episode_readmission: '否', exam_required: '否', died_in_emergency: '否', newborn_name_mismatch: '否', resigned_female_employee: '否',
  lawful_birth: '是', ownership_class: '营利性', maternity_provider: '否', business_tax_registered: '是', resides_here: '是', cross_pool_transfer: '是', settled_directly: '否',
  maternity_person: '参保女职工', claimant_kind: '单位', restricted_drug: '否', query_subject: '个人', record_source: '住院病历', institution_class: '一般医疗机构', maternity_event: '分娩', has_chronic_benefit: '否',
};
const RESIDENT = { insured_status: '城乡居民', insurance: '城乡居民医保' };
const SPECIAL = {
  '211282-02': { withdrawal_ground: '关系转出' },
  '211282-23': { insured_status: '退休人员' }, '211282-25': { insured_status: '城乡居民', age: '10' }, '211282-26': { insured_status: '灵活就业人员' },
  '211282-06': { insured_status: '灵活就业人员' }, '410400-02': { insured_status: '灵活就业人员' }, '420281-02': { insured_status: '灵活就业人员' }, '421300-02': { insured_status: '灵活就业人员' },
  '421381-02': { insured_status: '灵活就业人员' }, '211282-27': { insured_status: '灵活就业人员' }, '410400-05': { insured_status: '灵活就业人员' }, '420281-05': { insured_status: '灵活就业人员' },
  '421300-04': { insured_status: '灵活就业人员' }, '421381-05': { insured_status: '灵活就业人员' },
  '410400-03': RESIDENT, '410400-06': RESIDENT, '420281-06': RESIDENT, '421381-03': RESIDENT, '421381-06': RESIDENT, '410400-24': { maternity_person: '男职工未就业配偶' },
};

// A guide's condition over FACTS {name: value}: true or false.
export function holds(condition, facts) {
  const js = condition.replace(/"[^"]*"|[\p{L}\p{N}_]+|!=|<=|>=|=|[(),<>]/gu, (t) => {
    if (t === '=') return '===';
    if (t === '!=') return '!==';
    if (t === 'and') return '&&';
    if (t === 'or') return '||';
    if (t === 'not') return '!';
    if (t === 'in' || /^["(),<>!=\d]|^(true|false|null)$/.test(t)) return t;
    return `f(${JSON.stringify(t)})`;
  }).replace(/(f\("[^"]*"\)) in \(([^)]*)\)/g, '[$2].includes($1)');
  return Function('f', `return !!(${js})`)((name) => facts[name] ?? null); // text of our own catalogue, of the tokens above alone
}
const typed = (v) => (v === '是' ? true : v === '否' ? false : /^\d+$/.test(v) ? Number(v) : v);

export function uscc(region, n, organisation = `TE${String(n).padStart(6, '0')}`) {
  const set = '0123456789ABCDEFGHJKLMNPQRTUWXY', w8 = [3, 7, 9, 10, 5, 8, 4, 2];
  const o = 11 - [...organisation].reduce((s, c, i) => s + (c <= '9' ? Number(c) : c.charCodeAt(0) - 55) * w8[i], 0) % 11;
  const body = `91${region}${organisation}${o === 11 ? '0' : o === 10 ? 'X' : o}`;
  let sum = 0, w = 1;
  for (const c of body) { sum += set.indexOf(c) * w; w = (w * 3) % 31; }
  return body + set[(31 - sum % 31) % 31];
}

// --- the demo's clock: it moves only when everybody waits for it ---

class Clock {
  constructor(web, day) { Object.assign(this, { web, day, running: 0, waiting: [], moving: false }); }
  enter() { this.running++; }
  leave() { this.running--; this.tick(); }
  until(day) {
    if (day <= this.day) return undefined;
    return new Promise((wake) => { this.waiting.push({ day, wake }); this.running--; this.tick(); });
  }
  async tick() {
    if (this.running || this.moving || !this.waiting.length) return;
    this.moving = true;
    const next = this.waiting.map((x) => x.day).sort()[0];
    const r = await this.web.postJson('/demo/clock', { now: `${next}T09:30:00+08:00` });
    assert.equal(r.status, 200, JSON.stringify(r.body));
    this.day = next;
    this.moving = false;
    const up = this.waiting.filter((x) => x.day <= next);
    this.waiting = this.waiting.filter((x) => x.day > next);
    this.running += up.length;
    for (const x of up) x.wake();
  }
}

// So many at a time, first come first served.
class Gate {
  constructor(n) { this.free = n; this.queue = []; }
  async pass(fn) {
    if (!this.free) await new Promise((go) => this.queue.push(go)); else this.free--;
    try { return await fn(); } finally { const next = this.queue.shift(); if (next) next(); else this.free++; }
  }
}

const DAY_MS = 86400000;
const daysAfter = (day, n) => new Date(Date.parse(day) + n * DAY_MS).toISOString().slice(0, 10);

// --- the house: one server, its people ---

export class House {
  static async open({ folder = catalog, day = '2026-11-02' } = {}) {
    const h = new House(), args = folder === catalog ? [] : ['--catalog', folder];
    h.folder = folder;
    h.server = await serve(args, { clock: `${day}T09:00:00+08:00`, timeout: 240000 });
    h.web = client(h.server.base);
    h.clock = new Clock(h.web, day);
    h.gate = new Gate(8);
    h.staff = {};
    h.serial = 0;
    h.persons = {};
    h.shown = {};
    h.works = [];
    return h;
  }

  // A roster of every role that the region's matters need, made by the administrator; staff by login.
  async roster(region) {
    const town = /标识: town$/m.test(readFileSync(path.join(this.folder, 'regions', region, 'region.yaml'), 'utf8'));
    const asked = new Set(['window', 'review', 'supervisor']), words = (l) => PEOPLE[l].split(' ').filter((r) => asked.has(r));
    for (const id of this.matters(region))
      for (const s of this.matter(region, id).process.stages) for (const role of [STAGES[s.kind_name]?.role, STAGES[s.kind_name]?.signs]) if (role) asked.add(role);
    asked.add('fund'); // a stranger to every other stage
    const logins = Object.keys(PEOPLE).filter((l) => words(l).length && (town || l !== 'twn1'));
    const admin = await signIn(this.server, region, 'admin'), staff = this.staff[region] = {};
    await Promise.all(logins.map((login) => this.gate.pass(async () => {
      const r = await admin.post('/desk/staff', { login, name: NAMES[login], roles: words(login).join(' '), ...(login === 'twn1' ? { points: 'town' } : {}) });
      assert.equal(r.status, 200, JSON.stringify(r.body));
      staff[login] = await signIn(this.server, region, login, r.body.made.password);
      staff[login].login = login;
    })));
    staff.admin = admin;
  }

  // The next insured person of the demo of this kind.
  person(region, identity) {
    const key = `${region}/${identity}`;
    this.persons[key] ??= run(['export', 'persons', '--demo', '--region', region, '--identity', identity, '--limit', '60']).trim().split('\n').map((l) => l.split('\t'));
    const [name, id_number, mobile] = this.persons[key].shift();
    return { name, id_number, mobile };
  }

  matter(region, id) { return this.shown[`${region}-${id}`] ??= JSON.parse(run(['catalog', 'show', region, id, '--json'], undefined, this.folder)); }
  matters(region) { return JSON.parse(run(['catalog', 'list', region, '--json'], undefined, this.folder)).matters.map((m) => m.id); }

  // Working days: the calendar read once, then counted here.
  calendar(from = '2026-10-26', n = 220) {
    this.works = run(['workday', '-'], Array.from({ length: n }, (_, i) => `add ${from} ${i + 1}`).join('\n') + '\n').trim().split('\n').map((l) => /\d{4}-\d\d-\d\d/.exec(l)[0]);
  }
  workday(day) { return this.works.includes(day); }
  add(day, n) { return n === 0 ? this.works.find((d) => d >= day) : this.works[this.works.findIndex((d) => d > day) + n - 1]; }
  between(from, to) { return this.works.filter((d) => d > from && d <= to).length; }

  stop() { return this.server.stop(); }

  // Both commands find nothing wrong in whatever was driven.
  verify() {
    const at = ['--data', this.server.data, '--catalog', this.folder, ...this.server.db];
    return [['rebuild', '--check'], ['audit', 'verify']].map((command) => run([...command, ...at], undefined, this.folder));
  }
}

// --- one matter ---

export class Way {
  constructor(house, region, id, over = {}) { // OVER: answers other than the usual ones
    this.over = over;
    this.house = house;
    this.region = region;
    this.id = id;
    this.m = house.matter(region, id);
    this.stages = this.m.process.stages;
    this.kinds = this.stages.map((s) => s.kind_name);
    this.origin = ORIGINS[this.kinds[0]] ?? 'application';
    this.staff = house.staff[region];
    this.did = [];       // who did what
    this.refused = [];   // what was refused, and by what error
    this.asked = [...new Set(this.m.facts.filter((f) => f.asked).map((f) => f.id))];
    this.chinese = Object.fromEntries(this.m.facts.map((f) => [f.name, f.id]));
  }

  at(message) { return `${this.region} ${this.id} ${this.m.name}: ${message}`; }
  today() { return this.house.clock.day; }
  call(fn) { return this.house.gate.pass(fn); }

  // --- requests ---

  async act(login, action, body = {}) {
    const r = await this.call(() => this.staff[login].post(`/desk/cases/${this.no}/actions/${action}`, body));
    assert.equal(r.status, 200, this.at(`${login} ${action} ${JSON.stringify(body)}: ${JSON.stringify(r.body)}`));
    return this.case = r.body.case;
  }
  // Must be refused with ERROR; WHAT is noted for the table.
  async no_(login, action, body, error, what, contains = '') {
    const r = await this.call(() => this.staff[login].post(`/desk/cases/${this.no}/actions/${action}`, body));
    assert.equal(r.body?.id, error, this.at(`${login} ${action} ${what}: ${r.status} ${JSON.stringify(r.body).slice(0, 800)}`));
    assert.ok(JSON.stringify(r.body).includes(contains), this.at(`${what} says ${contains}: ${JSON.stringify(r.body)}`));
    assert.match(r.body.detail || r.body.title, /\p{Script=Han}/u, this.at(`${what}: a refusal is told in Chinese`));
    this.note(what);
    return r.body;
  }
  note(what) { if (!this.refused.includes(what)) this.refused.push(what); }
  async see(login = this.desk) {
    const r = await this.call(() => this.staff[login].get(`/desk/cases/${this.no}`));
    assert.equal(r.status, 200, this.at(`see: ${JSON.stringify(r.body)}`));
    return this.case = r.body.case;
  }

  // --- the beginning ---

  facts() {
    const over = { ...SPECIAL[`${this.region}-${this.id}`], ...this.over };
    const facts = Object.fromEntries(this.asked.map((id) => [id, over[id] ?? ANSWERS[id]]));
    for (const [id, v] of Object.entries(facts)) assert.ok(v !== undefined, this.at(`no answer for ${id}`));
    const named = Object.fromEntries(Object.entries(this.chinese).map(([name, id]) => [name, facts[id] === undefined ? null : typed(facts[id])]));
    this.stages = this.m.process.stages.filter((s) => !s.when || holds(s.when, named)); //= R157
    this.kinds = this.stages.map((s) => s.kind_name);
    return facts;
  }
  // The answers by their names in the guide's conditions.
  byName() { return { ...this.answers(), 申请渠道: this.channel === 'public' ? '网上' : '现场' }; }
  answers() { return Object.fromEntries(Object.entries(this.chinese).map(([name, id]) => [name, this.given[id] === undefined ? null : typed(this.given[id])])); }

  // Who applies: insured where the register must know him, otherwise anybody.
  subject() {
    const n = ++this.house.serial, f = this.given, m = this.m;
    if (this.origin === 'department' || this.origin === 'office')
      return { body: { applicant_name: this.origin === 'office' ? `演示被检查单位${n}号` : '演示民政部门' }, form: {} };
    if (m.by_unit) {
      const enrols = m.effect === '登记单位', knows = m.effect === '变更单位' || m.effect === '查询单位', i = 1 + n % 30;
      const code = knows ? uscc(this.region, 0, `MA00${String(i).padStart(4, '0')}`) : uscc(this.region, 1000 + n), name = `演示第${n}号有限公司`;
      return { code, name, phone: `1990001${String(i - 1).padStart(4, '0')}`, body: { unit_code: enrols ? undefined : code, applicant_name: name, mobile: '13900000001' }, public: { unit_code: enrols ? undefined : code, applicant: { name, mobile: '13900000001' } } };
    }
    const known = ['变更个人', '查询个人', '出具参保凭证', '异地就医备案'].includes(m.effect);
    const identity = f.retired === '是' ? '退休人员' : f.insured_status ?? (f.insurance === '城乡居民医保' ? '城乡居民' : '在职职工');
    const p = known ? this.house.person(this.region, identity) : { name: '林小满', id_number: idNumber(this.region, '19850614', 100 + n), mobile: '13900000002' };
    return { person: p, body: { applicant_name: p.name, applicant_id: p.id_number, mobile: p.mobile, applicant: p }, public: { applicant: p } };
  }

  // A field of a form by its name, else by its type.
  value(f) {
    const s = this.who, p = s.person ?? {}, id = f.id.split('.').at(-1);
    const known = {
      person_name: p.name, id_number: p.id_number, id_kind: '居民身份证', mobile: p.mobile ?? '13900000001', contact_phone: p.mobile, filler_phone: p.mobile ?? '13900000001', filler_name: p.name,
      signer_name: p.name, employee_action: '增加', declared_wage: '5000.00', unit_action: '新参保', unit_name: s.name ?? '演示单位', uscc: s.code, unit_no: s.code ?? '0000000001', insurances: '职工基本医疗保险',
      legal_name: '王建国', legal_id_number: idNumber('110101', '19700101', 111), contact_name: '李红', contact_mobile: '13900000001', unit_address: '演示路1号',
      change_item: s.code ? '缴费单位经办人联系电话' : '联系电话', old_value: s.code ? s.phone : p.mobile, new_value: '13911112222', change_class: '非关键信息',
      filing_action: '新增', filing_province: '浙江省', filing_city: '杭州市', filing_category: { 常驻异地工作人员: '长驻异地工作人员' }[this.m.category] ?? this.m.category,
    };
    if (known[id] !== undefined) return known[id];
    if (!f.required) return undefined;
    const first = f.options?.[0];
    if (first) return first.option ?? first.value;
    return { 姓名: '王建国', 身份证件: idNumber('110101', '19700101', 112), 手机: '13900000001', 电话: '13900000001', 日期: '2026-10-01', 整数: '1', 金额: '1.00', 是否: '是', 银行账号: '6222020200112233445' }[f.type] ?? '演示';
  }
  async form() {
    const login = this.desk, { body } = await this.call(() => this.staff[login].get(`/desk/intake/${this.id}`));
    if (!body.form) return undefined;
    const values = {};
    for (const s of body.form.sections) {
      if (s.repeats) {
        const row = {};
        for (const f of s.rows[0].fields) { const v = this.value(f); if (v !== undefined) row[f.id.split('.').at(-1)] = v; }
        values[s.rows_id] = [row];
        continue;
      }
      for (const f of s.fields ?? []) { const v = this.value(f); if (v !== undefined && (f.required || !f.by || f.by === '申请人')) values[f.id] = v; }
    }
    return values;
  }

  online() { return this.m.channels.items.some((c) => c.kind === 'online' && !c.planned); }
  delivery() {
    const { ways, express } = this.m.delivery;
    if (!ways.length && !express) return {};
    const all = express && !ways.includes('快递') ? [...ways, '快递'] : ways, way = all[Number(this.id) % all.length];
    return { delivery: way, ...(way === '快递' ? { address: '演示市演示路1号院2栋' } : {}) };
  }

  async send(channel) {
    const body = { facts: this.given, ...this.formValues ? { form: this.formValues } : {} }, key = { 'idempotency-key': `way-${this.region}-${this.id}-${++this.house.serial}-${process.pid}` };
    if (channel === 'public') {
      const d = this.delivery();
      return this.call(() => this.house.web.postJson(`/regions/${this.region}/matters/${this.id}/applications`,
        { ...body, ...this.who.public, materials: {}, ...(d.delivery ? { delivery: { way: d.delivery, address: d.address } } : {}) }, key));
    }
    return this.call(() => this.staff[this.desk].post(`/desk/intake/${this.id}`, { ...body, ...this.who.body, ...this.delivery(), materials: [] }, key));
  }

  async begin(channel) {
    this.given = this.facts();
    this.who = this.subject();
    this.formValues = this.origin === 'application' ? await this.form() : undefined;
    for (const c of this.m.service_object.conditions.filter(({ must }) => [...must.matchAll(/[\p{L}]+/gu)].every(([w]) => ['and', 'or', 'not', 'in', 'true', 'false'].includes(w) || !this.chinese[w] || this.asked.includes(this.chinese[w]))))
      if (!/申请渠道|办理层级/.test(c.must)) assert.ok(holds(c.must, this.byName()), this.at(`answers do not meet ${c.must}`));
    const r = await this.send(channel);
    assert.ok([200, 201].includes(r.status), this.at(`begin by ${channel}: ${JSON.stringify(r.body)} form ${JSON.stringify(this.formValues)}`));
    this.no = r.body.no;
    this.code = r.body.code;
    this.received = this.today();
    this.did = [];
    this.pauses = [];
    this.passedOn = {};
    this.channel = channel;
    const c = await this.see();
    assert.deepEqual(c.stages.map((s) => s.name), this.kinds, this.at('the case has the guide\'s stages'));
    assert.equal(c.status, this.origin === 'application' ? 'submitted' : 'working', this.at('begins'));
    if (this.origin !== 'application') this.accepted = this.complete = this.received;
    else this.complete = c.gaps.length || c.needs_list ? null : this.received;
    this.stageFrom = this.received;
    if (c.stage === '受理') this.checkStageClock(c); //= R17
    return c;
  }

  // --- the clock, reckoned here ---

  tier() { return this.m.limits.tiers.find((t) => !t.when || holds(t.when, this.byName())); }
  reckon(limit, start) {
    if (!limit || !start) return '';
    const h = this.house, taken = (from, to) => this.pauses.reduce((s, [a, b]) => s + h.between(a > from ? a : from, b < to ? b : to), 0);
    switch (limit.kind) {
      case 'instant': case 'on_demand': return h.add(start, 0);
      case 'workdays': {
        let due = h.add(start, limit.n);
        for (let n = -1, again = 0; again !== n;) { n = again; again = taken(start, due); due = h.add(start, limit.n + again); }
        return due;
      }
      case 'quarterly': return { 1: '03-31', 2: '06-30', 3: '09-30', 4: '12-31' }[Math.ceil(Number(start.slice(5, 7)) / 3)].replace(/^/, `${start.slice(0, 4)}-`);
      default: return '';
    }
  }
  startOf(from) {
    if (/信息表.*资金/.test(from)) return [this.passedOn['发信息表'], this.passedOn['划转资金']].sort().at(-1);
    if (/联系函/.test(from)) return this.passedOn['发联系函'];
    if (/收到材料/.test(from)) return this.received;
    if (/受理/.test(from)) return this.accepted;
    if (/收齐材料/.test(from)) return this.complete;
    return this.stageFrom;
  }
  // Both limits as they must stand now. //= R276 R277 R172 R253
  checkClock(c, when) {
    const t = this.tier(), runs = t && !(t.receipt_only && this.accepted);
    const start = runs ? this.startOf(t.counted_from ?? '收齐材料') : null;
    assert.equal(c.clock.due ?? '', runs ? this.reckon(t.promised, start) : '', this.at(`due ${when}, counted from ${start} (${t?.counted_from})`));
    assert.equal(c.clock.legal_due ?? '', runs ? this.reckon(t.legal, start) : '', this.at(`legal due ${when}`));
    return start;
  }
  // The limit of the stage to be done. //= R17 R103 R104 R105
  checkStageClock(c) {
    const kind = c.stage, t = this.tier(), own = t?.stages.find((s) => s.name === kind), printed = this.stages[this.kinds.indexOf(kind)]?.limit;
    if (!kind || kind === '公示') return;
    const limit = own?.limit ?? printed;
    const due = limit ? this.reckon(limit, own?.counted_from ? this.startOf(own.counted_from) : this.stageFrom) : '';
    assert.equal(c.stage_clock.due ?? '', due, this.at(`the limit of ${kind}${own?.counted_from ? ` from ${own.counted_from}` : ''}`));
    if (due) this.stageLimits = (this.stageLimits ?? 0) + 1;
  }

  // --- at the counter ---

  leaves(gap) { return this.case.ticks.filter((t) => t.key === gap.key || t.key.startsWith(gap.key + '.')).map((t) => t.key); }
  ticks(gaps, state, note) { return gaps.flatMap((g) => this.leaves(g)).map((key) => ({ key, state, ...(note ? { note } : {}) })); }

  // The list of a matter whose guide prints none.
  async list() {
    await this.no_(this.desk, 'accept', {}, 'ERR_CASE_EDGE', '没有清单就受理', '清单');
    await this.act(this.desk, 'list', { materials: ['身份证复印件', '住院病历', '银行卡复印件'].map((name) => ({ name })) });
    await this.no_(this.desk, 'list', { materials: [{ name: '再加一样' }] }, 'ERR_CASE_EDGE', '清单登记后再改');
  }

  async intake() {
    const tolerates = this.m.papers.includes('容缺受理通知单');
    let c = this.case, owed = [];
    if (c.needs_list) { await this.list(); c = await this.see(); }
    const gaps = c.gaps;
    if (gaps.length) {
      const [first, ...rest] = gaps, short = rest.length ? rest : gaps, brought = rest.length ? this.ticks([first], 'checked') : [];
      const first_review = this.kinds.includes('受理') && this.case.stage !== '受理';
      if (!first_review) await this.no_(this.desk, 'accept', {}, 'ERR_MATERIAL_MISSING', '材料不齐就受理'); //= R16
      if (rest.length && !tolerates && !first_review) //= R22
        await this.no_(this.desk, 'accept', { materials: [...brought, ...this.ticks(rest, 'tolerated')] }, 'ERR_CASE_EDGE', '指南没有的容缺', '容缺');
      c = await this.act(this.desk, 'notice', { materials: brought }); //= R16 R20 R21
      assert.equal(c.status, 'notified');
      assert.deepEqual(c.timeline.findLast((e) => e.kind === 'noticed').gaps, short.map((g) => g.text), this.at('the notice lists exactly what is missing'));
      assert.ok(c.documents.some((d) => d.kind === 'notice'), this.at('a notice on paper'));
      const t = this.tier(), at_once = /收到材料/.test(t?.counted_from ?? '') && t.promised?.kind === 'instant'; // due before the notice stopped anything
      assert.equal(c.clock.due ?? '', at_once ? this.received : '', this.at('nothing runs while the applicant has the ball'));
      const told = this.today();
      await this.house.clock.until('2026-11-04');
      if (tolerates && short.length > 1) owed = [short.at(-1)];
      const now = short.filter((g) => !owed.includes(g));
      await this.supplement(now);
      this.pauses.push([told, this.today()]);
      if (!owed.length) this.complete = this.today();
      if (brought.length) //= R16
        await this.no_(this.desk, 'notice', { materials: this.ticks([first], 'rejected', '看不清') }, 'ERR_NOTICE_REPEATED', '补告第一次没有告知的');
    }
    await this.house.clock.until('2026-11-05');
    this.owed = owed;
    await this.before();
    await this.accept();
  }

  async supplement(gaps) {
    if (this.channel === 'public' && this.code) {
      const keys = gaps.flatMap((g) => this.leaves(g)), own = keys.some((k) => k.startsWith('x'));
      if (!own) {
        const r = await this.call(() => this.house.web.postJson(`/cases/${this.no}/supplement`, { materials: Object.fromEntries(keys.map((k) => [k, 'given'])) }, { 'x-access-code': this.code }));
        assert.equal(r.status, 200, this.at(`supplement: ${JSON.stringify(r.body)}`));
        return this.see();
      }
    }
    const c = await this.act(this.desk, 'supplement', { materials: this.ticks(gaps, 'checked') });
    assert.ok(c.documents.some((d) => d.kind === 'supplement'), this.at('a receipt for what was supplied'));
    return c;
  }

  // A review that the guide puts before the acceptance. //= R167
  async before() {
    if (!this.kinds.includes('受理')) return;
    for (let c = await this.see(); c.stage !== '受理'; c = await this.see()) {
      await this.no_(this.desk, 'accept', {}, 'ERR_CASE_EDGE', `没有${c.stage}就受理`);
      await this.stage(c);
    }
  }

  // What the guide leaves to a town for this matter; '': it decides; undefined: it is not named. //= R33
  duty() {
    const towns = this.m.channels.items.filter((c) => c.kind === 'onsite' && c.level === '乡镇级');
    return towns.length ? (towns.some((c) => !c.duty) ? '' : towns[0].duty) : undefined;
  }

  // 受理, or the settlement's own reviewer where no step of that name is printed.
  async accept() {
    const by = this.acceptor, duty = this.duty();
    if (duty && this.staff.twn1) {
      await this.no_('twn1', 'accept', {}, 'ERR_LEVEL_REFUSED', `乡镇只${duty}`, duty);
      await this.act('twn1', 'assist', { reason: '材料已看过，符合条件' });
    }
    const c = await this.act(by, 'accept', { materials: this.owed.length ? this.ticks(this.owed, 'tolerated', '五日内补交') : [] });
    assert.equal(c.status, 'working');
    this.did.push({ kind: '受理', login: by });
    this.accepted = this.today();
    this.complete ??= this.accepted;
    this.stageFrom = this.accepted;
    if (this.owed.length) assert.ok(c.documents.some((d) => d.kind === 'tolerance'), this.at('容缺受理通知单')); //= R22
    this.checkClock(c, 'after the acceptance');
  }

  // --- the stages ---

  apart(kind, login) {
    const st = this.stages[this.kinds.indexOf(kind)], accept = this.stages.find((s) => s.kind_name === '受理');
    const mine = this.did.filter((d) => d.login === login && !(d.kind === kind)).map((d) => d.kind);
    if (st.unit && JUDGED.includes(kind) && accept?.unit !== st.unit && mine.includes('受理')) return true; //= R153 R243
    return (APART[kind] ?? []).some((k) => mine.includes(k));
  }
  logins(role) { return Object.keys(PEOPLE).filter((l) => l !== 'all' && l !== 'twn1' && PEOPLE[l].split(' ').includes(role)); }
  // Somebody of ROLE who may; a different one from case to case.
  pick(kind, role) {
    const fit = this.logins(role).filter((l) => !this.apart(kind, l));
    assert.ok(fit.length, this.at(`nobody for ${kind}`));
    return fit[Number(this.id) % fit.length];
  }

  record(fields, special = {}) {
    const values = {};
    for (const f of fields) {
      if (special[f.id] !== undefined) { values[f.id] = special[f.id]; continue; }
      if (!f.required) continue;
      values[f.id] = f.is_day ? this.today() : f.is_choice ? f.choices[0].value : f.is_check ? '1' : f.is_number ? '12' : `演示${f.name}`;
    }
    return values;
  }

  async stage(c) {
    const kind = c.stage, rule = STAGES[kind];
    assert.ok(rule, this.at(`a stage nobody knows: ${kind}`));
    c = await this.see(rule.role === 'window' ? 'win1' : this.pick(kind, rule.role));
    this.checkStageClock(c);
    const special = { 实施检查: { violation: '发现', order: '责令立即改正' }, 专家评审: { disease: '演示病种' } }[kind] ?? {}, record = this.record(c.work.fields, special);
    const stranger = this.logins(rule.role === 'fund' ? 'review' : 'fund')[0];
    await this.no_(stranger, 'pass', { record }, 'ERR_CASE_ROLE', `别的岗位办${kind}`);
    if (c.work.fields.some((f) => f.required) && kind !== '公示' && !rule.number)
      await this.empty(kind, c);
    if (rule.signs) await this.signatures(kind, rule, record);
    if (kind === '公示') return this.publicity(record);
    await this.lateral(kind);
    let by = this.pick(kind, rule.role);
    if (PEOPLE.all.split(' ').includes(rule.role) && !this.did.some((d) => d.kind === kind && d.login === 'all')) {
      if (this.apart(kind, 'all')) await this.no_('all', 'pass', { record }, 'ERR_SEPARATION', `同一人办${kind}`); //= R153 R196 R228 R243
      else by = 'all';
    }
    return this.pass(by, kind, record);
  }
  // What must be written down is written down. //= R103 R104 R232 R233 R251 R256 R269 R270 R273
  async empty(kind, c) {
    const body = await this.no_(this.pick(kind, STAGES[kind].role), 'pass', { record: {} }, 'ERR_FIELD_INVALID', `${kind}没有登记`);
    assert.deepEqual(body.errors.map((e) => e.field), c.work.fields.filter((f) => f.required).map((f) => `record.${f.id}`), this.at(kind));
  }

  async signatures(kind, rule, record) {
    const st = this.stages[this.kinds.indexOf(kind)], need = /^\d+$/.test(st.count ?? '') ? Number(st.count) : rule.number;
    let signers = this.logins(rule.signs).filter((l) => !this.apart(kind, l)), c = await this.see(this.pick(kind, rule.role));
    assert.equal(c.work.need, need, this.at(`${kind} needs ${need} signatures`)); //= R254 R267 R272
    if (!need) { //= R166 R180
      const drawer = this.pick(kind, rule.role);
      c = await this.act(drawer, 'draw');
      assert.equal(c.work.drawn.length, 3, this.at('three are drawn'));
      const drawn = c.work.drawn.map((d) => Object.keys(EXPERTS).find((l) => EXPERTS[l] === d.name)), out = signers.find((l) => !drawn.includes(l));
      assert.ok(drawn.every((l) => l), this.at(`only who may sign is drawn: ${JSON.stringify(c.work.drawn)}`));
      for (const l of drawn) this.staff[l] ??= await this.call(() => signIn(this.house.server, this.region, l));
      await this.no_(out, 'sign', { record: this.record(c.work.sign_fields) }, 'ERR_SEPARATION', '没有抽中的签字');
      signers = drawn;
    } else if (rule.signs === 'enforce') signers = ['enf1', 'all', 'enf2'];
    const by = this.pick(kind, rule.role);
    await this.no_(by, 'pass', { record }, 'ERR_SEPARATION', `${kind}签字不够`, '签字');
    const mixed = kind === '评估' && /医疗保险待遇、财务管理、信息技术等专业人员构成/.test(this.m.process.text); //= R254
    for (let i = 0; i < (need || 3); i++) {
      const sign = this.record(c.work.sign_fields, { profession: ['医疗保险待遇', '财务管理', mixed ? '医疗保险待遇' : '信息技术'][i] });
      if (!i && c.work.sign_fields.some((f) => f.required)) { //= R254 R270
        const bare = await this.no_(signers[i], 'sign', { record: {} }, 'ERR_FIELD_INVALID', `${kind}签字没有内容`);
        assert.deepEqual(bare.errors.map((e) => e.field), c.work.sign_fields.filter((f) => f.required).map((f) => `record.${f.id}`), this.at(kind));
      }
      await this.act(signers[i], 'sign', { record: sign });
      await this.no_(signers[i], 'sign', { record: sign }, 'ERR_SEPARATION', `一人两次签${kind}`, '另一人'); //= R267
      this.did.push({ kind, login: signers[i] });
      if (i + 1 < (need || 3)) await this.no_(by, 'pass', { record }, 'ERR_SEPARATION', `${kind}签字不够`);
    }
    if (mixed) {
      await this.no_(by, 'pass', { record }, 'ERR_SEPARATION', '评估小组缺专业', '信息技术');
      await this.act(signers[need], 'sign', { record: this.record(c.work.sign_fields, { profession: '信息技术' }) });
      this.did.push({ kind, login: signers[need] });
    }
    if (need && c.work.fields.some((f) => f.required)) await this.empty(kind, c);
    if (kind === '评估') //= R250
      await this.no_(by, 'pass', { record: { ...record, result: '不合格' } }, 'ERR_CASE_EDGE', '评估不合格就公示', '合格');
    if (kind === '实施检查') //= R268
      await this.no_(this.pick(kind, rule.role), 'pass', { record: { ...record, order: '' } }, 'ERR_FIELD_INVALID', '发现违法没有责令改正');
  }

  // Begun, objected to, over, answered, passed. //= R248 R250 R256
  async publicity(record) {
    const kind = '公示', by = this.pick(kind, 'review'), printed = this.stages[this.kinds.indexOf(kind)].limit;
    await this.no_(by, 'pass', { record }, 'ERR_CASE_EDGE', '没有公示就办下一步');
    if (!printed) await this.no_(by, 'open', { record: { place: '市医疗保障局网站' } }, 'ERR_FIELD_INVALID', '公示几天没有写');
    let c = await this.act(by, 'open', { record: { place: '市医疗保障局网站', days: '7' } });
    const opened = this.today(), last = this.house.add(opened, printed ? printed.n : 7);
    await this.no_(by, 'pass', { record }, 'ERR_CASE_EDGE', '公示期未满');
    c = await this.act('win1', 'object', { reason: '有群众反映' });
    await this.house.clock.until(last);
    await this.no_(by, 'pass', { record }, 'ERR_CASE_EDGE', '公示期未满', '期满');
    await this.house.clock.until(daysAfter(last, 1));
    await this.no_(by, 'pass', { record }, 'ERR_CASE_EDGE', '异议没有答复', '异议');
    c = await this.see(by);
    await this.act(by, 'answer', { objection: String(c.work.objections[0].seq), reason: '经核实不影响', upheld: '0' });
    await this.no_(by, 'pass', { record: { ...record, inquiry: '有异议' } }, 'ERR_CASE_EDGE', '函询有异议'); //= R256
    return this.pass(by, kind, { ...record, inquiry: '无异议' });
  }

  // What may go wrong beside a stage: time taken out that the guide does not print, money that has not come.
  async lateral(kind) {
    const by = this.pick(kind, STAGES[kind].role), t = this.tier();
    if (this.case.status !== 'working') return;
    if (kind === '发联系函' && t?.pauses.length) { //= R107
      const post = this.case.pause_kinds.find((p) => p.name === '资料邮寄');
      await this.act(by, 'pause', { pause: post.id, reason: '联系函邮寄外省' });
      const from = this.today();
      await this.house.clock.until(daysAfter(from, 5));
      const c = await this.act(by, 'resume', { reason: '对方已收到' });
      this.pauses.push([from, this.today()]);
      this.checkClock(c, 'after the post');
      assert.match(c.pauses.join(), /资料邮寄.*顺延/, this.at('the pause is told in a sentence'));
    } else if (kind === '财政申请') //= R233
      await this.no_(by, 'pass', { record: { ...this.record(this.case.work.fields), funds_day: '' } }, 'ERR_FIELD_INVALID', '资金没有到账', '到账');
    else if (t && this.did.length === 1)
      await this.no_(by, 'pause', { pause: this.case.pause_kinds.find((p) => p.name === '听证').id, reason: '想多些时间' }, 'ERR_CASE_EDGE', '指南没有的扣除时间', '没有写明');
  }

  async pass(by, kind, record) {
    const c = await this.act(by, 'pass', { record, reason: '同意' });
    this.did.push({ kind, login: by });
    this.passedOn[kind] = this.stageFrom = this.today();
    const e = c.timeline.findLast((x) => x.kind === 'passed');
    assert.deepEqual([e.title, e.staff_name], [STAGES[kind].title, NAMES[by]], this.at(kind));
    if (this.tier()?.stages.length && this.accepted) await this.house.clock.until(this.house.add(this.today(), 1)); // so that each stage's own limit counts from another day
    return c;
  }

  // Whoever may conclude: the last stage's own people, else the window.
  concluder() {
    const last = this.kinds.at(-1), role = STAGES[last]?.role;
    if (this.origin === 'office') return 'enf1';
    return role ? this.pick(last, role) : 'win1';
  }

  async work() {
    for (let turn = 0; turn < 20; turn++) {
      const c = await this.see();
      if (c.status !== 'working') return c;
      const over = !c.stage || c.stage === '办结' || (c.stage === '送达' && !this.kinds.slice(this.kinds.indexOf('送达') + 1).includes('办结'));
      if (!over) { await this.stage(c); continue; }
      this.checkStageClock(c);
      const by = this.concluder();
      if (this.owed.length) { //= R22
        await this.no_(by, 'conclude', {}, 'ERR_MATERIAL_MISSING', '容缺未补就办结', '容缺');
        await this.act(this.desk, 'supplement', { materials: this.ticks(this.owed, 'checked') });
        this.owed = [];
      }
      await this.act(by, 'conclude');
    }
    return assert.fail(this.at('it never ends'));
  }

  async finish() {
    let c = this.case;
    if (c.status === 'concluded') { //= R25 R26 R27
      const { delivery } = this.delivery(), { body } = await this.call(() => this.staff.win1.get('/desk/tasks'));
      const calls = body.tasks.filter((t) => t.case_no === this.no && t.name === '办结后电话通知').length;
      assert.equal(calls, delivery === '快递' && /电话/.test(this.m.delivery.express ?? '') ? 1 : 0, this.at('a phone call only where the guide speaks of it'));
      await this.no_('win1', 'archive', {}, 'ERR_CASE_EDGE', '没有送达就归档');
      c = await this.act('win1', 'deliver', { delivery: this.delivery().delivery ?? '窗口领取' });
    }
    assert.equal(c.status, 'closed', this.at('closed'));
    this.checkClock(c, 'at the end');
    if (this.origin === 'application') assert.equal(c.owner, c.timeline.find((e) => e.staff_name).staff_name, this.at('the first clerk stays responsible')); //= R24 R101
    await this.late(c);
    const rated = await this.call(() => this.house.web.postJson(`/cases/${this.no}/ratings`, { level: 5 }, { 'x-access-code': this.code })); //= R49
    assert.equal(rated.status, 200, this.at(`rate: ${JSON.stringify(rated.body)}`));
    await this.after();
    return this.archive();
  }
  // What comes after the conclusion, when another agency has written: the case stays closed, no limit runs. //= R117
  async after() {
    for (let c = await this.see(); c.stage; c = await this.see()) {
      assert.equal(c.status, 'closed');
      assert.equal(c.stage_clock.due ?? '', '', this.at(`no limit for ${c.stage}`));
      const limits = [c.clock.due, c.clock.legal_due];
      c = await this.stage(c);
      assert.deepEqual([c.status, c.clock.due, c.clock.legal_due], ['closed', ...limits], this.at('a step after the conclusion'));
    }
  }
  // A limit that was exceeded is explained to the public; one that was kept needs no words. //= R277
  async late(c) {
    const over = [c.clock.due, c.clock.legal_due].some((d) => d && d < c.concluded_at.slice(0, 10));
    if (!over) return this.no_('sup1', 'explain', { reason: '没有什么' }, 'ERR_CASE_EDGE', '没有超期说明超期', '没有超期');
    await this.no_('sup1', 'explain', {}, 'ERR_REASON_REQUIRED', '超期说明没有理由');
    const now = await this.act('sup1', 'explain', { reason: '补正和受理隔了几天' });
    return assert.equal(now.explanation, '补正和受理隔了几天');
  }
  async archive() {
    const by = this.origin === 'office' ? 'enf1' : 'win1';
    const c = await this.act(by, 'archive');
    assert.ok(c.archive_no && c.documents.some((d) => d.kind === 'cover'), this.at('archived under a number, with its cover'));
    await this.no_(by, 'archive', {}, 'ERR_CASE_EDGE', '归档两次');
    return c;
  }

  // What must have happened, in this order.
  expected() {
    const seq = this.kinds.flatMap((k, i) => (k === '申请' ? [] : k === '受理' ? ['accepted'] : k === '办结' ? ['concluded']
      : k === '送达' && !this.kinds.slice(i + 1).includes('办结') ? ['deliver'] : [STAGES[k].title]));
    if (this.origin === 'application' && !seq.includes('accepted')) seq.unshift('accepted');
    if (!seq.includes('concluded')) seq.push('concluded');
    return ['submitted', ...seq.filter((x) => x !== 'deliver')];
  }
  happened(c) {
    return c.timeline.filter((e) => ['submitted', 'accepted', 'passed', 'concluded'].includes(e.kind)).map((e) => (e.kind === 'passed' ? e.title : e.kind));
  }

  // From the start to the archive. //= R274
  async drive() {
    const { clock } = this.house;
    clock.enter();
    try {
      this.desk = this.origin === 'hospital' ? 'hos1' : this.origin === 'office' ? 'enf1' : 'win1';
      this.acceptor = this.kinds.includes('受理') ? 'all' : 'rev1'; // a settlement goes straight to its reviewer
      if (this.duty() === '' && this.staff.twn1) this.acceptor = 'twn1'; // a town's own clerk, where the guide lets the town decide
      await this.doors();
      await this.begin(this.origin === 'application' ? (this.online() && Number(this.id) % 2 ? 'public' : 'desk') : this.origin);
      this.owed = [];
      if (this.origin === 'application') await this.intake();
      else this.checkClock(this.case, 'at the beginning');
      await this.work();
      const c = await this.finish();
      assert.deepEqual(this.happened(c), this.expected(), this.at('exactly the guide\'s stages, in order'));
      this.papers = c.documents.map((d) => `${d.kind}:${d.title}`);
      this.due = c.clock.due ?? '';
      this.checkPapers(c);
      return c;
    } finally { clock.leave(); }
  }

  // The papers that the way must have left.
  checkPapers(c) {
    const kinds = c.documents.map((d) => d.kind), count = (k) => kinds.filter((x) => x === k).length;
    assert.equal(count('receipt'), 1);
    assert.equal(count('cover'), 1);
    const end = this.m.effect === '出具参保凭证' ? 'certificate' : ['查询单位', '查询个人'].includes(this.m.effect) ? 'query' : 'result';
    assert.equal(count(end), 1, this.at(`${end}: ${kinds}`));
    assert.equal(count('letter'), this.kinds.filter((k) => k === '发联系函').length, this.at('联系函')); //= R103
    assert.equal(count('decision'), this.kinds.filter((k) => k === '审查决定' || k === '实施检查').length, this.at('决定')); //= R268
    const issued = this.stages.filter((s) => s.issues && !['发联系函', '审查决定'].includes(s.kind_name)).map((s) => s.issues); //= R163 R255 R268 R273
    assert.deepEqual(c.documents.filter((d) => d.kind === 'stage_paper').map((d) => d.title), issued, this.at('what the stages issue'));
  }

  // Doors that stay shut: the public's for what the house begins, levels that the guide does not print.
  async doors() {
    this.given = this.facts();
    this.who = this.subject();
    this.formValues = undefined;
    if (this.id === '01') { // who keeps the accounts is not exempt
      const r = await this.call(() => this.staff.admin.post('/desk/intake/01', { facts: this.given, ...this.who.body }, { 'idempotency-key': `admin-${this.region}-${process.pid}` }));
      assert.deepEqual([r.status, r.body.id], [403, 'ERR_FORBIDDEN'], this.at(JSON.stringify(r.body)));
      this.note('管理员收件');
    }
    if (this.origin !== 'application') { //= R143 R232 R266
      const r = await this.send('public');
      assert.deepEqual([r.status, r.body.id], [409, 'ERR_MATTER_UNAVAILABLE'], this.at(JSON.stringify(r.body)));
      return this.note('群众申请');
    }
    const printed = this.m.levels.items.map((l) => l.name), other = ['市级', '县级', '乡镇级', '村级'].find((l) => printed.length && !printed.includes(l));
    if (!other) return undefined;
    const r = await this.call(() => this.staff.win1.post(`/desk/intake/${this.id}`, { level: other, facts: this.given, ...this.who.body, materials: [] }, { 'idempotency-key': `level-${this.region}-${this.id}-${process.pid}` })); //= R32
    assert.deepEqual([r.status, r.body.id, r.body.rule], [409, 'ERR_LEVEL_REFUSED', 'R32'], this.at(JSON.stringify(r.body)));
    for (const l of printed) assert.ok(r.body.detail.includes(l), this.at(r.body.detail));
    return this.note(`${other}不办理`);
  }

  // A second case of the same matter, which ends in a refusal with its reason on paper. //= R18 R23 R167
  async turnDown() {
    const { clock } = this.house;
    clock.enter();
    try {
      this.desk = this.origin === 'hospital' ? 'hos1' : this.origin === 'office' ? 'enf1' : 'win1';
      await this.begin(this.origin === 'application' ? 'desk' : this.origin);
      this.owed = [];
      const late = this.origin === 'application' && Number(this.id) % 2 === 0 && !this.m.papers.includes('受理或不受理的回执单') && this.kinds.indexOf('初审') !== 1;
      let by = this.desk, accepted = this.origin !== 'application';
      if (late) {
        this.acceptor = this.kinds.includes('受理') ? 'win2' : 'rev1';
        if (this.case.needs_list) { await this.act(this.desk, 'list', { materials: [{ name: '身份证复印件' }] }); await this.see(); }
        const c = await this.act(this.acceptor, 'accept', { materials: this.ticks(this.case.gaps, 'checked') }); // all there: accepted at once, R16
        this.did.push({ kind: '受理', login: this.acceptor });
        by = STAGES[c.stage] ? this.pick(c.stage, STAGES[c.stage].role) : 'win1';
        accepted = true;
      } else if (this.case.stage === '初审') by = 'rev1';
      await this.no_(by, 'refuse', {}, 'ERR_REASON_REQUIRED', '没有理由就不予办理', '理由');
      const c = await this.act(by, 'refuse', { reason: '不符合规定的条件，详见政策文件' });
      assert.equal(c.status, 'refused');
      const paper = c.documents.filter((d) => d.kind === 'refusal');
      const title = this.m.papers.includes('否定备案书') ? '否定备案书' : accepted ? '不予办理通知书'
        : this.m.papers.some((p) => p.includes('回执单')) ? '不受理回执单' : '不予受理通知书';
      assert.deepEqual(paper.map((d) => d.title), [title], this.at('one paper of refusal'));
      assert.equal(c.refusal, '不符合规定的条件，详见政策文件');
      await this.no_('win1', this.origin === 'application' ? 'accept' : 'conclude', {}, 'ERR_CASE_EDGE', '不予办理后再办');
      this.refusal = `${accepted ? '办理中' : '受理前'}:${title}`;
      return await this.archive();
    } finally { clock.leave(); }
  }

  // One line of the accepted table.
  row() {
    const t = this.tier();
    return [this.region, this.id, this.m.name.replace(/\s/g, ''), `${this.origin}/${this.channel}`,
      this.stages.map((s) => `${s.kind_name}${STAGES[s.kind_name] ? `=${STAGES[s.kind_name].role}${STAGES[s.kind_name].signs ? `+${STAGES[s.kind_name].signs}` : ''}` : ''}`).join(' '),
      t ? `${t.text}@${t.counted_from} ${this.due}${this.stageLimits ? ` 环节期限${this.stageLimits}次` : ''}` : '', this.papers.join(' '), this.refused.join(' ')];
  }
}
