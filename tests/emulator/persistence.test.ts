import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { DEMO_SPREADSHEET_ID } from '../../src/emulator/emulator.ts';
import { temporaryFolder } from '../support/app.ts';
import { newSpreadsheet, openBench } from './clients.ts';

const newFile = () => join(temporaryFolder(), 'workbooks.sqlite');

const dataDir = join(import.meta.dirname, '../../data');
const root = pathToFileURL(`${join(import.meta.dirname, '../..')}/`).href;

/** A process that owns the file, appends rows for ever and prints the number of each one acknowledged. */
const WRITER = `
  const { createEmulator } = await import(${JSON.stringify(`${root}src/emulator/emulator.ts`)});
  const { systemClock } = await import(${JSON.stringify(`${root}src/clock.ts`)});
  const emulator = createEmulator({ file: process.argv[1], clock: systemClock });
  const call = async (method, path, body) => {
    const init = { method, body: JSON.stringify(body) };
    return (await emulator.fetch(new Request('http://x/v4/spreadsheets' + path, init))).json();
  };
  const { spreadsheetId } = await call('POST', '', { properties: { title: 'Log' } });
  console.log(spreadsheetId);
  for (let n = 1; ; n++) {
    await call('POST', '/' + spreadsheetId + '/values/A1:append?valueInputOption=RAW', { values: [[n, 'row']] });
    console.log(n);
    await new Promise((resolve) => setImmediate(resolve));
  }
`;

test('everything is there after closing and opening again', async () => {
  const file = newFile();
  const first = openBench({ file });
  const id = await newSpreadsheet(first, [{ properties: { title: 'A', sheetId: 3 } }, { properties: { title: 'B' } }]);
  const range = { sheetId: 3, startRowIndex: 0, endRowIndex: 2, startColumnIndex: 0, endColumnIndex: 1 };
  const cell = {
    userEnteredValue: { formulaValue: '=1+1' },
    userEnteredFormat: { textFormat: { bold: true } },
    note: 'seen',
  };
  const constants = [{ numberValue: -0.5 }, { stringValue: 'é"' }, { boolValue: false }, { formulaValue: '=A1' }];
  const plainCells = { values: [{}, ...constants.map((userEnteredValue) => ({ userEnteredValue }))] };
  const location = { sheetId: 3 };
  const developerMetadata = { metadataId: 4, metadataKey: 'k', visibility: 'DOCUMENT', location };
  await first.sheets.spreadsheets.batchUpdate({
    spreadsheetId: id,
    requestBody: {
      requests: [
        { repeatCell: { range, cell, fields: '*' } },
        { updateCells: { start: { sheetId: 3, rowIndex: 5 }, rows: [plainCells], fields: 'userEnteredValue' } },
        { createDeveloperMetadata: { developerMetadata } },
        { addNamedRange: { namedRange: { namedRangeId: 'n1', name: 'spot', range } } },
        { updateSheetProperties: { properties: { sheetId: 3, index: 2 }, fields: 'index' } },
      ],
    },
  });
  const look = async ({ call }: typeof first) => [
    (await call('GET', `/v4/spreadsheets/${id}?includeGridData=true`)).text,
    (await call('GET', '/drive/v3/files?fields=*')).text,
  ];
  const before = await look(first);
  expect(before[0]).toContain('"formulaValue": "=A1"');
  first.emulator.close();
  const second = openBench({ file });
  expect(await look(second)).toEqual(before);
  await second.sheets.spreadsheets.batchUpdate({
    spreadsheetId: id,
    requestBody: {
      requests: [{ deleteSheet: { sheetId: 3 } }, { addSheet: { properties: { sheetId: 3, title: 'C' } } }],
    },
  });
  const after = await look(second);
  second.emulator.close();
  const third = openBench({ file });
  expect(await look(third)).toEqual(after);
  expect(after[0]).not.toContain('seen');
  await third.drive.files.delete({ fileId: id });
  third.emulator.close();
  const db = new DatabaseSync(file);
  const count = (table: string) => db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n;
  expect(['files', 'books', 'sheets', 'rows', 'formats', 'metadata'].map(count)).toEqual([0, 0, 0, 0, 0, 0]);
  db.close();
});

