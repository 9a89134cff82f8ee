// Upserting rows: those whose key the sheet holds are updated, the others appended, in one write. The cells that
// decide are read while nothing of ours can change them, together with the header that says where they are.

import { invalid, ServalError } from '../errors.ts';
import { listed, shown } from '../words.ts';
import { columnName, formatA1 } from './a1.ts';
import { imageOf as appendedImage, findRows, lastFormats, rangeOf, SHOWN } from './append.ts';
import type { GridCell } from './decode.ts';
import { apply, type Desk, type Outcome, withWarnings } from './desk.ts';
import { findHeader, HEAD_ROWS, type Header, placeRecord } from './header.ts';
import { keepImage, notKept } from './images.ts';
import { createKeys, type GivenKey, type Keys } from './keys.ts';
import { createNotes, literalAt } from './literals.ts';
import type { Google, Resolved, Sheet } from './metadata.ts';
import { type Line, probeColumn } from './places.ts';
import { blockCell, readBlocks, readBlocksWithin, type SizedBlock } from './read.ts';
import { appendRequest, dateFormatRequests, type Patch, type Request, showsDate, valueRequests } from './requests.ts';
import { updatedImage } from './upsert-image.ts';
import type { Cell } from './values.ts';

export type NewRecord = Readonly<Record<string, Cell>>;

export interface Upserted extends Outcome {
  /** Rows that were there, and have cells written. */
  readonly updated: number;
  readonly appended: number;
  /** Of the appended rows; absent when the reply does not tell it. */
  readonly appendedRange?: string;
}

type Head = readonly (readonly GridCell[])[];

/** The rows of a call worked out for one header. */
interface Plan {
  readonly header: Header;
  readonly keys: Keys;
  /** Per given row, one per column of the header. */
  readonly lines: readonly Line[];
  /** Positions of the key columns in the header, in the order of the key. */
  readonly keyAt: readonly number[];
  readonly noted: { readonly warnings?: string[] };
}

/** The rows in which the header is. */
const TOP = { startRow: 0, endRow: HEAD_ROWS };
/** Cells of the columns of a sheet, blank ones too, that are read whole so as to save a call. */
const WHOLE_CELLS = 20_000;

/** Looks at the sheet with the header that it had, and once more if that has changed meanwhile. */
const LOOKS = 2;

/**
 * Writes all rows or none. Of a row that is there only the given columns are written, the key not; `null` leaves a
 * cell alone.
 */
export async function upsertRows(
  desk: Desk,
  sheet: Sheet,
  key: readonly string[],
  rows: readonly NewRecord[],
): Promise<Upserted> {
  const { google, spreadsheet } = desk;
  const planFor = (header: Header) => planRows(header, sheet, key, rows, spreadsheet.timeZone);
  const top = { sheet, grid: TOP, a1: formatA1(sheet.title, TOP) };
  const [first] = await readBlocks(google, spreadsheet.id, [top], true);
  let plan = planFor(headerOf(headOf(first), sheet));
  const wide = (first?.rows ?? 0) * plan.header.names.length;
  // What is replaced comes along where it is little; else it is read once it is known which rows are.
  const whole = desk.keep !== undefined && wide <= WHOLE_CELLS;
  await desk.alone();
  for (let look = 0; look < LOOKS; look++) {
    const { head, blocks } = await readKeyColumns(google, spreadsheet.id, sheet, plan, whole);
    const header = headerOf(head, sheet);
    if (JSON.stringify(header) === JSON.stringify(plan.header)) {
      return write(desk, sheet, plan, head, blocks, whole);
    }
    plan = planFor(header);
  }
  throw new ServalError('conflict', `The header of ${sheet.title} keeps changing: nothing was written.`, {
    hint: 'Repeat the call.',
    outcome: 'none',
  });
}

function headOf(block: SizedBlock | undefined): Head {
  return block?.rowData.map((row) => row.values) ?? [];
}

function headerOf(head: Head, sheet: Sheet): Header {
  const header = findHeader(head, 0, 0);
  if (header) return header;
  throw invalid(
    `${sheet.title} has no header row in its first ${HEAD_ROWS} rows: rows cannot be found by column names.`,
    'Write a row of column names first.',
  );
}

function planRows(
  header: Header,
  sheet: Sheet,
  key: readonly string[],
  rows: readonly NewRecord[],
  timeZone: string,
): Plan {
  const keyAt = key.map((name, index) => {
    const at = header.names.indexOf(name);
    if (at < 0) {
      throw invalid(
        `key names a column ${shown(name)} that does not exist.`,
        `Columns of ${sheet.title}: ${listed(header.names)}.`,
      );
    }
    if (key.indexOf(name) < index) throw invalid(`key names the column ${shown(name)} twice.`);
    return at;
  });
  const notes = createNotes();
  const given: GivenKey[] = [];
  const lines = rows.map((row, index) => {
    const cells = placeRecord(row, header.names, index);
    const line = cells.map((cell, at) =>
      literalAt(cell, `rows[${index}], column ${columnName(header.column + at)}`, 'typed', timeZone, notes),
    );
    given.push(keyAt.map((at) => ({ cell: keyCell(cells[at], header.names[at], index), value: line[at]?.value })));
    return line;
  });
  return { header, keyAt, lines, keys: createKeys(given, sheet.title), noted: notes.warnings(timeZone) };
}

function keyCell(cell: Cell | undefined, name: string | undefined, index: number): Cell {
  if (cell === undefined || cell === null || cell === '') {
    throw invalid(`rows[${index}] has no value for the key column ${shown(name)}.`, 'Give every row its whole key.');
  }
  if (typeof cell !== 'object') return cell;
  throw invalid(`rows[${index}] has a formula for the key column ${shown(name)}.`, 'Give the value that it shows.');
}

