// See alerts.mjs.
import { test } from 'node:test';
import { proof } from './alerts.mjs';

//= R14 type=test
test('on SQLite: alerts and their messages once, kill -9 amid the round', { timeout: 240000 }, (t) => proof(t, 'sqlite', 1));
