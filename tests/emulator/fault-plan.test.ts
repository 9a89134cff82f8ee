// The grammar of a fault plan: every wrong key is named with what is accepted there.

import { expect, test } from 'vitest';
import { parsePlan } from '../../src/emulator/faults.ts';

const rule = (more: object) => ({ rules: [{ fault: { status: 503 } }, { fault: { status: 503 }, ...more }] });
const fault = (given: unknown) => ({ rules: [{ fault: given }] });
const KINDS = 'accepted: an object with exactly one of status, latencyMs, reset, truncate, html, hang, lateMs';

test.each([
  ['a list', [], 'the plan: [] is not accepted; accepted: an object of seed, quota, rules'],
  ['text', 'x', 'the plan: "x" is not accepted'],
  ['an unknown key', { rule: [] }, 'rule: there is no such key; accepted: seed, quota, rules'],
  ['seed', { seed: -1 }, 'seed: -1 is not accepted; accepted: a whole number, 0 or more'],
  ['quota', { quota: 60 }, 'quota: 60 is not accepted; accepted: true, false or an object of limits'],
  ['a limit', { quota: { readsPerMinutePerUser: 1.5 } }, 'quota.readsPerMinutePerUser: 1.5 is not accepted'],
  [
    'a limit by another name',
    { quota: { reads: 1 } },
    'quota.reads: there is no such key; accepted: readsPerMinutePerUser',
  ],
  ['phase', { quota: { phaseMs: 60_000 } }, 'quota.phaseMs: 60000 is not accepted; accepted: below 60000'],
  ['rules', { rules: {} }, 'rules: {} is not accepted; accepted: a list of rules'],
  ['a rule', { rules: [7] }, 'rules[0]: 7 is not accepted; accepted: an object of method, path'],
  ['a rule without fault', { rules: [{}] }, `rules[0].fault: nothing is not accepted; ${KINDS}`],
  ['method', rule({ method: 'get' }), 'rules[1].method: "get" is not accepted; accepted: "GET", "POST"'],
  ['path', rule({ path: '(' }), 'rules[1].path: "(" is not accepted; accepted: part of a path, or a valid regular'],
  ['spreadsheet', rule({ spreadsheet: 5 }), 'rules[1].spreadsheet: 5 is not accepted'],
  ['count', rule({ count: 0 }), 'rules[1].count: 0 is not accepted; accepted: a whole number, 1 or more'],
  [
    'probability',
    rule({ probability: 1.1 }),
    'rules[1].probability: 1.1 is not accepted; accepted: a number from 0 to 1',
  ],
  ['from', rule({ from: '1s' }), 'rules[1].from: "1s" is not accepted; accepted: milliseconds, 0 or more'],
  ['until', rule({ from: 5, until: 5 }), 'rules[1].until: 5 is not accepted; accepted: later than from'],
  ['a key of a fault in the rule', rule({ latencyMs: 5 }), 'rules[1].latencyMs: there is no such key'],
  ['no fault', fault({}), `rules[0].fault: {} is not accepted; ${KINDS}`],
  ['two faults', fault({ status: 503, latencyMs: 5 }), KINDS],
  ['status', fault({ status: 418 }), 'rules[0].fault.status: 418 is not accepted; accepted: 400, 401'],
  [
    'reason',
    fault({ status: 503, reason: 'user' }),
    'rules[0].fault.reason: "user" is not accepted; accepted: none with',
  ],
  [
    'reason of 429',
    fault({ status: 429, reason: 'x' }),
    'accepted: user, project, rateLimitExceeded, userRateLimitExceeded',
  ],
  ['applied', fault({ status: 404, applied: true }), 'rules[0].fault.applied: true is not accepted'],
  ['reset', fault({ reset: true }), 'rules[0].fault.reset: true is not accepted; accepted: "before", "after"'],
  ['truncate', fault({ truncate: false }), 'rules[0].fault.truncate: false is not accepted; accepted: true'],
  ['a foreign key', fault({ html: true, reason: 'x' }), 'rules[0].fault.reason: there is no such key; accepted: html'],
  [
    'reply',
    fault({ lateMs: 5, reply: 500 }),
    'rules[0].fault.reply: 500 is not accepted; accepted: "reset", "hang", 503',
  ],
  ['a range upside down', fault({ latencyMs: [5, 1] }), 'accepted: milliseconds, 0 or more, or [least, most]'],
  ['an inherited name', { toString: 1 }, 'toString: there is no such key'],
])('%s is refused by name', (_, plan, message) => {
  expect(() => parsePlan(plan)).toThrow(message);
});

test('an empty plan is no faults, quota: true is what Google grants, a partial one is completed', () => {
  expect(parsePlan(undefined)).toEqual({ seed: 1, quota: undefined, rules: [] });
  expect(parsePlan({})).toEqual(parsePlan(undefined));
  const granted = {
    readsPerMinutePerUser: 60,
    writesPerMinutePerUser: 60,
    readsPerMinutePerProject: 300,
    writesPerMinutePerProject: 300,
  };
  expect(parsePlan({ quota: true }).quota).toEqual(granted);
  expect(parsePlan({ quota: { phaseMs: 5, readsPerMinutePerUser: 6 } }).quota).toEqual({
    ...granted,
    readsPerMinutePerUser: 6,
    phaseMs: 5,
  });
});

test('a plan is a copy: changing what was given changes nothing', () => {
  const given = { rules: [{ fault: { status: 503 } }] };
  const plan = parsePlan(given);
  given.rules[0]!.fault.status = 500;
  expect(plan.rules).toEqual([{ fault: { status: 503 } }]);
});
