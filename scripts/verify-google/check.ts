// What a check of an assumption is, and what it can find. Types and the three verdicts; does nothing.

import type { Bench, Sheet } from './bench.ts';

export type Verdict =
  | { readonly kind: 'holds'; readonly seen: string }
  | { readonly kind: 'fails'; readonly seen: string }
  | { readonly kind: 'not tried'; readonly why: string };

export interface Check {
  /** The assumption's number in docs/assumptions.md. */
  readonly number: number;
  /** Sheets of its own, empty, 20 rows by 8 columns. */
  readonly sheets?: number;
  /** Without this option it is not tried: it costs something that the caller must want. */
  readonly option?: 'budget' | 'quota' | 'other-token-env';
  run(bench: Bench, sheets: readonly Sheet[]): Promise<Verdict>;
}

export const holds = (seen: string): Verdict => ({ kind: 'holds', seen });
export const fails = (seen: string): Verdict => ({ kind: 'fails', seen });
export const notTried = (why: string): Verdict => ({ kind: 'not tried', why });

/** Holds when nothing is wrong; else says each thing that is. */
export function unless(wrong: readonly (string | false | undefined)[], seen: string): Verdict {
  const all = wrong.filter((one) => typeof one === 'string');
  return all.length === 0 ? holds(seen) : fails(all.join('; '));
}

/** `what` with what was expected and seen, where these differ as JSON. */
export function differs(what: string, seen: unknown, expected: unknown): string | undefined {
  const [a, b] = [seen, expected].map((one) => JSON.stringify(one) ?? 'nothing');
  return a === b ? undefined : `${what}: ${a} where ${b} was expected`;
}