test('a killed process loses nothing it acknowledged, and holds the file while it lives', {
  timeout: 30_000,
}, async () => {
  const file = newFile();
  const args = ['--input-type=module', '--eval', WRITER, file];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the writer ended with ${code}`)));
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      if (printed.split('\n').length > 30) resolve();
    });
  });
  const cure = 'stop it, or set DATA_DIR to another folder, or send your calls to the running server';
  expect(() => openBench({ file })).toThrow(`the workbooks in ${file} are in use by process ${child.pid}: ${cure}`);
  child.removeAllListeners('exit');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  const lines = printed.trimEnd().split('\n');
  const acknowledged = Number(lines.at(-1));
  const bench = openBench({ file });
  const { data } = await bench.sheets.spreadsheets.values.get({ spreadsheetId: lines[0] ?? '', range: 'Sheet1' });
  expect(data.values?.length).toBeGreaterThanOrEqual(acknowledged);
  expect(data.values?.map(([n]) => Number(n))).toEqual(data.values?.map((_, index) => index + 1));
  bench.emulator.close();
  expect(existsSync(`${file}.pid`)).toBe(false);
});

test('a second owner in the same process is refused too, and the first goes on', async () => {
  const file = newFile();
  const first = openBench({ file });
  expect(() => openBench({ file })).toThrow(`in use by process ${process.pid}`);
  expect(await newSpreadsheet(first)).toHaveLength(44);
  first.emulator.close();
  openBench({ file }).emulator.close();
});

test('a file of a newer version is refused and left alone', () => {
  const file = newFile();
  const db = new DatabaseSync(file);
  db.exec('PRAGMA user_version = 99');
  db.close();
  expect(() => openBench({ file })).toThrow(/have schema 99, and this version knows 2/);
});

test('the demo is created once, with numbers as numbers and dates as dates', async () => {
  const file = newFile();
  const bench = openBench({ file, demo: { dataDir } });
  const { data } = await bench.sheets.spreadsheets.get({ spreadsheetId: DEMO_SPREADSHEET_ID });
  expect(DEMO_SPREADSHEET_ID).toHaveLength(44);
  expect(data.properties?.title).toBe('ServalSheets demo');
  expect(data.sheets?.map(({ properties }) => [properties?.title, properties?.gridProperties?.frozenRowCount])).toEqual(
    [
      ['seattle-weather', 1],
      ['birdstrikes', 1],
      ['airports', 1],
    ],
  );
  const read = async (range: string, valueRenderOption: string) => {
    const { values } = bench.sheets.spreadsheets;
    return (await values.get({ spreadsheetId: DEMO_SPREADSHEET_ID, range, valueRenderOption })).data.values?.[0];
  };
  const weather = "'seattle-weather'!A2:F2";
  expect(await read(weather, 'UNFORMATTED_VALUE')).toEqual([40909, 0, 12.8, 5, 4.7, 'drizzle']);
  expect(await read(weather, 'FORMATTED_VALUE')).toEqual(['2012-01-01', '0', '12.8', '5', '4.7', 'drizzle']);
  expect(await read('airports!A2:F2', 'UNFORMATTED_VALUE')).toEqual([
    ...['00M', 'Thigpen', 'Bay Springs', 'MS', 'USA', 31.95376472],
  ]);
  await bench.drive.files.delete({ fileId: DEMO_SPREADSHEET_ID });
  await newSpreadsheet(bench);
  bench.emulator.close();
  const again = openBench({ file, demo: { dataDir: '/nowhere' } });
  expect((await again.drive.files.list({})).data.files).toHaveLength(1);
  again.emulator.close();
});
