// Evaluates a formula's tree in a place. What a cell holds comes from the scope; an error is a value here and never
// thrown beyond a call. Knows no dependency graph: what the scope throws because a cell is not ready passes through.

import type { Grid } from '../../sheets/a1.ts';
import { countError, counted, error, guarded, paramAt, run, single } from './call.ts';
import type { Scope, Shows } from './define.ts';
import { cellsOf } from './functions/matrices.ts';
import type { Node } from './parse.ts';
import { functionOf, NOT_COMPUTED, PICTURES, SPECIAL } from './registry.ts';
import {
  FormulaError,
  isError,
  isLambda,
  isReference,
  matrix,
  type Operand,
  type Reference,
  type Value,
} from './value.ts';

/** What names and references stand for. */
export interface Names {
  /** Undefined when there is no such sheet. */
  readonly place: (sheet: string | undefined, grid: Grid) => Reference | undefined;
  readonly named: (name: string) => Reference | undefined;
  readonly table: (table: string, area: string) => Reference | undefined;
}

export interface Context {
  readonly scope: Scope;
  readonly names: Names;
  /** Names that LET and LAMBDA have given, in capitals. */
  readonly variables: ReadonlyMap<string, Operand>;
  /** How a part of the formula would be shown, where its number alone does not tell. */
  readonly shownAs: (node: Node) => Shows | undefined;
  readonly formatAs: (value: Value, shows: Shows) => string;
  /** Calls of lambdas within one another. */
  readonly depth: number;
}

/** Lambdas that call one another deeper than this are refused before the stack is. */
const MAX_CALLS = 150;

/** Evaluates; errors that functions throw are the result. */
export function evaluateNode(node: Node, context: Context): Operand {
  try {
    return evaluated(node, context);
  } catch (thrown) {
    if (thrown instanceof FormulaError) return thrown.value;
    throw thrown;
  }
}

function evaluated(node: Node, context: Context): Operand {
  const { names, variables } = context;
  switch (node.kind) {
    case 'constant':
      return node.value;
    case 'reference':
      return names.place(node.sheet, node.grid) ?? error('REF', `Unresolved sheet name '${node.sheet}'.`);
    case 'name': {
      const variable = variables.get(node.name.toUpperCase());
      if (variable !== undefined) return variable;
      return names.named(node.name) ?? error('NAME', `Unknown range name: '${node.name.toUpperCase()}'.`);
    }
    case 'table':
      return names.table(node.table, node.area) ?? error('REF', `Unresolved table reference '${node.table}'.`);
    case 'span':
      return span(evaluateNode(node.from, context), evaluateNode(node.to, context));
    case 'array':
      return array(node.rows, context);
    case 'apply': {
      const callee = evaluateNode(node.callee, context);
      if (isError(callee)) return callee;
      if (!isLambda(callee)) return error('ERROR', 'Formula parse error.');
      return callee.call(node.args.map((each) => evaluateNode(each, context)));
    }
    default:
      return node.operator ? operation(node, context) : call(node.name, node.args, context);
  }
}

/** A long sum leans to the left: its spine is walked, not descended. */
function operation(node: Node & { readonly kind: 'call' }, context: Context): Operand {
  const spine: (Node & { readonly kind: 'call' })[] = [];
  let at: Node = node;
  while (at.kind === 'call' && at.operator) {
    spine.push(at);
    const [first] = at.args;
    if (!first) break;
    at = first;
  }
  let left = evaluateNode(at, context);
  for (let index = spine.length - 1; index >= 0; index--) {
    const one = spine[index];
    if (!one) continue;
    const [, second] = one.args;
    const args = second ? [left, evaluateNode(second, context)] : [left];
    const spec = functionOf(one.name);
    left = spec ? guarded(() => run(spec, args, context)) : error('NAME', `Unknown function: '${one.name}'.`);
  }
  return left;
}

function span(from: Operand, to: Operand): Operand {
  if (isError(from)) return from;
  if (isError(to)) return to;
  if (!isReference(from) || !isReference(to)) return error('VALUE', 'Argument must be a range.');
  const [a, b] = [from.rect, to.rect];
  return {
    ...from,
    rect: {
      startRow: Math.min(a.startRow, b.startRow),
      endRow: Math.max(a.endRow, b.endRow),
      startColumn: Math.min(a.startColumn, b.startColumn),
      endColumn: Math.max(a.endColumn, b.endColumn),
    },
  };
}

