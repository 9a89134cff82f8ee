// The keys rows have on disk: a row keeps its key when rows before it come, go or move, so that such a change writes
// a few numbers and no row. Immutable lists of runs; knows neither rows nor SQLite.

/** Rows one after the other whose keys are `key`, `key + 1`, ... */
export interface KeyRun {
  readonly key: number;
  readonly count: number;
}

/** Which key the row at each index has. */
export interface RowKeys {
  /** In the order of the rows, enough of them for the largest grid; neighbours never continue each other. */
  readonly runs: readonly KeyRun[];
  /** The first key no row of the sheet has ever had: keys are not used twice. */
  readonly next: number;
}

/** More rows than Google's limit of cells allows. */
const TOTAL = 2 ** 24;

/** Keys that are the indices: of every sheet until rows move. */
export const PLAIN_KEYS: RowKeys = { runs: [{ key: 0, count: TOTAL }], next: TOTAL };

export function keysOf(sheet: { readonly rowKeys?: RowKeys | undefined }): RowKeys {
  return sheet.rowKeys ?? PLAIN_KEYS;
}

function split(runs: readonly KeyRun[], at: number): [KeyRun[], KeyRun[]] {
  let left = at;
  for (let index = 0; index < runs.length; index++) {
    const { key, count } = runs[index] as KeyRun;
    if (left < count) {
      const [before, after] = [runs.slice(0, index), runs.slice(index + 1)];
      if (left > 0) before.push({ key, count: left });
      return [before, [{ key: key + left, count: count - left }, ...after]];
    }
    left -= count;
  }
  return [runs.slice(), []];
}

function join(...parts: readonly (readonly KeyRun[])[]): KeyRun[] {
  const runs: KeyRun[] = [];
  for (const run of parts.flat()) {
    const last = runs.at(-1);
    if (last && last.key + last.count === run.key) runs[runs.length - 1] = { ...last, count: last.count + run.count };
    else runs.push(run);
  }
  return runs;
}

/** New keys for `count` rows that come in before the row at `at`. */
export function insertKeys({ runs, next }: RowKeys, at: number, count: number): RowKeys {
  const [before, after] = split(runs, at);
  return { runs: join(before, [{ key: next, count }], after), next: next + count };
}

/** Without the keys of `count` rows from `at`; those are told. */
export function deleteKeys({ runs, next }: RowKeys, at: number, count: number): { keys: RowKeys; gone: KeyRun[] } {
  const [before, rest] = split(runs, at);
  const [gone, after] = split(rest, count);
  return { keys: { runs: join(before, after, [{ key: next, count }]), next: next + count }, gone };
}

/** The keys of `count` rows from `from` put before the row at `to`, which is none of them. */
export function moveKeys({ runs, next }: RowKeys, from: number, count: number, to: number): RowKeys {
  const [before, rest] = split(runs, from);
  const [moved, after] = split(rest, count);
  const [left, right] = split(join(before, after), to > from ? to - count : to);
  return { runs: join(left, moved, right), next };
}

/** The key of the row at an index. */
export function keyFinder({ runs }: RowKeys): (index: number) => number | undefined {
  let end = 0;
  const starts = runs.map(({ count }) => {
    end += count;
    return end - count;
  });
  return (index) => {
    let [low, high] = [0, runs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    const run = runs[low - 1];
    return run && run.key + index - (starts[low - 1] ?? 0);
  };
}
