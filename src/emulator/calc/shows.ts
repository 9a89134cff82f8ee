// How a formula's result is shown where its cell has no number format: as its outermost function says, or as the cells
// are shown that it is made of. Evaluates nothing.

import type { Shows } from '../formula/define.ts';
import type { Names } from '../formula/evaluate.ts';
import type { Node } from '../formula/parse.ts';
import { functionOf } from '../formula/registry.ts';
import type { Reference } from '../formula/value.ts';
import type { Sheet } from '../workbook.ts';
import { formulaAt, type Layer } from './formulas.ts';

const DATES = new Set(['DATE', 'TIME', 'DATE_TIME']);

/** How the result of a tree is shown: a function's own kind, or that of its first argument. */
export function showsOf(tree: Node, names: Names, layers: ReadonlyMap<Sheet, Layer>): Shows | undefined {
  // First arguments are walked, not descended: a sum of thousands is as deep as it is long.
  const calls: (Node & { readonly kind: 'call' })[] = [];
  let at: Node | undefined = tree;
  let shows: Shows | undefined;
  while (at?.kind === 'call') {
    shows = functionOf(at.name)?.shows;
    if (shows !== 'FIRST_ARGUMENT' && at.name !== 'ARRAYFORMULA') break;
    shows = undefined;
    calls.push(at);
    at = at.args[0];
  }
  if (at?.kind === 'reference') {
    const place = names.place(at.sheet, at.grid);
    shows = place && formatAt(place, layers);
  }
  for (const call of calls.reverse()) {
    const [, second] = call.args;
    if (!call.operator || !second || (shows !== undefined && call.name !== 'MINUS')) continue;
    const other = showsOf(second, names, layers);
    // A day from a day is a number of days.
    if (shows !== undefined && other === shows && DATES.has(shows)) shows = undefined;
    else shows ??= other;
  }
  return shows;
}

function formatAt({ sheet, rect }: Reference, layers: ReadonlyMap<Sheet, Layer>): Shows | undefined {
  const format = sheet.rows[rect.startRow]?.[rect.startColumn]?.format ?? 0;
  const type = format === 0 ? undefined : sheet.book.formats.get(format)?.numberFormat?.type;
  const layer = layers.get(sheet);
  if (type === undefined && layer) return formulaAt(layer, rect.startRow, rect.startColumn)?.shows;
  return type && (DATES.has(type) || type === 'PERCENT' || type === 'CURRENCY') ? (type as Shows) : undefined;
}
