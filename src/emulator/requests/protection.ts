// Requests about protected ranges. Nothing is refused because of them: whoever calls may edit everything.

import { rangeOf } from '../areas.ts';
import { backedSheet } from '../backing.ts';
import type { Change } from '../change.ts';
import { invalid } from '../errors.ts';
import { apply, below } from '../mask.ts';
import type { GridRange } from '../messages/base.ts';
import { type Editors, ProtectedRange } from '../messages/features.ts';
import { findPart, idFor, replaceParts } from '../parts.ts';
import { printProtectedRange } from '../print-features.ts';
import { gridById, resolveGridRange } from '../ranges.ts';
import type { Book, Sheet } from '../workbook.ts';
import { type Context, fieldsOf, type Handler } from './context.ts';

const findProtected = (book: Book, id: number) =>
  findPart(
    book,
    (parts) => parts.protectedRanges,
    (one) => one.protectedRangeId === id,
  );

function requiredProtected(book: Book, id = 0) {
  const found = findProtected(book, id);
  if (!found) throw invalid(`No protected range with id: ${id}`);
  return found;
}

function isUnbounded(range: GridRange | undefined): boolean {
  return range !== undefined && Object.keys(range).every((name) => name === 'sheetId');
}

/** The range as it is kept: a whole sheet stays open, so that it follows the sheet's size. */
function keptRange(book: Book, range: GridRange): { sheet: Sheet; range: GridRange } {
  if (isUnbounded(range)) {
    const sheet = gridById(book, range.sheetId);
    return { sheet, range: { sheetId: sheet.id } };
  }
  const { sheet, rect } = resolveGridRange(book, range);
  return { sheet, range: rangeOf(sheet, rect) };
}

function tidyEditors({ domainUsersCanEdit, groups = [], users = [] }: Editors): Editors {
  return {
    ...(users.length > 0 && { users }),
    ...(groups.length > 0 && { groups }),
    ...(domainUsersCanEdit && { domainUsersCanEdit }),
  };
}

/** The protection as it is kept, and the sheet it is on. Throws Google's refusals. */
function checkedProtection(book: Book, given: ProtectedRange, id: number): { sheet: Sheet; kept: ProtectedRange } {
  const { range, namedRangeId, tableId, description, warningOnly, unprotectedRanges = [] } = given;
  const backing = backedSheet(book, { range, namedRangeId, tableId });
  const place = range && keptRange(book, range);
  const sheet = place?.sheet ?? backing;
  if (!sheet) throw invalid('No range specified.');
  const editors = tidyEditors(given.editors ?? {});
  if (warningOnly && Object.keys(editors).length > 0) {
    throw invalid('ProtectedRange is warningOnly. Editors cannot be set on it.');
  }
  if (unprotectedRanges.length > 0 && !isUnbounded(range)) {
    throw invalid('Unprotected ranges are only supported on protected sheets.');
  }
  const open = unprotectedRanges.map((one) => {
    const unprotected = resolveGridRange(book, one);
    if (unprotected.sheet !== sheet) throw invalid('Unprotected ranges must be on the protected sheet.');
    return rangeOf(sheet, unprotected.rect);
  });
  const kept: ProtectedRange = {
    protectedRangeId: id,
    ...(place && { range: place.range }),
    ...(namedRangeId && { namedRangeId }),
    ...(tableId && { tableId }),
    ...(description && { description }),
    ...(warningOnly && { warningOnly }),
    ...(open.length > 0 && { unprotectedRanges: open }),
    editors,
  };
  return { sheet, kept };
}

function append(change: Change, sheet: Sheet, kept: ProtectedRange): void {
  replaceParts(change, sheet, { protectedRanges: [...(sheet.parts.protectedRanges ?? []), kept] });
}

/** Adds a protected range under the caller's id or a new one. */
export function insertProtection({ book, change, random }: Context, given: ProtectedRange): ProtectedRange {
  const taken = (id: number) => findProtected(book, id) !== undefined;
  const id = idFor(given.protectedRangeId, taken, random, 'protected range');
  const { sheet, kept } = checkedProtection(book, given, id);
  append(change, sheet, kept);
  return printProtectedRange(sheet, kept);
}

export const addProtectedRange: Handler<'addProtectedRange'> = (context, { protectedRange = {} }) => ({
  protectedRange: insertProtection(context, protectedRange),
});

export const updateProtectedRange: Handler<'updateProtectedRange'> = ({ book, change }, payload) => {
  const { protectedRange = {}, fields } = payload;
  const { sheet, parts, index, part } = requiredProtected(book, protectedRange.protectedRangeId);
  const mask = fieldsOf(fields, ProtectedRange);
  const { range, namedRangeId, tableId, ...rest } = apply(mask, part, protectedRange);
  // One of them replaces the others; what the mask leaves out stays only if nothing takes its place.
  const areas = { range, namedRangeId, tableId };
  const named = (['range', 'namedRangeId', 'tableId'] as const).filter(
    (name) => protectedRange[name] !== undefined && below(mask, name) !== undefined,
  );
  const wanted: ProtectedRange = { ...rest };
  for (const name of named.length > 0 ? named : (['range', 'namedRangeId', 'tableId'] as const)) {
    Object.assign(wanted, areas[name] === undefined ? {} : { [name]: areas[name] });
  }
  // A warning has no editors; they are not asked for when only the warning is.
  if (wanted.warningOnly && below(mask, 'editors') === undefined) delete wanted.editors;
  const next = checkedProtection(book, wanted, part.protectedRangeId ?? 0);
  if (next.sheet === sheet) {
    replaceParts(change, sheet, { protectedRanges: parts.with(index, next.kept) });
  } else {
    replaceParts(change, sheet, { protectedRanges: parts.toSpliced(index, 1) });
    append(change, next.sheet, next.kept);
  }
  return undefined;
};

export const deleteProtectedRange: Handler<'deleteProtectedRange'> = ({ book, change }, { protectedRangeId }) => {
  const { sheet, parts, index } = requiredProtected(book, protectedRangeId);
  replaceParts(change, sheet, { protectedRanges: parts.toSpliced(index, 1) });
  return undefined;
};
