import type { sheets_v4 } from '@googleapis/sheets';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createBlank } from '../../src/emulator/create.ts';
import { openStore } from '../../src/emulator/store.ts';
import { cell, type Sheet } from '../../src/emulator/workbook.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { type Bench, newSpreadsheet, openBench } from './clients.ts';

const CIRCULAR = 'Circular dependency detected. To resolve with iterative calculation, see File > Settings.';

type Values = (string | number | boolean | null)[][];

async function open(bench: Bench = openBench(), properties: sheets_v4.Schema$SpreadsheetProperties = {}) {
  const id = await newSpreadsheet(bench, [
    { properties: { title: 'A', sheetId: 0, gridProperties: { rowCount: 20, columnCount: 8 } } },
    { properties: { title: 'B', sheetId: 1 } },
  ]);
  const { values } = bench.sheets.spreadsheets;
  const batch = (...requests: sheets_v4.Schema$Request[]) =>
    bench.sheets.spreadsheets.batchUpdate({ spreadsheetId: id, requestBody: { requests } });
  const fields = Object.keys(properties).join();
  if (fields) await batch({ updateSpreadsheetProperties: { properties, fields } });
  return {
    bench,
    id,
    batch,
    write: (range: string, rows: Values) =>
      values.update({
        spreadsheetId: id,
        range,
        valueInputOption: 'USER_ENTERED',
        requestBody: { values: rows },
      }),
    read: async (range: string, valueRenderOption = 'UNFORMATTED_VALUE', more = {}) =>
      (await values.get({ spreadsheetId: id, range, valueRenderOption, ...more })).data.values,
    cells: async (range: string): Promise<sheets_v4.Schema$CellData[]> => {
      const got = await bench.sheets.spreadsheets.get({ spreadsheetId: id, ranges: [range], includeGridData: true });
      return (got.data.sheets?.[0]?.data?.[0]?.rowData ?? []).flatMap((row) => row.values ?? [{}]);
    },
  };
}

/** Type and message of each cell's error, undefined where there is none. */
const errorsOf = (cells: readonly sheets_v4.Schema$CellData[]) =>
  cells.map(({ effectiveValue }) => effectiveValue?.errorValue ?? undefined);

