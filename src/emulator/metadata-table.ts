// The developer metadata of one workbook, by id, with what it takes of the budget. Decides and refuses nothing
// (metadata.ts does).

import type { DeveloperMetadata, DeveloperMetadataLocation as MetadataLocation } from './messages/cells.ts';

/** The sheet to which an entry belongs, through one of its rows or columns or as a whole; undefined: the spreadsheet. */
export function sheetOf({ dimensionRange, sheetId }: MetadataLocation): number | undefined {
  return dimensionRange ? (dimensionRange.sheetId ?? 0) : sheetId;
}

/** Characters of the key and the value. */
export function sizeOf({ metadataKey = '', metadataValue = '' }: DeveloperMetadata): number {
  return metadataKey.length + metadataValue.length;
}

/** Alters like a Map, so that an undo log may hold what stood there; thousands of entries cost no more than one. */
export class MetadataTable {
  readonly #entries = new Map<number, DeveloperMetadata>();
  /** Per sheet, undefined for the spreadsheet: the sum of `sizeOf` of the entries there. */
  readonly #used = new Map<number | undefined, number>();
  /** The entries by id; undefined while it is out of date. */
  #sorted: readonly DeveloperMetadata[] | undefined;

  get(id: number): DeveloperMetadata | undefined {
    return this.#entries.get(id);
  }

  has(id: number): boolean {
    return this.#entries.has(id);
  }

  set(id: number, entry: DeveloperMetadata): void {
    this.#count(this.#entries.get(id), -1);
    this.#count(entry, 1);
    this.#entries.set(id, entry);
    this.#sorted = undefined;
  }

  delete(id: number): void {
    this.#count(this.#entries.get(id), -1);
    this.#entries.delete(id);
    this.#sorted = undefined;
  }

  /** Ascending by id: the same order after an undo and after a restart. */
  list(): readonly DeveloperMetadata[] {
    this.#sorted ??= [...this.#entries].sort(([a], [b]) => a - b).map(([, entry]) => entry);
    return this.#sorted;
  }

  /** Characters that the entries of a sheet take, or those of the spreadsheet itself. */
  used(sheet: number | undefined): number {
    return this.#used.get(sheet) ?? 0;
  }

  #count(entry: DeveloperMetadata | undefined, sign: 1 | -1): void {
    if (!entry) return;
    const sheet = sheetOf(entry.location ?? {});
    this.#used.set(sheet, this.used(sheet) + sign * sizeOf(entry));
  }
}
