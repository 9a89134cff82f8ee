// What became of every write, from the caller and from the wire: each has a value of its own, by which it is known.

import type { Report } from './report.ts';

/** Where a write puts its value. A slot is written once, so that it shows at the end whether that write was applied. */
export type Place =
  | { readonly kind: 'cell' | 'slot'; readonly spreadsheet: string; readonly row: number; readonly column: number }
  | { readonly kind: 'row' | 'nowhere'; readonly spreadsheet: string };

/** What one request with the value came to, as the backend knows: `unknown` may still be done later. */
export type Verdict = 'pending' | 'applied' | 'refused' | 'unreached' | 'unknown';

export interface Sending {
  readonly at: number;
  readonly order: number;
  verdict: Verdict;
  /** When it was surely over; for `unknown` the latest time at which it can have been done. */
  doneAt: number;
  doneOrder: number;
}

export interface Write {
  readonly value: number;
  readonly place: Place;
  readonly process: number;
  readonly sendings: Sending[];
  /** What its caller was told. */
  answer: 'applied' | 'none' | 'unknown' | undefined;
  /** Order in which it reached the pipe. */
  arrival: number;
  /** Of an append: the range that its caller was told. */
  told?: string;
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

/** A late request is done within this time after its caller was told something. */
export const LATEST_MS = 90_000;
const ANY = -1;
/** Such numbers are nowhere else in a request. */
const VALUES = /\b\d+\.5\b/g;

export function createWrites(now: () => number, order: () => number, report: Report) {
  const byValue = new Map<number, Write>();
  const known = new Map<string, Known[]>();
  /** Arrival of the newest write sent in each lane. */
  const lanes = new Map<string, number>();
  let last = 0;

  function issue(place: Place, process: number): Write {
    const write: Write = { value: ++last + 0.5, place, process, sendings: [], answer: undefined, arrival: 0 };
    byValue.set(write.value, write);
    return write;
  }

  /** A request with this body goes out; the answer tells what it came to. */
  function sent(body: string, lane: string): (verdict: Exclude<Verdict, 'pending'>) => void {
    const writes = valuesIn(body).map((value) => byValue.get(value));
    const sending = { at: now(), order: order(), doneAt: Infinity, doneOrder: Infinity };
    const each = writes.flatMap((write) => {
      if (!write) return [];
      const before = write.sendings.find(({ verdict }) => verdict !== 'refused' && verdict !== 'unreached');
      if (before) report('no write twice', `${write.value} is sent again after one that was ${before.verdict}`);
      if (write.answer === 'none')
        report('nothing after none', `${write.value} is sent, but was answered: not applied`);
      if (write.sendings.length === 0) {
        if (write.arrival < (lanes.get(lane) ?? 0)) report('order', `${write.value} overtook a later write in ${lane}`);
        lanes.set(lane, write.arrival);
      }
      const own: Sending = { ...sending, verdict: 'pending' };
      write.sendings.push(own);
      return [own];
    });
    return (verdict) => {
      const done = { verdict, doneAt: now() + (verdict === 'unknown' ? LATEST_MS : 0), doneOrder: order() };
      for (const own of each) Object.assign(own, done);
    };
  }

  function answered(write: Write, answer: NonNullable<Write['answer']>): void {
    write.answer = answer;
    const applied = write.sendings.find(({ verdict }) => verdict === 'applied');
    if (answer === 'none') {
      const open = write.sendings.find(({ verdict }) => verdict !== 'refused' && verdict !== 'unreached');
      if (open)
        report('none is none', `${write.value} was answered: not applied, but a request of it is ${open.verdict}`);
      return;
    }
    if (answer === 'unknown') return;
    if (!applied) return report('applied is applied', `${write.value} was answered as applied and was not`);
    if (write.place.kind !== 'cell') return;
    for (const process of [write.process, ANY]) {
      const key = `${keyOf(write.place)}|${process}`;
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

  /** Everything that was ever written, judged by what the workbook holds once all is over. */
  function judge(spreadsheet: string, book: Workbook): void {
    const rows = new Map<number, number[]>();
    book.rows.forEach((value, row) => {
      rows.set(value, [...(rows.get(value) ?? []), row]);
    });
    for (const write of byValue.values()) {
      const { value, place, answer } = write;
      if (place.spreadsheet !== spreadsheet) continue;
      if (answer === undefined) report('answered', `${value} was never answered`);
      if (place.kind === 'cell' || place.kind === 'nowhere') continue;
      const slot = place.kind === 'slot' && book.slots[place.row] === value ? 1 : 0;
      const found = place.kind === 'row' ? (rows.get(value) ?? []).length : slot;
      if (answer === 'applied' && found !== 1)
        report('exactly once', `${value} was applied, and is there ${found} times`);
      if (answer === 'none' && found !== 0) report('none is none', `${value} was not applied, and is there`);
      if (found > 1) report('exactly once', `${value} is there ${found} times`);
      const told = /!\D+(\d+)/.exec(write.told ?? '');
      if (told && rows.get(value)?.[0] !== Number(told[1]) - 1) {
        report(
          'told place',
          `${value} was told to be in ${write.told} and is in row ${(rows.get(value)?.[0] ?? NaN) + 1}`,
        );
      }
    }
    book.cells.forEach((line, row) => {
      line.forEach((value, column) => {
        shown(value, { kind: 'cell', spreadsheet, row, column }, ANY, Infinity, 'at the end');
      });
    });
  }

  return { issue, sent, answered, shown, judge, find: (value: number) => byValue.get(value) };
}

export type Writes = ReturnType<typeof createWrites>;

export interface Workbook {
  readonly cells: readonly (readonly unknown[])[];
  readonly slots: readonly unknown[];
  readonly rows: readonly number[];
}

export function valuesIn(body: string): number[] {
  return (body.match(VALUES) ?? []).map(Number);
}

function keyOf(place: Place): string {
  return 'row' in place ? `${place.spreadsheet}|${place.row}|${place.column}` : place.spreadsheet;
}

/** Whether the write was surely over when that other one was sent. */
function isOlder({ sendings }: Write, than: Known): boolean {
  return sendings.every(({ verdict, doneAt, doneOrder }) =>
    verdict === 'unknown' ? doneAt < than.sentAt : verdict !== 'pending' && doneOrder < than.sentOrder,
  );
}