describe('recalculation', () => {
  test('follows cells, ranges, whole columns and other sheets', async () => {
    const { write, read } = await open();
    await write('A!A1', [[1], [2], [3]]);
    await write('A!B1', [['=A1+A2', '=SUM(A1:A3)', '=SUM(A:A)', '=B1*10', "=SUM(B!A1:B2)+'B'!C5"]]);
    expect(await read('A!B1:F1')).toEqual([[3, 6, 6, 30, 0]]);
    await write('A!A2', [[5]]);
    expect(await read('A!B1:F1')).toEqual([[6, 9, 9, 60, 0]]);
    await write('A!A15', [[100]]);
    await write('B!B2', [[7]]);
    await write('B!C5', [['=A!B1']]);
    expect(await read('A!B1:F1')).toEqual([[6, 9, 109, 60, 13]]);
    await write('A!A1', [['text']]);
    expect(await read('A!B1:E1')).toEqual([['#VALUE!', 8, 108, '#VALUE!']]);
  });

  test('an error is a value: type, message, text', async () => {
    const { write, read, cells } = await open();
    await write('A!A1', [['=1/0', '=A1+1']]);
    const errorValue = { type: 'DIVIDE_BY_ZERO', message: 'Function DIVIDE parameter 2 cannot be zero.' };
    expect(await cells('A!A1:B1')).toMatchObject([
      { userEnteredValue: { formulaValue: '=1/0' }, effectiveValue: { errorValue }, formattedValue: '#DIV/0!' },
      { effectiveValue: { errorValue }, formattedValue: '#DIV/0!' },
    ]);
    expect(await read('A!A1:B1')).toEqual([['#DIV/0!', '#DIV/0!']]);
    expect(await read('A!A1:B1', 'FORMULA')).toEqual([['=1/0', '=A1+1']]);
  });

  test('a chain of 100,000 and a fan of 30,000 neither overflow nor are forgotten', { timeout: 30_000 }, async () => {
    const { write, read, batch } = await open();
    const size = { rowCount: 100_000, columnCount: 3 };
    await batch({
      updateSheetProperties: { properties: { sheetId: 1, gridProperties: size }, fields: 'gridProperties' },
    });
    // Each formula reads the one below it, so that the first one read waits for all others.
    const rows: Values = Array.from({ length: 100_000 }, (_, r) => [
      r === 99_999 ? 1 : `=A${r + 2}+1`,
      r < 30_000 ? '=C$1' : null,
    ]);
    rows[0]?.push('=SUM(B2:B30000)');
    rows[0]?.splice(1, 1, null);
    await write('B!A1', rows);
    expect(await read('B!A1')).toEqual([[100_000]]);
    await write('B!A100000', [[11]]);
    await write('B!C1', [[2]]);
    await write('B!B1', [['=SUM(B2:B30000)']]);
    expect(await read('B!A1:B1')).toEqual([[100_010, 59_998]]);
  });

  test('an edit evaluates what depends on it and nothing else', () => {
    const store = openStore(':memory:', systemClock);
    const book = store.transact((change) => createBlank({ store, change, clock: systemClock }, { name: 'T' }));
    const sheet = book.sheets[0] as Sheet;
    const constant = (value: number) => cell(value, undefined, 0, undefined);
    const formula = (text: string) => cell(undefined, text, 0, undefined);
    store.transact((change) => {
      for (let row = 0; row < 500; row++) {
        const n = row + 1;
        change.setRow(sheet, row, [constant(row), constant(1), formula(`=SUM(A${n}:B${n})`), formula(`=C${n}*2`)]);
      }
      change.setRow(sheet, 600, [formula('=SUM(D1:D500)')]);
    });
    const evaluated = (work: () => unknown) => {
      const before = book.calc.evaluations();
      work();
      return book.calc.evaluations() - before;
    };
    const last = () => book.calc.shown(sheet).at(600, 0);
    expect(evaluated(last)).toBe(1001);
    expect(evaluated(last)).toBe(0);
    const put = (row: number, column: number, value: number) =>
      store.transact((change) => change.setRow(sheet, row, sheet.rows[row]?.with(column, constant(value))));
    put(7, 0, 100);
    expect(evaluated(last)).toBe(3);
    expect(last()).toBe(2 * (124_750 - 7 + 100 + 500));
    expect(evaluated(() => put(700, 0, 1))).toBe(0);
    expect(evaluated(last)).toBe(0);
    // Rows above it move nothing that the first hundred formulas read.
    store.transact((change) => change.insertRows(sheet, 100, 1));
    expect(evaluated(() => book.calc.shown(sheet).at(99, 3))).toBeLessThan(810);
    store.close();
  });

  test('names and tables concern only the formulas that mention them', () => {
    const store = openStore(':memory:', systemClock);
    const book = store.transact((change) => createBlank({ store, change, clock: systemClock }, { name: 'T' }));
    const sheet = book.sheets[0] as Sheet;
    const formula = (text: string) => cell(undefined, text, 0, undefined);
    store.transact((change) => {
      for (let row = 0; row < 50; row++) change.setRow(sheet, row, [formula(`=ROW()+${row}`)]);
      change.setRow(sheet, 50, [formula('=SUM(spot)'), formula('=ROWS(A:A)')]);
    });
    const last = () => [book.calc.shown(sheet).at(50, 0), book.calc.shown(sheet).at(50, 1)];
    expect(last()).toMatchObject([{ type: 'NAME' }, 1000]);
    const before = book.calc.evaluations();
    const range = { sheetId: 0, startRowIndex: 0, endRowIndex: 2, startColumnIndex: 0, endColumnIndex: 1 };
    store.transact((change) => change.setNamedRanges(book, [{ namedRangeId: 'n', name: 'spot', range }]));
    expect(last()).toEqual([4, 1000]);
    const { properties } = sheet;
    const gridProperties = { rowCount: 1200, columnCount: 26 };
    store.transact((change) => change.setSheetProperties(sheet, { ...properties, gridProperties }));
    expect(last()).toEqual([4, 1200]);
    expect(book.calc.evaluations() - before).toBeLessThanOrEqual(3);
    store.close();
  });

  test('a sum of thousands of terms is as good as one of two', async () => {
    const { write, read } = await open();
    await write('A!A1', [[2, `=${'A1+'.repeat(12_000)}1`, `=${'-'.repeat(20_000)}A1`]]);
    expect(await read('A!B1:C1')).toEqual([[24_001, 2]]);
    await write('A!A1', [[3]]);
    expect(await read('A!B1:C1')).toEqual([[36_001, 3]]);
  });

  test('hidden rows count as soon as they are', async () => {
    const { write, read, batch } = await open();
    await write('A!A1', [[1, '=SUBTOTAL(109,A1:A3)'], [2], [4]]);
    expect(await read('A!B1')).toEqual([[7]]);
    const range = { sheetId: 0, dimension: 'ROWS', startIndex: 1, endIndex: 2 };
    const properties = { hiddenByUser: true };
    await batch({ updateDimensionProperties: { range, properties, fields: 'hiddenByUser' } });
    expect(await read('A!B1')).toEqual([[5]]);
  });

  test('what a refused batch has computed is undone', async () => {
    const { write, read, batch } = await open();
    await write('A!A1', [[1, '=A1+1', '=SEQUENCE(B1)']]);
    const before = await read('A!A1:H20');
    const number = { userEnteredValue: { numberValue: 5 } };
    const range = { sheetId: 0, startRowIndex: 0, endRowIndex: 1, startColumnIndex: 0, endColumnIndex: 1 };
    const sort = { ...range, endRowIndex: 4, endColumnIndex: 3 };
    await expect(
      batch(
        { repeatCell: { range, cell: number, fields: 'userEnteredValue' } },
        { sortRange: { range: sort, sortSpecs: [{ dimensionIndex: 1 }] } },
        { deleteSheet: { sheetId: 99 } },
      ),
    ).rejects.toThrow('Invalid requests[2].deleteSheet');
    expect(await read('A!A1:H20')).toEqual(before);
  });
});

