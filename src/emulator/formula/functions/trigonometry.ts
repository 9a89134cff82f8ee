// Angles, circular and hyperbolic functions and their inverses. Radians throughout.

import { define, type FunctionSpec, number } from '../define.ts';
import { fail } from '../value.ts';
import { finite } from './math.ts';
import { atLeast, divideByZero, within, zeroParameter } from './refusals.ts';

type Curve = (value: number) => number;

function curve(name: string, of: Curve): FunctionSpec {
  return define(name, [number], (_, value) => finite(of(value)));
}

/** A quotient whose divisor is 0 at 0. */
function pole(name: string, of: Curve): FunctionSpec {
  return define(name, [number], (_, value) => {
    if (value === 0) throw zeroParameter(name, 1);
    return finite(of(value));
  });
}

function bounded(name: string, of: Curve): FunctionSpec {
  return define(name, [number], (_, value) => {
    within(name, 1, value, -1, 1);
    return of(value);
  });
}

export const TRIGONOMETRY_FUNCTIONS: readonly FunctionSpec[] = [
  curve('SIN', Math.sin),
  curve('COS', Math.cos),
  curve('TAN', Math.tan),
  curve('SEC', (value) => 1 / Math.cos(value)),
  pole('CSC', (value) => 1 / Math.sin(value)),
  pole('COT', (value) => 1 / Math.tan(value)),
  curve('SINH', Math.sinh),
  curve('COSH', Math.cosh),
  curve('TANH', Math.tanh),
  curve('SECH', (value) => 1 / Math.cosh(value)),
  pole('CSCH', (value) => 1 / Math.sinh(value)),
  pole('COTH', (value) => 1 / Math.tanh(value)),
  bounded('ASIN', Math.asin),
  bounded('ACOS', Math.acos),
  curve('ATAN', Math.atan),
  // On the branch from -pi/2 to pi/2, other than Excel.
  curve('ACOT', (value) => Math.atan(1 / value)),
  define('ATAN2', [number, number], (_, x, y) => {
    if (x === 0 && y === 0) throw divideByZero('ATAN2');
    return Math.atan2(y, x);
  }),
  curve('ASINH', Math.asinh),
  define('ACOSH', [number], (_, value) => {
    atLeast('ACOSH', 1, value, 1);
    return Math.acosh(value);
  }),
  define('ATANH', [number], (_, value) => {
    if (Math.abs(value) < 1) return Math.atanh(value);
    throw fail('NUM', `Function ATANH parameter 1 value is ${value}. Valid values are between -1 and 1 exclusive.`);
  }),
  define('ACOTH', [number], (_, value) => {
    if (Math.abs(value) > 1) return Math.atanh(1 / value);
    const message = `Function ACOTH parameter 1 value is ${value}. Valid values cannot be between -1 and 1 inclusive.`;
    throw fail('NUM', message);
  }),
  curve('DEGREES', (value) => (value * 180) / Math.PI),
  curve('RADIANS', (value) => (value * Math.PI) / 180),
];
