// The functions behind the operators: ADD, EQ and their likes, which a formula may also call by name.

import { define, type FunctionSpec, number, value } from './define.ts';
import { finite, power } from './functions/math.ts';
import { compareValues } from './functions/order.ts';
import { zeroParameter } from './functions/refusals.ts';
import type { Scalar } from './value.ts';

/** Blank stands for the empty value of what it is compared with. */
function aligned(a: Scalar | null, b: Scalar | null): number {
  if (a === null && b === null) return 0;
  const like = (other: Scalar): Scalar => (typeof other === 'number' ? 0 : typeof other === 'string' ? '' : false);
  return compareValues(a ?? like(b ?? 0), b ?? like(a ?? 0));
}

function comparison(name: string, holds: (order: number) => boolean): FunctionSpec {
  return define(name, [value, value], (_, a, b) => holds(aligned(a, b)));
}

export const OPERATOR_FUNCTIONS: readonly FunctionSpec[] = [
  define('ADD', [number, number], (_, a, b) => finite(a + b), { shows: 'FIRST_ARGUMENT' }),
  define('MINUS', [number, number], (_, a, b) => finite(a - b), { shows: 'FIRST_ARGUMENT' }),
  define('MULTIPLY', [number, number], (_, a, b) => finite(a * b)),
  define('DIVIDE', [number, number], (_, a, b) => {
    if (b === 0) throw zeroParameter('DIVIDE', 2);
    return finite(a / b);
  }),
  define('POW', [number, number], (_, a, b) => power(a, b)),
  define('UMINUS', [number], (_, a) => (a === 0 ? 0 : -a), { shows: 'FIRST_ARGUMENT' }),
  define('UPLUS', [value], (_, a) => a, { shows: 'FIRST_ARGUMENT' }),
  define('UNARY_PERCENT', [number], (_, a) => a / 100, { shows: 'PERCENT' }),
  comparison('EQ', (order) => order === 0),
  comparison('NE', (order) => order !== 0),
  comparison('LT', (order) => order < 0),
  comparison('GT', (order) => order > 0),
  comparison('LTE', (order) => order <= 0),
  comparison('GTE', (order) => order >= 0),
];
