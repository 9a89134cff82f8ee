// Filters: the one that everybody sees on a sheet, or a named view. Two reads and one write; which rows are hidden by it
// Sheets works out.

import { z } from 'zod';
import { invalid, ServalError } from '../errors.ts';
import { listed, nearest, shown } from '../words.ts';
import { closeGrid, columnName, formatA1, type Grid } from './a1.ts';
import { findColumn, type NamedColumns } from './columns.ts';
import { booleanConditionOf } from './conditions.ts';
import { apply, type ChangedReply, type Desk, type Outcome } from './desk.ts';
import { findHeader, HEAD_ROWS, headerNames } from './header.ts';
import { liveSpreadsheet } from './live.ts';
import { type Resolved, resolveRange, type Sheet } from './metadata.ts';
import { readBlocks } from './read.ts';
import { gridRange, type Request } from './requests.ts';

export interface Criterion {
  readonly column: string;
  /** A condition without faults for a filter, as conditions.ts has it. */
  readonly type?: string | undefined;
  readonly values?: readonly (string | number)[] | undefined;
  /** Values, as they are shown, whose rows are hidden. */
  readonly hide?: readonly string[] | undefined;
}

export interface Filtered extends Outcome {
  readonly range?: string;
  readonly filterViewId?: number;
}

/**
 * Sets the basic filter of the sheet, or the view of that title, in the place of what was there; `criteria: null` takes
 * it away. A range that is open above begins at the sheet's header.
 */
export async function setFilter(
  desk: Desk,
  range: string,
  criteria: readonly Criterion[] | null,
  view: string | undefined,
): Promise<Filtered> {
  const live = await liveSpreadsheet(desk);
  const resolved = resolveRange(live, range);
  const { sheet } = resolved;
  const known = view === undefined ? undefined : findView(sheet, view);
  const change = (request: Request, answer: Filtered, told?: (reply: ChangedReply) => Filtered) =>
    apply<Filtered>(desk, { requests: [request], answer, sheets: [sheet], ...(told && { told }) });

  if (criteria === null) {
    if (view !== undefined && known === undefined) throw noSuchView(sheet, view);
    if (known !== undefined) return change({ deleteFilterView: { filterId: known } }, { status: 'applied' });
    if (!sheet.reply.basicFilter) return { status: 'unchanged' };
    return change({ clearBasicFilter: { sheetId: sheet.sheetId } }, { status: 'applied' });
  }

  const { grid, columns } = await headed(desk, resolved);
  const filter = {
    range: gridRange(sheet.sheetId, grid),
    filterSpecs: specsOf(criteria, columns, desk.spreadsheet.locale),
  };
  const answer: Filtered = { status: 'applied', range: formatA1(sheet.title, closeGrid(grid, sheet)) };
  if (view === undefined) return change({ setBasicFilter: { filter } }, answer);
  if (known !== undefined) {
    const updated = { filterViewId: known, ...filter };
    const fields = 'range,criteria,filterSpecs';
    return change({ updateFilterView: { filter: updated, fields } }, { ...answer, filterViewId: known });
  }
  return change({ addFilterView: { filter: { title: view, ...filter } } }, answer, ({ replies: [first = {}] }) => {
    const added = addedView.safeParse(first.addFilterView).data;
    return { ...answer, ...(added && { filterViewId: added.filter.filterViewId }) };
  });
}

const addedView = z.object({ filter: z.object({ filterViewId: z.number() }) });

function findView({ title, reply }: Sheet, view: string): number | undefined {
  const [found, other] = reply.filterViews.filter((one) => one.title === view);
  if (!other) return found?.filterViewId;
  throw new ServalError('conflict', `${title} has several filter views ${shown(view)}: nothing was changed.`, {
    hint: 'Give one of them another title, or delete it.',
    outcome: 'none',
  });
}

function noSuchView({ title, reply }: Sheet, view: string): ServalError {
  const titles = reply.filterViews.map((one) => one.title ?? '');
  const meant = nearest(view, titles);
  return new ServalError('not_found', `${title} has no filter view ${shown(view)}.`, {
    hint: `${meant === undefined ? '' : `Did you mean ${shown(meant)}? `}Its views: ${listed(titles) || 'none'}.`,
  });
}

/** The range with its first row, which is the header of a filter, and the names in it. */
async function headed(
  { google, spreadsheet }: Desk,
  { sheet, grid }: Resolved,
): Promise<{ grid: Grid; columns: NamedColumns }> {
  const { startRow, startColumn = 0, endColumn = sheet.columns } = grid;
  const top = { startRow: startRow ?? 0, endRow: startRow === undefined ? HEAD_ROWS : startRow + 1 };
  const looked = startRow === undefined ? top : { ...top, startColumn, endColumn };
  const [block] = await readBlocks(
    google,
    spreadsheet.id,
    [{ sheet, grid: looked, a1: formatA1(sheet.title, looked) }],
    true,
  );
  const rows = block?.rowData.map(({ values }) => values) ?? [];
  const header = startRow === undefined ? findHeader(rows, 0, 0) : undefined;
  const first = rows[0]?.map((cell) => cell.formattedValue) ?? [];
  const names = header?.names ?? (startRow === undefined ? [] : headerNames(first, startColumn));
  const from = header?.column ?? startColumn;
  return {
    grid: { ...grid, startRow: startRow ?? header?.row ?? 0 },
    columns: { start: startColumn, end: endColumn, names, from },
  };
}

function specsOf(criteria: readonly Criterion[], columns: NamedColumns, locale: string): Request[] {
  const taken = new Set<number>();
  return criteria.map(({ column, type, values, hide }, index) => {
    const where = `criteria[${index}]`;
    const columnIndex = findColumn(column, columns, `${where}.column`);
    if (taken.has(columnIndex)) {
      throw invalid(
        `${where}: column ${columnName(columnIndex)} is named twice.`,
        'Sheets takes one condition a column.',
      );
    }
    taken.add(columnIndex);
    const filterCriteria = {
      ...(type !== undefined && { condition: booleanConditionOf({ type, values }, locale) }),
      ...(hide && { hiddenValues: hide }),
    };
    return { columnIndex, filterCriteria };
  });
}