describe('circles', () => {
  test('every member is refused, whoever reads it too, and all recover', async () => {
    const { write, read, cells } = await open();
    await write('A!A1', [['=B1', '=C1+1', '=A1', '=A1+5', '=IFERROR(A1,"caught")', '=F1', '=SUM(A2:G2)']]);
    const error = { type: 'REF', message: CIRCULAR };
    expect(errorsOf(await cells('A!A1:G1'))).toEqual([error, error, error, error, undefined, error, undefined]);
    expect(await read('A!E1')).toEqual([['caught']]);
    await write('A!C1', [[1]]);
    expect(await read('A!A1:E1')).toEqual([[2, 2, 1, 7, 2]]);
    await write('A!C1', [['=SUM(A1:D1)']]);
    expect(errorsOf(await cells('A!A1:D1'))).toEqual([error, error, error, error]);
  });

  test('a formula may ask where its own cell is', async () => {
    const { write, read } = await open();
    await write('A!B3', [['=ROW(B3)+COLUMN(B3)', '=ROWS(C1:C5)']]);
    expect(await read('A!B3:C3')).toEqual([[5, 5]]);
  });

  test('are iterated when the spreadsheet says so', async () => {
    const iterativeCalculationSettings = { maxIterations: 100, convergenceThreshold: 0.001 };
    const { write, read } = await open(openBench(), { iterativeCalculationSettings });
    await write('A!A1', [['=B1/2+1', '=A1', '=C1+1']]);
    const [[a = 0, b = 0, c] = []] = (await read('A!A1:C1')) ?? [];
    expect(a).toBeCloseTo(2, 2);
    expect(b).toBeCloseTo(2, 2);
    expect(c).toBe(100);
  });
});

