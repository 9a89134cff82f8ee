// What an argument of a given name is likely to mean on the book of tool-book.ts: values of any kind, of which a
// generator takes those that the argument's schema takes. Knows names only, no tool.

import { EVERY_KIND, OF_COMMENT } from './every-kind.ts';
import { PLACES } from './tool-bench.ts';
import { IDS } from './tool-book.ts';

/** Most names are of one sheet, so that what is drawn for one call goes together now and then. */
const SHEETS = ['Sheet1', 'Sheet1', 'Sheet1', 'Data', "To do's", 'Other', IDS.sheet1, 0, IDS.tasks, 7];
const RANGES = [
  ...[
    'Sheet1',
    'Sheet1!A1:F5',
    'Sheet1!A2:G4',
    'Sheet1!A1:C3',
    'Sheet1!B2',
    'Data!A1:E10',
    "'Sheet1'!A2:F5",
    'Sheet1!B:C',
    'Data!2:4',
    'Sheet1',
    'Other!A1:B2',
  ],
  ...['Rain', 'Tasks', 'Tasks[Owner]', "'To do''s'!A2:C3", 'Data!C2:C10'],
];
const CORNERS = ['Other!A1', 'Sheet1!H2', 'Data!G3', 'Sheet1!B3', 'Other!C2', 'Other'];
const COLUMNS = ['date', 'weather', 'wind', 'precipitation', 'date', 'weather', 'Name', 'Amount', 'Task'];
/** Letters and positions where a name would not do. */
const PLACED = ['A', 'B', 'C', 'A', 'B', 1, 2, 3];
const TITLES = ['Plan', 'Q3', 'Copy', 'Dry days', "It's"];
const NAMES = ['Sums', 'Weather', 'Wet_days', 'Tasks', 'Rain'];
const PEOPLE = ['ann@example.com', 'bob@example.org'];
const COLORS = ['#ff0000', '#00aa00', '#123456', 'red', { red: 1 }];
const TEXTS = ['rain', 'sun', 'Bonn', 'Person', 'Paint', 'Why'];
const CELLS = ['x', 'rain', 5, -1.5, true, null, '', '2026-01-05', { formula: '=B2*2' }, '=A1', '0'];
const SOURCES = ['Sheet1!A1:F5', 'Data!A1:E10', 'Tasks', 'Data'];
const SERIES = ['Sheet1!B1:B5', 'Sheet1!C1:C5', 'Data!C1:C10', 'precipitation', 'Amount', 1, 2];
const RECORDS = [
  { date: '2026-11-21', weather: 'rain' },
  { date: '2026-11-22', precipitation: 3.5, weather: 'sun', wind: null },
  { Name: 'Person 1', Amount: 5 },
  { Task: 'Glue', Owner: 'Ann', Hours: 1 },
];
const ROWS = [['2026-11-21', 1.5, 9], ['Glue', 'Ann', 4], ['x'], [1, null, { formula: '=1+1' }]];

/** Arguments of these names name something of a book, which is mostly another one in an example. */
export const OF_BOOK: ReadonlySet<string> = new Set([
  ...['sheet', 'sheets', 'sheetId', 'range', 'ranges', 'area', 'anchor', 'position', 'at', 'cell', 'source', 'data'],
  ...['table', 'key', 'by', 'column', 'columns', 'query', 'find', 'labels', 'domain', 'series', 'x', 'y', 'sql'],
]);

