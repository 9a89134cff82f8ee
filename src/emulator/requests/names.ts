// Requests about named ranges. Whatever stands on one follows its name and its cells.

import { rangeOf, requiredPlace } from '../areas.ts';
import type { Backed } from '../backing.ts';
import type { Change } from '../change.ts';
import { invalid } from '../errors.ts';
import { newId } from '../files.ts';
import { tokenize } from '../formula/tokens.ts';
import { apply } from '../mask.ts';
import { NamedRange } from '../messages/features.ts';
import { replaceParts } from '../parts.ts';
import { printGridRange } from '../ranges.ts';
import { type Book, cell, type Sheet } from '../workbook.ts';
import { fieldsOf, type Handler } from './context.ts';

/** A letter or underscore first, no blanks, not a cell and not a boolean (Google, "Name a range of cells"). */
const NAME = /^(?!(?:[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*|true|false)$)[\p{L}_][\p{L}\p{N}_.]{0,249}$/iu;

function checkName(book: Book, name: string, self?: NamedRange): void {
  if (!NAME.test(name)) throw invalid(`Invalid name: ${name}`);
  const lower = name.toLowerCase();
  if (book.namedRanges.some((one) => one !== self && one.name?.toLowerCase() === lower)) {
    throw invalid(`Cannot add named range with name: ${name}, a named range with that name already exists.`);
  }
}

function requiredName(book: Book, id = ''): NamedRange {
  const named = book.namedRanges.find((one) => one.namedRangeId === id);
  if (!named) throw invalid(`No named range with id: ${id}`);
  return named;
}

export const addNamedRange: Handler<'addNamedRange'> = ({ book, change, random }, { namedRange = {} }) => {
  const { name = '', range, namedRangeId } = namedRange;
  checkName(book, name);
  const taken = (id: string) => book.namedRanges.some((one) => one.namedRangeId === id);
  if (namedRangeId && taken(namedRangeId)) {
    throw invalid(`Cannot add named range with id: ${namedRangeId}, a named range with that id already exists.`);
  }
  const { sheet, rect } = requiredPlace(book, range);
  const added = {
    namedRangeId: namedRangeId || String(newId(random, (id) => taken(String(id)))),
    name,
    range: rangeOf(sheet, rect),
  };
  change.setNamedRanges(book, [...book.namedRanges, added]);
  return { namedRange: { ...added, range: printGridRange(added.range) } };
};

/** The formula with one name in the place of another; undefined when it does not speak of it. */
function renamed(formula: string, from: string, to: string, locale: string): string | undefined {
  const lower = from.toLowerCase();
  if (!formula.toLowerCase().includes(lower)) return undefined;
  const tokens = (tokenize(formula, locale) ?? []).filter(
    (token) => token.kind === 'name' && token.value.toLowerCase() === lower,
  );
  if (tokens.length === 0) return undefined;
  return tokens.reduceRight((text, { start, end }) => text.slice(0, start) + to + text.slice(end), formula);
}

function renameInFormulas(change: Change, book: Book, from: string, to: string): void {
  const locale = book.properties.locale ?? 'en_US';
  for (const sheet of book.sheets) {
    sheet.rows.forEach((row, index) => {
      let next: typeof row;
      row?.forEach((one, column) => {
        const formula = one?.formula && renamed(one.formula, from, to, locale);
        if (!one || !formula) return;
        next = (next ?? row).with(column, cell(undefined, formula, one.format, one.extra));
      });
      if (next) change.setRow(sheet, index, next);
    });
  }
}

function detachParts(change: Change, sheet: Sheet, { namedRangeId, range = {} }: NamedRange): void {
  const { filterViews = [], protectedRanges = [] } = sheet.parts;
  const detached = <T extends Backed>(part: T): T => {
    if (part.namedRangeId !== namedRangeId) return part;
    const { namedRangeId: _, ...rest } = part;
    return { ...rest, range } as T;
  };
  if (![...filterViews, ...protectedRanges].some((part) => part.namedRangeId === namedRangeId)) return;
  replaceParts(change, sheet, {
    filterViews: filterViews.map(detached),
    protectedRanges: protectedRanges.map(detached),
  });
}

/** What stood on the named range stands on its cells from now on. */
function detach(change: Change, book: Book, named: NamedRange): void {
  for (const sheet of book.sheets) detachParts(change, sheet, named);
}

export const updateNamedRange: Handler<'updateNamedRange'> = ({ book, change }, { namedRange = {}, fields }) => {
  const named = requiredName(book, namedRange.namedRangeId);
  const { name = '', range } = apply(fieldsOf(fields, NamedRange), named, namedRange);
  checkName(book, name, named);
  const { sheet, rect } = requiredPlace(book, range);
  const next = { namedRangeId: named.namedRangeId ?? '', name, range: rangeOf(sheet, rect) };
  if (name !== named.name) renameInFormulas(change, book, named.name ?? '', name);
  if (sheet.id !== (named.range?.sheetId ?? 0)) detach(change, book, named);
  change.setNamedRanges(
    book,
    book.namedRanges.map((one) => (one === named ? next : one)),
  );
  return undefined;
};

export const deleteNamedRange: Handler<'deleteNamedRange'> = ({ book, change }, { namedRangeId }) => {
  const named = requiredName(book, namedRangeId);
  detach(change, book, named);
  change.setNamedRanges(
    book,
    book.namedRanges.filter((one) => one !== named),
  );
  return undefined;
};
