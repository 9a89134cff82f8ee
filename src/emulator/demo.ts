// The demo spreadsheet of a first start: three real data sets as sheets. Reads CSV, writes through the gate.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { serialOf } from '../sheets/values.ts';
import { createSpreadsheet, type Making } from './create.ts';
import { type Cell, cell } from './workbook.ts';

/** The id of the demo spreadsheet: always the same, and 44 characters long as Google's are. */
export const DEMO_SPREADSHEET_ID = '1DemoServalSheets-Embedded-Backend-DemoSheet';

/** Sheets in the order of their tabs; each is `<title>.csv` in the data folder. */
const SHEETS = ['seattle-weather', 'birdstrikes', 'airports'];
const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
/** Plain decimal numbers; a leading zero is a code, not a number. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

function constant(text: string, dateFormat: number): Cell | undefined {
  const plain = (value: string | number, format = 0) => cell(value, undefined, format, undefined);
  if (text === '') return undefined;
  const date = ISO_DATE.exec(text);
  if (date) {
    const serial = serialOf(Number(date[1]), Number(date[2]), Number(date[3]));
    if (serial !== undefined) return plain(serial, dateFormat);
  }
  return plain(NUMBER.test(text) ? Number(text) : text);
}

/** Creates the demo spreadsheet. Throws when a data file is missing. */
export function createDemo(making: Making, dataDir: string): void {
  const tables = SHEETS.map((title) => {
    const csv = readFileSync(join(dataDir, `${title}.csv`), 'utf8');
    const { data } = Papa.parse<string[]>(csv, { skipEmptyLines: true });
    return { title, data };
  });
  const sheets = tables.map(({ title, data }, index) => {
    const gridProperties = { rowCount: data.length + 100, columnCount: data[0]?.length ?? 1, frozenRowCount: 1 };
    return { properties: { sheetId: index, title, gridProperties } };
  });
  const body = { properties: { title: 'ServalSheets demo' }, sheets };
  const book = createSpreadsheet(making, body, { id: DEMO_SPREADSHEET_ID });
  const dateFormat = book.formats.idOf({ numberFormat: { type: 'DATE', pattern: 'yyyy-mm-dd' } });
  const headerFormat = book.formats.idOf({ textFormat: { bold: true } });
  tables.forEach(({ data: [header = [], ...rows] }, index) => {
    const sheet = book.sheets[index];
    if (!sheet) return;
    const { setRow } = making.change;
    setRow(
      sheet,
      0,
      header.map((title) => cell(title, undefined, headerFormat, undefined)),
    );
    rows.forEach((row, r) => {
      setRow(
        sheet,
        r + 1,
        row.map((text) => constant(text, dateFormat)),
      );
    });
  });
}
