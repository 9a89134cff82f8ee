// Two lists of numbers side by side: correlation, lines of best fit, LINEST and its likes.

import { boolean, define, type FunctionSpec, number, operand, optional, type Scope, wholeMatrix } from '../define.ts';
import { type CellError, fail, isError, type Matrix, matrix, type Operand, type Value } from '../value.ts';
import { eliminate, finite, multiply, type NumberRows, numberRows } from './linear.ts';
import { build, cellsOf, column, flat, sizeOf, transpose } from './matrices.ts';
import { mean, type Numbers, squares, sum } from './numbers.ts';
import { divideByZero, mismatched, noInput } from './refusals.ts';

/** The pairs in which both are numbers. */
function pairsOf(name: string, ys: Matrix, xs: Matrix): readonly [Numbers, Numbers] {
  const first = flat(ys);
  const second = flat(xs);
  if (first.length !== second.length) throw mismatched(name, sizeOf(ys), sizeOf(xs), 'N_A');
  const y: number[] = [];
  const x: number[] = [];
  first.forEach((one, index) => {
    const other = second[index] ?? null;
    for (const value of [one, other]) if (isError(value)) throw fail(value.type, value.message);
    if (typeof one !== 'number' || typeof other !== 'number') return;
    y.push(one);
    x.push(other);
  });
  if (y.length === 0) throw noInput(name);
  return [y, x];
}

/** Sum of the products of distances from the means. */
function products(y: Numbers, x: Numbers): number {
  const centreX = mean(x);
  const centreY = mean(y);
  return y.reduce((total, one, index) => total + (one - centreY) * (x[index]! - centreX), 0);
}

function correlation(name: string, y: Numbers, x: Numbers): number {
  const scale = Math.sqrt(squares(x)) * Math.sqrt(squares(y));
  if (scale === 0) throw divideByZero(name);
  return products(y, x) / scale;
}

function slope(name: string, y: Numbers, x: Numbers): number {
  const spread = squares(x);
  if (spread === 0) throw divideByZero(name);
  return products(y, x) / spread;
}

function paired(name: string, fold: (y: Numbers, x: Numbers) => number): FunctionSpec {
  return define(name, [wholeMatrix, wholeMatrix], (_, ys, xs) => fold(...pairsOf(name, ys, xs)), { arrays: true });
}

function covariance(name: string, lost: 0 | 1): FunctionSpec {
  return paired(name, (y, x) => {
    if (y.length <= lost) throw divideByZero(name);
    return products(y, x) / (y.length - lost);
  });
}

function forecast(name: string): FunctionSpec {
  return define(name, [number, wholeMatrix, wholeMatrix], (_, at, ys, xs) => {
    const [y, x] = pairsOf(name, ys, xs);
    return mean(y) + slope(name, y, x) * (at - mean(x));
  });
}

/** SUMX2MY2 and its likes. */
function sumOfPairs(name: string, term: (x: number, y: number) => number): FunctionSpec {
  return paired(name, (x, y) => sum(x.map((one, index) => term(one, y[index]!))));
}

interface Fit {
  /** In the order of the variables; the constant is apart. */
  readonly slopes: Numbers;
  readonly constant: number;
  readonly errors: Numbers;
  readonly constantError: number;
  readonly residual: number;
  readonly explained: number;
  readonly freedom: number;
}

/** Least squares by normal equations of the centred variables (uncentred without a constant). */
function fitLine(name: string, y: Numbers, xs: NumberRows, constant: boolean): Fit {
  const centres = xs.map((x) => (constant ? mean(x) : 0));
  const centre = constant ? mean(y) : 0;
  const moved = xs.map((x, index) => x.map((one) => one - centres[index]!));
  const target = y.map((one) => one - centre);
  const inverse = eliminate(moved.map((a) => moved.map((b) => a.reduce((t, one, i) => t + one * b[i]!, 0))))?.inverse;
  if (!inverse) throw fail('NUM', `${name} finds no single best fit: its variables depend on each other.`);
  const right = moved.map((a) => [a.reduce((t, one, i) => t + one * target[i]!, 0)]);
  const slopes = multiply(inverse, right).map((row) => row[0]!);
  const fitted = target.map((_, i) => slopes.reduce((t, one, index) => t + one * moved[index]![i]!, 0));
  const residual = target.reduce((t, one, i) => t + (one - fitted[i]!) ** 2, 0);
  const freedom = y.length - xs.length - (constant ? 1 : 0);
  const noise = residual / freedom;
  const lever = multiply(
    multiply([centres], inverse),
    centres.map((one) => [one]),
  )[0]![0]!;
  return {
    slopes,
    constant: centre - slopes.reduce((t, one, index) => t + one * centres[index]!, 0),
    errors: inverse.map((row, index) => Math.sqrt(noise * row[index]!)),
    constantError: Math.sqrt(noise * (1 / y.length + lever)),
    residual,
    explained: fitted.reduce((t, one) => t + one ** 2, 0),
    freedom,
  };
}

