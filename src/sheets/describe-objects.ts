// Charts, tables, protections and pivot tables in one line each, with the id or name by which tools take them. Pure.

import { cut, listed } from '../words.ts';
import { columnName, formatGrid } from './a1.ts';
import type { Chart, GridRange, PivotTable, ProtectedRange, Table } from './decode.ts';
import { gridOf, type Sheet, type Spreadsheet } from './metadata.ts';

/** Characters of a name or title that are shown; a longer one ends in an ellipsis. */
export const NAME_CHARACTERS = 100;
/** Options of a dropdown, and editors of a protection, that are shown. */
const MAX_SHOWN = 10;

/** `12: column "Sales" at F2`. */
export function chartText({ chartId, spec, position }: Chart): string {
  const { title } = spec;
  const { rowIndex: row, columnIndex: column } = position.overlayPosition?.anchorCell ?? {};
  return [
    `${chartId}: ${chartKind(spec)}`,
    ...(title ? [JSON.stringify(cut(title, NAME_CHARACTERS))] : []),
    ...(row === undefined || column === undefined ? [] : [`at ${columnName(column)}${row + 1}`]),
  ].join(' ');
}

/** `column` or `stepped_area` of the basic types, else the name of the kind, such as `pie`. */
export function chartKind(spec: Chart['spec']): string {
  const basic = spec.basicChart?.chartType;
  if (basic) return basic.toLowerCase();
  const part = Object.keys(spec).find((key) => key.endsWith('Chart'));
  return part === undefined ? 'chart' : part.slice(0, -'Chart'.length).toLowerCase();
}

/** `Tasks: A1:C9, id 12 (name, due date, state dropdown: open | done)`. */
export function tableText({ tableId, name, range, columnProperties }: Table): string {
  const columns = columnProperties.map(({ columnName: header, columnType, dataValidationRule }) => {
    const options = dataValidationRule?.condition.values.map((value) => cut(value.userEnteredValue ?? '')) ?? [];
    const type = columnType === undefined ? '' : ` ${plainName(columnType, COLUMN_TYPES)}`;
    return `${cut(header)}${type}${options.length > 0 ? `: ${some(options, ' | ')}` : ''}`;
  });
  const told = columns.length > 0 ? ` (${listed(columns)})` : '';
  return `${cut(name, NAME_CHARACTERS)}: ${cells(range)}, id ${tableId}${told}`;
}

/** Types of table columns that Google calls otherwise; the others have Google's names in lower case. */
const COLUMN_TYPES: Readonly<Record<string, string>> = {
  number: 'DOUBLE',
  checkbox: 'BOOLEAN',
  rating: 'RATINGS_CHIP',
  people: 'PEOPLE_CHIP',
  file: 'FILES_CHIP',
  place: 'PLACE_CHIP',
  finance: 'FINANCE_CHIP',
};

/** Google's name of a type of columns. */
export function apiType(type: string): string {
  return COLUMN_TYPES[type] ?? type.toUpperCase();
}

/** Ways to sum up that Google calls otherwise: `count` is of what is not blank. */
const SUMMARIES: Readonly<Record<string, string>> = {
  count: 'COUNTA',
  count_numbers: 'COUNT',
  count_unique: 'COUNTUNIQUE',
};

/** Google's name of a way to sum up. */
export function apiSummary(name: string): string {
  return SUMMARIES[name] ?? name.toUpperCase();
}

/** A name of Google's as tools have it. */
function plainName(name: string, names: Readonly<Record<string, string>>): string {
  return Object.entries(names).find(([, api]) => api === name)?.[0] ?? name.toLowerCase();
}

/** `12: A1:B9, warning only, except B2: prices`. */
export function protectionText(protection: ProtectedRange): string {
  const { protectedRangeId, range, description, warningOnly, editors, unprotectedRanges } = protection;
  const parts = [
    range ? cells(range) : 'named range',
    ...(warningOnly ? ['warning only'] : []),
    ...(editors.users.length > 0 ? [`editors ${some(editors.users, ' ')}`] : []),
    ...(unprotectedRanges.length > 0 ? [`except ${some(unprotectedRanges.map(cells), ' ')}`] : []),
  ];
  return `${protectedRangeId}: ${parts.join(', ')}${description ? `: ${cut(description, NAME_CHARACTERS)}` : ''}`;
}

/** `A1: of Sales!A1:D9, rows B, columns A, sum of D`; columns are those of the source's sheet. */
export function pivotText(row: number, column: number, pivot: PivotTable, { sheets }: Pick<Spreadsheet, 'sheets'>) {
  const { source, rows, columns, values } = pivot;
  const titled = sheets.find(({ sheetId }) => sheetId === source?.sheetId)?.title ?? '?';
  const at = (offset: number) => columnName((source?.startColumnIndex ?? 0) + offset);
  const groups = (kind: string, list: PivotTable['rows']) =>
    list.length > 0
      ? [
          `${kind} ${some(
            list.map((one) => at(one.sourceColumnOffset)),
            ' ',
          )}`,
        ]
      : [];
  const parts = [
    source ? `of ${titled}!${cells(source)}` : 'of a data source',
    ...groups('rows', rows),
    ...groups('columns', columns),
    ...values.map(({ sourceColumnOffset, summarizeFunction, formula }) =>
      formula === undefined ? `${plainName(summarizeFunction, SUMMARIES)} of ${at(sourceColumnOffset)}` : cut(formula),
    ),
  ];
  return `${columnName(column)}${row + 1}: ${parts.slice(0, MAX_SHOWN).join(', ')}`;
}

/** The objects of a sheet that its metadata tell. */
export function objectTexts({ reply }: Sheet) {
  return {
    tables: reply.tables.map(tableText),
    protectedRanges: reply.protectedRanges.map(protectionText),
    charts: reply.charts.map(chartText),
  };
}

/** The cells without their sheet. */
export function cells(range: GridRange): string {
  return formatGrid(gridOf(range)) || 'the whole sheet';
}

function some(list: readonly string[], between: string): string {
  const rest = list.length - MAX_SHOWN;
  return [...list.slice(0, MAX_SHOWN), ...(rest > 0 ? [`and ${rest} more`] : [])].join(between);
}