describe('arrays', () => {
  test('spill over blank cells, and who reads those follows', async () => {
    const { write, read, cells } = await open();
    await write('A!A1', [['=SEQUENCE(C1,2)', null, 2, '=SUM(A1:B10)', '=B3']]);
    expect(await read('A!A1:E3')).toEqual([
      [1, 2, 2, 10],
      [3, 4],
    ]);
    await write('A!C1', [[3]]);
    expect(await read('A!A1:E3')).toEqual([
      [1, 2, 3, 21, 6],
      [3, 4],
      [5, 6],
    ]);
    expect(await read('A!A1:B2', 'FORMULA')).toEqual([
      ['=SEQUENCE(C1,2)', 2],
      [3, 4],
    ]);
    const spilled = { effectiveValue: { numberValue: 4 }, formattedValue: '4' };
    const [got] = await cells('A!B2');
    expect(got).toMatchObject(spilled);
    expect(got).not.toHaveProperty('userEnteredValue');
    await write('A!C1', [[1]]);
    expect(await read('A!A1:E3')).toEqual([[1, 2, 1, 3]]);
  });

  test('do not expand over what is there, and do as soon as it goes', async () => {
    const { write, read, cells } = await open();
    await write('A!B2', [['x']]);
    await write('A!A1', [['=SEQUENCE(3,2)', null, '=A3']]);
    const message = 'Array result was not expanded because it would overwrite data in B2.';
    expect(errorsOf(await cells('A!A1:A1'))).toEqual([{ type: 'REF', message }]);
    expect(await read('A!C1')).toBeUndefined();
    await write('A!B2', [['']]);
    expect(await read('A!A1:C3')).toEqual([
      [1, 2, 5],
      [3, 4],
      [5, 6],
    ]);
    await write('A!A2', [['=1+1']]);
    expect(errorsOf(await cells('A!A1'))).toMatchObject([{ message: message.replace('B2', 'A2') }]);
    expect(await read('A!A1:C3')).toEqual([['#REF!'], [2]]);
  });

  test('stay within the grid', async () => {
    const { write, read, cells, batch } = await open();
    await write('A!A1', [['=SEQUENCE(22)', '=SEQUENCE(1,9)']]);
    const refusal = (what: string) => `Result was not automatically expanded, please insert more ${what}.`;
    expect(errorsOf(await cells('A!A1:B1'))).toEqual([
      { type: 'REF', message: refusal('rows (2)') },
      { type: 'REF', message: refusal('columns (2)') },
    ]);
    await batch({ appendDimension: { sheetId: 0, dimension: 'ROWS', length: 2 } });
    await batch({ appendDimension: { sheetId: 0, dimension: 'COLUMNS', length: 2 } });
    expect(await read('A!A22')).toEqual([[22]]);
    expect(await read('A!J1')).toEqual([[9]]);
  });

  test('that meet: the one that begins first has the cells; the other takes its turn', async () => {
    const { write, read, cells } = await open();
    await write('A!A2', [['=SEQUENCE(1,3)']]);
    expect(await read('A!A2:C2')).toEqual([[1, 2, 3]]);
    await write('A!B1', [['=SEQUENCE(3)']]);
    expect(await read('A!A1:C3')).toEqual([
      ['', 1],
      ['#REF!', 2],
      ['', 3],
    ]);
    expect(errorsOf(await cells('A!A2'))).toMatchObject([{ message: expect.stringContaining('overwrite data in B2') }]);
    await write('A!B1', [['']]);
    expect(await read('A!A2:C2')).toEqual([[1, 2, 3]]);
  });

  test('that take each other the ground on which they stand are circles, until one goes', async () => {
    const { write, read, cells } = await open();
    // The second is as long as the first says where the second would be.
    await write('A!A3', [['=SEQUENCE(2,2)']]);
    await write('A!B2', [['=SEQUENCE(A4)']]);
    expect(errorsOf(await cells('A!A3'))).toMatchObject([{ message: CIRCULAR }]);
    expect(errorsOf(await cells('A!B2'))).toMatchObject([{ message: CIRCULAR }]);
    await write('A!B2', [['=A4']]);
    expect(await read('A!A2:B4')).toEqual([
      ['', 3],
      [1, 2],
      [3, 4],
    ]);
  });

  test('that never come to rest are circles, until one goes', async () => {
    const { write, read, cells } = await open();
    // The first takes the second's ground as long as it can read its first cell, and cannot when it has taken it.
    await write('A!A1', [
      ['=C4', '=A5', '=SEQUENCE(3,1,A3)'],
      [null],
      ['=SEQUENCE(1,3)'],
      [null],
      ['=SEQUENCE(3,1,B3)'],
    ]);
    const error = { type: 'REF', message: CIRCULAR };
    expect(errorsOf([...(await cells('A!C1')), ...(await cells('A!A3'))])).toEqual([error, error]);
    await write('A!C1', [['']]);
    expect(await read('A!A3:C7')).toEqual([[1, 2, 3], [], [2], [3], [4]]);
  });

  test('in a circle look again whenever their ground changes, however often the circle has been found', async () => {
    const { write, cells } = await open();
    const around = async () => {
      const [corner] = errorsOf(await cells('A!A1'));
      const [second] = errorsOf(await cells('A!B2'));
      const [last] = errorsOf(await cells('A!C3'));
      return [corner, second, last];
    };
    await write('A!A1', [['=SEQUENCE(1,3,B3)'], [null, '=SEQUENCE(3,1,C3)'], [null, null, '=IF(A1,A1,A1)']]);
    const circle = Array(3).fill({ type: 'REF', message: CIRCULAR });
    expect(await around()).toEqual(circle);
    await write('A!A1', [['=SEQUENCE(1,3,+B3)']]);
    expect(await around()).toEqual(circle);
    // An array that does not expand feeds nobody: the error in its cell is all that is read.
    const message = 'Array result was not expanded because it would overwrite data in B1.';
    const blocked = Array(3).fill({ type: 'REF', message });
    for (const what of ['=A1', 'x']) {
      await write('A!B1', [[what]]);
      expect(await around()).toEqual(blocked);
      await write('A!B1', [['']]);
      expect(await around()).toEqual(circle);
    }
  });

  test('that look where the other would be come out the same, whichever was there first', async () => {
    const long: Record<string, string> = { B1: '=SEQUENCE(IF(C3="",3,1))', C1: '=SEQUENCE(IF(B2="",3,1))' };
    for (const order of [
      ['B1', 'C1'],
      ['C1', 'B1'],
    ]) {
      const { write, read } = await open();
      for (const name of order) {
        await write(`A!${name}`, [[long[name] ?? null]]);
        await read('A!A1:H20');
      }
      expect(await read('A!B1:C3')).toEqual([[1, 1], [2], [3]]);
    }
  });

  test('that are blocked feed nobody, whatever they would change if they were not', async () => {
    // With its array in B3 the last would close a circle: over A1 and A2 the array in C1 that is in its way.
    const content: Record<string, string> = {
      A1: '=IF(B3="",3,1)',
      A2: '=SEQUENCE(IF(A1="",1,3),1,B4)',
      B2: '=SEQUENCE(2,2)',
      C1: '=SEQUENCE(A4,1,A3)',
    };
    const names = Object.keys(content);
    for (const order of [names, names.toReversed(), ['C1', 'A2', 'B2', 'A1']]) {
      const { write, read } = await open();
      for (const name of order) {
        await write(`A!${name}`, [[content[name] ?? null]]);
        await read('A!A1:H20');
      }
      expect(await read('A!A1:C4')).toEqual([[3, '', 1], [0, '#REF!', 2], [1], [2]]);
    }
  });

  test('that feed on themselves are circles', async () => {
    const { write, read, cells } = await open();
    await write('A!A1', [['=B5', '=SEQUENCE(10,1,A1)', '=SEQUENCE(3,1,SUM(C2:C9))']]);
    expect(errorsOf(await cells('A!A1:C1'))).toMatchObject(Array(3).fill({ message: CIRCULAR }));
    await write('A!A1', [[1]]);
    expect(await read('A!B10')).toEqual([[10]]);
  });
});

