// Complex numbers written as texts: COMPLEX, IMABS to IMTANH. Parts are printed with 15 digits.

import { define, type FunctionSpec, number, operand, optional, rest, type Scope, text, value } from '../define.ts';
import { fail, isError, type Operand, type Value } from '../value.ts';
import { cellsOf, flat } from './matrices.ts';
import { textOf } from './order.ts';
import { above, zeroParameter } from './refusals.ts';

interface Complex {
  readonly re: number;
  readonly im: number;
  /** The letter it was written with, where it had one. */
  readonly unit?: string;
}

const PART = String.raw`(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`;
const WRITTEN = new RegExp(`^([+-]?${PART})?(?:([+-]?(?:${PART})?)([ij]))?$`, 'i');

function parse(name: string, parameter: number, given: Value): Complex {
  if (isError(given)) throw fail(given.type, given.message);
  if (typeof given === 'number') return { re: given, im: 0 };
  const written = textOf(given);
  const match = WRITTEN.exec(written);
  const [, re, im, unit] = match ?? [];
  const glued = re !== undefined && im !== undefined && im !== '' && !/^[+-]/.test(im);
  if (typeof given === 'boolean' || !match || glued || (re === undefined && unit === undefined && given !== null)) {
    throw fail('NUM', `Function ${name} parameter ${parameter} value '${written}' is not a valid complex number.`);
  }
  if (unit === undefined) return { re: Number(re ?? 0), im: 0 };
  // `3i` is matched as a real part and a bare unit.
  if (re !== undefined && im === '') return { re: 0, im: Number(re), unit };
  return { re: Number(re ?? 0), im: im === '' || im === '+' ? 1 : im === '-' ? -1 : Number(im), unit };
}

function digits(part: number): string {
  return String(Number(part.toPrecision(15)))
    .replace('e+', 'E+')
    .replace('e-', 'E-');
}

function print({ re, im }: Complex, unit: string): string {
  const imaginary = digits(im);
  if (imaginary === '0') return digits(re);
  const shown = imaginary === '1' ? unit : imaginary === '-1' ? `-${unit}` : imaginary + unit;
  const real = digits(re);
  if (real === '0') return shown;
  return shown.startsWith('-') ? real + shown : `${real}+${shown}`;
}

function settle(name: string, of: Complex, ...from: readonly Complex[]): string {
  if (!Number.isFinite(of.re) || !Number.isFinite(of.im)) {
    throw fail('NUM', `Function ${name} has no finite result for these parameters.`);
  }
  return print(of, from.find(({ unit }) => unit !== undefined)?.unit ?? 'i');
}

const ONE: Complex = { re: 1, im: 0 };

const plus = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
const minus = (a: Complex, b: Complex): Complex => ({ re: a.re - b.re, im: a.im - b.im });
const times = (a: Complex, b: Complex): Complex => ({ re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re });

function over(a: Complex, b: Complex): Complex {
  const size = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / size, im: (a.im * b.re - a.re * b.im) / size };
}

const absolute = (z: Complex) => Math.hypot(z.re, z.im);
const angle = (z: Complex) => Math.atan2(z.im, z.re);
const polar = (size: number, turn: number): Complex => ({ re: size * Math.cos(turn), im: size * Math.sin(turn) });
const logarithm = (z: Complex): Complex => ({ re: Math.log(absolute(z)), im: angle(z) });
const scaled = (z: Complex, by: number): Complex => ({ re: z.re / by, im: z.im / by });
const sine = (z: Complex): Complex => ({
  re: Math.sin(z.re) * Math.cosh(z.im),
  im: Math.cos(z.re) * Math.sinh(z.im),
});
const cosine = (z: Complex): Complex => ({
  re: Math.cos(z.re) * Math.cosh(z.im),
  im: -Math.sin(z.re) * Math.sinh(z.im),
});
const hyperbolicSine = (z: Complex): Complex => ({
  re: Math.sinh(z.re) * Math.cos(z.im),
  im: Math.cosh(z.re) * Math.sin(z.im),
});
const hyperbolicCosine = (z: Complex): Complex => ({
  re: Math.cosh(z.re) * Math.cos(z.im),
  im: Math.sinh(z.re) * Math.sin(z.im),
});

