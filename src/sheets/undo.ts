// Undoing a write: puts back what it replaced, if the cells are still as it left them. One read, one write.

import { invalid, ServalError } from '../errors.ts';
import { listed, shown } from '../words.ts';
import { columnName, formatA1, type Grid } from './a1.ts';
import { apply, type Desk, type Outcome, withWarnings } from './desk.ts';
import { type CellState, type Image, type ImageArea, keepImage, keyOfState, readStates } from './images.ts';
import type { Sheet } from './metadata.ts';
import { stateRequests } from './requests.ts';

export interface Undone extends Outcome {
  /** What was put back, one per range of the write. */
  readonly ranges: string[];
  readonly cells: number;
}

interface Place {
  readonly area: ImageArea;
  readonly sheet: Sheet;
  readonly grid: Required<Grid>;
}

/**
 * Throws `conflict` and changes nothing when a cell is not as the write left it, unless `force`. What is as it was
 * before the write already is `unchanged`. The undoing is itself kept, so that it can be undone.
 */
export async function undo(desk: Desk, image: Image, force: boolean): Promise<Undone> {
  const { google, spreadsheet } = desk;
  const places = image.areas.map((area) => placeOf(desk, area));
  await desk.alone();
  const now = await readStates(google, spreadsheet.id, places, image.fields).catch(beyondEdge);
  const ranges = places.map(({ sheet, grid }) => formatA1(sheet.title, grid));
  const cells = image.areas.reduce((sum, { before }) => sum + before.flat().filter((cell) => cell !== null).length, 0);
  const whole = image.fields.split(',').map((field) => field.split('.')[0] ?? '');
  if (differences(places, now, ({ before }) => before, whole).length === 0) {
    return { status: 'unchanged', ranges, cells: 0 };
  }
  if (!force) check(image, places, now);
  const requests = places.flatMap(({ area: { sheetId, row, column, before } }) =>
    stateRequests({ sheetId, row, column, cells: before }, image.fields),
  );
  const areas = places.map(({ area }, index) => ({ ...area, before: now[index] ?? [], after: area.before }));
  const warnings = keepImage(desk, { ...image, areas });
  const answer: Undone = { status: 'applied', ranges, cells };
  return withWarnings(await apply(desk, { requests, answer, sheets: places.map(({ sheet }) => sheet) }), warnings);
}

function placeOf({ spreadsheet }: Desk, area: ImageArea): Place {
  const sheet = spreadsheet.sheets.find(({ sheetId }) => sheetId === area.sheetId);
  if (!sheet) {
    throw new ServalError('not_found', `The sheet ${shown(area.title)} of that write is gone: nothing can be undone.`);
  }
  const { row, column, before } = area;
  const width = before.reduce((widest, line) => Math.max(widest, line.length), 0);
  const grid = { startRow: row, endRow: row + before.length, startColumn: column, endColumn: column + width };
  return { area, sheet, grid };
}

function beyondEdge(error: unknown): never {
  if (!(error instanceof ServalError) || !/exceeds grid limits/.test(error.message)) throw error;
  throw new ServalError('conflict', 'Rows or columns of that write are gone: nothing was undone.', {
    hint: 'Look at the sheet, and write what is missing.',
    outcome: 'none',
  });
}

function check({ compared }: Image, places: readonly Place[], now: readonly CellState[][][]): void {
  const untold = places.find(({ area }) => area.after === undefined);
  if (untold) {
    throw new ServalError('conflict', "Google's answer to that write was lost: what it left cannot be compared.", {
      hint: 'Look at the cells; force puts back what stood there before, whatever they hold now.',
      outcome: 'none',
    });
  }
  const changed = differences(places, now, ({ after = [] }) => after, compared);
  if (changed.length === 0) return;
  throw new ServalError('conflict', `Cells have changed since that write: ${listed(changed)}. Nothing was undone.`, {
    hint: 'force puts back what stood there before that write, and with that takes back the later changes.',
    outcome: 'none',
  });
}

/** Addresses of cells that are not in the state they are compared with. */
function differences(
  places: readonly Place[],
  now: readonly CellState[][][],
  stateOf: (area: ImageArea) => ImageArea['before'],
  compared: readonly string[],
): string[] {
  return places.flatMap(({ area, sheet }, index) =>
    stateOf(area).flatMap((line, down) =>
      line.flatMap((cell, across) => {
        if (cell === null) return [];
        const there = now[index]?.[down]?.[across] ?? {};
        if (keyOfState(there, compared) === keyOfState(cell, compared)) return [];
        return [`${sheet.title}!${columnName(area.column + across)}${area.row + down + 1}`];
      }),
    ),
  );
}

/** The image that a ledger kept. Throws `invalid_argument` for what is none. */
export function parseImage(json: string): Image {
  const held: unknown = JSON.parse(json);
  if (typeof held === 'object' && held !== null && 'areas' in held) return held as Image; // written by keepImage
  throw invalid('What was kept of that write cannot be read.');
}
