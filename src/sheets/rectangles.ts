// Cells that are alike as few rectangles. Pure: numbers in, rectangles out.

import type { Grid } from './a1.ts';

export type Rectangle = Required<Grid>;

/** Rows of cells; equal cells have one number, and 0 is a cell that is of no interest. */
export type Kinds = readonly (readonly number[])[];

/** The rectangles of each kind, which together are exactly its cells; kinds and rectangles from the top left on. */
export function rectanglesOf(kinds: Kinds): Map<number, Rectangle[]> {
  const width = kinds.reduce((widest, row) => Math.max(widest, row.length), 0);
  const turned = Array.from({ length: width }, (_, column) => kinds.map((row) => row[column] ?? 0));
  const lying = stacked(kinds);
  const standing = stacked(turned);
  for (const [kind, rectangles] of standing) {
    if (rectangles.length < (lying.get(kind)?.length ?? 0)) lying.set(kind, rectangles.map(turnedBack).sort(byPlace));
  }
  return lying;
}

/** Runs of one kind in a row, joined with equal runs of the rows above. */
function stacked(kinds: Kinds): Map<number, Rectangle[]> {
  type Growing = { -readonly [K in keyof Rectangle]: Rectangle[K] };
  const found = new Map<number, Growing[]>();
  let open = new Map<string, Growing>();
  kinds.forEach((line, row) => {
    const next: typeof open = new Map();
    for (let from = 0; from < line.length; ) {
      const kind = line[from] ?? 0;
      let to = from + 1;
      while (to < line.length && line[to] === kind) to++;
      if (kind !== 0) {
        const key = `${from}:${to}:${kind}`;
        const known = open.get(key);
        const rectangle = known ?? { startRow: row, endRow: row, startColumn: from, endColumn: to };
        if (!known) found.get(kind)?.push(rectangle) ?? found.set(kind, [rectangle]);
        rectangle.endRow = row + 1;
        next.set(key, rectangle);
      }
      from = to;
    }
    open = next;
  });
  return found;
}

function turnedBack({ startRow, endRow, startColumn, endColumn }: Rectangle): Rectangle {
  return { startRow: startColumn, endRow: endColumn, startColumn: startRow, endColumn: endRow };
}

function byPlace(a: Rectangle, b: Rectangle): number {
  return a.startRow - b.startRow || a.startColumn - b.startColumn;
}
