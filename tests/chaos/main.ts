// The command line of the chaos run: reads the options, runs, prints figures. Ends with 0 when every promise holds.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LONG, SHORT } from './forms.ts';
import { runChaos } from './run.ts';
import { broken, figures, told } from './verdict.ts';
import { KINDS, type Kind } from './workload.ts';

const USAGE = `npm run chaos -- [options]

  --short                     400 writes and 4 kills instead of 10000 and 25
  --writes <n> --kills <n>    other numbers
  --seed <n>                  default 1
  --exactly-once markers|off  with off the run must find duplicates (default markers)
  --kinds append,upsert,cell  only these
  --limit-s <n>               ends the run after so many seconds (default 1200, short 180)
  --keep                      leaves the folder with logs and databases also when all is well
`;

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    writes: { type: 'string' },
    kills: { type: 'string' },
    seed: { type: 'string', default: '1' },
    'exactly-once': { type: 'string', default: 'markers' },
    kinds: { type: 'string', default: KINDS.join(',') },
    'limit-s': { type: 'string' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

function whole(name: 'writes' | 'kills' | 'seed' | 'limit-s', otherwise: number): number {
  const number = Number(values[name] ?? otherwise);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`--${name} takes a whole number\n\n${USAGE}`);
  return number;
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const form = values.short ? SHORT : LONG;
  const exactlyOnce = (['markers', 'off'] as const).find((one) => one === values['exactly-once']);
  const [first, ...rest] = values.kinds.split(',').flatMap((name): Kind[] => KINDS.filter((kind) => kind === name));
  if (exactlyOnce === undefined || first === undefined) throw new Error(USAGE);
  const result = await runChaos({
    ...form,
    exactlyOnce,
    kinds: [first, ...rest],
    seed: whole('seed', 1),
    writes: whole('writes', form.writes),
    kills: whole('kills', form.kills),
    limitMs: whole('limit-s', form.limitMs / 1000) * 1000,
    keep: values.keep,
  });
  const words = broken(result);
  process.stdout.write(`${figures(result)}\n`);
  if (existsSync(result.folder)) process.stdout.write(`logs and databases: ${result.folder}\n`);
  if (exactlyOnce === 'off')
    process.stdout.write(`\nfound, as it must be:\n${told(result.findings.map((one) => one.words))}\n`);
  process.stdout.write(words.length === 0 ? '\nall promises hold\n' : `\nnot so:\n${told(words)}\n`);
  return words.length === 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exit(
  await main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 2;
  }),
);
