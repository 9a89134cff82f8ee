// The workbook when all is over, against what was told of every write: what is there, how often, in which order.

import type { Report } from './report.ts';
import { keyOf, type Write, type Writes } from './writes.ts';

export interface Workbook {
  readonly cells: readonly (readonly unknown[])[];
  readonly slots: readonly unknown[];
  /** Values of the appended rows, the header's first. */
  readonly rows: readonly number[];
  /** Rows that are found by name. */
  readonly items: readonly { readonly item: string; readonly value: number }[];
  readonly links: readonly number[];
}

/** States in which a write surely was not applied, whatever its caller was told before. */
const NOT_APPLIED: ReadonlySet<string> = new Set(['failed', 'set_aside', 'expired', 'cancelled']);

export function judgeBook(spreadsheet: string, book: Workbook, all: Writes, report: Report): void {
  const writes = all.all().filter(({ place }) => place.spreadsheet === spreadsheet);
  const rows = Map.groupBy([...book.rows.entries()], ([, value]) => value);
  for (const write of writes) {
    const { value, place } = write;
    // What a client of tools had in mind may never have been asked for.
    if (write.answer === undefined && write.process >= 0) report('answered', `${value} was never answered`);
    if (place.kind === 'row') {
      const found = (rows.get(value) ?? []).map(([row]) => row);
      count(write, found.length);
      const [row] = found;
      if (write.toldRow !== undefined && row !== write.toldRow) {
        report('told place', `${value} was told to be in row ${write.toldRow + 1} and is in ${(row ?? NaN) + 1}`);
      }
    }
    if (place.kind === 'slot') count(write, book.slots[place.row] === value ? 1 : 0);
  }
  for (const [row, line] of book.cells.entries()) {
    for (const [column, value] of line.entries()) {
      all.shown(value, { kind: 'cell', spreadsheet, row, column }, -1, Number.POSITIVE_INFINITY, 'at the end');
      const shown = all.find(Number(value));
      if (shown) checkSuperseded(shown, ({ acked }) => acked);
    }
  }
  checkOrder();
  checkItems();
  checkLinks();

  /** How often a write is there that may be there once. */
  function count({ value, answer, state }: Write, found: number): void {
    if (found > 1) report('exactly once', `${value} is there ${found} times`);
    const told = state ?? answer ?? 'unknown';
    const words = `${value} was told as ${answer}${state === undefined ? '' : `, then as ${state}`}`;
    if ((told === 'applied' || answer === 'applied') && found !== 1)
      report('exactly once', `${words} and is there ${found} times`);
    if ((told === 'none' || NOT_APPLIED.has(told)) && found !== 0) report('none is none', `${words} and is there`);
  }

  function ended(write: Write): boolean {
    return write.answer === 'applied' || write.state === 'applied';
  }

  /** What stands there must not be older than what its writers knew of. `until`: when the write was surely over. */
  function checkSuperseded(shown: Write, until: (write: Write) => number | undefined): void {
    const over = until(shown);
    if (over === undefined) return;
    const later = writes.find(
      (write) => keyOf(write.place) === keyOf(shown.place) && ended(write) && (write.called ?? -1) > over,
    );
    if (later) report('order', `${keyOf(shown.place)} holds ${shown.value}, though ${later.value} came after it`);
  }

  /** Rows of tools: what was acknowledged before another was asked for stands above it. */
  function checkOrder(): void {
    let latest: Write | undefined;
    for (const value of book.rows) {
      const write = all.find(value);
      if (write?.called === undefined) continue;
      if (write.acked !== undefined && (latest?.called ?? -1) > write.acked) {
        report('order', `${value} stands below ${latest?.value}, which was asked for after it was acknowledged`);
      }
      if ((latest?.called ?? -1) < write.called) latest = write;
    }
  }

  /** One row for each name; its value is of the last that was acknowledged, or of one without a certain end. */
  function checkItems(): void {
    const found = Map.groupBy(book.items, ({ item }) => item);
    for (const [item, rows] of found) {
      if (rows.length > 1) report('exactly once', `${item} has ${rows.length} rows`);
      for (const { value } of rows) {
        const write = all.find(value);
        if (write?.place.kind !== 'item' || write.place.item !== item) {
          report('own value', `${item} holds ${value}, which was never written there`);
          continue;
        }
        if (NOT_APPLIED.has(write.state ?? '') || write.answer === 'none') {
          report('none is none', `${item} holds ${value}, told as ${write.state ?? write.answer}`);
        }
        // A later write of the same item waits until this one is over, whatever its caller was told.
        checkSuperseded(write, ({ acked, left }) => acked ?? left);
      }
    }
    for (const write of writes) {
      if (write.place.kind !== 'item' || !ended(write) || found.has(write.place.item)) continue;
      report('exactly once', `${write.place.item} is not there, though ${write.value} was applied`);
    }
  }

  /** No two applied writes stand on the same value, and the last one stands there. */
  function checkLinks(): void {
    const after = new Map<number, Write>();
    for (const write of writes) {
      if (write.place.kind !== 'link') continue;
      if (!ended(write)) continue;
      const other = after.get(write.place.after);
      if (other) report('expected is kept', `${write.value} and ${other.value} both replaced ${write.place.after}`);
      after.set(write.place.after, write);
    }
    for (const value of book.links) {
      const last = all.find(value);
      if (last?.place.kind !== 'link') report('own value', `a link holds ${value}, which was never written there`);
      else if (last.answer === 'none' || NOT_APPLIED.has(last.state ?? ''))
        report('none is none', `${value} stands there`);
      const next = after.get(value);
      if (next) report('expected is kept', `${value} stands there, though ${next.value} replaced it`);
    }
  }
}
