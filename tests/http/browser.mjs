// A browser without scripts: keeps the page, fills its forms as they stand in the HTML, posts them, follows redirects.
import assert from 'node:assert/strict';

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
export const unescape = (s) => s.replace(/&(amp|lt|gt|quot|#39);/g, (_, n) => entities[n]);
const attr = (tag, name) => {
  const m = new RegExp(`\\s${name}(?:="([^"]*)")?(?=[\\s>/])`).exec(tag);
  return m ? unescape(m[1] ?? '') : undefined;
};

// [name, value] pairs that a browser would send for this form before anything is typed.
function fieldsOf(html) {
  const out = [];
  for (const [tag] of html.matchAll(/<input\b[^>]*>/g)) {
    const type = attr(tag, 'type') ?? 'text', name = attr(tag, 'name');
    if (!name || ['file', 'submit', 'button'].includes(type)) continue;
    if (['radio', 'checkbox'].includes(type) && attr(tag, 'checked') === undefined) continue;
    out.push([name, attr(tag, 'value') ?? '']);
  }
  for (const [, tag, body] of html.matchAll(/(<textarea\b[^>]*>)([^]*?)<\/textarea>/g)) out.push([attr(tag, 'name'), unescape(body)]);
  for (const [, tag, body] of html.matchAll(/(<select\b[^>]*>)([^]*?)<\/select>/g)) {
    const options = [...body.matchAll(/<option\b[^>]*>/g)].map(([o]) => o);
    const chosen = options.find((o) => attr(o, 'selected') !== undefined) ?? options[0];
    out.push([attr(tag, 'name'), chosen ? attr(chosen, 'value') ?? '' : '']);
  }
  return out;
}

export class Browser {
  constructor(base) { this.base = base; this.html = ''; this.url = '/'; this.status = 0; }

  async open(url, init = {}) {
    for (let hops = 0; hops < 6; hops++) {
      const res = await fetch(this.base + url.split('#')[0], { redirect: 'manual', ...init });
      if (res.status === 303 || res.status === 308) {
        url = res.headers.get('location').replace(this.base, '');
        init = {};
        await res.arrayBuffer();
        continue;
      }
      Object.assign(this, { url, status: res.status, type: res.headers.get('content-type') ?? '', headers: res.headers });
      const bytes = Buffer.from(await res.arrayBuffer());
      this.bytes = bytes;
      this.html = bytes.toString('utf8');
      return this;
    }
    throw new Error('too many redirects');
  }

  // The form whose action ends with PART, or else contains it.
  form(part) {
    const forms = [...this.html.matchAll(/(<form\b[^>]*>)([^]*?)<\/form>/g)], of = ([, tag]) => attr(tag, 'action') ?? '';
    for (const [, tag, body] of [forms.find((f) => of(f).endsWith(part)) ?? forms.find((f) => of(f).includes(part))].filter(Boolean))
      return { action: attr(tag, 'action'), method: (attr(tag, 'method') ?? 'get').toLowerCase(), fields: fieldsOf(body), body };
    assert.fail(`no form for ${part} on ${this.url}:\n${this.text().slice(0, 600)}`);
  }

  // Posts it with VALUES typed in; a list ticks several boxes. Every name typed must be on the page.
  async submit(part, values = {}, button = {}) {
    const f = this.form(part), body = new URLSearchParams();
    for (const name of Object.keys(values)) assert.ok(f.body.includes(`name="${name}"`), `${name} is not on ${this.url}`);
    for (const [name, value] of f.fields) if (!(name in values)) body.append(name, value);
    for (const [name, value] of Object.entries({ ...values, ...button })) for (const one of [value].flat()) body.append(name, one);
    return f.method === 'get' ? this.open(f.action + '?' + body) : this.open(f.action, { method: 'POST', body });
  }

  async upload(part, ...files) {
    const f = this.form(part), body = new FormData();
    for (const { name, bytes, type } of files) body.append('file', new Blob([bytes], { type: type ?? 'application/octet-stream' }), name);
    return this.open(f.action, { method: 'POST', body });
  }

  link(words) {
    for (const [, tag, body] of this.html.matchAll(/(<a\b[^>]*>)([^]*?)<\/a>/g))
      if (body.replace(/<[^>]*>/g, '').includes(words)) return attr(tag, 'href');
    assert.fail(`no link “${words}” on ${this.url}`);
  }

  follow(words) { return this.open(this.link(words)); }
  text() { return unescape(this.html.replace(/<(script|style|head)\b[^]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' '); }
  has(...words) { const t = this.text(); for (const w of words) assert.ok(t.includes(w), `“${w}” is not on ${this.url} (${this.status}):\n${t.slice(0, 1500)}`); return this; }
  hasNot(...words) { const t = this.text(); for (const w of words) assert.ok(!t.includes(w), `“${w}” is on ${this.url}`); return this; }
}

export const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(200, 7)]);
export const pdf = Buffer.from('%PDF-1.4\n%synthetic\n');
// A resident's number with its check digit (GB 11643).
export function idNumber(area, birth, serial) {
  const d = `${area}${birth}${serial}`, w = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return d + '10X98765432'[[...d].reduce((sum, c, i) => sum + c * w[i], 0) % 11];
}
