// Ranges that are taken from somewhere else: filter views and protected ranges may stand on a named range or a table
// and follow it. Alters nothing.

import { invalid } from './errors.ts';
import type { GridRange } from './messages/base.ts';
import { findPart } from './parts.ts';
import { type Book, type Sheet, type SheetParts, sheetById } from './workbook.ts';

/** Where something lies: one of the three. */
export interface Backed {
  readonly range?: GridRange | undefined;
  readonly namedRangeId?: string | undefined;
  readonly tableId?: string | undefined;
}

function backingRange(book: Book, { namedRangeId, tableId }: Backed): GridRange | undefined {
  if (namedRangeId) return book.namedRanges.find((one) => one.namedRangeId === namedRangeId)?.range;
  if (!tableId) return undefined;
  const found = findPart(
    book,
    ({ tables }) => tables,
    (one) => one.tableId === tableId,
  );
  return found && { ...found.part.range, sheetId: found.sheet.id };
}

/** The sheet of the named range or table that is given, undefined if none is; more than one of the three is refused. */
export function backedSheet(book: Book, backed: Backed): Sheet | undefined {
  const given = [backed.range, backed.namedRangeId, backed.tableId].filter(Boolean);
  if (given.length > 1) throw invalid('Only one of range, namedRangeId or tableId may be set.');
  const { namedRangeId, tableId } = backed;
  const range = backingRange(book, backed);
  if (!range && namedRangeId) throw invalid(`No named range with id: ${namedRangeId}`);
  if (!range && tableId) throw invalid(`No table with id: ${tableId}`);
  return range && sheetById(book, range.sheetId ?? 0);
}

/** The cells that are meant now. */
export function currentRange(book: Book, backed: Backed): GridRange {
  return backed.range ?? backingRange(book, backed) ?? {};
}

/** The parts of a sheet with nothing in them that stands on a named range or a table: each has its cells of now. */
export function detachedParts({ book, parts }: Sheet): SheetParts {
  const detached = <T extends Backed>(part: T): T => {
    if (!part.namedRangeId && !part.tableId) return part;
    const { namedRangeId: _, tableId: __, ...rest } = part;
    return { ...rest, range: currentRange(book, part) } as T;
  };
  const { basicFilter, filterViews, protectedRanges, ...rest } = parts;
  return {
    ...rest,
    ...(basicFilter && { basicFilter: detached(basicFilter) }),
    ...(filterViews && { filterViews: filterViews.map(detached) }),
    ...(protectedRanges && { protectedRanges: protectedRanges.map(detached) }),
  };
}
