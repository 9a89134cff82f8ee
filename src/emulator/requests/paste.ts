// Requests that copy, cut and fill cells: what goes along and how references shift.

import { contains, overlaps, rangeOf, rectOf, requiredCell, requiredPlace } from '../areas.ts';
import type { Change } from '../change.ts';
import { invalid } from '../errors.ts';
import { effectiveAt } from '../evaluate.ts';
import { follow, formulaAfter } from '../follow.ts';
import { shiftReferences } from '../formula/rewrite.ts';
import type { CellFormat } from '../messages/format.ts';
import type { Payload } from '../messages/requests.ts';
import { replaceParts } from '../parts.ts';
import { exceeds, type Place, type Rect } from '../ranges.ts';
import { type Book, type Cell, type CellExtra, cell, type Sheet } from '../workbook.ts';
import { trimmed } from '../write.ts';
import type { Handler } from './context.ts';

type PasteType = NonNullable<Payload<'copyPaste'>['pasteType']>;

/** A cell copied over another, so many rows and columns away. */
function pasted(
  book: Book,
  from: { readonly one: Cell | undefined; readonly sheet: Sheet; readonly row: number; readonly column: number },
  present: Cell | undefined,
  type: PasteType,
  rows: number,
  columns: number,
): Cell | undefined {
  const { one } = from;
  const locale = book.properties.locale ?? 'en_US';
  const formula = one?.formula === undefined ? undefined : shiftReferences(one.formula, locale, rows, columns);
  const borderless = (format: number): number => {
    const { borders: _, ...rest }: CellFormat = book.formats.get(format) ?? {};
    return book.formats.idOf(rest);
  };
  const { format = 0, extra } = present ?? {};
  switch (type) {
    case 'PASTE_VALUES': {
      const value = effectiveAt(from.sheet, from.row, from.column);
      const isError = typeof value === 'object';
      return isError ? cell(undefined, formula, format, extra) : cell(value, undefined, format, extra);
    }
    case 'PASTE_FORMAT':
      return cell(present?.value, present?.formula, one?.format ?? 0, extra);
    case 'PASTE_FORMULA':
      return cell(one?.value, formula, format, extra);
    case 'PASTE_DATA_VALIDATION': {
      const { dataValidation: _, ...rest } = extra ?? {};
      const rule = one?.extra?.dataValidation;
      const next: CellExtra = rule ? { ...rest, dataValidation: rule } : rest;
      return cell(present?.value, present?.formula, format, Object.keys(next).length > 0 ? next : undefined);
    }
    case 'PASTE_CONDITIONAL_FORMATTING':
      return present;
    case 'PASTE_NO_BORDERS':
      return cell(one?.value, formula, borderless(one?.format ?? 0), one?.extra);
    default:
      return cell(one?.value, formula, one?.format ?? 0, one?.extra);
  }
}

function putRow(change: Change, sheet: Sheet, row: number, edit: (cells: (Cell | undefined)[]) => void): void {
  const cells = sheet.rows[row]?.slice() ?? [];
  edit(cells);
  change.setRow(sheet, row, trimmed(Array.from(cells)));
}

const sizeOf = ({ startRow, endRow, startColumn, endColumn }: Rect) => ({
  rows: endRow - startRow,
  columns: endColumn - startColumn,
});

function mergesWithin(sheet: Sheet, rect: Rect): Rect[] {
  return (sheet.parts.merges ?? []).map((one) => rectOf(sheet, one)).filter((one) => contains(rect, one));
}

function checkWhole(sheet: Sheet, rect: Rect): void {
  for (const merge of sheet.parts.merges ?? []) {
    const one = rectOf(sheet, merge);
    if (overlaps(rect, one) && !contains(rect, one)) throw invalid("You can't paste over part of a merged cell.");
  }
}

