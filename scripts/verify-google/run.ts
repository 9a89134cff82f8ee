// Runs the checks one after the other and words what each found. Makes and removes nothing itself (bench.ts does).

import { z } from 'zod';
import { ServalError } from '../../src/errors.ts';
import type { Assumption } from './assumptions.ts';
import { type Bench, isUnclear, type Sheet } from './bench.ts';
import { type Check, fails, notTried, type Verdict } from './check.ts';

export interface Tally {
  readonly held: number[];
  readonly failed: number[];
  /** Begun, but without a clear answer. */
  readonly broken: number[];
  readonly notTried: number[];
}

const OPTIONS: Readonly<Record<NonNullable<Check['option']>, string>> = {
  budget: 'needs --budget',
  quota: 'needs --quota',
  'other-token-env': 'needs a credential of another project: --other-token-env NAME',
};

/** More than any number. */
const LAST = 1_000;

/** Each assumption in turn, those without a check too; stops between two when the run is interrupted. */
export async function runChecks(
  bench: Bench,
  checks: readonly Check[],
  assumptions: readonly Assumption[],
  given: ReadonlySet<string>,
  print: (line: string) => void,
): Promise<Tally> {
  const tally: Tally = { held: [], failed: [], broken: [], notTried: [] };
  const tell = (number: number, verdict: Verdict, unclear = false) => {
    const text = assumptions.find((one) => one.number === number)?.text ?? '';
    print(`${number}: ${lineOf(verdict)}\n      ${text}`);
    const list = unclear
      ? 'broken'
      : verdict.kind === 'holds'
        ? 'held'
        : verdict.kind === 'fails'
          ? 'failed'
          : 'notTried';
    tally[list].push(number);
  };

  const wanted = (check: Check) => check.option === undefined || given.has(check.option);
  const sheets = await bench.addSheets(checks.filter(wanted).reduce((sum, check) => sum + (check.sheets ?? 0), 0));
  let used = 0;
  for (const { number, cannot } of assumptions.toSorted((a, b) => placeOf(a) - placeOf(b))) {
    const check = checks.find((one) => one.number === number);
    if (bench.stopped()) break;
    if (!check) tell(number, notTried(cannot ?? 'there is no check of that number'));
    else if (!wanted(check)) tell(number, notTried(check.option ? OPTIONS[check.option] : ''));
    else {
      const own = sheets.slice(used, (used += check.sheets ?? 0));
      const { verdict, unclear } = await judge(check, bench, own);
      tell(number, verdict, unclear);
    }
  }
  return tally;

  /** By number, but what uses something up last. */
  function placeOf({ number }: Assumption): number {
    const option = checks.find((one) => one.number === number)?.option;
    return (option === 'budget' || option === 'quota') && given.has(option) ? number + LAST : number;
  }
}

function lineOf(verdict: Verdict): string {
  if (verdict.kind === 'holds') return `holds (${verdict.seen})`;
  return verdict.kind === 'fails' ? `does not hold: ${verdict.seen}` : `not tried: ${verdict.why}`;
}

async function judge(
  check: Check,
  bench: Bench,
  sheets: readonly Sheet[],
): Promise<{ verdict: Verdict; unclear?: true }> {
  try {
    return { verdict: await check.run(bench, sheets) };
  } catch (thrown) {
    if (thrown instanceof z.ZodError) return { verdict: fails(`an answer of another shape: ${shapeOf(thrown)}`) };
    if (!(thrown instanceof ServalError)) throw thrown;
    const words = `${thrown.code}: ${thrown.message}`;
    if (!isUnclear(thrown)) return { verdict: fails(`an unexpected refusal: ${words}`) };
    return { verdict: notTried(`no clear answer (${words})`), unclear: true };
  }
}

function shapeOf({ issues: [first] }: z.ZodError): string {
  return `${first?.path.join('.')}: ${first?.message}`;
}
