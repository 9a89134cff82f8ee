// The lines between cells as few ranges with borders. Pure. A line is drawn by either of its two cells.

import type { BorderPlace, Borders, CellBorders } from './borders.ts';
import { type Rectangle, rectanglesOf } from './rectangles.ts';

export interface BorderRun {
  readonly borders: Borders;
  readonly rectangles: Rectangle[];
}

/** Lines by their cell: `across[r][c]` is above it, `down[r][c]` to its left; one more of each ends the grid. */
interface Lines {
  readonly across: (string | undefined)[][];
  readonly down: (string | undefined)[][];
}

/**
 * Runs of which each draws only lines that are there, and all together every one of them: drawn in any order they give
 * the borders of a grid of that size.
 */
export function borderRuns(
  rows: number,
  columns: number,
  at: (row: number, column: number) => CellBorders | undefined,
): BorderRun[] {
  const lines = linesOf(rows, columns, at);
  const styles = new Set([...lines.across, ...lines.down].flat());
  const runs = new Map<string, BorderRun>();
  for (const style of styles) {
    if (style === undefined) continue;
    for (const [places, rectangle] of drawings(style, lines, rows, columns)) {
      const borders = Object.fromEntries(places.map((place) => [place, style]));
      const key = JSON.stringify(borders);
      const run: BorderRun = runs.get(key) ?? { borders, rectangles: [] };
      run.rectangles.push(rectangle);
      runs.set(key, run);
    }
  }
  return [...runs.values()];
}

function linesOf(rows: number, columns: number, at: Parameters<typeof borderRuns>[2]): Lines {
  const grid = (height: number, width: number) =>
    Array.from({ length: height }, () => Array.from<string | undefined>({ length: width }));
  const [across, down] = [grid(rows + 1, columns), grid(rows, columns + 1)];
  const draw = (line: (string | undefined)[] | undefined, index: number, style: string | undefined) => {
    if (line && style !== undefined) line[index] = style;
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
  return { across, down };
}

type Drawing = readonly [places: BorderPlace[], rectangle: Rectangle];

/** All lines of one style, whole boxes first; what is drawn once is not drawn again. */
function drawings(style: string, { across, down }: Lines, rows: number, columns: number): Drawing[] {
  const is = (line: (string | undefined)[] | undefined, index: number) => line?.[index] === style;
  const leftAcross = across.map((line) => line.map((one) => one === style));
  const leftDown = down.map((line) => line.map((one) => one === style));
  const found: Drawing[] = [];

  function draw(places: BorderPlace[], rectangle: Rectangle): void {
    const { startRow, endRow, startColumn, endColumn } = rectangle;
    const has = (...names: BorderPlace[]) => names.some((name) => places.includes(name));
    for (let row = startRow; row <= endRow; row++) {
      const drawn =
        row === startRow
          ? has('top', 'all')
          : row === endRow
            ? has('bottom', 'all')
            : has('horizontal', 'inner', 'all');
      if (drawn) leftAcross[row]?.fill(false, startColumn, endColumn);
    }
    for (let column = startColumn; column <= endColumn; column++) {
      const drawn =
        column === startColumn
          ? has('left', 'all')
          : column === endColumn
            ? has('right', 'all')
            : has('vertical', 'inner', 'all');
      if (drawn) for (let row = startRow; row < endRow; row++) leftDown[row]?.fill(false, column, column + 1);
    }
    found.push([places, rectangle]);
  }

  const isAcross = (row: number, from: number, to: number) =>
    across[row]?.slice(from, to).every((one) => one === style) === true;
  const isDown = (column: number, from: number, to: number) => down.slice(from, to).every((line) => is(line, column));
  const every = (from: number, to: number, holds: (index: number) => boolean) => {
    for (let index = from; index < to; index++) if (!holds(index)) return false;
    return true;
  };

  const isFramed = ({ startRow, endRow, startColumn, endColumn }: Rectangle) =>
    [startRow, endRow].every((row) => isAcross(row, startColumn, endColumn)) &&
    [startColumn, endColumn].every((column) => isDown(column, startRow, endRow));

  /** The highest box whose top is that line; undefined where none closes. */
  function boxBelow(startRow: number, startColumn: number, endColumn: number): Drawing | undefined {
    let end: number | undefined;
    for (let row = startRow; row < rows && is(down[row], startColumn) && is(down[row], endColumn); row++) {
      if (isAcross(row + 1, startColumn, endColumn)) end = row + 1;
    }
    if (end === undefined) return undefined;
    const endRow = end;
    const rectangle = { startRow, endRow, startColumn, endColumn };
    const horizontal = every(startRow + 1, endRow, (row) => isAcross(row, startColumn, endColumn));
    const vertical = every(startColumn + 1, endColumn, (column) => isDown(column, startRow, endRow));
    if (horizontal && vertical) return [['all'], rectangle];
    const places: BorderPlace[] = ['top', 'bottom', 'left', 'right'];
    if (horizontal && endRow - startRow > 1) places.push('horizontal');
    if (vertical && endColumn - startColumn > 1) places.push('vertical');
    return [places, rectangle];
  }

  // Where the lines of four cells meet; a block of such crossings is a grid.
  const crossings = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const [above, here] = [down[row - 1], down[row]];
      const meets = is(across[row], column - 1) && is(across[row], column) && is(above, column) && is(here, column);
      return meets ? 1 : 0;
    }),
  );
  for (const block of rectanglesOf(crossings).get(1) ?? []) {
    const grid = { ...block, startRow: block.startRow - 1, startColumn: block.startColumn - 1 };
    draw([isFramed(grid) ? 'all' : 'inner'], grid);
  }
  leftAcross.forEach((line, row) => {
    for (const [from, to] of runs(line)) {
      const box = boxBelow(row, from, to);
      if (box) draw(...box);
    }
  });
  for (const { startRow, endRow, ...span } of stacks(leftAcross)) {
    const count = endRow - startRow;
    if (count > 1) draw(side('top', 'horizontal', 'bottom', count), { startRow, endRow: endRow - 1, ...span });
    else if (startRow > 0) draw(['bottom'], { startRow: startRow - 1, endRow: startRow, ...span });
    else draw(['top'], { startRow, endRow, ...span });
  }
  for (const { startColumn, endColumn, ...span } of stacks(leftDown)) {
    const count = endColumn - startColumn;
    if (count > 1) draw(side('left', 'vertical', 'right', count), { startColumn, endColumn: endColumn - 1, ...span });
    else if (startColumn > 0) draw(['right'], { startColumn: startColumn - 1, endColumn: startColumn, ...span });
    else draw(['left'], { startColumn, endColumn, ...span });
  }
  return found;
}

/** Places of so many lines side by side, two at least. */
function side(first: BorderPlace, between: BorderPlace, last: BorderPlace, count: number): BorderPlace[] {
  return count > 2 ? [first, between, last] : [first, last];
}

function stacks(lines: readonly boolean[][]): Rectangle[] {
  return rectanglesOf(lines.map((line) => line.map(Number))).get(1) ?? [];
}

function runs(line: readonly boolean[]): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (let from = 0; from < line.length; ) {
    let to = from + 1;
    while (to < line.length && line[to] === line[from]) to++;
    if (line[from]) found.push([from, to]);
    from = to;
  }
  return found;
}
