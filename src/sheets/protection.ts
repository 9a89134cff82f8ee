// Protections of cells and sheets: who may edit, or that a warning is shown. One read and one write.

import { invalid } from '../errors.ts';
import { formatA1 } from './a1.ts';
import { apply, type Desk, type Outcome } from './desk.ts';
import { liveSpreadsheet } from './live.ts';
import { findSheet, type Resolved, type Spreadsheet } from './metadata.ts';
import { covers, findCells } from './objects.ts';
import { gridRange } from './requests.ts';

export interface Protection {
  readonly range?: string | undefined;
  readonly sheet?: string | number | undefined;
  /** Addresses of those who may edit beside the owner and the caller's account. */
  readonly editors?: readonly string[] | undefined;
  readonly warningOnly?: boolean | undefined;
  /** Ranges of a protected sheet that everybody may edit. */
  readonly except?: readonly string[] | undefined;
  readonly description?: string | undefined;
}

export interface ProtectionSet extends Outcome {
  readonly protectedRangeId: number;
  readonly range: string;
  /** There was a protection of just these cells: it is as given now. */
  readonly replaced?: true;
}

/** Protects the cells, in the place of any protection of just those. */
export async function setProtection(desk: Desk, wanted: Protection): Promise<ProtectionSet> {
  const { editors = [], warningOnly = false, except = [], description } = wanted;
  if (warningOnly && editors.length > 0) {
    throw invalid('editors and warningOnly exclude each other: a warning lets everybody edit.', 'Give one of them.');
  }
  const live = await liveSpreadsheet(desk);
  const { sheet, grid, a1 } = placeOf(live, wanted);
  const open = except.map((text) => findCells(live, text));
  if (open.length > 0 && Object.keys(grid).length > 0) {
    throw invalid('except takes ranges out of a protected sheet, and here a range is protected.', 'Give sheet.');
  }
  const outside = open.find((one) => one.sheet !== sheet);
  if (outside) throw invalid(`except: ${outside.a1} is not on the protected sheet ${sheet.title}.`);
  const rules = {
    ...(description !== undefined && { description }),
    ...(warningOnly ? { warningOnly } : { editors: { users: editors } }),
    ...(open.length > 0 && { unprotectedRanges: open.map((one) => gridRange(sheet.sheetId, one.grid)) }),
  };
  const known = sheet.reply.protectedRanges.find(({ range }) => covers(sheet, range, grid));
  if (known) {
    const { protectedRangeId } = known;
    const fields = `description,warningOnly,unprotectedRanges${warningOnly ? '' : ',editors'}`;
    const answer: ProtectionSet = { status: 'applied', protectedRangeId, range: a1, replaced: true };
    const request = { updateProtectedRange: { protectedRange: { protectedRangeId, ...rules }, fields } };
    return apply(desk, { requests: [request], answer, sheets: [sheet] });
  }
  const protectedRangeId = desk.newId();
  const protectedRange = { protectedRangeId, range: gridRange(sheet.sheetId, grid), ...rules };
  const answer: ProtectionSet = { status: 'applied', protectedRangeId, range: a1 };
  return apply(desk, { requests: [{ addProtectedRange: { protectedRange } }], answer, sheets: [sheet] });
}

function placeOf(live: Spreadsheet, { range, sheet }: Protection): Resolved {
  if (range !== undefined && sheet === undefined) return findCells(live, range);
  if (range === undefined && sheet !== undefined) {
    const found = findSheet(live, sheet);
    return { sheet: found, grid: {}, a1: formatA1(found.title, {}) };
  }
  throw invalid(
    `set_protection: ${range === undefined ? 'neither range nor sheet is given' : 'both range and sheet are given'}.`,
    'Give the one that is to be protected.',
  );
}
