// Clearing ranges: what is taken from their cells and what stays. One write; what is read is for undoing it.

import { apply, type Desk, type Outcome, withWarnings } from './desk.ts';
import { type CellState, type Image, type ImageArea, keepImage, notKept, readAreas } from './images.ts';
import { resolveRange } from './metadata.ts';
import { clearRequest } from './requests.ts';

const FIELDS = {
  values: 'userEnteredValue',
  formats: 'userEnteredFormat',
  notes: 'note',
  validation: 'dataValidation',
  all: 'userEnteredValue,userEnteredFormat,note,dataValidation',
} as const;

export type Clearable = keyof typeof FIELDS;

export interface Cleared extends Outcome {
  /** One per given range, in order. */
  readonly ranges: string[];
  /** Cells that held what was cleared; absent where that was not looked at. */
  readonly cells?: number;
}

/** Clears all ranges or none; a range without bounds reaches to the edge of its sheet. */
export async function clearRanges(desk: Desk, ranges: readonly string[], what: Clearable): Promise<Cleared> {
  const resolved = ranges.map((range) => resolveRange(desk.spreadsheet, range));
  const fields = FIELDS[what];
  const areas = desk.keep || desk.dryRun ? await readAreas(desk, resolved, fields) : [];
  const kept = areas ? keepImage(desk, imageOf(areas, fields)) : [notKept()];
  const cells = areas?.reduce((sum, { before }) => sum + before.flat().filter(isFilled).length, 0);
  const answer: Cleared = {
    status: 'applied',
    ranges: resolved.map(({ a1 }) => a1),
    ...(cells !== undefined && (desk.keep || desk.dryRun) && { cells }),
  };
  const requests = resolved.map(({ sheet, grid }) => clearRequest(sheet.sheetId, grid, fields));
  const sheets = resolved.map(({ sheet }) => sheet);
  return withWarnings(await apply(desk, { requests, answer, sheets }), kept);
}

/** All cells are put back as they were; as the clearing left them they are blank. */
function imageOf(areas: readonly ImageArea[], fields: string): Image {
  const after = areas.map(({ before }) => before.map((line) => line.map(() => ({}))));
  const compared = fields.split(',');
  return { fields, compared, areas: areas.map((area, index) => ({ ...area, after: after[index] ?? [] })) };
}

function isFilled(cell: CellState | null): boolean {
  return cell !== null && Object.keys(cell).length > 0;
}
