// Requests that work on texts in place: findReplace, trimWhitespace, deleteDuplicates, textToColumns, pasteData.

import { requiredCell, requiredPlace } from '../areas.ts';
import type { Change } from '../change.ts';
import { invalid } from '../errors.ts';
import { effectiveAt } from '../evaluate.ts';
import { replaceMatches } from '../formula/functions/regex.ts';
import { patternOf } from '../formula/pattern/machine.ts';
import { growTo } from '../grid.ts';
import { exceeds, gridById, type Rect } from '../ranges.ts';
import { shownText } from '../render.ts';
import { type Cell, cell, checkText, type Sheet } from '../workbook.ts';
import { enter, trimmed } from '../write.ts';
import type { Handler } from './context.ts';

/** Lets each cell of a rectangle be replaced; returns how many changed, and the rows they are in. */
function editCells(
  change: Change,
  sheet: Sheet,
  rect: Rect,
  edit: (one: Cell, row: number, column: number) => Cell | undefined,
): { readonly cells: number; readonly rows: number } {
  let [cells, rows] = [0, 0];
  for (let row = rect.startRow; row < Math.min(rect.endRow, sheet.rows.length); row++) {
    const next = sheet.rows[row]?.slice();
    if (!next) continue;
    const before = cells;
    for (let column = rect.startColumn; column < Math.min(rect.endColumn, next.length); column++) {
      const one = next[column];
      if (!one) continue;
      const edited = edit(one, row, column);
      if (edited === one) continue;
      next[column] = edited;
      cells++;
    }
    if (cells === before) continue;
    rows++;
    change.setRow(sheet, row, trimmed(next));
  }
  return { cells, rows };
}

const yearOf = (now: number) => new Date(now).getUTCFullYear();

/** Every cell of a sheet. */
function wholeOf(sheet: Sheet): Rect {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  return { startRow: 0, endRow: rowCount, startColumn: 0, endColumn: columnCount };
}

type Replace = (text: string) => { readonly text: string; readonly count: number };

/** A literal text is a pattern without marks, and its replacement a template without groups. */
function replacing(find: string, replacement: string, byPattern: boolean, matchCase: boolean, whole: boolean): Replace {
  const source = byPattern ? find : find.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
  const template = byPattern ? replacement : replacement.replaceAll(/[\\$]/g, '\\$&');
  const pattern = patternOf(`${matchCase ? '' : '(?i)'}${whole ? `^(?:${source})$` : source}`);
  if (!pattern) throw invalid(`Invalid regular expression: ${find}`);
  return (text) => replaceMatches(text, pattern, template);
}

export const findReplace: Handler<'findReplace'> = ({ book, change, now }, payload) => {
  const { find = '', replacement = '', matchCase = false, matchEntireCell = false, searchByRegex = false } = payload;
  const { includeFormulas = false, range, sheetId, allSheets } = payload;
  const scopes = [range !== undefined, sheetId !== undefined, allSheets === true].filter(Boolean);
  if (scopes.length !== 1) throw invalid('Exactly one of range, sheetId or allSheets must be specified.');
  if (find === '') throw invalid('find must be specified.');
  const places = range
    ? [requiredPlace(book, range)]
    : (allSheets ? book.sheets : [gridById(book, sheetId)]).map((sheet) => ({ sheet, rect: wholeOf(sheet) }));
  const replace = replacing(find, replacement, searchByRegex, matchCase, matchEntireCell);
  const counts = { valuesChanged: 0, formulasChanged: 0, rowsChanged: 0, sheetsChanged: 0, occurrencesChanged: 0 };
  const input = { option: 'USER_ENTERED', year: yearOf(now()) };
  for (const { sheet, rect } of places) {
    const { rows } = editCells(change, sheet, rect, (one, row, column) => {
      if (one.formula !== undefined) {
        if (!includeFormulas) return one;
        const { text, count } = replace(one.formula);
        if (count === 0) return one;
        checkText(text);
        counts.formulasChanged++;
        counts.occurrencesChanged += count;
        return text.startsWith('=') ? cell(undefined, text, one.format, one.extra) : enter(book, one, text, input);
      }
      if (one.value === undefined) return one;
      const { text, count } = replace(typeof one.value === 'string' ? one.value : shownText(sheet, row, column));
      if (count === 0) return one;
      checkText(text);
      counts.valuesChanged++;
      counts.occurrencesChanged += count;
      return enter(book, one, text, input);
    });
    counts.rowsChanged += rows;
    if (rows > 0) counts.sheetsChanged++;
  }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
};

export const trimWhitespace: Handler<'trimWhitespace'> = ({ book, change }, { range }) => {
  const { sheet, rect } = requiredPlace(book, range);
  const { cells } = editCells(change, sheet, rect, (one) => {
    if (typeof one.value !== 'string') return one;
    const text = one.value.replaceAll(/[ \t\u00a0]+/g, ' ').trim();
    return text === one.value ? one : cell(text === '' ? undefined : text, undefined, one.format, one.extra);
  });
  return cells > 0 ? { cellsChangedCount: cells } : {};
};

