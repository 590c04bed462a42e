// See alerts.mjs.
import { test } from 'node:test';
import { proof } from './alerts.mjs';

const skip = process.env.JINGBAN_TEST_PG ? false : 'no PostgreSQL';
//= R14 type=test
test('on PostgreSQL: alerts and their messages once, three processes at the same round, some killed', { skip, timeout: 240000 }, (t) => proof(t, 'postgres', 3));