/** Parts side by side and rows of them below each other. */
function array(rows: readonly (readonly Node[])[], context: Context): Operand {
  const inner = { ...context, scope: { ...context.scope, arrays: true } };
  const out: (readonly Value[])[] = [];
  for (const row of rows) {
    const parts = row.map((each) => cellsOf(context.scope, evaluateNode(each, inner)).rows);
    const height = parts[0]?.length ?? 0;
    if (parts.some((part) => part.length !== height)) {
      return error('VALUE', 'Function ARRAY_ROW parameter 2 has mismatched row size.');
    }
    for (let r = 0; r < height; r++) out.push(parts.flatMap((part) => part[r] ?? []));
  }
  const width = out[0]?.length ?? 0;
  if (width === 0) return null;
  if (out.some((row) => row.length !== width)) {
    return error('VALUE', 'In ARRAY_LITERAL, an Array Literal was missing values for one or more rows.');
  }
  return matrix(out);
}

function call(name: string, args: readonly Node[], context: Context): Operand {
  const variable = context.variables.get(name);
  if (variable !== undefined && isLambda(variable)) {
    return variable.call(args.map((each) => evaluateNode(each, context)));
  }
  if (SPECIAL.has(name)) return special(name, args, context);
  if (NOT_COMPUTED.has(name)) return error('ERROR', `The embedded backend does not compute ${name}.`);
  if (PICTURES.has(name)) return null;
  return guarded(() => applyNodes(name, args, context));
}

function special(name: string, args: readonly Node[], context: Context): Operand {
  switch (name) {
    case 'ARRAYFORMULA': {
      const [of] = args;
      if (args.length !== 1 || !of) return countError(name, '1', args.length);
      const inner = { ...context, scope: { ...context.scope, arrays: true } };
      const result = evaluateNode(of, inner);
      return isReference(result) ? context.scope.read(result) : result;
    }
    case 'HYPERLINK': {
      const [url, label] = args;
      if (!url || args.length > 2) return countError(name, 'between 1 and 2', args.length);
      const link = single(evaluateNode(url, context), context);
      return isError(link) || !label ? link : evaluateNode(label, context);
    }
    case 'ISDATE':
    case 'TO_TEXT': {
      const [of] = args;
      const shows = of && args.length === 1 ? context.shownAs(of) : undefined;
      const value = of && shows ? single(evaluateNode(of, context), context) : null;
      if (shows === undefined || typeof value !== 'number') return guarded(() => applyNodes(name, args, context));
      return name === 'ISDATE' ? /DATE|TIME/.test(shows) : context.formatAs(value, shows);
    }
    case 'LET':
      return letIn(args, context);
    default:
      return lambdaOf(args, context);
  }
}

const NAME = /^(?![A-Za-z]{1,3}\d+$)[\p{L}_][\p{L}\p{N}_]*$/u;

function nameIn(node: Node | undefined): string | undefined {
  return node?.kind === 'name' && NAME.test(node.name) ? node.name.toUpperCase() : undefined;
}

function letIn(args: readonly Node[], context: Context): Operand {
  if (args.length < 3 || args.length % 2 === 0) {
    return error('N_A', 'Wrong number of arguments to LET. Expected an odd number of arguments, at least 3.');
  }
  const variables = new Map(context.variables);
  for (let index = 0; index + 1 < args.length; index += 2) {
    const name = nameIn(args[index]);
    const value = args[index + 1];
    if (name === undefined || !value)
      return error('NAME', `Argument ${index + 1} of function LET is not a valid name.`);
    variables.set(name, evaluateNode(value, { ...context, variables: new Map(variables) }));
  }
  const last = args.at(-1);
  return last ? evaluateNode(last, { ...context, variables }) : null;
}

function lambdaOf(args: readonly Node[], context: Context): Operand {
  const body = args.at(-1);
  const names = args.slice(0, -1).map(nameIn);
  if (!body) return countError('LAMBDA', 'at least 1', 0);
  const wrong = names.indexOf(undefined);
  if (wrong >= 0) return error('NAME', `Argument ${wrong + 1} of function LAMBDA is not a valid name.`);
  const parameters = names.flatMap((name) => name ?? []);
  return {
    kind: 'lambda',
    parameters,
    call: (given) => {
      if (given.length !== parameters.length) return countError('LAMBDA', String(parameters.length), given.length);
      if (context.depth >= MAX_CALLS)
        return error('ERROR', 'Calculation limit was reached while trying to evaluate this formula.');
      const variables = new Map(context.variables);
      for (const [index, name] of parameters.entries()) variables.set(name, given[index] ?? null);
      return evaluateNode(body, { ...context, variables, depth: context.depth + 1 });
    },
  };
}

function applyNodes(name: string, args: readonly Node[], context: Context): Operand {
  const spec = functionOf(name);
  if (!spec) return error('NAME', `Unknown function: '${name}'.`);
  counted(name, spec.min, spec.max, args.length);
  const inner =
    spec.arrays && !context.scope.arrays ? { ...context, scope: { ...context.scope, arrays: true } } : context;
  const operands = args.map((each, index) =>
    paramAt(spec.params, index)?.kind === 'thunk' ? () => evaluateNode(each, inner) : evaluateNode(each, inner),
  );
  return run(spec, operands, inner);
}
