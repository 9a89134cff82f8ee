// What tools cost on a sheet of 50,000 rows, through the front door and the embedded backend in one process: medians of
// whole processes, each beside one plain read of the same cells in the same process. `node bench/tools.ts [round]`

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { createHttpApp } from '../src/app.ts';
import { systemClock } from '../src/clock.ts';
import { parseConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';

const root = resolve(import.meta.dirname, '..');
const ROUNDS = 5;
const ROWS = 50_000;
/** Rows of one write; the most that a call takes. */
const BLOCK = 10_000;

type Figures = Record<string, number>;

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

async function round(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'servalsheets-bench-'));
  // Nothing is answered from memory: every figure is that of a first call.
  const env = { DATA_DIR: folder, CACHE_ENABLED: 'false', TOOLSETS: 'all', LOG_LEVEL: 'ERROR' };
  const { config } = parseConfig(env, () => '');
  const app = await createHttpApp(config, {
    clock: systemClock,
    log: createLog('ERROR', systemClock, () => {}),
    fetch,
    version: 'bench',
    demoDir: join(root, 'data'),
  });
  const figures: Figures = {};
  const tool = async (name: string, input: object) => {
    const init = { method: 'POST', body: JSON.stringify(input) };
    const response = await app.fetch(new Request(`http://127.0.0.1/v1/tools/${name}`, init));
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${name}: ${text}`);
    return { text, answer: JSON.parse(text) };
  };
  const time = async (figure: string, name: string, input: object) => {
    const begin = performance.now();
    const { text, answer } = await tool(name, input);
    figures[`${figure}, ms`] = performance.now() - begin;
    figures[`${figure}, tokens`] = Math.ceil(text.length / 4);
    return answer;
  };
  try {
    const header = ['id', 'name', 'day', 'region', 'amount', 'note'];
    const row = (id: number) => [
      id,
      `item ${id}`,
      `2026-${String(1 + (id % 12)).padStart(2, '0')}-${String(1 + (id % 28)).padStart(2, '0')}`,
      ['north', 'south', 'west'][id % 3],
      (id % 997) / 4,
      id % 5 === 0 ? 'checked' : '',
    ];
    const sheets = [{ title: 'Items', rows: [header] }];
    const { answer: book } = await tool('create_spreadsheet', { title: 'bench', sheets });
    const spreadsheet = book.id;
    for (let from = 0; from < ROWS; from += BLOCK) {
      const values = Array.from({ length: BLOCK }, (_, index) => row(from + index + 1));
      await tool('write_range', { spreadsheet, writes: [{ range: `Items!A${from + 2}`, values }] });
    }
    const before = process.resourceUsage().maxRSS;
    const begin = performance.now();
    const plain = new Request('http://127.0.0.1/v1/tools/read_range', {
      method: 'POST',
      body: JSON.stringify({ spreadsheet, ranges: ['Items'], limit: 1 }),
    });
    await (await app.fetch(plain)).text();
    figures['read of all cells for one row of them, ms'] = performance.now() - begin;
    await time('describe', 'describe_spreadsheet', { spreadsheet });
    await time('find by a part of a text', 'find_cells', { spreadsheet, query: 'item 4999', limit: 20 });
    await time('find by a pattern', 'find_cells', { spreadsheet, query: '^item \\d*77$', regex: true, limit: 20 });
    const sql = 'SELECT region, count(*) AS n, sum(amount) AS total FROM Items GROUP BY region ORDER BY region';
    await time('query, first', 'query_rows', { spreadsheet, sql });
    await time('query, again', 'query_rows', { spreadsheet, sql });
    await time('records, one page', 'read_range', { spreadsheet, ranges: ['Items'], format: 'records' });
    const rows = Array.from({ length: 1_000 }, (_, index) => {
      const id = index < 500 ? 1 + index * 100 : ROWS + index;
      return { id, name: `new ${id}`, amount: 1 };
    });
    const upserted = await time('upsert of 1,000 rows', 'upsert_rows', {
      spreadsheet,
      sheet: 'Items',
      key: ['id'],
      rows,
    });
    if (upserted.updated !== 500 || upserted.appended !== 500) throw new Error(JSON.stringify(upserted));
    figures['peak memory, MiB'] = process.resourceUsage().maxRSS / 1024;
    figures['of these before the tools, MiB'] = before / 1024;
    return figures;
  } finally {
    app.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === 'round') process.stdout.write(`${JSON.stringify(await round())}\n`);
else {
  const rounds = Array.from({ length: ROUNDS }, (): Figures => {
    const args = [import.meta.filename, 'round'];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 20 }));
  });
  const names = Object.keys(rounds[0] ?? {});
  const of = (name: string) => median(rounds.map((one) => one[name] ?? 0));
  const plain = of('read of all cells for one row of them, ms');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const result = {
    what: `tools on a sheet of ${ROWS} rows and 6 columns, no cache, medians of ${ROUNDS} processes`,
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short', 'HEAD'),
    machine: `${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    figures: Object.fromEntries(names.map((name) => [name, Number(of(name).toFixed(of(name) < 100 ? 1 : 0))])),
    timesOfThePlainRead: Object.fromEntries(
      names
        .filter((name) => name.endsWith(', ms') && !name.startsWith('read of all'))
        .map((name) => [name.replace(', ms', ''), Number((of(name) / plain).toFixed(2))]),
    ),
  };
  writeFileSync(join(root, 'bench/results/tools.json'), `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}