/** Rules of the source's cells hold for the copies too: each rule gets the ranges that were copied. */
function pasteRules(change: Change, source: Place, target: Sheet, tiles: readonly Rect[], turned: boolean): void {
  const { sheet, rect } = source;
  const copied = (sheet.parts.conditionalFormats ?? []).map((rule) => {
    const within = (rule.ranges ?? [])
      .map((range) => shared(rect, rectOf(sheet, range)))
      .filter((one) => one !== undefined);
    const ranges = within.flatMap((one) =>
      tiles.map((tile) => {
        const [down, right] = [one.startRow - rect.startRow, one.startColumn - rect.startColumn];
        const { rows, columns } = sizeOf(one);
        const [top, left] = turned ? [right, down] : [down, right];
        const [height, width] = turned ? [columns, rows] : [rows, columns];
        const [startRow, startColumn] = [tile.startRow + top, tile.startColumn + left];
        return rangeOf(target, { startRow, endRow: startRow + height, startColumn, endColumn: startColumn + width });
      }),
    );
    return { rule, ranges };
  });
  const added = copied.filter(({ ranges }) => ranges.length > 0);
  if (added.length === 0) return;
  const own = target.parts.conditionalFormats ?? [];
  const conditionalFormats =
    target === sheet
      ? copied.map(({ rule, ranges }) => ({ ...rule, ranges: [...(rule.ranges ?? []), ...ranges] }))
      : [...own, ...added.map(({ rule, ranges }) => ({ ...rule, ranges }))];
  replaceParts(change, target, { conditionalFormats });
}

/** The cells of both, if there are any. */
function shared(a: Rect, b: Rect): Rect | undefined {
  if (!overlaps(a, b)) return undefined;
  return {
    startRow: Math.max(a.startRow, b.startRow),
    endRow: Math.min(a.endRow, b.endRow),
    startColumn: Math.max(a.startColumn, b.startColumn),
    endColumn: Math.min(a.endColumn, b.endColumn),
  };
}

const CARRY_RULES = new Set<PasteType>([
  'PASTE_NORMAL',
  'PASTE_NO_BORDERS',
  'PASTE_FORMAT',
  'PASTE_CONDITIONAL_FORMATTING',
]);
const CARRY_MERGES = new Set<PasteType>(['PASTE_NORMAL', 'PASTE_NO_BORDERS', 'PASTE_FORMAT']);

export const copyPaste: Handler<'copyPaste'> = ({ book, change }, payload) => {
  const { pasteType: type = 'PASTE_NORMAL', pasteOrientation = 'NORMAL' } = payload;
  const source = requiredPlace(book, payload.source);
  const target = requiredPlace(book, payload.destination);
  const turned = pasteOrientation === 'TRANSPOSE';
  const from = sizeOf(source.rect);
  const [height, width] = turned ? [from.columns, from.rows] : [from.rows, from.columns];
  const to = sizeOf(target.rect);
  // A destination that the source fits into several times is filled with it, any other is its top left corner.
  const rows = to.rows % height === 0 ? to.rows : height;
  const columns = to.columns % width === 0 ? to.columns : width;
  const { startRow, startColumn } = target.rect;
  const rect = { startRow, endRow: startRow + rows, startColumn, endColumn: startColumn + columns };
  const { rowCount, columnCount } = target.sheet.properties.gridProperties;
  if (rect.endRow > rowCount || rect.endColumn > columnCount) throw exceeds(target.sheet, rect);
  checkWhole(target.sheet, rect);
  const taken = Array.from({ length: from.rows }, (_, r) => source.sheet.rows[source.rect.startRow + r]);
  const merges = mergesWithin(source.sheet, source.rect);
  const at = (r: number, c: number) => {
    const [row, column] = turned ? [c % width, r % height] : [r % height, c % width];
    return { row: source.rect.startRow + row, column: source.rect.startColumn + column };
  };
  const lines = Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (__, c) => {
      const { row, column } = at(r, c);
      const one = taken[row - source.rect.startRow]?.[column];
      const present = target.sheet.rows[startRow + r]?.[startColumn + c];
      const away = [startRow + r - row, startColumn + c - column] as const;
      return pasted(book, { one, sheet: source.sheet, row, column }, present, type, ...away);
    }),
  );
  lines.forEach((line, r) => {
    putRow(change, target.sheet, startRow + r, (cells) => {
      line.forEach((one, c) => {
        cells[startColumn + c] = one;
      });
    });
  });
  const tiles: Rect[] = [];
  for (let r = startRow; r < rect.endRow; r += height) {
    for (let c = startColumn; c < rect.endColumn; c += width) {
      tiles.push({ startRow: r, endRow: r + height, startColumn: c, endColumn: c + width });
    }
  }
  if (CARRY_RULES.has(type)) pasteRules(change, source, target.sheet, tiles, turned);
  if (CARRY_MERGES.has(type)) {
    const kept = (target.sheet.parts.merges ?? []).filter((one) => !overlaps(rectOf(target.sheet, one), rect));
    const added: Rect[] = [];
    for (const tile of tiles) {
      for (const merge of merges) {
        const [top, left] = [merge.startRow - source.rect.startRow, merge.startColumn - source.rect.startColumn];
        const size = sizeOf(merge);
        const [row, column, tall, wide] = turned
          ? [left, top, size.columns, size.rows]
          : [top, left, size.rows, size.columns];
        const [y, x] = [tile.startRow + row, tile.startColumn + column];
        added.push({ startRow: y, endRow: y + tall, startColumn: x, endColumn: x + wide });
      }
    }
    const list = [...kept, ...added.map((one) => rangeOf(target.sheet, one))];
    if (added.length > 0 || kept.length !== (target.sheet.parts.merges ?? []).length) {
      replaceParts(change, target.sheet, { merges: list });
    }
  }
  return undefined;
};