describe('what is not in the formula', () => {
  test('the time of the last change in the zone of the spreadsheet', async () => {
    const clock = createVirtualClock({ wall: Date.UTC(2026, 6, 1, 23, 30) });
    const sheet = await open(openBench({ clock }), { timeZone: 'Europe/Berlin' });
    await sheet.write('A!A1', [['=NOW()', '=TODAY()', '=A1-B1']]);
    const day = 46_205;
    const first = await sheet.read('A!A1:B1');
    expect(first).toEqual([[expect.closeTo(day + 1.5 / 24, 8), day]]);
    await clock.advance(3_600_000);
    expect(await sheet.read('A!A1:B1')).toEqual(first);
    await sheet.write('A!H9', [[1]]);
    expect(await sheet.read('A!A1:C1')).toEqual([
      [expect.closeTo(day + 2.5 / 24, 8), day, expect.closeTo(2.5 / 24, 8)],
    ]);
    await sheet.batch({ updateSpreadsheetProperties: { properties: { autoRecalc: 'MINUTE' }, fields: 'autoRecalc' } });
    await clock.advance(60_000);
    expect(await sheet.read('A!C1')).toEqual([[expect.closeTo(2.5 / 24 + 1 / 1440, 8)]]);
  });

  test('random numbers change with the workbook only', async () => {
    const { write, read } = await open(openBench({ clock: createVirtualClock() }));
    await write('A!A1', [['=RAND()', '=A1']]);
    const [[a, b] = []] = (await read('A!A1:B1')) ?? [];
    expect(b).toBe(a);
    expect(await read('A!A1')).toEqual([[a]]);
    await write('B!A1', [[1]]);
    const [[c, d] = []] = (await read('A!A1:B1')) ?? [];
    expect(c).not.toBe(a);
    expect(d).toBe(c);
  });

  test('references that are computed', async () => {
    const { write, read } = await open();
    await write('A!A1', [['C1', '=INDIRECT(A1)', 3, '=SUM(OFFSET(C1,0,0,C4,1))', '=INDIRECT("B!A"&C4)']]);
    await write('A!C2', [[4], [5], [2]]);
    await write('B!A2', [['=A!C2*10']]);
    expect(await read('A!B1:E1')).toEqual([[3, 3, 7, 40]]);
    await write('A!C2', [[6]]);
    expect(await read('A!B1:E1')).toEqual([[3, 3, 9, 60]]);
    await write('A!A1', [['C3']]);
    await write('A!C4', [[3]]);
    expect(await read('A!B1:E1')).toEqual([[5, 3, 14]]);
  });

  test('whether a cell holds a formula, and which', async () => {
    const { write, read } = await open();
    await write('A!A1', [[1, '=ISFORMULA(A1)', '=IFERROR(FORMULATEXT(A1),"none")']]);
    expect(await read('A!B1:C1')).toEqual([[false, 'none']]);
    await write('A!A1', [['=B5+1']]);
    expect(await read('A!A1:C1')).toEqual([[1, true, '=B5+1']]);
  });

  test('names and sheets that come later', async () => {
    const { write, read, batch } = await open();
    await write('A!A1', [['=C!B2', '=SUM(spot)', '=Sheet9!A1']]);
    expect(await read('A!A1:C1')).toEqual([['#REF!', '#NAME?', '#REF!']]);
    const range = { sheetId: 0, startRowIndex: 4, endRowIndex: 6, startColumnIndex: 0, endColumnIndex: 1 };
    await batch(
      { addNamedRange: { namedRange: { namedRangeId: 'n', name: 'spot', range } } },
      { addSheet: { properties: { title: 'C' } } },
    );
    await write('A!A5', [[2], [3]]);
    await write('C!B2', [['here']]);
    expect(await read('A!A1:C1')).toEqual([['here', 5, '#REF!']]);
    await batch({ deleteNamedRange: { namedRangeId: 'n' } });
    expect(await read('A!B1')).toEqual([['#NAME?']]);
  });
});