/** By `parent.name`, else by name. */
const HINTS: Readonly<Record<string, readonly unknown[]>> = {
  spreadsheet: [
    ...[PLACES.spreadsheet, PLACES.spreadsheet, PLACES.spreadsheet],
    `https://docs.google.com/spreadsheets/d/${PLACES.spreadsheet}/edit#gid=0`,
  ],
  'copyFrom.spreadsheet': [PLACES.other, PLACES.spreadsheet],
  destination: [...CORNERS, PLACES.other],
  sheet: SHEETS,
  sheets: SHEETS,
  sheetId: SHEETS,
  title: TITLES,
  name: NAMES,
  newTitle: TITLES,
  range: RANGES,
  ranges: RANGES,
  area: RANGES,
  anchor: CORNERS,
  position: CORNERS,
  at: CORNERS,
  cell: CORNERS,
  source: SOURCES,
  data: SOURCES,
  labels: ['Sheet1!A1:A5', 'Data!A1:A10', 'date', 'Name'],
  domain: ['example.com', 'Sheet1!A1:A5', 'Data!A1:A10', 'date', 'Name'],
  x: ['Sheet1!A1:A5', 'Data!A1:A10', 'date', 'Name'],
  series: SERIES,
  y: SERIES,
  table: ['Tasks', IDS.table],
  tableId: [IDS.table],
  chartId: [IDS.chart],
  filterViewId: [IDS.filterView],
  protectionId: [IDS.protection],
  namedRangeId: [IDS.namedRange],
  id: [
    ...[IDS.chart, IDS.table, IDS.namedRange, IDS.protection, IDS.filterView, 0, 'Rain', 'Tasks'],
    ...[`${IDS.chart}`, `${IDS.protection}`, `${IDS.filterView}`, 'Sheet1!B2:B5', "'To do''s'!F1", 'Sheet1#0'],
  ],
  writeId: [PLACES.write],
  commentId: [PLACES.comment],
  replyTo: [PLACES.comment],
  folderId: [PLACES.folder],
  query: [...TEXTS, 'Every', ''],
  find: TEXTS,
  replacement: ['snow', 'Köln', '', '$1'],
  text: [...TEXTS, 'Why so much?'],
  note: ['Look here', ''],
  message: ['Here it is.'],
  description: ['The header'],
  regex: [true, false, '^r.*n$', '[0-9]+'],
  pattern: ['^r.*n$', '0.00', 'yyyy-mm-dd'],
  number: ['#,##0.00', '0%', 'yyyy-mm-dd', '@', 5],
  dimension: ['rows', 'columns', 'ROWS'],
  index: [1, 2, 3, 0],
  count: [1, 2],
  to: [1, 4, 5, 6],
  limit: [1, 2, 10, 100],
  by: [...COLUMNS, ...PLACED],
  column: [...COLUMNS, ...PLACED],
  columns: [...COLUMNS, 8, 12],
  key: COLUMNS,
  order: ['ascending', 'descending', 'asc', 'desc'],
  rows: [...RECORDS, ...ROWS, ...COLUMNS, 30, [ROWS[1]], [RECORDS[0]], [RECORDS[3]], ['weather'], ['Town']],
  'sheets.rows': [
    [
      ['a', 'b'],
      [1, { formula: '=A2*2' }],
    ],
  ],
  values: [
    ...CELLS,
    ...COLUMNS,
    [['x', 1]],
    [['y'], [{ formula: '=1+1' }]],
    ['precipitation'],
    ['Amount'],
    ['5'],
    '50',
  ],
  expect: [[{ range: 'Sheet1!F3', values: [['rain']] }]],
  formula: ['=B2>5', '=1+1'],
  criteria: [{ weather: ['rain'] }, { F: { values: ['rain'] } }],
  min: [0, 1],
  max: [10, 5],
  list: [['rain', 'sun'], 'rain', 'sun'],
  options: ['rain', 'sun'],
  background: COLORS,
  color: COLORS,
  tabColor: COLORS,
  bold: [true],
  size: [10, 12],
  columnWidth: [80, 120],
  rowHeight: [21, 40],
  frozenRows: [1, 2, 0],
  frozenColumns: [1, 0],
  type: ['column', 'line', 'COLUMN', 'text', 'number'],
  kind: ['chart', 'table', 'named_range', 'protection', 'filter_view', 'conditional_format', 'pivot_table'],
  email: PEOPLE,
  editors: PEOPLE,
  role: ['reader', 'writer', 'commenter'],
  sql: [
    'SELECT * FROM Sheet1',
    'SELECT weather, COUNT(*) AS n, MAX(wind) FROM Sheet1 GROUP BY weather ORDER BY n DESC',
    'SELECT * FROM Tasks',
    'SELECT * FROM "To do\'s"',
    'SELECT Name, Amount FROM Data WHERE Amount > ?',
    'SELECT d.Name, s.weather FROM Data d JOIN Sheet1 s ON d.Amount > s.wind LIMIT 3',
    'SELECT * FROM Rain',
    'WITH w AS (SELECT wind FROM Sheet1) SELECT AVG(wind) FROM w',
    'DELETE FROM Sheet1',
    'SELECT MIN(date) AS first, MAX(date) AS last FROM Sheet1',
  ],
  parameters: [5, 'rain', 'Bonn', null],
  requests: [
    ...Object.values(EVERY_KIND),
    ...Object.values(OF_COMMENT).map((make) => [make(PLACES.comment, PLACES.reply)]),
  ],
};

/** Keys of records whose schema takes any: mostly names of columns. */
export const RECORD_KEYS: readonly string[] = [...COLUMNS, 'Town', 'Owner', 'Hours', 'A', '2'];

/** What an argument of that name inside an argument of the other name may be; empty when nothing is known. */
export function hintsFor(name: string, parent: string): readonly unknown[] {
  return HINTS[`${parent}.${name}`] ?? HINTS[name] ?? [];
}

/** All of them: to be put where they do not belong. */
export const ALL_HINTS: readonly unknown[] = Object.values(HINTS).flat();
