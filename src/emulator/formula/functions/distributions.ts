// Continuous distributions under their new and old names. Those of samples are samples.ts, of counts discrete.ts.

import { boolean, define, type FunctionSpec, number, optional } from '../define.ts';
import {
  anything,
  type Check,
  type Compute,
  chance,
  gammaDensity,
  oneShape,
  plain,
  positiveShapes,
  quantileShapes,
  twoShapes,
} from './distribution-kinds.ts';
import { above, atLeast, below, outOfRange } from './refusals.ts';
import {
  complementaryError,
  errorFunction,
  gamma,
  incompleteBeta,
  incompleteGamma,
  invert,
  logGamma,
  normal,
  normalDensity,
  normalQuantile,
} from './special.ts';

function betaDensity(x: number, a: number, b: number): number {
  const beta = logGamma(a) + logGamma(b) - logGamma(a + b);
  return Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - beta);
}

const spread =
  (name: string) =>
  (_: number | undefined, __?: number, deviation = 0) =>
    above(name, 3, deviation, 0);
const quantile =
  (name: string) =>
  (p = 0, _?: number, deviation = 0) => {
    chance(name, p);
    above(name, 3, deviation, 0);
  };
const END = Number.POSITIVE_INFINITY;

const normalBelow: Compute = (x = 0, centre = 0, deviation = 1) => normal((x - centre) / deviation);
const lognormalBelow: Compute = (x = 0, centre = 0, deviation = 1) => normal((Math.log(x) - centre) / deviation);

function logSpread(name: string): Check {
  return (x = 0, _, deviation = 0) => {
    above(name, 1, x, 0);
    above(name, 3, deviation, 0);
  };
}

function beta(name: string, x: number, a: number, b: number, low: number, high: number): readonly [number, number] {
  above(name, 2, a, 0);
  above(name, 3, b, 0);
  if (high <= low || x < low || x > high) throw outOfRange(name, 1, x);
  return [(x - low) / (high - low), high - low];
}

function betaQuantile(name: string): FunctionSpec {
  return define(name, [number, number, number, optional(number, 0), optional(number, 1)], (_, p, a, b, low, high) => {
    quantileShapes(name)(p, a, b);
    return low + (high - low) * invert((x) => incompleteBeta(x, a, b), p, 0, 1);
  });
}

export const DISTRIBUTION_FUNCTIONS: readonly FunctionSpec[] = [
  ...twoShapes('NORM.DIST NORMDIST', spread, normalBelow, (x = 0, centre = 0, deviation = 1) => {
    return normalDensity((x - centre) / deviation) / deviation;
  }),
  ...plain('NORM.S.DIST NORMSDIST', 1, anything, (x = 0) => normal(x)),
  ...plain(
    'NORM.INV NORMINV',
    3,
    quantile,
    (p = 0, centre = 0, deviation = 1) => centre + deviation * normalQuantile(p),
  ),
  ...plain(
    'NORM.S.INV NORMSINV',
    1,
    (name) =>
      (p = 0) =>
        chance(name, p),
    (p = 0) => normalQuantile(p),
  ),
  ...plain('PHI', 1, anything, (x = 0) => normalDensity(x)),
  ...plain('GAUSS', 1, anything, (x = 0) => normal(x) - 0.5),
  ...plain(
    'FISHER',
    1,
    (name) =>
      (x = 0) => {
        above(name, 1, x, -1);
        below(name, 1, x, 1);
      },
    (x = 0) => Math.atanh(x),
  ),
  ...plain('FISHERINV', 1, anything, (x = 0) => Math.tanh(x)),
  define('LOGNORM.DIST', [number, number, number, optional(boolean, true)], (_, x, centre, deviation, cumulative) => {
    logSpread('LOGNORM.DIST')(x, centre, deviation);
    if (cumulative) return lognormalBelow(x, centre, deviation);
    return normalDensity((Math.log(x) - centre) / deviation) / (x * deviation);
  }),
  ...plain('LOGNORMDIST', 3, logSpread, lognormalBelow),
  ...plain('LOGNORM.INV LOGINV', 3, quantile, (p = 0, centre = 0, deviation = 1) => {
    return Math.exp(centre + deviation * normalQuantile(p));
  }),
  ...oneShape(
    'EXPON.DIST EXPONDIST',
    (name) =>
      (x = 0, rate = 0) => {
        atLeast(name, 1, x, 0);
        above(name, 2, rate, 0);
      },
    (x = 0, rate = 1) => -Math.expm1(-rate * x),
    (x = 0, rate = 1) => rate * Math.exp(-rate * x),
  ),
  ...twoShapes(
    'WEIBULL WEIBULL.DIST',
    positiveShapes,
    (x = 0, shape = 1, scale = 1) => -Math.expm1(-((x / scale) ** shape)),
    (x = 0, shape = 1, scale = 1) => (shape / scale) * (x / scale) ** (shape - 1) * Math.exp(-((x / scale) ** shape)),
  ),
  ...twoShapes(
    'GAMMA.DIST GAMMADIST',
    positiveShapes,
    (x = 0, shape = 1, scale = 1) => incompleteGamma(shape, x / scale).lower,
    (x = 0, shape = 1, scale = 1) => gammaDensity(x, shape, scale),
  ),
  ...plain('GAMMA.INV GAMMAINV', 3, quantileShapes, (p = 0, shape = 1, scale = 1) => {
    return scale * invert((x) => incompleteGamma(shape, x).lower, p, 0, END);
  }),
  define('GAMMA', [number], (_, x) => {
    if (x <= 0 && Number.isInteger(x)) throw outOfRange('GAMMA', 1, x);
    return gamma(x);
  }),
  ...plain(
    'GAMMALN GAMMALN.PRECISE',
    1,
    (name) =>
      (x = 0) =>
        above(name, 1, x, 0),
    (x = 0) => logGamma(x),
  ),
  define(
    'BETA.DIST',
    [number, number, number, boolean, optional(number, 0), optional(number, 1)],
    (_, x, a, b, cumulative, low, high) => {
      const [part, width] = beta('BETA.DIST', x, a, b, low, high);
      return cumulative ? incompleteBeta(part, a, b) : betaDensity(part, a, b) / width;
    },
  ),
  define('BETADIST', [number, number, number, optional(number, 0), optional(number, 1)], (_, x, a, b, low, high) => {
    return incompleteBeta(beta('BETADIST', x, a, b, low, high)[0], a, b);
  }),
  betaQuantile('BETA.INV'),
  betaQuantile('BETAINV'),
  define('ERF', [number, optional(number)], (_, low, high) => {
    return high === undefined ? errorFunction(low) : errorFunction(high) - errorFunction(low);
  }),
  ...plain('ERF.PRECISE', 1, anything, (x = 0) => errorFunction(x)),
  ...plain('ERFC ERFC.PRECISE', 1, anything, (x = 0) => complementaryError(x)),
];