describe('how results are shown', () => {
  test('a date is one without a format of its own', async () => {
    const { write, read, cells } = await open();
    await write('A!A1', [['=DATE(2026,7,1)', '=A1+1']]);
    expect(await read('A!A1', 'FORMATTED_VALUE')).toEqual([['7/1/2026']]);
    const shown = { dateTimeRenderOption: 'FORMATTED_STRING' };
    expect(await read('A!A1', 'UNFORMATTED_VALUE', shown)).toEqual([['7/1/2026']]);
    expect(await read('A!A1', 'UNFORMATTED_VALUE')).toEqual([[46_204]]);
    const [got] = await cells('A!A1');
    expect(got?.effectiveFormat?.numberFormat?.type).toBe('DATE');
    expect(got?.userEnteredFormat).toBeUndefined();
  });

  test('a formula takes after the cell it stands for, whenever that changes', async () => {
    const { write, read, batch } = await open();
    await write('A!A1', [[46_204, '=A1', '=B1+1']]);
    expect(await read('A!B1:C1', 'FORMATTED_VALUE')).toEqual([['46204', '46205']]);
    const range = { sheetId: 0, startRowIndex: 0, endRowIndex: 1, startColumnIndex: 0, endColumnIndex: 1 };
    const date = { userEnteredFormat: { numberFormat: { type: 'DATE' } } };
    await batch({ repeatCell: { range, cell: date, fields: 'userEnteredFormat.numberFormat' } });
    expect(await read('A!B1:C1', 'FORMATTED_VALUE')).toEqual([['7/1/2026', '7/2/2026']]);
  });

  test('a link is where it leads', async () => {
    const { write, cells } = await open();
    await write('A!A1', [['=HYPERLINK("https://example.com/a","seen")']]);
    expect(await cells('A!A1')).toMatchObject([{ formattedValue: 'seen', hyperlink: 'https://example.com/a' }]);
  });
});
