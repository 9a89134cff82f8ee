// Evaluates a formula's tree in a place. What a cell holds comes from the scope; an error is a value here and never
// thrown beyond a call. Knows no dependency graph: what the scope throws because a cell is not ready passes through.

import type { Grid } from '../../sheets/a1.ts';
import type { Param, Scope, Shows } from './define.ts';
import { NOT_THERE, scalarOf } from './functions/lifting.ts';
import { cellsOf, type Rows } from './functions/matrices.ts';
import { argumentFor } from './parameters.ts';
import type { Node } from './parse.ts';
import { functionOf, NOT_COMPUTED, PICTURES, SPECIAL } from './registry.ts';
import {
  type CellError,
  FormulaError,
  isError,
  isLambda,
  isMatrix,
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

const error = (type: CellError['type'], message: string): CellError => ({ type, message });

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
    left = guarded(() => run(one.name, args, context));
  }
  return left;
}

function guarded(work: () => Operand): Operand {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof FormulaError) return thrown.value;
    throw thrown;
  }
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

function counted(name: string, least: number, most: number, given: number): void {
  if (given >= least && given <= most) return;
  const open = most === Number.POSITIVE_INFINITY;
  const wanted = least === most ? `${least}` : open ? `at least ${least}` : `between ${least} and ${most}`;
  throw new FormulaError(countError(name, wanted, given));
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

function countError(name: string, wanted: string, given: number): CellError {
  return error(
    'N_A',
    `Wrong number of arguments to ${name}. Expected ${wanted} arguments, but got ${given} arguments.`,
  );
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
  const wrong = names.findIndex((name) => name === undefined);
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

/** One value: of a range the cell in the formula's own row or column. */
function single(of: Operand, { scope }: Context): Value {
  if (isLambda(of)) return error('VALUE', 'A lambda is not a value.');
  return isReference(of) || isMatrix(of) ? scalarOf(scope, of) : of;
}

/** The parameter that takes the argument of this number; rest parameters repeat in turn. */
function paramAt(params: readonly Param<unknown>[], index: number): Param<unknown> | undefined {
  const first = params.findIndex(({ rest }) => rest);
  if (first < 0 || index < first) return params[index];
  return params[first + ((index - first) % (params.length - first))];
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
  return run(name, operands, inner);
}

type Given = Operand | (() => Operand);

/** Lifts a call over the arrays among the arguments of its scalar parameters, or makes it once. */
function run(name: string, operands: readonly Given[], context: Context): Operand {
  const spec = functionOf(name);
  if (!spec) return error('NAME', `Unknown function: '${name}'.`);
  const { scope } = context;
  const lifts = new Map<number, Rows>();
  const settled = operands.map((operand, index): Given => {
    if (typeof operand === 'function' || !paramAt(spec.params, index)?.lift) return operand;
    if (isMatrix(operand) || isReference(operand)) {
      const rows = manyOf(operand, context);
      if (rows) lifts.set(index, rows);
      else return isReference(operand) ? scalarOf(scope, operand) : (operand.rows[0]?.[0] ?? null);
    }
    return operand;
  });
  if (lifts.size === 0) return once(name, settled, context);
  const all = [...lifts.values()];
  const height = Math.max(...all.map((rows) => rows.length));
  const width = Math.max(...all.map((rows) => rows[0]?.length ?? 0));
  const out: Value[][] = [];
  for (let r = 0; r < height; r++) {
    const line: Value[] = [];
    for (let c = 0; c < width; c++) {
      const cells = settled.map((operand, index): Given => {
        const rows = lifts.get(index);
        if (!rows) return operand;
        const row = rows[rows.length === 1 ? 0 : r];
        const value = row?.[row.length === 1 ? 0 : c];
        return value === undefined ? NOT_THERE : value;
      });
      line.push(
        single(
          guarded(() => once(name, cells, context)),
          context,
        ),
      );
    }
    out.push(line);
  }
  return matrix(out);
}

/**
 * The cells of an argument that a scalar parameter is mapped over. A range outside array context stands for its cell
 * in the formula's row or column; only where there is none it is an array, too.
 */
function manyOf(operand: Operand, { scope }: Context): Rows | undefined {
  if (isReference(operand)) {
    const { startRow, endRow, startColumn, endColumn } = operand.rect;
    if (endRow - startRow === 1 && endColumn - startColumn === 1) return undefined;
    if (!scope.arrays) {
      const inRow = scope.row >= startRow && scope.row < endRow;
      const inColumn = scope.column >= startColumn && scope.column < endColumn;
      const meets = endColumn - startColumn === 1 ? inRow : endRow - startRow === 1 ? inColumn : inRow && inColumn;
      if (meets) return undefined;
    }
    return scope.read(operand).rows;
  }
  if (!isMatrix(operand)) return undefined;
  return operand.rows.length > 1 || (operand.rows[0]?.length ?? 0) > 1 ? operand.rows : undefined;
}

function once(name: string, operands: readonly Given[], { scope }: Context): Operand {
  const spec = functionOf(name);
  if (!spec) return error('NAME', `Unknown function: '${name}'.`);
  const { params } = spec;
  const first = params.findIndex(({ rest }) => rest);
  const fixed = first < 0 ? params.length : first;
  const read = (param: Param<unknown>, index: number): unknown => {
    const given = operands[index];
    if (given === undefined) return param.fallback;
    if (typeof given === 'function') return given;
    return argumentFor(param, name, index + 1, scope, given);
  };
  const args: unknown[] = params.slice(0, fixed).map((param, index) => read(param, index));
  const lists: unknown[][] = params.slice(fixed).map(() => []);
  for (let index = fixed; index < operands.length && lists.length > 0; index++) {
    const turn = (index - fixed) % lists.length;
    const param = params[fixed + turn];
    if (param) lists[turn]?.push(read(param, index));
  }
  return spec.run(scope, ...([...args, ...lists] as never[]));
}
