// The lines between cells as few ranges with borders. Pure. A line is drawn by either of its two cells.

import type { BorderPlace, Borders, CellBorders } from './borders.ts';
import { type Rectangle, rectanglesOf } from './rectangles.ts';

export interface BorderRun {
  readonly borders: Borders;
  readonly rectangles: Rectangle[];
}

/** Lines by their cell: `across[r][c]` is above it, `down[r][c]` to its left; one more of each ends the grid. */
interface Lines {
  /** Numbers of styles; 0 is no line. */
  readonly across: number[][];
  readonly down: number[][];
  /** Style `n` is `styles[n - 1]`. */
  readonly styles: readonly string[];
}

/**
 * Runs of which each draws only lines that are there, and all together every one of them: drawn in any order they give
 * the borders of a grid of that size. Takes time in proportion to its cells, however many styles there are.
 */
export function borderRuns(
  rows: number,
  columns: number,
  at: (row: number, column: number) => CellBorders | undefined,
): BorderRun[] {
  const lines = linesOf(rows, columns, at);
  const found = new Map<string, BorderRun>();
  for (const [places, kind, rectangle] of lines.styles.length === 0 ? [] : drawings(lines, rows, columns)) {
    const style = lines.styles[kind - 1];
    const borders = Object.fromEntries(places.map((place) => [place, style]));
    const key = JSON.stringify(borders);
    const run: BorderRun = found.get(key) ?? { borders, rectangles: [] };
    run.rectangles.push(rectangle);
    found.set(key, run);
  }
  return [...found.values()];
}

function linesOf(rows: number, columns: number, at: Parameters<typeof borderRuns>[2]): Lines {
  const grid = (height: number, width: number) =>
    Array.from({ length: height }, () => new Array<number>(width).fill(0));
  const [across, down] = [grid(rows + 1, columns), grid(rows, columns + 1)];
  const kinds = new Map<string, number>();
  const draw = (line: number[] | undefined, index: number, style: string | undefined) => {
    if (!line || style === undefined) return;
    const kind = kinds.get(style) ?? kinds.size + 1;
    kinds.set(style, kind);
    line[index] = kind;
  };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const own = at(row, column);
      if (!own) continue;
      draw(across[row], column, own.top);
      draw(across[row + 1], column, own.bottom);
      draw(down[row], column, own.left);
      draw(down[row], column + 1, own.right);
    }
  }
  return { across, down, styles: [...kinds.keys()] };
}

type Drawing = readonly [places: readonly BorderPlace[], kind: number, rectangle: Rectangle];