export const cutPaste: Handler<'cutPaste'> = ({ book, change }, payload) => {
  const { pasteType: type = 'PASTE_NORMAL' } = payload;
  const { sheet, rect } = requiredPlace(book, payload.source);
  const { sheet: target, rect: corner } = requiredCell(book, payload.destination);
  const { rows, columns } = sizeOf(rect);
  const { startRow: row, startColumn: column } = corner;
  const landing = { startRow: row, endRow: row + rows, startColumn: column, endColumn: column + columns };
  const { rowCount, columnCount } = target.properties.gridProperties;
  if (landing.endRow > rowCount || landing.endColumn > columnCount) throw exceeds(target, landing);
  checkWhole(sheet, rect);
  if (target !== sheet || !overlaps(rect, landing)) checkWhole(target, landing);
  const edit = { kind: 'cut', sheet, rect, target, row, column } as const;
  const taken = Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (__, c) => sheet.rows[rect.startRow + r]?.[rect.startColumn + c]),
  );
  const kept = (one: Cell | undefined): Cell | undefined => {
    if (type === 'PASTE_NORMAL' || type === 'PASTE_NO_BORDERS') return undefined;
    if (type === 'PASTE_FORMAT') return cell(one?.value, one?.formula, 0, one?.extra);
    return cell(undefined, undefined, one?.format ?? 0, one?.extra);
  };
  taken.forEach((line, r) => {
    putRow(change, sheet, rect.startRow + r, (cells) => {
      line.forEach((one, c) => {
        cells[rect.startColumn + c] = kept(one);
      });
    });
  });
  follow(change, book, edit);
  taken.forEach((line, r) => {
    putRow(change, target, row + r, (cells) => {
      line.forEach((one, c) => {
        const from = { one, sheet, row: rect.startRow + r, column: rect.startColumn + c };
        const moved = pasted(book, from, cells[column + c], type === 'PASTE_VALUES' ? 'PASTE_FORMULA' : type, 0, 0);
        const text = moved?.formula;
        const formula = text === undefined ? undefined : moveFormula(book, edit, text);
        cells[column + c] = moved && cell(moved.value, formula, moved.format, moved.extra);
      });
    });
  });
  return undefined;
};

/** A formula that moves keeps pointing at the same cells, also from another sheet. */
function moveFormula(
  book: Book,
  edit: Parameters<typeof formulaAfter>[1] & { readonly kind: 'cut' },
  text: string,
): string {
  return formulaAfter(book, edit, edit.sheet, text, edit.target);
}
