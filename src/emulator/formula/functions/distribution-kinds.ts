// How functions of distributions are written down: their parameters, checks and two forms, added up or not. Knows no
// distribution but the density that two families share.

import { boolean, define, type FunctionSpec, number } from '../define.ts';
import { above, atLeast, atMost, below } from './refusals.ts';
import { logGamma } from './special.ts';

export function gammaDensity(x: number, shape: number, scale: number): number {
  if (x === 0) return shape === 1 ? 1 / scale : shape < 1 ? Number.POSITIVE_INFINITY : 0;
  return Math.exp((shape - 1) * Math.log(x) - x / scale - logGamma(shape) - shape * Math.log(scale));
}

/** A probability strictly between 0 and 1. */
export function chance(name: string, p: number): void {
  above(name, 1, p, 0);
  below(name, 1, p, 1);
}

export function freedoms(name: string, ...given: readonly number[]): readonly number[] {
  given.forEach((one, index) => {
    atLeast(name, index + 2, one, 1);
  });
  return given.map(Math.trunc);
}

export type Compute = (...given: readonly number[]) => number;
export type Check = (...given: readonly number[]) => void;

/** Two, three or four numbers under each of the names. */
export function plain(
  names: string,
  count: 1 | 2 | 3,
  check: (name: string) => Check,
  compute: Compute,
): FunctionSpec[] {
  return names.split(' ').map((name) => {
    const test = check(name);
    const run = (given: readonly number[]) => {
      test(...given);
      return compute(...given);
    };
    if (count === 1) return define(name, [number], (_, a) => run([a]));
    if (count === 2) return define(name, [number, number], (_, a, b) => run([a, b]));
    return define(name, [number, number, number], (_, a, b, c) => run([a, b, c]));
  });
}

/** x, two parameters and whether probabilities are added up. */
export function twoShapes(
  names: string,
  check: (name: string) => Check,
  total: Compute,
  density: Compute,
): FunctionSpec[] {
  return names.split(' ').map((name) => {
    const test = check(name);
    return define(name, [number, number, number, boolean], (_, x, a, b, cumulative) => {
      test(x, a, b);
      return (cumulative ? total : density)(x, a, b);
    });
  });
}

/** x, one parameter and whether probabilities are added up. */
export function oneShape(
  names: string,
  check: (name: string) => Check,
  total: Compute,
  density: Compute,
): FunctionSpec[] {
  return names.split(' ').map((name) => {
    const test = check(name);
    return define(name, [number, number, boolean], (_, x, a, cumulative) => {
      test(x, a);
      return (cumulative ? total : density)(x, a);
    });
  });
}

export const anything = () => () => undefined;
export const positiveShapes =
  (name: string) =>
  (x = 0, a = 0, b = 0) => {
    atLeast(name, 1, x, 0);
    above(name, 2, a, 0);
    above(name, 3, b, 0);
  };
export const quantileShapes =
  (name: string) =>
  (p = 0, a = 0, b = 0) => {
    atLeast(name, 1, p, 0);
    below(name, 1, p, 1);
    above(name, 2, a, 0);
    above(name, 3, b, 0);
  };
/** A part of the distribution from the left, and one from the right. */
export const leftPart =
  (name: string) =>
  (p = 0, first = 0, second = 1) => {
    atLeast(name, 1, p, 0);
    below(name, 1, p, 1);
    freedoms(name, first, second);
  };
export const rightPart =
  (name: string) =>
  (p = 0, first = 0, second = 1) => {
    above(name, 1, p, 0);
    atMost(name, 1, p, 1);
    freedoms(name, first, second);
  };
export const fromZero =
  (name: string) =>
  (x = 0, first = 0, second = 1) => {
    atLeast(name, 1, x, 0);
    freedoms(name, first, second);
  };
