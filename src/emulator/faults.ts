// The fault plan: its grammar in tables, and the check that names the wrong key and what is accepted instead.
// Runs nothing (inject.ts does).

import { FAULT_STATUSES, REASONS } from './fault-answers.ts';
import { GOOGLE_LIMITS, type QuotaLimits, WINDOW_MS } from './quota.ts';

/** Milliseconds, or `[least, most]` to draw from with the plan's seed. */
export type Duration = number | readonly [number, number];

export type Fault =
  /** Google's answer of that status; `applied`: the request was done all the same. */
  | { readonly status: number; readonly reason?: string; readonly applied?: boolean }
  /** Waits before the request arrives at Google, then goes on with the next matching rule. */
  | { readonly latencyMs: Duration }
  /** The connection is reset before the request is done, or after it (its reply is lost). */
  | { readonly reset: 'before' | 'after' }
  /** Done, and answered 200 with half of the JSON. */
  | { readonly truncate: true }
  /** 502 with an HTML page. */
  | { readonly html: true }
  /** No answer until the caller leaves. */
  | { readonly hang: true; readonly applied?: boolean }
  /** The caller is told `reply` (`reset` when absent) at once; the request is done so much later. */
  | { readonly lateMs: Duration; readonly reply?: 'reset' | 'hang' | 503 };

export interface Rule {
  readonly method?: string;
  /** Part of the decoded path without query, or a regular expression that matches it. */
  readonly path?: string;
  readonly spreadsheet?: string;
  /** Applies to so many matching requests, then is used up. */
  readonly count?: number;
  /** Of applying to a matching request; drawn from the plan's seed, so that the same requests meet the same faults. */
  readonly probability?: number;
  /** On the clock since the plan was set: applies from (inclusive) until (exclusive). */
  readonly from?: number;
  readonly until?: number;
  readonly fault: Fault;
}

export interface Plan {
  readonly seed: number;
  readonly quota: (QuotaLimits & { readonly phaseMs?: number }) | undefined;
  readonly rules: readonly Rule[];
}

interface Accepted {
  readonly words: string;
  readonly valid: (value: unknown) => boolean;
}
type Table = Readonly<Record<string, Accepted>>;

const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;
const isMs = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isPair = (value: unknown) =>
  Array.isArray(value) && value.length === 2 && value.every(isMs) && value[0] <= value[1];

const MS: Accepted = { words: 'milliseconds, 0 or more', valid: isMs };
const DURATION: Accepted = {
  words: 'milliseconds, 0 or more, or [least, most]',
  valid: (value) => isMs(value) || isPair(value),
};
const LIMIT: Accepted = { words: 'a whole number, 0 or more', valid: isCount };
const TRUE: Accepted = { words: 'true', valid: (value) => value === true };
const FLAG: Accepted = { words: 'true or false', valid: (value) => typeof value === 'boolean' };
const OBJECT: Accepted = { words: 'an object', valid: isRecord };

function oneOf(...values: readonly (string | number)[]): Accepted {
  const words = values.map((value) => JSON.stringify(value)).join(', ');
  return { words, valid: (value) => values.some((one) => one === value) };
}

const QUOTA: Table = { ...Object.fromEntries(Object.keys(GOOGLE_LIMITS).map((key) => [key, LIMIT])), phaseMs: MS };

const PLAN: Table = {
  seed: LIMIT,
  quota: { words: 'true, false or an object of limits', valid: (v) => typeof v === 'boolean' || isRecord(v) },
  rules: { words: 'a list of rules', valid: (value) => Array.isArray(value) },
};

const RULE: Table = {
  method: oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
  path: { words: 'part of a path, or a valid regular expression', valid: isPattern },
  spreadsheet: { words: "a spreadsheet's id", valid: (value) => typeof value === 'string' && value !== '' },
  count: { words: 'a whole number, 1 or more', valid: (value) => isCount(value) && value !== 0 },
  probability: { words: 'a number from 0 to 1', valid: (value) => isMs(value) && Number(value) <= 1 },
  from: MS,
  until: MS,
  fault: OBJECT,
};

