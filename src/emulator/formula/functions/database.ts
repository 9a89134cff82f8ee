// DSUM and its likes: a table with a header row, a field, and criteria whose rows are alternatives. The tests are
// criteria.ts.

import { define, type FunctionSpec, type Scope, value, wholeMatrix } from '../define.ts';
import { fail, isError, type Matrix, type Scalar, type Value } from '../value.ts';
import { criterion, type Test } from './criteria.ts';
import { greatest, least, mean, type Numbers, sum, variance } from './numbers.ts';
import { textOf } from './order.ts';
import { divideByZero } from './refusals.ts';

const fold = (of: Value) => textOf(of).trim().toLowerCase();

function columnOf(name: string, table: Matrix, field: Scalar | null): number {
  const header = table.rows[0] ?? [];
  const at = typeof field === 'number' ? Math.trunc(field) - 1 : header.findIndex((one) => fold(one) === fold(field));
  if (at >= 0 && at < header.length && field !== null) return at;
  throw fail('VALUE', `Function ${name} parameter 2 value is '${textOf(field)}'. It is no field of the database.`);
}

type RowTest = (row: readonly Value[]) => boolean;

/** All tests of one row of criteria must pass; a column that the table lacks is no test. */
function rowTest(scope: Scope, table: Matrix, names: readonly Value[], row: readonly Value[]): RowTest {
  const header = (table.rows[0] ?? []).map(fold);
  const tests: (readonly [number, Test])[] = [];
  row.forEach((of, index) => {
    const at = header.indexOf(fold(names[index] ?? null));
    if (of !== null && of !== '' && !isError(of) && at >= 0) tests.push([at, criterion(scope, of)]);
  });
  return (cells) => tests.every(([at, test]) => test(cells[at] ?? null));
}

/** The cells of the field in the rows that pass. */
function select(name: string, scope: Scope, table: Matrix, field: Scalar | null, criteria: Matrix): Value[] {
  const column = columnOf(name, table, field);
  const [names = [], ...rows] = criteria.rows;
  const tests = rows.map((row) => rowTest(scope, table, names, row));
  const kept = table.rows.slice(1).filter((row) => tests.some((test) => test(row)));
  return kept.map((row) => row[column] ?? null);
}

function database(name: string, of: (values: readonly Value[]) => Value): FunctionSpec {
  return define(name, [wholeMatrix, value, wholeMatrix], (scope, table, field, criteria) =>
    of(select(name, scope, table, field, criteria)),
  );
}

function numbersOf(values: readonly Value[]): Numbers {
  for (const one of values) if (isError(one)) throw fail(one.type, one.message);
  return values.filter((one) => typeof one === 'number');
}

function numeric(name: string, of: (values: Numbers) => number): FunctionSpec {
  return database(name, (values) => of(numbersOf(values)));
}

function spread(name: string, lost: 0 | 1, root: boolean): FunctionSpec {
  return numeric(name, (of) => {
    if (of.length <= lost) throw divideByZero(name);
    return root ? Math.sqrt(variance(of, lost)) : variance(of, lost);
  });
}

export const DATABASE_FUNCTIONS: readonly FunctionSpec[] = [
  numeric('DSUM', sum),
  database('DCOUNT', (values) => values.filter((one) => typeof one === 'number').length),
  database('DCOUNTA', (values) => values.filter((one) => one !== null).length),
  numeric('DAVERAGE', (of) => {
    if (of.length === 0) throw divideByZero('DAVERAGE');
    return mean(of);
  }),
  numeric('DMAX', (of) => (of.length === 0 ? 0 : greatest(of))),
  numeric('DMIN', (of) => (of.length === 0 ? 0 : least(of))),
  numeric('DPRODUCT', (of) => (of.length === 0 ? 0 : of.reduce((a, b) => a * b, 1))),
  spread('DSTDEV', 1, true),
  spread('DSTDEVP', 0, true),
  spread('DVAR', 1, false),
  spread('DVARP', 0, false),
  database('DGET', (values) => {
    if (values.length > 1) throw fail('NUM', 'More than one match found in DGET evaluation.');
    if (values.length === 0) throw fail('VALUE', 'No match found in DGET evaluation.');
    return values[0] ?? null;
  }),
];
