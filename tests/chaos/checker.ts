// Judges a run: what the clients recorded against what the sheets hold. Pure; the one place where the promises stand.
//
// Before and after. Two writes of one client have an order only where the client gave them one: `a` comes before `b`
// when the request of `a` that was acknowledged was sent before the FIRST request of `b`. A request for `a` that was
// refused or lost promises nothing: by the time `a` is repeated and acknowledged, `b` may be done. What was sent after
// another's acknowledgement is always after it.

import type { Recorded } from './record.ts';
import type { Kind } from './workload.ts';

/** What the sheets of one spreadsheet hold, header rows left out, empty cells as ''. */
export interface Contents {
  /** [id, client, number] */
  readonly appended: readonly (readonly unknown[])[];
  /** [key, value, client] */
  readonly keyed: readonly (readonly unknown[])[];
  readonly cells: readonly (readonly unknown[])[];
}

export const FINDINGS = ['duplicate', 'lost', 'order', 'foreign'] as const;

export interface Finding {
  /** `order`: an older write stands where a newer one should; `foreign`: what nobody wrote there. */
  readonly finding: (typeof FINDINGS)[number];
  readonly words: string;
}

/** Every promise that is broken, in every spreadsheet. */
export function check(recorded: readonly Recorded[], contents: ReadonlyMap<string, Contents>): Finding[] {
  const findings: Finding[] = [];
  for (const [spreadsheet, { appended, keyed, cells }] of contents) {
    const own = recorded.filter(({ write }) => write.spreadsheet === spreadsheet);
    const of = (kind: Kind) => own.filter(({ write }) => write.kind === kind);
    findings.push(
      ...checkAppends(of('append'), appended),
      ...checkPlaces(of('upsert'), keyedPlaces(keyed)),
      ...checkPlaces(of('cell'), cellPlaces(cells)),
    );
  }
  return findings;
}

/** Acknowledged rows are there once, others at most once, and each client's stand in its order. */
function checkAppends(writes: readonly Recorded[], rows: Contents['appended']): Finding[] {
  const findings: Finding[] = [];
  const report = (finding: Finding['finding'], words: string) => void findings.push({ finding, words });
  const known = new Map(writes.map((one) => [one.write.id, one]));
  const found = Map.groupBy(
    rows.map(([id], index) => ({ id: String(id), index })),
    ({ id }) => id,
  );
  for (const [id, places] of found) {
    const write = known.get(id)?.write;
    const intact = write && places.every(({ index }) => isRowOf(rows[index] ?? [], write));
    if (!intact) report('foreign', `rows ${places.map(({ index }) => index + 2)} hold ${id} as nobody wrote it`);
  }
  for (const { write, acknowledged } of writes) {
    const times = found.get(write.id)?.length ?? 0;
    if (acknowledged && times === 0) report('lost', `${write.id} was ${acknowledged.how} and is not there`);
    if (times > 1) report('duplicate', `${write.id} is there ${times} times`);
  }
  for (const own of Map.groupBy(writes, ({ write }) => write.client).values()) {
    const placed = own.flatMap((one) =>
      (found.get(one.write.id) ?? []).slice(0, 1).map(({ index }) => ({ ...one, index })),
    );
    findings.push(...checkRowOrder(placed));
  }
  return findings;
}

function isRowOf(row: readonly unknown[], { client, number }: Recorded['write']): boolean {
  return row.length === 3 && row[1] === client && row[2] === number;
}

/** Each row below all that come before it: among those it is enough to look at the lowest one. */
function checkRowOrder(placed: readonly (Recorded & { readonly index: number })[]): Finding[] {
  const findings: Finding[] = [];
  const done = placed
    .filter(({ acknowledged }) => acknowledged !== undefined)
    .toSorted((a, b) => acknowledgedSent(a) - acknowledgedSent(b));
  const later = placed.toSorted((a, b) => a.firstSent - b.firstSent);
  let next = 0;
  let lowest: (typeof placed)[number] | undefined;
  for (const one of later) {
    for (let before = done[next]; before && acknowledgedSent(before) < one.firstSent; before = done[++next])
      if (!lowest || before.index > lowest.index) lowest = before;
    if (lowest && lowest.index > one.index) {
      const words = `${lowest.write.id} came before ${one.write.id} and stands below it`;
      findings.push({ finding: 'order', words });
    }
  }
  return findings;
}

function acknowledgedSent({ acknowledged }: Recorded): number {
  return acknowledged?.sent ?? Number.POSITIVE_INFINITY;
}

/** The values that stand at each place: one, unless a row was doubled. */
type Places = ReadonlyMap<string, readonly string[]>;

function keyedPlaces(rows: Contents['keyed']): Places {
  const places = new Map<string, string[]>();
  for (const [key, value] of rows) {
    const values = places.get(String(key)) ?? [];
    places.set(String(key), [...values, String(value)]);
  }
  return places;
}

function cellPlaces(cells: Contents['cells']): Places {
  const filled = cells.flatMap((row, down) =>
    row.flatMap((value, across): [string, string[]][] =>
      value === '' ? [] : [[`${String.fromCharCode(65 + across)}${down + 1}`, [String(value)]]],
    ),
  );
  return new Map(filled);
}

/** Each key has one row, each place the value of its last write. */
function checkPlaces(writes: readonly Recorded[], places: Places): Finding[] {
  const findings: Finding[] = [];
  const report = (finding: Finding['finding'], words: string) => void findings.push({ finding, words });
  const byPlace = Map.groupBy(writes, ({ write }) => write.place);
  for (const [place, values] of places)
    if (!byPlace.has(place)) report('foreign', `${place} holds ${values}, and nobody wrote there`);
  for (const [place, own] of byPlace) {
    const values = places.get(place) ?? [];
    if (values.length > 1) report('duplicate', `${place} is there ${values.length} times: ${values}`);
    const done = own.filter(({ acknowledged }) => acknowledged !== undefined);
    if (values.length === 0 && done[0]) report('lost', `${place} is empty, and ${done[0].write.id} was written there`);
    for (const value of new Set(values)) {
      const shown = own.find(({ write }) => write.id === value);
      if (!shown) report('foreign', `${place} holds ${value}, which nobody wrote there`);
      const newer = shown && done.find((other) => other !== shown && comesBefore(shown, other));
      if (newer) report('order', `${place} holds ${value}, and ${newer.write.id} came after it`);
    }
  }
  return findings;
}

/**
 * Whether the acknowledged write `newer` came after `older`, so that `older` must not be what stands there. Of an `older`
 * that was never acknowledged the last request counts: whatever becomes of it, it was sent before.
 */
function comesBefore(older: Recorded, newer: Recorded): boolean {
  return (older.acknowledged?.sent ?? older.lastSent) < newer.firstSent;
}
