// Rounding as people do it on paper: ROUND, CEILING, FLOOR, MROUND, TRUNC and their likes. Binary remainders beyond
// the fifteenth digit are not seen. Multiples of a step only; dates are not here.

import { define, type FunctionSpec, integer, number, optional } from '../define.ts';
import { fail } from '../value.ts';
import { zeroParameter } from './refusals.ts';

/** Digits of a number that Sheets keeps. */
const DIGITS = 15;
/** From here on every number is whole. */
const WHOLE = 1e15;

/** `value` without the noise of binary fractions. */
export function clean(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : value;
}

/** Moves the decimal point without multiplying, so that 1.005 moved by two places is 100.5. */
function shifted(value: number, places: number): number {
  const [digits = '0', exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

/** Rounds the absolute value at a place, counted behind the decimal point, by a rule for positive numbers. */
function atPlace(value: number, places: number, rule: (value: number) => number): number {
  if (value === 0 || (places >= 0 && Math.abs(value) >= WHOLE)) return value;
  const moved = shifted(clean(Math.abs(value)), places);
  if (!Number.isFinite(moved)) return value;
  const rounded = shifted(rule(moved), -places);
  return rounded === 0 ? 0 : Math.sign(value) * rounded;
}

/** Half away from zero. */
export function round(value: number, places: number): number {
  return atPlace(value, places, Math.round);
}

/** The multiple of `step` that `rule` picks. */
function toStep(value: number, step: number, rule: (quotient: number) => number): number {
  return step === 0 ? 0 : clean(rule(clean(value / step)) * step) + 0;
}

/** Positive numbers take no negative step. */
function checkStep(name: string, value: number, step: number): void {
  if (value <= 0 || step >= 0) return;
  throw fail('NUM', `Function ${name} parameter 2 value is ${step}. It should be positive as parameter 1 is positive.`);
}

/** Up or down whatever the sign of the step; for negative numbers `mode` turns the direction towards or off zero. */
function signless(name: string, up: boolean): FunctionSpec {
  return define(name, [number, optional(number, 1), optional(number, 0)], (_, value, step, mode) => {
    const turned = mode !== 0 && value < 0;
    return toStep(value, Math.abs(step), up === turned ? Math.floor : Math.ceil);
  });
}

function precise(name: string, rule: (quotient: number) => number): FunctionSpec {
  return define(name, [number, optional(number, 1)], (_, value, step) => toStep(value, Math.abs(step), rule));
}

/** The next number away from zero of the wanted parity. */
function toParity(value: number, odd: 0 | 1): number {
  const away = Math.ceil(clean(Math.abs(value)));
  const found = away % 2 === odd ? away : away + 1;
  return value < 0 ? -found : found;
}

export const ROUNDING_FUNCTIONS: readonly FunctionSpec[] = [
  define('ROUND', [number, optional(integer, 0)], (_, value, places) => round(value, places)),
  define('ROUNDUP', [number, optional(integer, 0)], (_, value, places) => atPlace(value, places, Math.ceil)),
  define('ROUNDDOWN', [number, optional(integer, 0)], (_, value, places) => atPlace(value, places, Math.floor)),
  define('TRUNC', [number, optional(integer, 0)], (_, value, places) => atPlace(value, places, Math.floor)),
  define('INT', [number], (_, value) => Math.floor(value) + 0),
  define('EVEN', [number], (_, value) => toParity(value, 0) + 0),
  define('ODD', [number], (_, value) => toParity(value, 1)),
  define('MROUND', [number, number], (_, value, step) => {
    if (value * step < 0) throw fail('NUM', 'Parameters of function MROUND must have same signs.');
    return toStep(value, step, Math.round);
  }),
  define('CEILING', [number, optional(number, 1)], (_, value, step) => {
    checkStep('CEILING', value, step);
    return toStep(value, step, Math.ceil);
  }),
  define('FLOOR', [number, optional(number, 1)], (_, value, step) => {
    checkStep('FLOOR', value, step);
    if (step === 0) throw zeroParameter('FLOOR', 2);
    return toStep(value, step, Math.floor);
  }),
  signless('CEILING.MATH', true),
  signless('FLOOR.MATH', false),
  precise('CEILING.PRECISE', Math.ceil),
  precise('ISO.CEILING', Math.ceil),
  precise('FLOOR.PRECISE', Math.floor),
];
