// Which formulas read the cells of a rectangle: the ranges of one sheet in tiles of many sizes, each range in the few
// tiles of the size that fits it. Neither a scan of all ranges nor an entry per cell. Knows no formulas.

import type { Rect } from '../ranges.ts';
import { addTo, eachOf, type Few, removeFrom } from './few.ts';

/** A rectangle that is read, and who reads it. Equal rectangles are one. */
export interface RangeEntry<T extends object> {
  readonly rect: Rect;
  readers: Few<T>;
}

/** Tiles have 4^n rows and 4^m columns; the numbers below are the exponents of 2 they can have. */
const STEP = 2;
/** More rows and columns than any grid has. */
export const ALL_ROWS = 2 ** 24;
export const ALL_COLUMNS = 2 ** 15;

/** Smallest exponent whose tile is no smaller than `length`: two neighbouring tiles hold it wherever it begins. */
function exponentOf(length: number): number {
  let exponent = 0;
  while (2 ** exponent < length) exponent += STEP;
  return exponent;
}

interface Level<T extends object> {
  readonly rowExponent: number;
  readonly columnExponent: number;
  readonly tiles: Map<number, Few<RangeEntry<T>>>;
}

export class RangeIndex<T extends object> {
  /** By the two exponents; only sizes that have been of use. */
  readonly #levels = new Map<number, Level<T>>();
  /** The entries of more than one cell, by their bounds. */
  readonly #entries = new Map<string, RangeEntry<T>>();

  #levelOf(rect: Rect): Level<T> {
    const rowExponent = exponentOf(rect.endRow - rect.startRow);
    const columnExponent = exponentOf(rect.endColumn - rect.startColumn);
    const key = rowExponent * 64 + columnExponent;
    let level = this.#levels.get(key);
    if (!level) this.#levels.set(key, (level = { rowExponent, columnExponent, tiles: new Map() }));
    return level;
  }

  add(rect: Rect, reader: T): RangeEntry<T> {
    const level = this.#levelOf(rect);
    const single = level.rowExponent === 0 && level.columnExponent === 0;
    const bounds = single ? '' : `${rect.startRow},${rect.startColumn},${rect.endRow},${rect.endColumn}`;
    const known = single
      ? (level.tiles.get(rect.startRow * ALL_COLUMNS + rect.startColumn) as RangeEntry<T> | undefined)
      : this.#entries.get(bounds);
    if (known) {
      known.readers = addTo(known.readers, reader);
      return known;
    }
    const entry: RangeEntry<T> = { rect, readers: reader };
    if (!single) this.#entries.set(bounds, entry);
    eachTile(level, rect, (tile) => level.tiles.set(tile, addTo(level.tiles.get(tile), entry)));
    return entry;
  }

  remove(entry: RangeEntry<T>, reader: T): void {
    entry.readers = removeFrom(entry.readers, reader);
    if (entry.readers !== undefined) return;
    const { rect } = entry;
    const level = this.#levelOf(rect);
    this.#entries.delete(`${rect.startRow},${rect.startColumn},${rect.endRow},${rect.endColumn}`);
    eachTile(level, rect, (tile) => {
      const left = removeFrom(level.tiles.get(tile), entry);
      if (left === undefined) level.tiles.delete(tile);
      else level.tiles.set(tile, left);
    });
  }

  /** Calls for every reader of a cell of the rectangle, more than once for some. */
  visit(rect: Rect, reader: (one: T) => void): void {
    const check = (entry: RangeEntry<T>) => {
      const { startRow, endRow, startColumn, endColumn } = entry.rect;
      const apart =
        startRow >= rect.endRow ||
        endRow <= rect.startRow ||
        startColumn >= rect.endColumn ||
        endColumn <= rect.startColumn;
      if (!apart) eachOf(entry.readers, reader);
    };
    for (const level of this.#levels.values()) {
      const { tiles } = level;
      if (tiles.size === 0) continue;
      if (tiles.size <= countTiles(level, rect)) for (const few of tiles.values()) eachOf(few, check);
      else eachTile(level, rect, (tile) => eachOf(tiles.get(tile), check));
    }
  }
}

function countTiles({ rowExponent, columnExponent }: Level<object>, rect: Rect): number {
  const rows = ((rect.endRow - 1) >> rowExponent) - (rect.startRow >> rowExponent) + 1;
  return rows * (((rect.endColumn - 1) >> columnExponent) - (rect.startColumn >> columnExponent) + 1);
}

function eachTile({ rowExponent, columnExponent }: Level<object>, rect: Rect, visit: (tile: number) => void): void {
  const [top, bottom] = [rect.startRow >> rowExponent, (rect.endRow - 1) >> rowExponent];
  const [left, right] = [rect.startColumn >> columnExponent, (rect.endColumn - 1) >> columnExponent];
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) visit(row * ALL_COLUMNS + column);
  }
}
