// Formulas as trees: the grammar of Google Sheets. Sign binds tighter than `^`, which is left associative; operators
// are calls of the functions that do their work. Evaluates nothing.

import { LRUCache } from 'lru-cache';
import type { Grid } from '../../sheets/a1.ts';
import { hasDecimalComma, type Token, tokenize } from './tokens.ts';
import type { CellError, ErrorType, Scalar } from './value.ts';

export type Node =
  | { readonly kind: 'constant'; readonly value: Scalar | CellError | null }
  | { readonly kind: 'reference'; readonly sheet: string | undefined; readonly grid: Grid }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'table'; readonly table: string; readonly area: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[]; readonly operator: boolean }
  /** A lambda, or what gives one, called. */
  | { readonly kind: 'apply'; readonly callee: Node; readonly args: readonly Node[] }
  | { readonly kind: 'span'; readonly from: Node; readonly to: Node }
  | { readonly kind: 'array'; readonly rows: readonly (readonly Node[])[] };

/** Levels of brackets and calls; twice as many still leave room on Node's default stack (tried). */
const MAX_DEPTH = 250;
const CACHED_FORMULAS = 20_000;

const OPERATORS: Readonly<Record<string, readonly [rank: number, name: string]>> = {
  '=': [1, 'EQ'],
  '<>': [1, 'NE'],
  '<': [1, 'LT'],
  '>': [1, 'GT'],
  '<=': [1, 'LTE'],
  '>=': [1, 'GTE'],
  '&': [2, 'CONCAT'],
  '+': [3, 'ADD'],
  '-': [3, 'MINUS'],
  '*': [4, 'MULTIPLY'],
  '/': [4, 'DIVIDE'],
  '^': [5, 'POW'],
};

const ERROR_TYPES: Readonly<Record<string, ErrorType>> = {
  '#N/A': 'N_A',
  '#REF!': 'REF',
  '#DIV/0!': 'DIVIDE_BY_ZERO',
  '#VALUE!': 'VALUE',
  '#NAME?': 'NAME',
  '#NUM!': 'NUM',
  '#NULL!': 'NULL_VALUE',
  '#ERROR!': 'ERROR',
};

class ParseError extends Error {}

const BLANK: Node = { kind: 'constant', value: null };

function parseTokens(tokens: readonly Token[], decimalComma: boolean): Node {
  let at = 0;
  const peek = (value?: string): boolean => {
    const token = tokens[at];
    return token?.kind === 'mark' && (value === undefined || token.value === value);
  };
  const take = (value: string): boolean => {
    if (!peek(value)) return false;
    at++;
    return true;
  };
  const need = (value: string): void => {
    if (!take(value)) throw new ParseError();
  };

  function binary(least: number, depth: number): Node {
    let left = unary(depth);
    for (;;) {
      const token = tokens[at];
      const [rank = 0, name = ''] = (token?.kind === 'mark' ? OPERATORS[token.value] : undefined) ?? [];
      if (rank < least || rank === 0) return left;
      at++;
      const right = binary(rank + 1, depth);
      left = { kind: 'call', name, args: [left, right], operator: true };
    }
  }

  function unary(depth: number): Node {
    const signs: string[] = [];
    while (peek('-') || peek('+')) signs.push(tokens[at++]?.kind === 'mark' ? markAt(at - 1) : '');
    let of = postfix(depth);
    for (const sign of signs.reverse()) {
      of = { kind: 'call', name: sign === '-' ? 'UMINUS' : 'UPLUS', args: [of], operator: true };
    }
    return of;
  }

  const markAt = (index: number): string => {
    const token = tokens[index];
    return token?.kind === 'mark' ? token.value : '';
  };

  function postfix(depth: number): Node {
    let of = primary(depth);
    for (;;) {
      if (take(':')) of = { kind: 'span', from: of, to: primary(depth) };
      else if (take('%')) of = { kind: 'call', name: 'UNARY_PERCENT', args: [of], operator: true };
      else if (peek('(') && (of.kind === 'apply' || (of.kind === 'call' && !of.operator))) {
        at++;
        of = { kind: 'apply', callee: of, args: list(depth + 1) };
      } else return of;
    }
  }

  /** Arguments up to the closing bracket; one left empty is blank. */
  function list(depth: number): Node[] {
    if (depth > MAX_DEPTH) throw new ParseError();
    const args: Node[] = [];
    if (take(')')) return args;
    for (;;) {
      const empty = peek(',') || peek(';') || peek(')');
      args.push(empty ? BLANK : binary(1, depth));
      if (take(')')) return args;
      if (!take(';')) {
        if (decimalComma) throw new ParseError();
        need(',');
      }
    }
  }

  function array(depth: number): Node {
    if (depth > MAX_DEPTH) throw new ParseError();
    const rows: Node[][] = [[]];
    if (take('}')) return { kind: 'array', rows };
    for (;;) {
      const empty = ['\\', ',', ';', '}'].some((mark) => peek(mark));
      rows.at(-1)?.push(empty ? BLANK : binary(1, depth));
      if (take('}')) return { kind: 'array', rows };
      if (take(';')) rows.push([]);
      else if (!take('\\')) {
        if (decimalComma) throw new ParseError();
        need(',');
      }
    }
  }

  function primary(depth: number): Node {
    const token = tokens[at++];
    switch (token?.kind) {
      case 'number':
      case 'text':
        return { kind: 'constant', value: token.value };
      case 'error':
        return { kind: 'constant', value: { type: ERROR_TYPES[token.value] ?? 'ERROR', message: '' } };
      case 'reference':
        return { kind: 'reference', sheet: token.sheet, grid: token.grid };
      case 'table': {
        const bracket = token.value.indexOf('[');
        return { kind: 'table', table: token.value.slice(0, bracket), area: token.value.slice(bracket + 1, -1) };
      }
      case 'name': {
        if (take('(')) return { kind: 'call', name: token.value.toUpperCase(), args: list(depth + 1), operator: false };
        if (/^(true|false)$/i.test(token.value)) return { kind: 'constant', value: /^t/i.test(token.value) };
        return { kind: 'name', name: token.value };
      }
      case 'mark': {
        if (token.value === '{') return array(depth + 1);
        if (token.value !== '(' || depth >= MAX_DEPTH) throw new ParseError();
        const of = binary(1, depth + 1);
        need(')');
        // A lambda in brackets may be called; a sum in brackets may not.
        return of;
      }
      default:
        throw new ParseError();
    }
  }

  const tree = binary(1, 0);
  if (at < tokens.length) throw new ParseError();
  return tree;
}

const parsed = new LRUCache<string, Node | { readonly kind: 'refused' }>({ max: CACHED_FORMULAS });
const REFUSED = { kind: 'refused' } as const;

/** The tree of a formula with its `=`; undefined when it is none ("Formula parse error."). */
export function parseFormula(text: string, locale: string): Node | undefined {
  const key = `${hasDecimalComma(locale) ? ',' : '.'}${text}`;
  let tree = parsed.get(key);
  if (!tree) {
    tree = parse(text, locale);
    parsed.set(key, tree);
  }
  return tree.kind === 'refused' ? undefined : tree;
}

function parse(text: string, locale: string): Node | typeof REFUSED {
  const tokens = tokenize(text, locale);
  if (!tokens) return REFUSED;
  try {
    return parseTokens(tokens, hasDecimalComma(locale));
  } catch (error) {
    if (error instanceof ParseError) return REFUSED;
    throw error;
  }
}