/** Whole grids first, then boxes, then lines side by side; what is drawn once is not drawn again. */
function drawings({ across, down }: Lines, rows: number, columns: number): Drawing[] {
  const leftAcross = across.map((line) => line.slice());
  const leftDown = down.map((line) => line.slice());
  const found: Drawing[] = [];

  function draw(places: readonly BorderPlace[], kind: number, rectangle: Rectangle): void {
    const { startRow, endRow, startColumn, endColumn } = rectangle;
    const has = (...names: BorderPlace[]) => names.some((name) => places.includes(name));
    const isDrawn = (at: number, start: number, end: number, [first, between, last]: Side) => {
      if (has('all')) return true;
      return at === start ? has(first) : at === end ? has(last) : has(between, 'inner');
    };
    for (let row = startRow; row <= endRow; row++) {
      if (isDrawn(row, startRow, endRow, ACROSS)) leftAcross[row]?.fill(0, startColumn, endColumn);
    }
    for (let column = startColumn; column <= endColumn; column++) {
      if (!isDrawn(column, startColumn, endColumn, DOWN)) continue;
      for (let row = startRow; row < endRow; row++) leftDown[row]?.fill(0, column, column + 1);
    }
    found.push([places, kind, rectangle]);
  }

  const isAcross = (kind: number, row: number, from: number, to: number) =>
    every(from, to, (column) => across[row]?.[column] === kind);
  const isDown = (kind: number, column: number, from: number, to: number) =>
    every(from, to, (row) => down[row]?.[column] === kind);

  /** The highest box whose top is that line; undefined where none closes. */
  function boxBelow(kind: number, startRow: number, startColumn: number, endColumn: number): Drawing | undefined {
    let end: number | undefined;
    for (
      let row = startRow;
      row < rows && down[row]?.[startColumn] === kind && down[row]?.[endColumn] === kind;
      row++
    ) {
      if (isAcross(kind, row + 1, startColumn, endColumn)) end = row + 1;
    }
    if (end === undefined) return undefined;
    const endRow = end;
    const rectangle = { startRow, endRow, startColumn, endColumn };
    const horizontal = every(startRow + 1, endRow, (row) => isAcross(kind, row, startColumn, endColumn));
    const vertical = every(startColumn + 1, endColumn, (column) => isDown(kind, column, startRow, endRow));
    if (horizontal && vertical) return [['all'], kind, rectangle];
    const places: BorderPlace[] = ['top', 'bottom', 'left', 'right'];
    if (horizontal && endRow - startRow > 1) places.push('horizontal');
    if (vertical && endColumn - startColumn > 1) places.push('vertical');
    return [places, kind, rectangle];
  }

  // Where four lines meet; a block of such crossings is a grid.
  const crossings = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const kind = across[row]?.[column] ?? 0;
      const others = [across[row]?.[column - 1], down[row - 1]?.[column], down[row]?.[column]];
      return others.every((other) => other === kind) ? kind : 0;
    }),
  );
  for (const [kind, blocks] of rectanglesOf(crossings)) {
    for (const { startRow: below, startColumn: right, endRow, endColumn } of blocks) {
      const [startRow, startColumn] = [below - 1, right - 1];
      const isFramed =
        [startRow, endRow].every((row) => isAcross(kind, row, startColumn, endColumn)) &&
        [startColumn, endColumn].every((column) => isDown(kind, column, startRow, endRow));
      draw([isFramed ? 'all' : 'inner'], kind, { startRow, endRow, startColumn, endColumn });
    }
  }
  leftAcross.forEach((line, row) => {
    for (const [kind, from, to] of runs(line)) {
      const box = boxBelow(kind, row, from, to);
      if (box) draw(...box);
    }
  });
  for (const [kind, stacks] of rectanglesOf(leftAcross)) {
    for (const { startRow, endRow, ...span } of stacks) {
      const count = endRow - startRow;
      if (count > 1) draw(side(ACROSS, count), kind, { startRow, endRow: endRow - 1, ...span });
      else if (startRow > 0) draw(['bottom'], kind, { startRow: startRow - 1, endRow: startRow, ...span });
      else draw(['top'], kind, { startRow, endRow, ...span });
    }
  }
  for (const [kind, stacks] of rectanglesOf(leftDown)) {
    for (const { startColumn, endColumn, ...span } of stacks) {
      const count = endColumn - startColumn;
      if (count > 1) draw(side(DOWN, count), kind, { startColumn, endColumn: endColumn - 1, ...span });
      else if (startColumn > 0)
        draw(['right'], kind, { startColumn: startColumn - 1, endColumn: startColumn, ...span });
      else draw(['left'], kind, { startColumn, endColumn, ...span });
    }
  }
  return found;
}

/** The first, those between and the last of lines that lie side by side. */
const ACROSS = ['top', 'horizontal', 'bottom'] as const;
const DOWN = ['left', 'vertical', 'right'] as const;
type Side = typeof ACROSS | typeof DOWN;

/** Places of so many lines side by side, two at least. */
function side([first, between, last]: Side, count: number): BorderPlace[] {
  return count > 2 ? [first, between, last] : [first, last];
}

function every(from: number, to: number, holds: (index: number) => boolean): boolean {
  for (let index = from; index < to; index++) if (!holds(index)) return false;
  return true;
}

/** Stretches of one kind; copied, since what is drawn of them is taken away. */
function runs(line: readonly number[]): [kind: number, from: number, to: number][] {
  const found: [number, number, number][] = [];
  for (let from = 0; from < line.length; ) {
    const kind = line[from] ?? 0;
    let to = from + 1;
    while (to < line.length && line[to] === kind) to++;
    if (kind !== 0) found.push([kind, from, to]);
    from = to;
  }
  return found;
}