/** What a fault is, by the key that says so; that key is required, the others of its table are not. */
const FAULTS: Readonly<Record<string, Table>> = {
  status: {
    status: oneOf(...FAULT_STATUSES),
    reason: { words: 'a reason of that status', valid: (value) => typeof value === 'string' },
    applied: FLAG,
  },
  latencyMs: { latencyMs: DURATION },
  reset: { reset: oneOf('before', 'after') },
  truncate: { truncate: TRUE },
  html: { html: TRUE },
  hang: { hang: TRUE, applied: FLAG },
  lateMs: { lateMs: DURATION, reply: oneOf('reset', 'hang', 503) },
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string' || value === '') return false;
  try {
    return new RegExp(value) instanceof RegExp;
  } catch {
    return false;
  }
}

function refuse(path: string, value: unknown, words: string): never {
  const shown = JSON.stringify(value) ?? 'nothing';
  throw new Error(
    `${path}: ${shown.length > 100 ? `${shown.slice(0, 100)}...` : shown} is not accepted; accepted: ${words}`,
  );
}

function check(path: string, value: unknown, table: Table): Record<string, unknown> {
  if (!isRecord(value))
    return refuse(path === '' ? 'the plan' : path, value, `an object of ${Object.keys(table).join(', ')}`);
  for (const [key, part] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const accepted = Object.hasOwn(table, key) ? table[key] : undefined;
    if (!accepted) throw new Error(`${at}: there is no such key; accepted: ${Object.keys(table).join(', ')}`);
    if (!accepted.valid(part)) refuse(at, part, accepted.words);
  }
  return value;
}

function checkFault(path: string, value: unknown): void {
  const kinds = Object.keys(FAULTS);
  const named = isRecord(value) ? kinds.filter((kind) => Object.hasOwn(value, kind)) : [];
  const table = FAULTS[named[0] ?? ''];
  if (named.length !== 1 || !table) refuse(path, value, `an object with exactly one of ${kinds.join(', ')}`);
  const { status, reason, applied } = check(path, value, table);
  if (typeof status !== 'number') return;
  const reasons = REASONS[status] ?? [];
  const known = typeof reason !== 'string' || reasons.includes(reason);
  if (!known) refuse(`${path}.reason`, reason, reasons.length > 0 ? reasons.join(', ') : `none with status ${status}`);
  // Below 500 Google has refused the request; only 408 leaves it open.
  if (applied && status < 500 && status !== 408) refuse(`${path}.applied`, applied, 'false: this status is a refusal');
}

/** Throws as parsePlan does, with the name of where the plan stood. */
export function checkPlan(json: unknown, name: string): void {
  try {
    parsePlan(json);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/**
 * A plan as JSON gives it, checked; undefined and {} are the plan without faults. Throws an Error whose message names
 * the wrong key and what is accepted there.
 */
export function parsePlan(json: unknown): Plan {
  const { seed = 1, quota = false, rules = [] } = check('', json ?? {}, PLAN);
  if (isRecord(quota)) check('quota', quota, QUOTA);
  if (isRecord(quota) && Number(quota.phaseMs ?? 0) >= WINDOW_MS) refuse('quota.phaseMs', quota.phaseMs, 'below 60000');
  for (const [index, rule] of (rules as unknown[]).entries()) {
    const { fault, from, until } = check(`rules[${index}]`, rule, RULE);
    checkFault(`rules[${index}].fault`, fault);
    if (until !== undefined && Number(until) <= Number(from ?? 0))
      refuse(`rules[${index}].until`, until, 'later than from');
  }
  return {
    seed: Number(seed),
    quota: quota === false ? undefined : { ...GOOGLE_LIMITS, ...(isRecord(quota) ? quota : {}) },
    rules: structuredClone(rules) as Rule[], // every rule was checked above
  };
}