/** A complex number of another. */
function map(name: string, compute: (z: Complex) => Complex): FunctionSpec {
  return define(name, [value], (_, given) => {
    const z = parse(name, 1, given);
    return settle(name, compute(z), z);
  });
}

/** A number of a complex one. */
function measure(name: string, compute: (z: Complex) => number): FunctionSpec {
  return define(name, [value], (_, given) => compute(parse(name, 1, given)));
}

function pair(name: string, compute: (a: Complex, b: Complex) => Complex): FunctionSpec {
  return define(name, [value, value], (_, first, second) => {
    const a = parse(name, 1, first);
    const b = parse(name, 2, second);
    return settle(name, compute(a, b), a, b);
  });
}

/** Everything given, joined from left to right. */
function many(name: string, join: (a: Complex, b: Complex) => Complex): FunctionSpec {
  return define(name, [operand, rest(operand)], (scope: Scope, first: Operand, more) => {
    const all = [first, ...more].flatMap((one, index) =>
      flat(cellsOf(scope, one)).map((given) => parse(name, index + 1, given)),
    );
    return settle(name, all.reduce(join), ...all);
  });
}

function power(name: string, z: Complex, exponent: number): Complex {
  if (absolute(z) > 0) return polar(absolute(z) ** exponent, angle(z) * exponent);
  if (exponent <= 0) throw fail('NUM', `Function ${name} has no finite result for these parameters.`);
  return { re: 0, im: 0 };
}

export const COMPLEX_FUNCTIONS: readonly FunctionSpec[] = [
  define('COMPLEX', [number, number, optional(text, 'i')], (_, re, im, unit) => {
    if (unit !== 'i' && unit !== 'j') {
      throw fail('VALUE', `Function COMPLEX parameter 3 value is '${unit}'. Valid values are 'i' and 'j'.`);
    }
    return print({ re, im }, unit);
  }),
  measure('IMABS', absolute),
  measure('IMREAL', ({ re }) => re),
  measure('IMAGINARY', ({ im }) => im),
  measure('IMARGUMENT', (z) => {
    if (absolute(z) === 0) throw zeroParameter('IMARGUMENT', 1);
    return angle(z);
  }),
  map('IMCONJUGATE', ({ re, im }) => ({ re, im: -im })),
  many('IMSUM', plus),
  many('IMPRODUCT', times),
  pair('IMSUB', minus),
  pair('IMDIV', (a, b) => {
    if (absolute(b) === 0) throw zeroParameter('IMDIV', 2);
    return over(a, b);
  }),
  map('IMEXP', (z) => polar(Math.exp(z.re), z.im)),
  map('IMLN', logarithm),
  map('IMLOG2', (z) => scaled(logarithm(z), Math.LN2)),
  map('IMLOG10', (z) => scaled(logarithm(z), Math.LN10)),
  define('IMLOG', [value, optional(number)], (_, given, base) => {
    const z = parse('IMLOG', 1, given);
    if (base !== undefined) above('IMLOG', 2, base, 0);
    return settle('IMLOG', base === undefined ? logarithm(z) : scaled(logarithm(z), Math.log(base)), z);
  }),
  define('IMPOWER', [value, number], (_, given, exponent) => {
    const z = parse('IMPOWER', 1, given);
    return settle('IMPOWER', power('IMPOWER', z, exponent), z);
  }),
  map('IMSQRT', (z) => (absolute(z) === 0 ? z : power('IMSQRT', z, 0.5))),
  map('IMSIN', sine),
  map('IMCOS', cosine),
  map('IMTAN', (z) => over(sine(z), cosine(z))),
  map('IMCOT', (z) => over(cosine(z), sine(z))),
  map('IMSEC', (z) => over(ONE, cosine(z))),
  map('IMCSC', (z) => over(ONE, sine(z))),
  map('IMSINH', hyperbolicSine),
  map('IMCOSH', hyperbolicCosine),
  map('IMTANH', (z) => over(hyperbolicSine(z), hyperbolicCosine(z))),
  map('IMCOTH', (z) => over(hyperbolicCosine(z), hyperbolicSine(z))),
  map('IMSECH', (z) => over(ONE, hyperbolicCosine(z))),
  map('IMCSCH', (z) => over(ONE, hyperbolicSine(z))),
];
