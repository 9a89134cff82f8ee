// Replacing text in the cells of a range, a sheet or all sheets, by Sheets' own find and replace. The cells are looked
// through before, so that a dry run can be exact and the write be undone; one write.

import { z } from 'zod';
import { invalid, ServalError } from '../errors.ts';
import { closeGrid, formatA1, type Grid } from './a1.ts';
import { apply, type ChangedReply, type Desk, type Outcome, withWarnings } from './desk.ts';
import {
  type CellState,
  type ClosedRange,
  type Image,
  type ImageArea,
  keepImage,
  keyOfState,
  notKept,
} from './images.ts';
import { type FilledCell, findGrid, liveSpreadsheet } from './live.ts';
import { resolveRange, type Sheet, type Spreadsheet } from './metadata.ts';
import { blockCell } from './read.ts';
import { type Counts, type Plan, planReplacement } from './replace-plan.ts';
import type { Search } from './replacing.ts';
import { gridRange, type Request } from './requests.ts';
import { spansOf } from './upsert-image.ts';

/** Of a write whose reply was lost the counts are absent where they could not be told before. */
export interface TextReplaced extends Outcome, Partial<Counts> {}

export interface Scope {
  readonly sheet?: string | number | undefined;
  readonly range?: string | undefined;
}

const LOST = "Google's reply was lost: the texts are replaced, but how many is not told.";
/** Ranges of the read that undoes it. */
const MAX_RANGES = 40;
const COMPARED = ['userEnteredValue'];
const FIELDS = 'userEnteredValue,userEnteredFormat.numberFormat';

/** A dry run throws `unsupported` where only Sheets knows what the pattern finds. */
export async function replaceText(desk: Desk, search: Search, scope: Scope, formulas: boolean): Promise<TextReplaced> {
  const looks = desk.keep !== undefined || desk.dryRun || !desk.allowExternal;
  const { request, places } = scopeOf(await liveSpreadsheet(desk), scope);
  const plan: Plan = looks ? await planReplacement(desk, places, search, formulas) : {};
  if (desk.dryRun && !plan.counts) throw onlySheetsKnows();
  const cells = desk.keep ? plan.cells : undefined;
  const kept = !desk.keep ? [] : cells ? (plan.counts ? keepImage(desk, imageOf(cells)) : []) : [notKept()];
  const seen = kept.length === 0 ? (cells ?? []) : [];
  const answer: TextReplaced = plan.counts
    ? { status: plan.counts.occurrences > 0 ? 'applied' : 'unchanged', ...plan.counts }
    : { status: 'applied', warnings: [LOST] };
  const { find, replacement, matchCase, wholeCell, regex } = search;
  const findReplace = {
    ...request,
    find,
    replacement,
    matchCase,
    matchEntireCell: wholeCell,
    searchByRegex: regex,
    includeFormulas: formulas,
  };
  const told = await apply<TextReplaced>(desk, {
    requests: [{ findReplace }],
    answer,
    sheets: [...new Set(places.map(({ sheet }) => sheet))],
    ...(seen.length > 0 && {
      show: {
        ranges: imageOf(seen).areas.map(rangeOf),
        fields: 'data(startRow,startColumn,rowData.values.userEnteredValue)',
      },
    }),
    told: (reply) => {
      const counts = reply.reread ? undefined : countsIn(reply);
      if (!counts) return answer;
      const own: TextReplaced = { status: counts.occurrences > 0 ? 'applied' : 'unchanged', ...counts };
      return withWarnings(own, seen.length > 0 ? keepChanged(desk, seen, reply, counts) : []);
    },
  });
  return withWarnings(told, kept);
}

/** What is searched: as the request has it, and as cells. Of a range the part within its sheet. */
function scopeOf(live: Spreadsheet, { sheet, range }: Scope): { request: Request; places: ClosedRange[] } {
  if (range !== undefined) {
    const place = resolveRange(live, range);
    const within = closed(place.sheet, place.grid);
    const { startRow, endRow, startColumn, endColumn } = within.grid;
    if (startRow >= endRow || startColumn >= endColumn) throw invalid(`range: ${place.a1} lies beyond its sheet.`);
    return { request: { range: gridRange(place.sheet.sheetId, within.grid) }, places: [within] };
  }
  if (sheet !== undefined) {
    const found = findGrid(live, sheet);
    return { request: { sheetId: found.sheetId }, places: [closed(found, {})] };
  }
  const grids = live.sheets.filter((one) => one.reply.properties.sheetType === 'GRID');
  return { request: { allSheets: true }, places: grids.map((one) => closed(one, {})) };
}

