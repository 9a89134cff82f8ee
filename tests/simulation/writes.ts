// What became of every write, from the caller and from the wire: each has a value of its own, by which it is known.

import { createFlushes, type End, isOpen, LATEST_MS, type Sending } from './flushes.ts';
import type { Report } from './report.ts';

/**
 * Where a write puts its value. A slot is written once, so that it shows at the end whether that write was applied. An
 * item is a row that its name finds; a link is a cell that is written only where the value before it still stands.
 */
export type Place =
  | { readonly kind: 'cell' | 'slot'; readonly spreadsheet: string; readonly row: number; readonly column: number }
  | { readonly kind: 'row' | 'nowhere'; readonly spreadsheet: string }
  | { readonly kind: 'item'; readonly spreadsheet: string; readonly item: string }
  | { readonly kind: 'link'; readonly spreadsheet: string; readonly row: number; readonly after: number };

export interface Write {
  readonly value: number;
  readonly place: Place;
  readonly process: number;
  readonly sendings: Sending[];
  /** What its caller was told last. */
  answer: 'applied' | 'queued' | 'none' | 'unknown' | undefined;
  /** Order in which it reached the pipe; absent for those of tools, which have turns among themselves. */
  arrival?: number;
  /** Of an append: the row that its caller was told, from 0. */
  toldRow?: number;
  /** Of a tool's: orders of its first call, of its acknowledgement, of its caller's last word. */
  called?: number;
  acked?: number;
  left?: number;
  /** Of a tool's: what get_write tells in the end. */
  state?: string;
}

/** The newest write that callers of one process (or of all) know of, from some time on. */
interface Known {
  readonly order: number;
  readonly at: number;
  /** When the newest of them was sent. */
  readonly sentOrder: number;
  readonly sentAt: number;
  readonly value: number;
}

const ANY = -1;
/** Its process learns within this time that a request was lost. */
const LEARNT_MS = 11_000;
/** Such numbers are nowhere else in a request. */
const VALUES = /\b\d+\.5\b/g;

export function createWrites(now: () => number, order: () => number, report: Report) {
  const byValue = new Map<number, Write>();
  const known = new Map<string, Known[]>();
  /** Arrival of the newest write sent in each lane. */
  const lanes = new Map<string, number>();
  const flushes = createFlushes(now, order);
  /** By cell: requests without marker that may still be applied to it. */
  const unmarked = new Map<string, Sending[]>();
  let last = 0;

  function issue(place: Place, process: number): Write {
    const write: Write = { value: ++last + 0.5, place, process, sendings: [], answer: undefined };
    byValue.set(write.value, write);
    return write;
  }

  /** A request with this body goes out; the answer tells what it came to. */
  function sent(body: string, spreadsheet: string, lane: string): End {
    const { sending, end } = flushes.send(spreadsheet, body);
    for (const value of valuesIn(body)) {
      const write = byValue.get(value);
      // The value after which a link is written stands in no body: what is expected is only read.
      if (!write) continue;
      const before = write.sendings
        .filter(isOpen)
        .find((one) => one.marker !== sending.marker || !isSame(one, sending));
      if (before) report('no write twice', `${value} is sent again after one that was ${before.verdict}`);
      if (write.answer === 'none') report('nothing after none', `${value} is sent, but was answered: not applied`);
      checkOvertaking(write, sending);
      if (write.sendings.length === 0 && write.arrival !== undefined) {
        if (write.arrival < (lanes.get(lane) ?? 0)) report('order', `${value} overtook a later write in ${lane}`);
        lanes.set(lane, write.arrival);
      }
      write.sendings.push(sending);
    }
    return end;
  }

  /** A cell that a lost write without marker may still change is left alone. */
  function checkOvertaking({ value, place }: Write, sending: Sending): void {
    if (place.kind !== 'cell') return;
    const open = (unmarked.get(keyOf(place)) ?? []).filter((one) => one.verdict === 'pending' || one.doneAt > now());
    const lost = open.find((one) => one.verdict === 'unknown' && now() > one.doneAt - LATEST_MS + LEARNT_MS);
    if (lost) report('no overtaking', `${value} is sent, though ${valuesIn(lost.body)} may still be applied`);
    if (sending.marker === undefined) open.push(sending);
    unmarked.set(keyOf(place), open);
  }

  function answered(write: Write, answer: NonNullable<Write['answer']>, process = write.process): void {
    write.answer = answer;
    const applied = write.sendings.find(({ verdict }) => verdict === 'applied');
    if (answer === 'none') {
      const open = write.sendings.find(isOpen);
      if (open)
        report('none is none', `${write.value} was answered: not applied, but a request of it is ${open.verdict}`);
      return;
    }
    if (answer !== 'applied') return;
    if (!applied) return report('applied is applied', `${write.value} was answered as applied and was not`);
    if (write.place.kind !== 'cell') return;
    for (const who of [process, ANY]) {
      const key = `${keyOf(write.place)}|${who}`;
      const list = known.get(key) ?? [];
      const newest = list.at(-1);
      const newer = !newest || applied.order > newest.sentOrder;
      const sentOf = newer ? { sentOrder: applied.order, sentAt: applied.at, value: write.value } : newest;
      list.push({ ...sentOf, order: order(), at: now() });
      known.set(key, list);
    }
  }

  /** Judges a value that a read of this process showed. `began` is the order of the read's begin. */
  function shown(value: unknown, place: Place & { kind: 'cell' }, process: number, began: number, about: string): void {
    const where = `${place.spreadsheet.slice(0, 6)} row ${place.row} column ${place.column} ${about}`;
    const write = byValue.get(Number(value));
    if (write?.place.kind !== 'cell' || keyOf(write.place) !== keyOf(place)) {
      return report('own value', `${where} shows ${JSON.stringify(value)}, which was never written there`);
    }
    if (write.sendings.length === 0) return report('own value', `${where} shows ${value}, which was never sent`);
    if (write.answer === 'none') report('none is none', `${where} shows ${value}, answered: not applied`);
    const then = (known.get(`${keyOf(place)}|${process}`) ?? []).findLast((one) => one.order < began);
    if (then && isOlder(write, then)) {
      report('no older value', `${where} shows ${value}, though ${then.value} was answered as applied before`);
    }
  }

  return {
    issue,
    sent,
    /** A look at a marker has shown its value, or that there is none. */
    marker: flushes.shown,
    answered,
    shown,
    find: (value: number) => byValue.get(value),
    all: () => [...byValue.values()],
  };
}

export type Writes = ReturnType<typeof createWrites>;

export function valuesIn(body: string): number[] {
  return (body.match(VALUES) ?? []).map(Number);
}

/** Where it is; equal for writes that compete. */
export function keyOf(place: Place): string {
  if (place.kind === 'item') return `${place.spreadsheet}|${place.item}`;
  if (place.kind === 'link') return `${place.spreadsheet}|link ${place.row}`;
  return 'row' in place ? `${place.spreadsheet}|${place.row}|${place.column}` : place.spreadsheet;
}

/** Only a marker makes a repetition harmless, and only that of the identical body. */
function isSame(one: Sending, other: Sending): boolean {
  return one.marker !== undefined && one.body === other.body;
}

/** Whether the write was surely over when that other one was sent. */
function isOlder({ sendings }: Write, than: Known): boolean {
  return sendings.every(({ verdict, doneAt, doneOrder }) =>
    verdict === 'unknown' ? doneAt < than.sentAt : verdict !== 'pending' && doneOrder < than.sentOrder,
  );
}