/** Ranges of a read beyond which it would not be one call: then one range spans all columns. */
const MAX_RANGES = 20;

/**
 * One read of the top rows and, below the header, of the key columns and those that dates are written to: whether
 * their cells show dates already decides whether they are given a format.
 */
async function readKeyColumns(
  google: Google,
  id: string,
  sheet: Sheet,
  { header, keyAt, lines }: Plan,
  whole: boolean,
) {
  const looked = header.names.map((_, at) =>
    lines.some((line) => (whole ? line[at] !== null : line[at]?.date !== undefined)),
  );
  for (const at of keyAt) looked[at] = true;
  const spans: [number, number][] = [];
  for (const [at, is] of looked.entries()) {
    const last = spans.at(-1);
    if (is && last?.[1] === at) last[1] = at + 1;
    else if (is) spans.push([at, at + 1]);
  }
  const few: [number, number][] =
    spans.length > MAX_RANGES ? [[spans[0]?.[0] ?? 0, spans.at(-1)?.[1] ?? header.names.length]] : spans;
  const range = (grid: Resolved['grid']): Resolved => ({ sheet, grid, a1: formatA1(sheet.title, grid) });
  const ranges = few.map(([from, to]) =>
    range({ startRow: header.row + 1, startColumn: header.column + from, endColumn: header.column + to }),
  );
  const [head, ...blocks] = await readBlocksWithin(google, id, [range(TOP), ...ranges]);
  return { head: headOf(head), blocks };
}

/** One write, or none when no cell is to be changed. */
async function write(
  desk: Desk,
  sheet: Sheet,
  { header, keys, keyAt, lines, noted }: Plan,
  head: Head,
  blocks: readonly SizedBlock[],
  whole: boolean,
): Promise<Upserted> {
  const firstRow = header.row + 1;
  const cellAt = cellFinder(blocks, header);
  const height = Math.max(0, ...blocks.map((block) => block.startRow + block.rowData.length - firstRow));
  const sheetRows = Array.from({ length: height }, (_, down) => keyAt.map((at) => cellAt(firstRow + down, at)));
  const found = keys.find(sheetRows, firstRow);

  const isKey = new Set(keyAt);
  const updates = new Map<number, Line>();
  for (const [index, row] of found.entries()) {
    const line = lines[index]?.map((literal, at) => (isKey.has(at) ? null : literal)) ?? [];
    if (row !== undefined && line.some((literal) => literal !== null)) updates.set(row, line);
  }
  const added = lines.filter((_, index) => found[index] === undefined);
  const answer: Upserted = {
    status: updates.size + added.length > 0 ? 'applied' : 'unchanged',
    updated: updates.size,
    appended: added.length,
    ...noted,
  };
  if (answer.status === 'unchanged') return answer;
  const requests = [
    ...patchesOf(updates, sheet.sheetId, header.column).flatMap((patch) => [
      ...valueRequests(patch),
      ...dateFormatRequests(patch, (date, row, column) => showsDate(cellAt(row, column - header.column), date)),
    ]),
    ...(added.length > 0 ? [appendOf(added, sheet.sheetId, header, head)] : []),
  ];
  const read = whole ? (row: number, column: number) => cellAt(row, column - header.column) : undefined;
  const image = await updatedImage(desk, sheet, header.column, updates, read);
  const kept = image ? keepImage(desk, image) : desk.keep ? [notKept()] : [];
  const probe = added.length > 0 ? probeColumn(added) : 0;
  const column = { startColumn: header.column + probe, endColumn: header.column + probe + 1 };
  const told = await apply<Upserted>(desk, {
    requests,
    sheets: [sheet],
    answer,
    ...(added.length > 0 && { show: { ranges: [formatA1(sheet.title, column)], fields: SHOWN } }),
    told: (reply) => {
      if (added.length === 0) return answer;
      const { found } = findRows(reply, sheet, { sheetId: sheet.sheetId }, added, probe);
      if (found === undefined) return answer;
      const { areas, ...rest } = appendedImage(sheet, found, header.column, added);
      if (image)
        keepImage(desk, { ...image, ...(image.areas.length === 0 && rest), areas: [...image.areas, ...areas] });
      return { ...answer, appendedRange: rangeOf(sheet, found, added, header.column) };
    },
  });
  return withWarnings(told, kept);
}

/** Cells by row of the sheet and column of the header. */
function cellFinder(blocks: readonly SizedBlock[], header: Header) {
  const blockOf = header.names.map((_, at) => blocks.findLast((block) => block.startColumn <= header.column + at));
  return (row: number, at: number): GridCell | undefined => {
    const block = blockOf[at];
    return block && blockCell(block, row, header.column + at);
  };
}

/** Rows that follow each other are one patch, so that few requests hold many rows. */
function patchesOf(updates: ReadonlyMap<number, Line>, sheetId: number, column: number): Patch[] {
  const patches: { sheetId: number; row: number; column: number; cells: Line[] }[] = [];
  for (const [row, line] of [...updates].sort(([a], [b]) => a - b)) {
    const last = patches.at(-1);
    if (last && last.row + last.cells.length === row) last.cells.push(line);
    else patches.push({ sheetId, row, column, cells: [line] });
  }
  return patches;
}

function appendOf(lines: readonly Line[], sheetId: number, header: Header, head: Head): Request {
  const dated = lines.some((line) => line.some((literal) => literal?.date !== undefined));
  const lead = Array<null>(header.column).fill(null);
  return appendRequest(
    { sheetId },
    lines.map((line) => [...lead, ...line]),
    dated ? lastFormats(head) : undefined,
  );
}
