// What the embedded backend costs on large sheets, each case in a process of its own on a file of its own, through its
// front door: medians, peak memory, and what an edit costs beside a full recalculation. `node bench/emulator.ts [NAME]`

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../src/clock.ts';
import { createEmulator } from '../src/emulator/emulator.ts';

const root = resolve(import.meta.dirname, '..');
const ROUNDS = 5;
const EDITS = 21;

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

function open(file: string) {
  const emulator = createEmulator({ file, clock: systemClock });
  const call = async (method: string, path: string, body?: object) => {
    const init = { method, ...(body && { body: JSON.stringify(body) }) };
    const response = await emulator.fetch(new Request(`http://emulator${path}`, init));
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${method} ${path}: ${text}`);
    return JSON.parse(text);
  };
  return { emulator, call };
}

type Backend = ReturnType<typeof open>;
type Figures = Record<string, number>;

/** Sets down how long each step takes, a promise of it settled. */
function createWatch() {
  const figures: Figures = {};
  const time = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const begin = performance.now();
    const result = await work();
    figures[name] = performance.now() - begin;
    return result;
  };
  return { figures, time };
}

async function create({ call }: Backend, rowCount: number, columnCount: number): Promise<string> {
  const properties = { sheetId: 0, title: 'S', gridProperties: { rowCount, columnCount } };
  return (await call('POST', '/v4/spreadsheets', { sheets: [{ properties }] })).spreadsheetId;
}

async function put({ call }: Backend, id: string, range: string, values: unknown[][]): Promise<void> {
  await call('PUT', `/v4/spreadsheets/${id}/values/${range}?valueInputOption=USER_ENTERED`, { values });
}

async function read({ call }: Backend, id: string, range: string): Promise<string[][]> {
  return (await call('GET', `/v4/spreadsheets/${id}/values/${range}`)).values;
}

const heapMiB = () => {
  global.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

/** 10,000 rows of nine numbers and their sum; two formulas stand on the first sum. */
async function sums(file: string): Promise<Figures> {
  const { figures, time } = createWatch();
  const first = open(file);
  const id = await create(first, 12_000, 12);
  const rows = Array.from({ length: 10_000 }, (_, r) => [
    ...Array.from({ length: 9 }, (__, c) => r * 9 + c),
    `=SUM(A${r + 1}:I${r + 1})`,
  ]);
  await time('load 100,000 cells with 10,000 SUMs', () => put(first, id, 'S!A1', rows));
  await put(first, id, 'S!K1', [['=J1*2', '=K1+A1']]);
  await time('full recalculation', () => read(first, id, 'S!L1'));
  const edits: number[] = [];
  for (let edit = 0; edit < EDITS; edit++) {
    const begin = performance.now();
    await put(first, id, 'S!A1', [[edit]]);
    await read(first, id, 'S!J1:L1');
    edits.push(performance.now() - begin);
  }
  figures['edit that three formulas read, and reading them'] = median(edits);
  await time('append 1,000 rows', () =>
    first.call('POST', `/v4/spreadsheets/${id}/values/S!A1:append?valueInputOption=USER_ENTERED`, {
      values: rows.slice(0, 1000).map((row) => row.slice(0, 9)),
    }),
  );
  await time('read all', () => read(first, id, 'S'));
  const range = { sheetId: 0, dimension: 'ROWS', startIndex: 0, endIndex: 1 };
  await time('insert a row at the top', () =>
    first.call('POST', `/v4/spreadsheets/${id}:batchUpdate`, { requests: [{ insertDimension: { range } }] }),
  );
  await time('recalculation after it', () => read(first, id, 'S!L2'));
  first.emulator.close();
  const second = await time('open the file', async () => open(file));
  const [[last] = []] = await time('first read after opening', () => read(second, id, 'S!L2'));
  if (Number(last) !== 2 * (36 + EDITS - 1) + EDITS - 1) throw new Error(`L2 shows ${last}`);
  second.emulator.close();
  return figures;
}

async function million(file: string, value: (index: number) => unknown): Promise<Figures> {
  const { figures, time } = createWatch();
  const backend = open(file);
  const id = await create(backend, 100_001, 10);
  const before = heapMiB();
  await time('load 1,000,000 cells in ten calls', async () => {
    for (let part = 0; part < 10; part++) {
      const rows = Array.from({ length: 10_000 }, (_, r) =>
        Array.from({ length: 10 }, (__, c) => value(part * 100_000 + r * 10 + c)),
      );
      await put(backend, id, `S!A${part * 10_000 + 1}`, rows);
    }
  });
  figures['heap of the sheet, MiB'] = heapMiB() - before;
  const range = { sheetId: 0, dimension: 'ROWS', startIndex: 0, endIndex: 1 };
  await time('insert a row at the top', () =>
    backend.call('POST', `/v4/spreadsheets/${id}:batchUpdate`, { requests: [{ insertDimension: { range } }] }),
  );
  await time('edit a cell and read it', async () => {
    await put(backend, id, 'S!A500', [[1]]);
    await read(backend, id, 'S!A500');
  });
  backend.emulator.close();
  const again = open(file);
  await time('first read after opening', () => read(again, id, 'S!A500'));
  again.emulator.close();
  return figures;
}

async function chain(file: string): Promise<Figures> {
  const { figures, time } = createWatch();
  const backend = open(file);
  const id = await create(backend, 100_000, 1);
  const rows = Array.from({ length: 100_000 }, (_, r) => [r === 0 ? 1 : `=A${r}+1`]);
  await time('load a chain of 100,000', () => put(backend, id, 'S!A1', rows));
  await time('full recalculation', () => read(backend, id, 'S!A100000'));
  await put(backend, id, 'S!A1', [[2]]);
  const [[last] = []] = await time('recalculation after an edit of its head', () => read(backend, id, 'S!A100000'));
  if (last !== '100001') throw new Error(`the chain ends with ${last}`);
  backend.emulator.close();
  return figures;
}

const CASES: Record<string, (file: string) => Promise<Figures>> = {
  sums,
  'a million numbers': (file) => million(file, (index) => index + 0.5),
  'a million short texts': (file) => million(file, (index) => `item ${index}`),
  chain,
};

async function measure(name: string): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'servalsheets-bench-'));
  try {
    const figures = await CASES[name]?.(join(folder, 'workbooks.sqlite'));
    return { ...figures, 'peak memory, MiB': process.resourceUsage().maxRSS / 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare(): object {
  const rows = Object.keys(CASES).map((name) => {
    const rounds = Array.from({ length: ROUNDS }, (): Figures => {
      const args = ['--expose-gc', import.meta.filename, name];
      return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 20 }));
    });
    const medians = Object.keys(rounds[0] ?? {}).map((figure) => {
      const value = median(rounds.map((round) => round[figure] ?? 0));
      return [figure.includes('MiB') ? figure : `${figure}, ms`, Number(value.toFixed(value < 100 ? 1 : 0))] as const;
    });
    return { name, ...Object.fromEntries(medians) };
  });
  const of = (figure: string) => Number((rows[0] as Record<string, unknown>)[`${figure}, ms`]);
  const ratio = of('full recalculation') / of('edit that three formulas read, and reading them');
  return { rows, fullRecalculationOverEdit: Number(ratio.toFixed(1)) };
}

const only = process.argv[2];
if (only !== undefined) process.stdout.write(`${JSON.stringify(await measure(only))}\n`);
else {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const result = {
    what: `the embedded backend on large sheets, medians of ${ROUNDS} processes each`,
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short', 'HEAD'),
    machine: `${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    ...compare(),
  };
  writeFileSync(join(root, 'bench/results/emulator.json'), `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}
