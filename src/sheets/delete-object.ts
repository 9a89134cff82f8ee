// Deleting what stands on a spreadsheet beside its cells: charts, tables, names, protections, filter views, conditional
// formats, pivot tables. What cells hold stays. Reads what is there, then one write.

import { z } from 'zod';
import { invalid, ServalError } from '../errors.ts';
import { cut, shown } from '../words.ts';
import { formatA1 } from './a1.ts';
import { findChart } from './chart.ts';
import { decode, gridRange as gridRangeSchema } from './decode.ts';
import { cells, chartText, NAME_CHARACTERS, pivotText, protectionText } from './describe-objects.ts';
import { apply, type Desk, type Outcome } from './desk.ts';
import { MAX_IMAGE_CELLS, readAreas } from './images.ts';
import { liveSpreadsheet } from './live.ts';
import { findSheet, gridOf, type Sheet, type Spreadsheet } from './metadata.ts';
import { findCell, noSuch } from './objects.ts';
import { blockCell, readBlocks, readHeads } from './read.ts';
import { clearRequest, type Request, stateRequests } from './requests.ts';
import { findTable } from './table.ts';

export const OBJECT_KINDS = [
  'chart',
  'table',
  'named_range',
  'protection',
  'filter_view',
  'conditional_format',
  'pivot_table',
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

export interface Deleted extends Outcome {
  /** In words. */
  readonly deleted: string;
}

interface Deletion {
  readonly requests: readonly Request[];
  readonly sheet: Sheet | undefined;
  readonly text: string;
}

type Find = (desk: Desk, live: Spreadsheet, id: string) => Deletion | Promise<Deletion>;

/** Deletes one object. Throws `not_found` with those of its kind there are. */
export async function deleteObject(desk: Desk, kind: ObjectKind, id: string | number): Promise<Deleted> {
  const live = await liveSpreadsheet(desk);
  const { requests, sheet, text } = await FINDERS[kind](desk, live, String(id).trim());
  const answer: Deleted = { status: 'applied', deleted: `${kind.replace('_', ' ')} ${text}` };
  return apply(desk, { requests, answer, sheets: sheet ? [sheet] : [] });
}

const FINDERS: Readonly<Record<ObjectKind, Find>> = {
  chart: (_, live, id) => {
    const chartId = numberOf(id);
    const sheet = findChart(live, chartId ?? id);
    const chart = sheet.reply.charts.find((one) => one.chartId === chartId);
    const request = { deleteEmbeddedObject: { objectId: chartId } };
    return { requests: [request], sheet, text: `${chart ? chartText(chart) : id} on ${sheet.title}` };
  },
  table: deleteTable,
  named_range: (_, { namedRanges, sheets }, id) => {
    const same = (name: string) => name.toLowerCase() === id.toLowerCase();
    const found = namedRanges.find(({ name }) => same(name)) ?? namedRanges.find((one) => one.namedRangeId === id);
    const there = namedRanges.map(({ name }) => ({ name, text: name }));
    if (!found) throw noSuch('named range', id, there);
    const { namedRangeId, name, range } = found;
    const sheet = sheets.find(({ sheetId }) => sheetId === range.sheetId);
    const text = `${cut(name, NAME_CHARACTERS)}: ${formatA1(sheet?.title ?? '?', gridOf(range))}`;
    return { requests: [{ deleteNamedRange: { namedRangeId } }], sheet, text };
  },
  protection: (_, { sheets }, id) => {
    const all = sheets.flatMap((sheet) => sheet.reply.protectedRanges.map((one) => ({ sheet, one })));
    const found = all.find(({ one }) => String(one.protectedRangeId) === id);
    const there = all.map(({ sheet, one }) => ({
      name: String(one.protectedRangeId),
      text: `${protectionText(one)} on ${sheet.title}`,
    }));
    if (!found) throw noSuch('protection', id, there);
    const { protectedRangeId } = found.one;
    const text = `${protectionText(found.one)} on ${found.sheet.title}`;
    return { requests: [{ deleteProtectedRange: { protectedRangeId } }], sheet: found.sheet, text };
  },
  filter_view: (_, { sheets }, id) => {
    const all = sheets.flatMap((sheet) => sheet.reply.filterViews.map((one) => ({ sheet, one })));
    const found = all.find(({ one }) => String(one.filterViewId) === id);
    const textOf = ({ sheet, one }: (typeof all)[number]) =>
      `${one.filterViewId}: ${cut(one.title ?? '', NAME_CHARACTERS)} on ${sheet.title}`;
    const there = all.map((each) => ({ name: String(each.one.filterViewId), text: textOf(each) }));
    if (!found) throw noSuch('filter view', id, there);
    const request = { deleteFilterView: { filterId: found.one.filterViewId } };
    return { requests: [request], sheet: found.sheet, text: textOf(found) };
  },
  conditional_format: deleteRule,
  pivot_table: deletePivot,
};

function numberOf(id: string): number | undefined {
  return /^\d{1,10}$/.test(id) ? Number(id) : undefined;
}

/** Google advises at most 2 MB a request. */
const MAX_BYTES = 2_000_000;
/** Parts of a cell that go with a table and are put back. */
const CELL_FIELDS = 'userEnteredValue,userEnteredFormat,note,dataValidation,textFormatRuns,chipRuns';

/**
 * Google deletes a table with all that its cells hold: in the same call they are given back what they held. Throws
 * `too_large` for more cells than one call can bring back.
 */
async function deleteTable(desk: Desk, live: Spreadsheet, id: string): Promise<Deletion> {
  const { sheet, table } = findTable(live, id);
  const { tableId, name, range } = table;
  const grid = gridOf(range);
  const a1 = formatA1(sheet.title, grid);
  const areas = await readAreas(desk, [{ sheet, grid, a1 }], CELL_FIELDS);
  const [area] = areas ?? [];
  const restored = area && stateRequests({ ...area, cells: area.before.map(filledOnly) }, CELL_FIELDS);
  if (!restored || JSON.stringify(restored).length > MAX_BYTES) {
    throw new ServalError(
      'too_large',
      `The table ${shown(name)} is too large to be deleted without what its cells hold: over ${MAX_IMAGE_CELLS} cells or ${MAX_BYTES / 1_000_000} MB.`,
      { hint: 'Convert it to a plain range in Sheets.', outcome: 'none' },
    );
  }
  return {
    requests: [{ deleteTable: { tableId } }, ...restored],
    sheet,
    text: `${cut(name, NAME_CHARACTERS)} (id ${tableId}); the cells ${a1} keep values, formats, notes and validation`,
  };
}

/** Blank cells need not be given anything. */
function filledOnly<T extends object>(row: readonly (T | null)[]): (T | null)[] {
  return row.map((cell) => (cell && Object.keys(cell).length > 0 ? cell : null));
}

const rulesReply = z.object({
  sheets: z.array(
    z.object({
      properties: z.object({ sheetId: z.number().default(0) }).prefault({}),
      conditionalFormats: z.array(z.object({ ranges: z.array(gridRangeSchema).default([]) })).default([]),
    }),
  ),
});

/** `Sheet#index`: the index of the rule among those of its sheet, from 0. */
async function deleteRule({ google }: Desk, live: Spreadsheet, id: string): Promise<Deletion> {
  const [, title, digits] = /^(.+)#(\d{1,9})$/s.exec(id) ?? [];
  if (title === undefined) {
    throw invalid(
      `id: ${shown(id)} is no conditional format.`,
      'Write Sheet#0: the index of the rule on its sheet, from 0.',
    );
  }
  const sheet = findSheet(live, title);
  const params = { spreadsheetId: live.id, fields: 'sheets(properties.sheetId,conditionalFormats.ranges)' };
  const { sheets } = decode(
    rulesReply,
    await google('spreadsheets.get', live.id, params, { live: true }),
    'spreadsheets.get',
  );
  const rules = sheets.find(({ properties }) => properties.sheetId === sheet.sheetId)?.conditionalFormats ?? [];
  const names = rules.map(({ ranges }, index) => ({
    name: `${sheet.title}#${index}`,
    text: `${sheet.title}#${index}: ${ranges.map(cells).join(', ')}`,
  }));
  const index = Number(digits);
  const found = names[index];
  if (!found) throw noSuch('conditional format', id, names);
  const others = index + 1 < rules.length ? '; the rules behind it move up by one' : '';
  const request = { deleteConditionalFormatRule: { sheetId: sheet.sheetId, index } };
  return { requests: [request], sheet, text: `${found.text}${others}` };
}

async function deletePivot({ google }: Desk, live: Spreadsheet, id: string): Promise<Deletion> {
  const { sheet, grid, row, column, a1 } = findCell(live, id, 'id');
  const [block] = await readBlocks(google, live.id, [{ sheet, grid, a1 }], true);
  const pivot = block && blockCell(block, row, column)?.pivotTable;
  if (!pivot) throw noSuch('pivot table', a1, await findPivots(google, live));
  const request = clearRequest(sheet.sheetId, grid, 'pivotTable');
  return { requests: [request], sheet, text: `${pivotText(row, column, pivot, live)} on ${sheet.title}` };
}

/** The pivot tables that stand at the top of sheets, by their anchors. */
async function findPivots(google: Desk['google'], live: Spreadsheet) {
  const grids = live.sheets.filter(({ reply }) => reply.properties.sheetType === 'GRID');
  const heads = await readHeads(google, live.id, grids, true);
  return heads.flatMap((rows, at) =>
    rows.flatMap((cells, row) =>
      cells.flatMap(({ pivotTable }, column) => {
        const title = grids[at]?.title ?? '';
        if (!pivotTable) return [];
        const name = formatA1(title, { startRow: row, endRow: row + 1, startColumn: column, endColumn: column + 1 });
        return [{ name, text: `${title}!${pivotText(row, column, pivotTable, live)}` }];
      }),
    ),
  );
}