function closed(sheet: Sheet, grid: Grid): ClosedRange {
  const whole = closeGrid(grid, sheet);
  const [endRow, endColumn] = [Math.min(whole.endRow, sheet.rows), Math.min(whole.endColumn, sheet.columns)];
  return { sheet, grid: { ...whole, endRow, endColumn } };
}

const countsReply = z.object({
  valuesChanged: z.number().default(0),
  formulasChanged: z.number().default(0),
  sheetsChanged: z.number().default(0),
  occurrencesChanged: z.number().default(0),
});

function countsIn({ replies: [first = {}] }: ChangedReply): Counts | undefined {
  const { data } = countsReply.safeParse(first.findReplace);
  return (
    data && {
      occurrences: data.occurrencesChanged,
      cells: data.valuesChanged + data.formulasChanged,
      sheets: data.sheetsChanged,
    }
  );
}

/** Keeps the cells that the write has changed, as the reply shows them. */
function keepChanged(desk: Desk, seen: readonly FilledCell[], reply: ChangedReply, counts: Counts): string[] {
  const blocks = new Map(reply.updatedSpreadsheet?.sheets.map(({ properties, data }) => [properties.sheetId, data]));
  const after = (cell: FilledCell): CellState => {
    // One block per range, which lie below each other.
    const block = blocks.get(cell.sheet.sheetId)?.findLast(({ startRow }) => startRow <= cell.row);
    const { userEnteredValue } = (block && blockCell(block, cell.row, cell.column)) ?? {};
    return userEnteredValue ? { userEnteredValue } : {};
  };
  const changed = seen.filter((cell) => keyOfState(after(cell), COMPARED) !== keyOfState(cell.state, COMPARED));
  if (changed.length <= counts.cells) return keepImage(desk, imageOf(changed, after));
  return ['undo_write cannot undo this: others have changed cells in the same moment.'];
}

/** Without `after` the cells can be put back by force only: what the write left is not known. */
function imageOf(cells: readonly FilledCell[], after?: (cell: FilledCell) => CellState): Image {
  const sheets = Map.groupBy(cells, ({ sheet }) => sheet);
  const most = Math.max(1, Math.floor(MAX_RANGES / Math.max(1, sheets.size)));
  const areas = [...sheets].flatMap(([sheet, own]) => areasOf(sheet, own, most, after));
  return { fields: FIELDS, compared: COMPARED, areas };
}

function areasOf(
  { sheetId, title }: Sheet,
  cells: readonly FilledCell[],
  most: number,
  after: ((cell: FilledCell) => CellState) | undefined,
): ImageArea[] {
  const rows = Map.groupBy(cells, ({ row }) => row);
  const { startColumn, endColumn } = columnsOf(cells);
  return spansOf([...rows.keys()], most).map(([from, to]): ImageArea => {
    const states = (stateOf: (cell: FilledCell) => CellState) =>
      Array.from({ length: to - from }, (_, down) => {
        const line = Array<CellState | null>(endColumn - startColumn).fill(null);
        for (const cell of rows.get(from + down) ?? []) line[cell.column - startColumn] = stateOf(cell);
        return line;
      });
    const before = states(({ state: { formattedValue: _, ...kept } }) => kept);
    return { sheetId, title, row: from, column: startColumn, before, ...(after && { after: states(after) }) };
  });
}

function rangeOf({ title, row, column, before }: ImageArea): string {
  const endColumn = column + (before[0]?.length ?? 0);
  return formatA1(title, { startRow: row, endRow: row + before.length, startColumn: column, endColumn });
}

function columnsOf(cells: readonly FilledCell[]) {
  const bounds = { startColumn: Number.POSITIVE_INFINITY, endColumn: 0 };
  for (const { column } of cells) {
    bounds.startColumn = Math.min(bounds.startColumn, column);
    bounds.endColumn = Math.max(bounds.endColumn, column + 1);
  }
  return bounds;
}

function onlySheetsKnows(): ServalError {
  return new ServalError(
    'unsupported',
    'dryRun: only Sheets knows what this finds, by the rules of Java: nothing was done.',
    {
      hint:
        'It can be told for plain text, and for patterns without lookaround, backreferences, empty matches and, unless ' +
        'matchCase is true, letters beyond ASCII. undo_write takes a replacement back.',
      outcome: 'none',
    },
  );
}
