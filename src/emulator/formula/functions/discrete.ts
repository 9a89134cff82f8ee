// Distributions of counts under their new and old names: binomial, Poisson, hypergeometric, negative binomial.

import { boolean, define, type FunctionSpec, integer, number, optional } from '../define.ts';
import { above, atLeast, atMost, below, notBeyond, outOfRange } from './refusals.ts';
import { choose, incompleteBeta, incompleteGamma, logGamma } from './special.ts';

function within01(name: string, parameter: number, p: number): void {
  atLeast(name, parameter, p, 0);
  atMost(name, parameter, p, 1);
}

/** p^a * (1-p)^b * (n over k); by logarithms where the parts would leave the range of doubles. */
function weigh(n: number, k: number, p: number, a: number, b: number): number {
  const direct = choose(n, k) * p ** a * (1 - p) ** b;
  if (Number.isFinite(direct) && (direct > 0 || p === 0 || p === 1)) return direct;
  const ways = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  return Math.exp(ways + a * Math.log(p) + b * Math.log1p(-p));
}

const binomial = (k: number, n: number, p: number) => weigh(n, k, p, k, n - k);
const binomialBelow = (k: number, n: number, p: number) => (k >= n ? 1 : incompleteBeta(1 - p, n - k, k + 1));
const negative = (failures: number, successes: number, p: number) =>
  weigh(failures + successes - 1, failures, p, successes, failures);

function poisson(k: number, rate: number): number {
  return rate === 0 ? Number(k === 0) : Math.exp(k * Math.log(rate) - rate - logGamma(k + 1));
}

function hypergeometric(k: number, drawn: number, marked: number, all: number): number {
  const [hit, miss, total] = [choose(marked, k), choose(all - marked, drawn - k), choose(all, drawn)];
  return Number.isFinite(total) ? (hit * miss) / total : Number.NaN;
}

/** Sums of so many terms are added up term by term, which is exact where terms are; longer ones have a closed form. */
const TERMS = 1000;

/** Added up from 0 to k when asked to. */
function upTo(k: number, cumulative: boolean, at: (index: number) => number, closed: () => number): number {
  if (!cumulative) return at(k);
  if (k > TERMS) return closed();
  let total = 0;
  for (let index = 0; index <= k; index++) total += at(index);
  return Math.min(total, 1);
}

function binomialQuantile(name: string): FunctionSpec {
  return define(name, [integer, number, number], (_, n, p, target) => {
    atLeast(name, 1, n, 0);
    within01(name, 2, p);
    within01(name, 3, target);
    let low = 0;
    for (let high = n; low < high; ) {
      const middle = Math.floor((low + high) / 2);
      // Sums of halves and tenths fall short of the target by a last digit.
      if (binomialBelow(middle, n, p) >= target - 1e-14) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

function binomialOf(name: string): FunctionSpec {
  return define(name, [integer, integer, number, boolean], (_, k, n, p, cumulative) => {
    atLeast(name, 1, k, 0);
    notBeyond(name, 1, k, 2, n);
    within01(name, 3, p);
    const below = () => binomialBelow(k, n, p);
    return upTo(k, cumulative, (index) => binomial(index, n, p), below);
  });
}

function poissonOf(name: string): FunctionSpec {
  return define(name, [integer, number, optional(boolean, true)], (_, k, rate, cumulative) => {
    atLeast(name, 1, k, 0);
    atLeast(name, 2, rate, 0);
    const below = () => incompleteGamma(k + 1, rate).upper;
    return upTo(k, cumulative, (index) => poisson(index, rate), below);
  });
}

function drawing(name: string, k: number, drawn: number, marked: number, all: number): void {
  atLeast(name, 1, k, 0);
  atLeast(name, 2, drawn, 0);
  atLeast(name, 3, marked, 0);
  notBeyond(name, 1, k, 2, drawn);
  notBeyond(name, 2, drawn, 4, all);
  notBeyond(name, 3, marked, 4, all);
}

function trials(name: string, failures: number, successes: number, p: number): void {
  atLeast(name, 1, failures, 0);
  atLeast(name, 2, successes, 1);
  above(name, 3, p, 0);
  below(name, 3, p, 1);
}

function finite(name: string, all: number, found: number): number {
  if (!Number.isFinite(found)) throw outOfRange(name, 4, all);
  return found;
}

export const DISCRETE_FUNCTIONS: readonly FunctionSpec[] = [
  binomialOf('BINOM.DIST'),
  binomialOf('BINOMDIST'),
  binomialQuantile('BINOM.INV'),
  binomialQuantile('CRITBINOM'),
  poissonOf('POISSON'),
  poissonOf('POISSON.DIST'),
  define('HYPGEOM.DIST', [integer, integer, integer, integer, boolean], (_, k, drawn, marked, all, cumulative) => {
    drawing('HYPGEOM.DIST', k, drawn, marked, all);
    const at = (index: number) => hypergeometric(index, drawn, marked, all);
    return finite(
      'HYPGEOM.DIST',
      all,
      upTo(k, cumulative, at, () => Number.NaN),
    );
  }),
  define('HYPGEOMDIST', [integer, integer, integer, integer], (_, k, drawn, marked, all) => {
    drawing('HYPGEOMDIST', k, drawn, marked, all);
    return finite('HYPGEOMDIST', all, hypergeometric(k, drawn, marked, all));
  }),
  define('NEGBINOM.DIST', [integer, integer, number, boolean], (_, failures, successes, p, cumulative) => {
    trials('NEGBINOM.DIST', failures, successes, p);
    const below = () => incompleteBeta(p, successes, failures + 1);
    return upTo(failures, cumulative, (index) => negative(index, successes, p), below);
  }),
  define('NEGBINOMDIST', [integer, integer, number], (_, failures, successes, p) => {
    trials('NEGBINOMDIST', failures, successes, p);
    return negative(failures, successes, p);
  }),
];
