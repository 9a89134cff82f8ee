// Sheets copied: within their workbook (duplicateSheet) and into another one (spreadsheets.sheets.copyTo).

import { detachedParts } from '../backing.ts';
import type { Change } from '../change.ts';
import { invalid } from '../errors.ts';
import { newId } from '../files.ts';
import { mapReferences } from '../formula/rewrite.ts';
import { copiedObjects } from '../object-copies.ts';
import { printSheetProperties } from '../spreadsheet.ts';
import { type Book, cell, checkCells, type Sheet, type SheetParts, sheetById, sheetByTitle } from '../workbook.ts';
import type { Handler } from './context.ts';
import { checkTitle } from './sheets.ts';

/** Every sheetId of the old sheet within its parts becomes the new one. */
function withSheetId(value: unknown, from: number, to: number): unknown {
  if (Array.isArray(value)) return value.map((each) => withSheetId(each, from, to));
  if (typeof value !== 'object' || value === null) return value;
  const given = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(given).map(([key, each]) => [
      key,
      key === 'sheetId' && (each ?? 0) === from ? to : withSheetId(each, from, to),
    ]),
  );
}

function freeTitle(book: Book, title: string): string {
  const taken = (name: string) => sheetByTitle(book, name) !== undefined;
  const first = `Copy of ${title}`;
  if (!taken(first)) return first;
  for (let n = 2; ; n++) if (!taken(`${first} ${n}`)) return `${first} ${n}`;
}

interface Copy {
  readonly id: number;
  readonly title: string;
  /** Where among the sheets of the workbook. */
  readonly index: number;
}

function addCopy(change: Change, source: Sheet, book: Book, copy: Copy, random: () => number): Sheet {
  const { rowCount, columnCount } = source.properties.gridProperties;
  checkCells(book, rowCount * columnCount);
  const parts = withSheetId(copiedObjects(book, detachedParts(source), random), source.id, copy.id) as SheetParts;
  const { hidden: _, ...properties } = source.properties;
  const sheet: Sheet = { id: copy.id, book, properties: { ...properties, title: copy.title }, parts, rows: [] };
  change.setSheets(book, book.sheets.toSpliced(copy.index, 0, sheet));
  const foreign = book !== source.book;
  const locale = source.book.properties.locale ?? 'en_US';
  const formulaOf = (text: string | undefined) =>
    text === undefined || !foreign
      ? text
      : mapReferences(text, locale, ({ sheet: title }) =>
          title !== undefined && !sheetByTitle(book, title) ? 'lost' : undefined,
        );
  for (const [index, row] of source.rows.entries()) {
    if (!row) continue;
    const copied = foreign
      ? row.map((one) => {
          if (!one) return undefined;
          const format = one.format === 0 ? 0 : book.formats.idOf(source.book.formats.get(one.format));
          return cell(one.value, formulaOf(one.formula), format, one.extra);
        })
      : row;
    change.setRow(sheet, index, copied);
  }
  return sheet;
}

/** Copies a sheet to the end of a workbook, which may be its own; the copy's title is "Copy of" the old one. */
export function copySheetTo(change: Change, source: Sheet, target: Book, random: () => number): Sheet {
  const id = newId(random, (one) => sheetById(target, one) !== undefined);
  const title = freeTitle(target, source.properties.title);
  return addCopy(change, source, target, { id, title, index: target.sheets.length }, random);
}

export const duplicateSheet: Handler<'duplicateSheet'> = ({ book, change, random }, payload) => {
  const { sourceSheetId = 0, insertSheetIndex = 0, newSheetId, newSheetName } = payload;
  const source = sheetById(book, sourceSheetId);
  if (!source) throw invalid(`No sheet with id: ${sourceSheetId}`);
  if (newSheetId !== undefined && newSheetId < 0) throw invalid('Sheet id must be non-negative.');
  if (newSheetId !== undefined && sheetById(book, newSheetId)) {
    throw invalid(`Sheet with id ${newSheetId} already exists.`);
  }
  if (newSheetName !== undefined) checkTitle(book, newSheetName);
  const id = newSheetId ?? newId(random, (one) => sheetById(book, one) !== undefined);
  const title = newSheetName ?? freeTitle(book, source.properties.title);
  const index = Math.max(0, Math.min(insertSheetIndex, book.sheets.length));
  return { properties: printSheetProperties(addCopy(change, source, book, { id, title, index }, random)) };
};
