// What a simulation found wrong, and what it did.

export interface Violation {
  readonly invariant: string;
  readonly words: string;
  /** Virtual milliseconds. */
  readonly at: number;
}

/** Notes that an invariant is broken. */
export type Report = (invariant: string, words: string) => void;

/** After so many a run is wrong enough. */
const ENOUGH = 50;

export function createReport(now: () => number): { report: Report; violations: Violation[] } {
  const violations: Violation[] = [];
  const report: Report = (invariant, words) => {
    if (violations.length < ENOUGH) violations.push({ invariant, words, at: now() });
  };
  return { report, violations };
}

/** Counts by name. */
export function createTally() {
  const counts = new Map<string, number>();
  return {
    add: (name: string, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by),
    /** Keeps the highest. */
    peak: (name: string, value: number) => void counts.set(name, Math.max(value, counts.get(name) ?? 0)),
    get: (name: string) => counts.get(name) ?? 0,
    all: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

export type Tally = ReturnType<typeof createTally>;
