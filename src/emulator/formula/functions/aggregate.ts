// Sums, counts, means and extremes of all that is given: SUM to SUBTOTAL. Conditions are conditional.ts.

import { define, type FunctionSpec, integer, numbers, operand, rest, type Scope, wholeMatrix } from '../define.ts';
import { fail, isError, isMatrix, isReference, type Operand, type Reference, type Value } from '../value.ts';
import { cellsOf, flat, sameSize, sizeOf } from './matrices.ts';
import {
  ascending,
  bareNumber,
  greatest,
  least,
  mean,
  type Numbers,
  numbersWithTexts,
  sum,
  variance,
} from './numbers.ts';
import { keyOf } from './order.ts';
import { divideByZero, mismatched, noInput, outOfRange } from './refusals.ts';

function median(of: Numbers): number {
  const sorted = ascending(of);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

const product = (of: Numbers) => (of.length === 0 ? 0 : of.reduce((a, b) => a * b, 1));
const minimum = (of: Numbers) => (of.length === 0 ? 0 : least(of));
const maximum = (of: Numbers) => (of.length === 0 ? 0 : greatest(of));

function average(of: Numbers, name: string): number {
  if (of.length === 0) throw divideByZero(name);
  return mean(of);
}

function spread(of: Numbers, name: string, lost: 0 | 1, root: boolean): number {
  if (of.length <= lost) throw divideByZero(name);
  const found = variance(of, lost);
  return root ? Math.sqrt(found) : found;
}

type Fold = (of: Numbers) => number;

const SAMPLE: Readonly<Record<'STDEV' | 'VAR' | 'STDEVP' | 'VARP', Fold>> = {
  STDEV: (of) => spread(of, 'STDEV', 1, true),
  VAR: (of) => spread(of, 'VAR', 1, false),
  STDEVP: (of) => spread(of, 'STDEVP', 0, true),
  VARP: (of) => spread(of, 'VARP', 0, false),
};

function count(scope: Scope, args: readonly Operand[]): number {
  let found = 0;
  for (const one of args) {
    if (isReference(one) || isMatrix(one)) {
      for (const row of cellsOf(scope, one).rows) for (const value of row) if (typeof value === 'number') found++;
    } else if (one !== null && typeof one !== 'object' && bareNumber(scope, one) !== undefined) found++;
  }
  return found;
}

const filled = (value: Value) => value !== null;

function valuesOf(scope: Scope, args: readonly Operand[]): Value[] {
  return args.flatMap((one) => flat(cellsOf(scope, one)));
}

function sumProduct(first: readonly Value[], others: readonly (readonly Value[])[]): number {
  let total = 0;
  first.forEach((value, index) => {
    let term = 1;
    for (const factor of [value, ...others.map((one) => one[index] ?? null)]) {
      if (isError(factor)) throw fail(factor.type, factor.message);
      term *= typeof factor === 'string' ? 0 : Number(factor);
    }
    total += term;
  });
  return total;
}

function weighted(values: readonly Value[], weights: readonly Value[]): readonly [number, number] {
  if (values.length !== weights.length) {
    const want = { rows: values.length, columns: 1 };
    throw mismatched('AVERAGE.WEIGHTED', want, { rows: weights.length, columns: 1 }, 'VALUE');
  }
  let total = 0;
  let weight = 0;
  values.forEach((value, index) => {
    const by = weights[index] ?? null;
    for (const one of [value, by]) if (isError(one)) throw fail(one.type, one.message);
    if (typeof value !== 'number' || typeof by !== 'number') return;
    if (by < 0) throw outOfRange('AVERAGE.WEIGHTED', 2, by);
    total += value * by;
    weight += by;
  });
  return [total, weight];
}

/** Function codes 1 to 11 of SUBTOTAL; 101 to 111 leave out hidden rows too. */
const SUBTOTALS: readonly Fold[] = [
  (of) => average(of, 'SUBTOTAL'),
  (of) => of.length,
  (of) => of.length,
  maximum,
  minimum,
  product,
  SAMPLE.STDEV,
  SAMPLE.STDEVP,
  sum,
  SAMPLE.VAR,
  SAMPLE.VARP,
];

function isHidden(of: Reference, row: number, byUser: boolean): boolean {
  const run = of.sheet.parts.rowRuns?.find((one) => row >= one.start && row < one.end)?.properties;
  return run?.hiddenByFilter === true || (byUser && run?.hiddenByUser === true);
}

/** The cells SUBTOTAL counts: those of rows that are shown, without the results of other SUBTOTALs. */
function shown(scope: Scope, of: Reference, byUser: boolean): Value[] {
  const { startRow, startColumn } = of.rect;
  return scope.read(of).rows.flatMap((row, down) => {
    if (isHidden(of, startRow + down, byUser)) return [];
    return row.filter((value, right) => {
      if (value === null) return false;
      const place = { startRow: startRow + down, startColumn: startColumn + right };
      const rect = { ...place, endRow: place.startRow + 1, endColumn: place.startColumn + 1 };
      return !/\bSUBTOTAL\s*\(/i.test(scope.formulaAt({ kind: 'reference', sheet: of.sheet, rect }) ?? '');
    });
  });
}

function subtotal(scope: Scope, code: number, args: readonly Operand[]): number {
  const fold = SUBTOTALS[(code > 100 ? code - 100 : code) - 1];
  if (!fold) throw outOfRange('SUBTOTAL', 1, code, 'VALUE');
  const values = args.flatMap((one) =>
    isReference(one) ? shown(scope, one, code > 100) : flat(cellsOf(scope, one)).filter(filled),
  );
  const counting = code % 100 === 2 || code % 100 === 3;
  if (code % 100 === 3) return values.length;
  const found: number[] = [];
  for (const value of values) {
    if (isError(value) && !counting) throw fail(value.type, value.message);
    if (typeof value === 'number') found.push(value);
  }
  return fold(found);
}

function numeric(name: string, fold: Fold): FunctionSpec {
  return define(name, [numbers, rest(numbers)], (_, first, more) =>
    fold(more.length === 0 ? first : [first, ...more].flat()),
  );
}

/** A function of everything given, texts as 0. */
function withTexts(name: string, fold: Fold): FunctionSpec {
  return define(name, [operand, rest(operand)], (scope, first, more) =>
    fold(numbersWithTexts(name, scope, [first, ...more])),
  );
}

export const AGGREGATE_FUNCTIONS: readonly FunctionSpec[] = [
  numeric('SUM', sum),
  numeric('PRODUCT', product),
  numeric('AVERAGE', (of) => average(of, 'AVERAGE')),
  numeric('MIN', minimum),
  numeric('MAX', maximum),
  numeric('MEDIAN', (of) => {
    if (of.length === 0) throw noInput('MEDIAN');
    return median(of);
  }),
  numeric('STDEV', SAMPLE.STDEV),
  numeric('STDEV.S', SAMPLE.STDEV),
  numeric('STDEVP', SAMPLE.STDEVP),
  numeric('STDEV.P', SAMPLE.STDEVP),
  numeric('VAR', SAMPLE.VAR),
  numeric('VAR.S', SAMPLE.VAR),
  numeric('VARP', SAMPLE.VARP),
  numeric('VAR.P', SAMPLE.VARP),
  withTexts('AVERAGEA', (of) => average(of, 'AVERAGEA')),
  withTexts('MINA', minimum),
  withTexts('MAXA', maximum),
  withTexts('STDEVA', (of) => spread(of, 'STDEVA', 1, true)),
  withTexts('STDEVPA', (of) => spread(of, 'STDEVPA', 0, true)),
  withTexts('VARA', (of) => spread(of, 'VARA', 1, false)),
  withTexts('VARPA', (of) => spread(of, 'VARPA', 0, false)),
  define('COUNT', [operand, rest(operand)], (scope, first, more) => count(scope, [first, ...more])),
  define('COUNTA', [operand, rest(operand)], (scope, first, more) => {
    return valuesOf(scope, [first, ...more]).filter(filled).length;
  }),
  define('COUNTBLANK', [operand, rest(operand)], (scope, first, more) => {
    return valuesOf(scope, [first, ...more]).filter((value) => value === null || value === '').length;
  }),
  define('COUNTUNIQUE', [operand, rest(operand)], (scope, first, more) => {
    return new Set(
      valuesOf(scope, [first, ...more])
        .filter(filled)
        .map(keyOf),
    ).size;
  }),
  define(
    'SUMPRODUCT',
    [wholeMatrix, rest(wholeMatrix)],
    (_, first, more) => {
      for (const one of more) {
        if (!sameSize(first, one)) throw mismatched('SUMPRODUCT', sizeOf(first), sizeOf(one), 'VALUE');
      }
      return sumProduct(flat(first), more.map(flat));
    },
    { arrays: true },
  ),
  define(
    'AVERAGE.WEIGHTED',
    [wholeMatrix, wholeMatrix, rest(wholeMatrix)],
    (_, values, weights, more) => {
      const pairs = [values, weights, ...more];
      let total = 0;
      let weight = 0;
      for (let at = 0; at < pairs.length; at += 2) {
        const [t, w] = weighted(flat(pairs[at] ?? values), flat(pairs[at + 1] ?? { kind: 'matrix', rows: [] }));
        total += t;
        weight += w;
      }
      if (weight === 0) throw divideByZero('AVERAGE.WEIGHTED');
      return total / weight;
    },
    { arrays: true },
  ),
  define('SUBTOTAL', [integer, operand, rest(operand)], (scope, code, first, more) => {
    return subtotal(scope, code, [first, ...more]);
  }),
];