export const deleteDuplicates: Handler<'deleteDuplicates'> = ({ book, change }, { range, comparisonColumns = [] }) => {
  const { sheet, rect } = requiredPlace(book, range);
  const columns = comparisonColumns.flatMap(
    ({ dimension, startIndex = 0, endIndex = rect.endColumn, sheetId = sheet.id }) => {
      if (dimension !== 'COLUMNS' || sheetId !== sheet.id)
        throw invalid('comparisonColumns must be columns of the range.');
      if (startIndex < rect.startColumn || endIndex > rect.endColumn || endIndex <= startIndex) {
        throw invalid(`comparisonColumns[${startIndex}, ${endIndex}) is outside of the range.`);
      }
      return Array.from({ length: endIndex - startIndex }, (_, at) => startIndex + at);
    },
  );
  const compared =
    columns.length > 0
      ? columns
      : Array.from({ length: rect.endColumn - rect.startColumn }, (_, at) => rect.startColumn + at);
  const seen = new Set<string>();
  const kept: number[] = [];
  const end = Math.min(rect.endRow, sheet.rows.length);
  for (let row = rect.startRow; row < end; row++) {
    const key = JSON.stringify(
      compared.map((column) => {
        const value = effectiveAt(sheet, row, column);
        return typeof value === 'string' ? value.toLowerCase() : (value ?? null);
      }),
    );
    if (!seen.has(key)) kept.push(row);
    seen.add(key);
  }
  const removed = end - rect.startRow - kept.length;
  if (removed <= 0) return {};
  const lines = kept.map((row) => sheet.rows[row]);
  for (let at = 0; at < end - rect.startRow; at++) {
    const row = rect.startRow + at;
    const next: (Cell | undefined)[] = sheet.rows[row]?.slice() ?? [];
    for (let column = rect.startColumn; column < rect.endColumn; column++) next[column] = lines[at]?.[column];
    change.setRow(sheet, row, trimmed(Array.from(next)));
  }
  return { duplicatesRemovedCount: removed };
};

const DELIMITERS: Readonly<Record<string, string>> = { COMMA: ',', SEMICOLON: ';', PERIOD: '.', SPACE: ' ' };

/** The delimiter that occurs in most of the texts. */
function detected(texts: readonly string[]): string {
  const counts = [',', ';', '\t', '|', ' '].map((mark) => ({
    mark,
    count: texts.filter((text) => text.includes(mark)).length,
  }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).mark;
}

export const textToColumns: Handler<'textToColumns'> = ({ book, change, now }, payload) => {
  const { source, delimiter = '', delimiterType = 'AUTODETECT' } = payload;
  const { sheet, rect } = requiredPlace(book, source);
  if (rect.endColumn - rect.startColumn !== 1) throw invalid('The source must span exactly one column.');
  if (delimiterType === 'CUSTOM' && delimiter === '')
    throw invalid('delimiter must be specified for delimiterType CUSTOM.');
  const texts: string[] = [];
  for (let row = rect.startRow; row < Math.min(rect.endRow, sheet.rows.length); row++)
    texts.push(shownText(sheet, row, rect.startColumn));
  const mark = DELIMITERS[delimiterType] ?? (delimiterType === 'CUSTOM' ? delimiter : detected(texts));
  const input = { option: 'USER_ENTERED', year: yearOf(now()) };
  const parts = texts.map((text) => text.split(mark).map((part) => part.trim()));
  const width = parts.reduce((most, each) => Math.max(most, each.length), 1);
  growTo(change, sheet, 0, rect.startColumn + width);
  parts.forEach((each, at) => {
    if (each.length < 2) return;
    const row = sheet.rows[rect.startRow + at]?.slice() ?? [];
    const format = row[rect.startColumn];
    each.forEach((part, offset) => {
      const column = rect.startColumn + offset;
      row[column] = enter(
        book,
        row[column] ?? (format && cell(undefined, undefined, format.format, undefined)),
        part,
        input,
      );
    });
    change.setRow(sheet, rect.startRow + at, trimmed(Array.from(row)));
  });
  return undefined;
};

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The rows of the first table in a piece of HTML, as texts. */
function htmlRows(html: string): string[][] {
  const textOf = (part: string) =>
    part
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll(/&(#\d{1,7}|[a-z]{1,8});/gi, (all, name: string) =>
        name.startsWith('#')
          ? String.fromCodePoint(Math.min(Number(name.slice(1)), 0x10ffff))
          : (ENTITIES[name.toLowerCase()] ?? all),
      )
      .trim();
  const rows = html.split(/<tr\b[^>]*>/i).slice(1);
  if (rows.length === 0) return [[textOf(html)]];
  return rows.map((row) =>
    row
      .split(/<t[dh]\b[^>]*>/i)
      .slice(1)
      .map(textOf),
  );
}

export const pasteData: Handler<'pasteData'> = ({ book, change, now }, payload) => {
  const { coordinate, data = '', delimiter, html, type = 'PASTE_NORMAL' } = payload;
  const { sheet, rect } = requiredCell(book, coordinate);
  if (delimiter !== undefined && html !== undefined) throw invalid('Only one of delimiter and html may be set.');
  if (!delimiter && !html) throw invalid('One of delimiter and html must be set.');
  const rows = html
    ? htmlRows(data)
    : data
        .replace(/\r?\n$/, '')
        .split(/\r?\n/)
        .map((line) => line.split(delimiter ?? '\t'));
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const { startRow, startColumn } = rect;
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  if (startRow + rows.length > rowCount || startColumn + width > columnCount) {
    throw exceeds(sheet, { startRow, endRow: startRow + rows.length, startColumn, endColumn: startColumn + width });
  }
  // A text brings no formats, rules or validation: those ways of pasting have nothing to paste.
  if (!['PASTE_NORMAL', 'PASTE_VALUES', 'PASTE_NO_BORDERS', 'PASTE_FORMULA'].includes(type)) return undefined;
  const input = { option: 'USER_ENTERED', year: yearOf(now()) };
  rows.forEach((line, at) => {
    const row = sheet.rows[startRow + at]?.slice() ?? [];
    line.forEach((text, offset) => {
      checkText(text);
      row[startColumn + offset] = enter(book, row[startColumn + offset], text, input);
    });
    change.setRow(sheet, startRow + at, trimmed(Array.from(row)));
  });
  return undefined;
};
