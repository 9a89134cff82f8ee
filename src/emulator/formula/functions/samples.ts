// Distributions of samples under their new and old names: Student's t, F, chi-squared.

import { define, type FunctionSpec, number } from '../define.ts';
import {
  chance,
  freedoms,
  fromZero,
  gammaDensity,
  leftPart,
  oneShape,
  plain,
  rightPart,
  twoShapes,
} from './distribution-kinds.ts';
import { above, atMost, outOfRange } from './refusals.ts';
import { incompleteBeta, incompleteGamma, invert, logGamma } from './special.ts';

/** Probability that a Student's t of so many degrees of freedom is above x. */
export function studentAbove(x: number, freedom: number): number {
  const half = incompleteBeta(freedom / (freedom + x * x), freedom / 2, 0.5) / 2;
  return x >= 0 ? half : 1 - half;
}

/** The t beyond which lies `p` of the distribution, on one side. */
export function studentQuantile(p: number, freedom: number): number {
  if (p === 0.5) return 0;
  if (p > 0.5) return -studentQuantile(1 - p, freedom);
  return -invert((t) => 1 - studentAbove(t, freedom), 1 - p, 0, Number.POSITIVE_INFINITY);
}

export const chiAbove = (x: number, freedom: number) => incompleteGamma(freedom / 2, x / 2).upper;

export const fisherBelow = (x: number, first: number, second: number) =>
  incompleteBeta((first * x) / (first * x + second), first / 2, second / 2);

const fisherAbove = (x: number, first: number, second: number) =>
  incompleteBeta(second / (first * x + second), second / 2, first / 2);

const chiDensity = (x: number, k: number) => gammaDensity(x, k / 2, 2);

function fisherDensity(x: number, m: number, n: number): number {
  const beta = logGamma(m / 2) + logGamma(n / 2) - logGamma((m + n) / 2);
  return Math.exp(
    (m / 2) * Math.log(m / n) + (m / 2 - 1) * Math.log(x) - ((m + n) / 2) * Math.log1p((m * x) / n) - beta,
  );
}

function studentDensity(x: number, n: number): number {
  const scale = logGamma((n + 1) / 2) - logGamma(n / 2) - Math.log(n * Math.PI) / 2;
  return Math.exp(scale - ((n + 1) / 2) * Math.log1p((x * x) / n));
}

const END = Number.POSITIVE_INFINITY;
const cut = Math.trunc;

export const SAMPLE_FUNCTIONS: readonly FunctionSpec[] = [
  ...oneShape(
    'CHISQ.DIST',
    fromZero,
    (x = 0, k = 1) => incompleteGamma(cut(k) / 2, x / 2).lower,
    (x = 0, k = 1) => chiDensity(x, cut(k)),
  ),
  ...plain('CHISQ.DIST.RT CHIDIST', 2, fromZero, (x = 0, k = 1) => chiAbove(x, cut(k))),
  ...plain('CHISQ.INV', 2, leftPart, (p = 0, k = 1) => invert((x) => 1 - chiAbove(x, cut(k)), p, 0, END)),
  ...plain('CHISQ.INV.RT CHIINV', 2, rightPart, (p = 0, k = 1) => invert((x) => -chiAbove(x, cut(k)), -p, 0, END)),
  ...twoShapes(
    'F.DIST',
    fromZero,
    (x = 0, m = 1, n = 1) => fisherBelow(x, cut(m), cut(n)),
    (x = 0, m = 1, n = 1) => fisherDensity(x, cut(m), cut(n)),
  ),
  ...plain('F.DIST.RT FDIST', 3, fromZero, (x = 0, m = 1, n = 1) => fisherAbove(x, cut(m), cut(n))),
  ...plain('F.INV', 3, leftPart, (p = 0, m = 1, n = 1) => invert((x) => fisherBelow(x, cut(m), cut(n)), p, 0, END)),
  ...plain('F.INV.RT FINV', 3, rightPart, (p = 0, m = 1, n = 1) => {
    return invert((x) => -fisherAbove(x, cut(m), cut(n)), -p, 0, END);
  }),
  ...oneShape(
    'T.DIST',
    (name) =>
      (_, k = 0) =>
        void freedoms(name, k),
    (x = 0, k = 1) => 1 - studentAbove(x, cut(k)),
    (x = 0, k = 1) => studentDensity(x, cut(k)),
  ),
  ...plain(
    'T.DIST.RT',
    2,
    (name) =>
      (_, k = 0) =>
        void freedoms(name, k),
    (x = 0, k = 1) => studentAbove(x, cut(k)),
  ),
  ...plain('T.DIST.2T', 2, fromZero, (x = 0, k = 1) => 2 * studentAbove(x, cut(k))),
  define('TDIST', [number, number, number], (_, x, k, tails) => {
    fromZero('TDIST')(x, k);
    if (tails !== 1 && tails !== 2) throw outOfRange('TDIST', 3, tails);
    return tails * studentAbove(x, cut(k));
  }),
  ...plain(
    'T.INV',
    2,
    (name) =>
      (p = 0, k = 0) => {
        chance(name, p);
        freedoms(name, k);
      },
    (p = 0, k = 1) => studentQuantile(p, cut(k)),
  ),
  ...plain(
    'T.INV.2T TINV',
    2,
    (name) =>
      (p = 0, k = 0) => {
        above(name, 1, p, 0);
        atMost(name, 1, p, 1);
        freedoms(name, k);
      },
    (p = 0, k = 1) => -studentQuantile(p / 2, cut(k)),
  ),
];
