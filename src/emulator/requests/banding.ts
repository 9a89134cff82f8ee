// Requests about alternating colours.

import { overlaps, rangeOf, rectOf, requiredPlace } from '../areas.ts';
import { pairColors, pairMask, themeOf } from '../colors.ts';
import { invalid } from '../errors.ts';
import { apply } from '../mask.ts';
import { BandedRange, type BandingProperties } from '../messages/features.ts';
import { findPart, idFor, replaceParts } from '../parts.ts';
import { printBandedRange } from '../print-features.ts';
import type { Rect } from '../ranges.ts';
import type { Book, Sheet } from '../workbook.ts';
import { type Context, fieldsOf, type Handler } from './context.ts';

const findBanding = (book: Book, id: number) =>
  findPart(
    book,
    (parts) => parts.bandedRanges,
    (one) => one.bandedRangeId === id,
  );

function requiredBanding(book: Book, id = 0) {
  const found = findBanding(book, id);
  if (!found) throw invalid(`No banding with id: ${id}`);
  return found;
}

function checkBands(name: string, bands: BandingProperties | undefined): void {
  if (bands && !(bands.firstBandColor && bands.secondBandColor)) {
    throw invalid(`${name} must have firstBandColor and secondBandColor specified.`);
  }
}

function checkProperties({ rowProperties, columnProperties }: BandedRange): void {
  if (!rowProperties && !columnProperties) {
    throw invalid('At least one of rowProperties or columnProperties must be specified.');
  }
  checkBands('rowProperties', rowProperties);
  checkBands('columnProperties', columnProperties);
}

function checkFree(sheet: Sheet, rect: Rect, self?: BandedRange): void {
  const { bandedRanges = [], tables = [] } = sheet.parts;
  const others = [...bandedRanges.filter((one) => one !== self), ...tables];
  if (others.some(({ range = {} }) => overlaps(rectOf(sheet, range), rect))) {
    const range = 'a range that already has alternating background colors.';
    throw invalid(`You cannot add alternating background colors to ${range}`);
  }
}

/** Adds a banded range under the caller's id or a new one. */
export function insertBanding({ book, change, random }: Context, given: BandedRange): BandedRange {
  const { bandedRangeId, range, ...colors } = given;
  const { sheet, rect } = requiredPlace(book, range);
  const { rowProperties, columnProperties } = pairColors(colors, themeOf(book.properties));
  const taken = (id: number) => findBanding(book, id) !== undefined;
  const banding: BandedRange = {
    bandedRangeId: idFor(bandedRangeId, taken, random, 'banding'),
    range: rangeOf(sheet, rect),
    ...(rowProperties && { rowProperties }),
    ...(columnProperties && { columnProperties }),
  };
  checkProperties(banding);
  checkFree(sheet, rect);
  replaceParts(change, sheet, { bandedRanges: [...(sheet.parts.bandedRanges ?? []), banding] });
  return printBandedRange(sheet, banding);
}

export const addBanding: Handler<'addBanding'> = (context, { bandedRange = {} }) => ({
  bandedRange: insertBanding(context, bandedRange),
});

export const updateBanding: Handler<'updateBanding'> = ({ book, change }, { bandedRange = {}, fields }) => {
  const { sheet, parts, index, part } = requiredBanding(book, bandedRange.bandedRangeId);
  const mask = fieldsOf(fields, BandedRange);
  const given = pairColors(bandedRange, themeOf(book.properties));
  const wanted = apply(pairMask(mask), part, given);
  const place = requiredPlace(book, wanted.range);
  if (place.sheet !== sheet) throw invalid('A banded range cannot move to another sheet.');
  const { rowProperties, columnProperties } = wanted;
  const banding: BandedRange = {
    bandedRangeId: part.bandedRangeId ?? 0,
    range: rangeOf(sheet, place.rect),
    ...(rowProperties && { rowProperties }),
    ...(columnProperties && { columnProperties }),
  };
  checkProperties(banding);
  checkFree(sheet, place.rect, part);
  replaceParts(change, sheet, { bandedRanges: parts.with(index, banding) });
  return undefined;
};

/** The banding of a table is the table, whose cells stay as they are. */
export const deleteBanding: Handler<'deleteBanding'> = ({ book, change }, { bandedRangeId }) => {
  const table = findPart(
    book,
    (parts) => parts.tables,
    ({ tableId }) => tableId === String(bandedRangeId),
  );
  if (table && !findBanding(book, bandedRangeId ?? 0)) {
    replaceParts(change, table.sheet, { tables: table.parts.toSpliced(table.index, 1) });
    return undefined;
  }
  const { sheet, parts, index } = requiredBanding(book, bandedRangeId);
  replaceParts(change, sheet, { bandedRanges: parts.toSpliced(index, 1) });
  return undefined;
};
