// Tests of hypotheses and margins of error: T.TEST, F.TEST, Z.TEST, CHISQ.TEST, CONFIDENCE.

import { define, type FunctionSpec, integer, number, numbers, optional, wholeMatrix } from '../define.ts';
import { numberRows } from './linear.ts';
import { sameSize, sizeOf } from './matrices.ts';
import { mean, type Numbers, variance } from './numbers.ts';
import { above, atLeast, below, differentSizes, divideByZero, noInput, outOfRange, zeroParameter } from './refusals.ts';
import { chiAbove, fisherBelow, studentAbove, studentQuantile } from './samples.ts';
import { normal, normalQuantile } from './special.ts';

interface TestStatistic {
  readonly t: number;
  readonly freedom: number;
}

function paired(name: string, a: Numbers, b: Numbers): TestStatistic {
  if (a.length !== b.length) throw differentSizes(name, 'N_A');
  const gaps = a.map((one, index) => one - b[index]!);
  const noise = variance(gaps, 1) / gaps.length;
  if (!(noise > 0)) throw divideByZero(name);
  return { t: mean(gaps) / Math.sqrt(noise), freedom: gaps.length - 1 };
}

function unpaired(name: string, a: Numbers, b: Numbers, sameVariance: boolean): TestStatistic {
  const gap = mean(a) - mean(b);
  const [va, vb] = [variance(a, 1), variance(b, 1)];
  const together = a.length + b.length - 2;
  if (sameVariance) {
    const pooled = ((a.length - 1) * va + (b.length - 1) * vb) / together;
    if (!(pooled > 0)) throw divideByZero(name);
    return { t: gap / Math.sqrt(pooled * (1 / a.length + 1 / b.length)), freedom: together };
  }
  const [sa, sb] = [va / a.length, vb / b.length];
  if (!(sa + sb > 0)) throw divideByZero(name);
  // Welch and Satterthwaite.
  const freedom = (sa + sb) ** 2 / (sa ** 2 / (a.length - 1) + sb ** 2 / (b.length - 1));
  return { t: gap / Math.sqrt(sa + sb), freedom };
}

function studentTest(name: string): FunctionSpec {
  return define(name, [numbers, numbers, integer, integer], (_, a, b, tails, type) => {
    if (tails !== 1 && tails !== 2) throw outOfRange(name, 3, tails);
    if (type < 1 || type > 3) throw outOfRange(name, 4, type);
    if (a.length < 2 || b.length < 2) throw divideByZero(name);
    const { t, freedom } = type === 1 ? paired(name, a, b) : unpaired(name, a, b, type === 2);
    return tails * studentAbove(Math.abs(t), freedom);
  });
}

function varianceTest(name: string): FunctionSpec {
  return define(name, [numbers, numbers], (_, a, b) => {
    const [va, vb] = a.length < 2 || b.length < 2 ? [0, 0] : [variance(a, 1), variance(b, 1)];
    if (va === 0 || vb === 0) throw divideByZero(name);
    const part = fisherBelow(va / vb, a.length - 1, b.length - 1);
    return 2 * Math.min(part, 1 - part);
  });
}

function normalTest(name: string): FunctionSpec {
  return define(name, [numbers, number, optional(number)], (_, of, value, deviation) => {
    if (of.length === 0) throw noInput(name, 'N_A');
    const spread = deviation ?? (of.length < 2 ? 0 : Math.sqrt(variance(of, 1)));
    if (spread === 0) throw deviation === undefined ? divideByZero(name) : zeroParameter(name, 3);
    return 1 - normal((mean(of) - value) / (spread / Math.sqrt(of.length)));
  });
}

function chiTest(name: string): FunctionSpec {
  return define(name, [wholeMatrix, wholeMatrix], (_, observed, expected) => {
    if (!sameSize(observed, expected)) throw differentSizes(name, 'N_A');
    const { rows, columns } = sizeOf(observed);
    const freedom = rows > 1 && columns > 1 ? (rows - 1) * (columns - 1) : rows * columns - 1;
    if (freedom === 0) throw noInput(name, 'N_A');
    const wanted = numberRows(name, 2, expected).flat();
    const total = numberRows(name, 1, observed)
      .flat()
      .reduce((sum, one, index) => {
        const want = wanted[index]!;
        if (want === 0) throw divideByZero(name);
        return sum + (one - want) ** 2 / want;
      }, 0);
    return chiAbove(total, freedom);
  });
}

/** Half the width of the interval that holds the mean with probability 1 - alpha. */
function margin(name: string, quantile: (p: number, size: number) => number): FunctionSpec {
  return define(name, [number, number, integer], (_, alpha, deviation, size) => {
    above(name, 1, alpha, 0);
    below(name, 1, alpha, 1);
    above(name, 2, deviation, 0);
    atLeast(name, 3, size, 1);
    return (quantile(1 - alpha / 2, size) * deviation) / Math.sqrt(size);
  });
}

function student(p: number, size: number): number {
  if (size < 2) throw divideByZero('CONFIDENCE.T');
  return studentQuantile(p, size - 1);
}

export const HYPOTHESIS_FUNCTIONS: readonly FunctionSpec[] = [
  studentTest('T.TEST'),
  studentTest('TTEST'),
  varianceTest('F.TEST'),
  varianceTest('FTEST'),
  normalTest('Z.TEST'),
  normalTest('ZTEST'),
  chiTest('CHISQ.TEST'),
  chiTest('CHITEST'),
  margin('CONFIDENCE', normalQuantile),
  margin('CONFIDENCE.NORM', normalQuantile),
  margin('CONFIDENCE.T', student),
  define('MARGINOFERROR', [numbers, number], (_, of, confidence) => {
    above('MARGINOFERROR', 2, confidence, 0);
    below('MARGINOFERROR', 2, confidence, 1);
    if (of.length < 2) throw divideByZero('MARGINOFERROR');
    const quantile = studentQuantile(1 - (1 - confidence) / 2, of.length - 1);
    return (quantile * Math.sqrt(variance(of, 1))) / Math.sqrt(of.length);
  }),
];