const MISSING: CellError = { type: 'N_A', message: '' };
/** The coefficients from the last variable to the first, then the constant; with `stats` the five rows of LINEST. */
function table(of: Fit, constant: boolean, stats: boolean, growth: boolean): Matrix {
  const bend = growth ? Math.exp : (one: number) => one;
  const first = [...of.slopes.map(bend).reverse(), constant ? bend(of.constant) : growth ? 1 : 0].map(finite);
  if (!stats) return matrix([first]);
  const count = of.slopes.length;
  const total = of.residual + of.explained;
  const rows: readonly (readonly Value[])[] = [
    first,
    [...of.errors.map(finite).reverse(), constant ? finite(of.constantError) : MISSING],
    [finite(of.explained / total), finite(Math.sqrt(of.residual / of.freedom))],
    [finite(of.explained / count / (of.residual / of.freedom)), of.freedom],
    [finite(of.explained), finite(of.residual)],
  ];
  return build(5, first.length, (row, at) => (at < rows[row]!.length ? (rows[row]![at] ?? null) : MISSING));
}

interface Known {
  readonly y: Numbers;
  /** One list of values per variable. */
  readonly xs: NumberRows;
}

/** Each column of x is a variable when y is a column, each row when y is a row; one variable may lie either way. */
function variables(of: NumberRows, count: number, across: boolean): NumberRows {
  const all = of.flat();
  if (all.length === count) return [all];
  return across ? of : of[0]!.map((_, index) => of.map((row) => row[index]!));
}

function known(name: string, scope: Scope, ys: Matrix, given: Operand | undefined, growth: boolean): Known {
  const rows = numberRows(name, 1, ys);
  const y = rows.flat();
  if (growth && y.some((one) => one <= 0)) throw fail('NUM', `${name} requires known y values greater than 0.`);
  const none = given === undefined || given === null;
  const x = none ? [y.map((_, index) => index + 1)] : numberRows(name, 2, cellsOf(scope, given));
  const xs = variables(x, y.length, rows.length === 1 && y.length > 1);
  if (xs.some((one) => one.length !== y.length)) {
    throw mismatched(name, sizeOf(ys), { rows: x.length, columns: x[0]?.length ?? 0 }, 'REF');
  }
  return { y: growth ? y.map(Math.log) : y, xs };
}

function coefficients(name: string, growth: boolean): FunctionSpec {
  return define(
    name,
    [wholeMatrix, optional(operand), optional(boolean, true), optional(boolean, false)],
    (scope, ys, xs, constant, stats) => {
      const of = known(name, scope, ys, xs, growth);
      return table(fitLine(name, of.y, of.xs, constant), constant, stats, growth);
    },
    { arrays: true },
  );
}

function projection(name: string, growth: boolean): FunctionSpec {
  return define(
    name,
    [wholeMatrix, optional(operand), optional(operand), optional(boolean, true)],
    (scope, ys, xs, fresh, constant) => {
      const of = known(name, scope, ys, xs, growth);
      const { slopes, constant: base } = fitLine(name, of.y, of.xs, constant);
      const project = (at: Numbers) => {
        const found = slopes.reduce((total, one, index) => total + one * at[index]!, base);
        return growth ? Math.exp(found) : found;
      };
      const source = fresh ?? xs ?? null;
      const one = slopes.length === 1;
      if (source === null) return shaped(ys, (index) => project([index + 1]));
      const cells = cellsOf(scope, source);
      const values = numberRows(name, fresh === undefined ? 2 : 3, cells);
      if (one) return shaped(cells, (index) => project([values.flat()[index]!]));
      const across = ys.rows.length === 1;
      const lines = across ? numberRows(name, 3, matrix(transpose(cells.rows))) : values;
      const found = lines.map(project);
      return across ? matrix([found.map(finite)]) : column(found.map(finite));
    },
    { arrays: true },
  );
}

function shaped(like: Matrix, at: (index: number) => number): Matrix {
  const { rows, columns } = sizeOf(like);
  return build(rows, columns, (row, one) => finite(at(row * columns + one)));
}

export const REGRESSION_FUNCTIONS: readonly FunctionSpec[] = [
  paired('CORREL', (y, x) => correlation('CORREL', y, x)),
  paired('PEARSON', (y, x) => correlation('PEARSON', y, x)),
  paired('RSQ', (y, x) => correlation('RSQ', y, x) ** 2),
  covariance('COVAR', 0),
  covariance('COVARIANCE.P', 0),
  covariance('COVARIANCE.S', 1),
  paired('SLOPE', (y, x) => slope('SLOPE', y, x)),
  paired('INTERCEPT', (y, x) => mean(y) - slope('INTERCEPT', y, x) * mean(x)),
  paired('STEYX', (y, x) => {
    if (y.length < 3) throw divideByZero('STEYX');
    const rest = squares(y) - products(y, x) * slope('STEYX', y, x);
    return Math.sqrt(Math.max(rest, 0) / (y.length - 2));
  }),
  forecast('FORECAST'),
  forecast('FORECAST.LINEAR'),
  coefficients('LINEST', false),
  coefficients('LOGEST', true),
  projection('TREND', false),
  projection('GROWTH', true),
  sumOfPairs('SUMX2MY2', (x, y) => x * x - y * y),
  sumOfPairs('SUMX2PY2', (x, y) => x * x + y * y),
  sumOfPairs('SUMXMY2', (x, y) => (x - y) ** 2),
];
