// BIN2DEC and its likes: ten digits in two's complement; DELTA and GESTEP. Bases beyond that are not here.

import { define, type FunctionSpec, integer, number, optional, text } from '../define.ts';
import { fail } from '../value.ts';
import { outOfRange } from './refusals.ts';

const BASES = {
  BIN: { base: 2, digits: /^[01]*$/, word: 'binary' },
  OCT: { base: 8, digits: /^[0-7]*$/, word: 'octal' },
  HEX: { base: 16, digits: /^[0-9a-f]*$/i, word: 'hexadecimal' },
} as const;

type Base = keyof typeof BASES;

const LENGTH = 10;

function read(name: string, from: Base, given: string): number {
  const { base, digits, word } = BASES[from];
  const written = given.trim();
  if (written.length > LENGTH) {
    const message = `Function ${name} parameter 1 is too long. It is ${written.length} characters;`;
    throw fail('NUM', `${message} the maximum length is ${LENGTH} characters.`);
  }
  if (!digits.test(written)) throw fail('NUM', `Input for ${name} ('${given}') is not a valid ${word} representation.`);
  const value = written === '' ? 0 : Number.parseInt(written, base);
  return value >= base ** LENGTH / 2 ? value - base ** LENGTH : value;
}

function write(name: string, to: Base, value: number, places: number | undefined): string {
  const { base } = BASES[to];
  const half = base ** LENGTH / 2;
  if (value < -half || value >= half) throw outOfRange(name, 1, value);
  if (places !== undefined && (places < 1 || places > LENGTH)) throw outOfRange(name, 2, places);
  if (value < 0) return (value + 2 * half).toString(base).toUpperCase();
  const written = value.toString(base).toUpperCase();
  if (places !== undefined && written.length > places) throw outOfRange(name, 2, places);
  return written.padStart(places ?? 0, '0');
}

function toDecimal(from: Base): FunctionSpec {
  const name = `${from}2DEC`;
  return define(name, [text], (_, given) => read(name, from, given));
}

function fromDecimal(to: Base): FunctionSpec {
  const name = `DEC2${to}`;
  return define(name, [integer, optional(integer)], (_, value, places) => write(name, to, value, places));
}

function between(from: Base, to: Base): FunctionSpec {
  const name = `${from}2${to}`;
  return define(name, [text, optional(integer)], (_, given, places) =>
    write(name, to, read(name, from, given), places),
  );
}

export const BASE_FUNCTIONS: readonly FunctionSpec[] = [
  toDecimal('BIN'),
  toDecimal('OCT'),
  toDecimal('HEX'),
  fromDecimal('BIN'),
  fromDecimal('OCT'),
  fromDecimal('HEX'),
  between('BIN', 'OCT'),
  between('BIN', 'HEX'),
  between('OCT', 'BIN'),
  between('OCT', 'HEX'),
  between('HEX', 'BIN'),
  between('HEX', 'OCT'),
  define('DELTA', [number, optional(number, 0)], (_, a, b) => Number(a === b)),
  define('GESTEP', [number, optional(number, 0)], (_, value, step) => Number(value >= step)),
];
