// Staff in tests: the one-time passwords a demo prints, the change it demands, then a bearer or a browser's session.
import assert from 'node:assert/strict';
import { client } from './lib.mjs';

export const PASSWORD = '演示-口令-2026';

// The one-time password that the demo printed for LOGIN of REGION.
export function oneTime(server, region, login) {
  const hit = new RegExp(`^${region}\\s+${login}\\s+(\\S+)$`, 'm').exec(server.out());
  assert.ok(hit, `no account ${login} of ${region} was printed`);
  return hit[1];
}

async function session(http, region, login, password) {
  const r = await http.postJson('/sessions', { region, login, password });
  assert.equal(r.status, 200, JSON.stringify(r.body));
  return r.body;
}

// An API session of LOGIN: {get(path), post(path, body), raw(path), name}. The one-time password is changed on first use.
export async function signIn(server, region, login, given) {
  const http = client(server.base);
  server.changed ??= new Set();
  const key = `${region}/${login}`;
  if (!server.changed.has(key)) {
    const old = given ?? oneTime(server, region, login);
    const first = await session(http, region, login, old);
    assert.equal(first.must_change, true);
    const r = await http.postJson('/password', { old_password: old, new_password: PASSWORD }, { authorization: `Bearer ${first.token}` });
    assert.equal(r.status, 200, JSON.stringify(r.body));
    server.changed.add(key);
  }
  const s = await session(http, region, login, PASSWORD);
  assert.equal(s.must_change, false);
  const auth = { authorization: `Bearer ${s.token}` };
  return {
    ...s,
    get: (path) => http.getJson(path, auth),
    post: (path, body = {}, headers = {}) => http.postJson(path, body, { ...auth, ...headers }),
    raw: (path) => http.get('/api/v1' + path, auth),
  };
}

// A browser without scripts: keeps the cookie, sends forms with the page's csrf.
export async function browse(server, region, login) {
  await signIn(server, region, login);
  const http = client(server.base);
  const r = await http.post('/desk/login', { region, login, password: PASSWORD });
  assert.equal(r.status, 303, await r.text());
  const cookie = r.headers.get('set-cookie').split(';')[0];
  const page = {
    cookie, home: r.headers.get('location'),
    get: (path) => http.get(path, { cookie }),
    text: async (path) => (await http.get(path, { cookie })).text(),
    // FIELDS: [[name, value]] or an object; the form's token is read from the page it stands on.
    async send(path, fields, from = '/desk/password') {
      const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text(from))[1];
      const body = new URLSearchParams(fields);
      body.set('csrf', csrf);
      const answer = await fetch(server.base + path, { method: 'POST', redirect: 'manual', body, headers: { cookie } });
      return { status: answer.status, location: answer.headers.get('location'), type: answer.headers.get('content-type'), headers: answer.headers, text: await answer.text() };
    },
  };
  return page;
}
