// Requests about the size and visibility of rows and columns.

import { requiredSpan, type Span } from '../areas.ts';
import type { Change } from '../change.ts';
import { COLUMN_PIXELS, ROW_PIXELS } from '../defaults.ts';
import { invalid } from '../errors.ts';
import { growTo } from '../grid.ts';
import { below, type Mask } from '../mask.ts';
import { DimensionProperties } from '../messages/cells.ts';
import { metadataOfDimension } from '../metadata.ts';
import { replaceParts } from '../parts.ts';
import { countVisible, editEach, editRuns, runsOf } from '../runs.ts';
import { fittingHeight, fittingWidth } from '../text-size.ts';
import type { Sheet } from '../workbook.ts';
import { type Context, fieldsOf, type Handler } from './context.ts';
import { insertMetadata } from './developer-metadata.ts';

const USUAL_PIXELS = { ROWS: ROW_PIXELS, COLUMNS: COLUMN_PIXELS };

/** A size as it is kept: none for the usual one, and for 0, which asks for it. */
function sized(dimension: Span['dimension'], pixelSize = 0): { pixelSize?: number } {
  if (pixelSize < 0) throw invalid(`pixelSize must be non-negative, but was ${pixelSize}.`);
  return pixelSize === 0 || pixelSize === USUAL_PIXELS[dimension] ? {} : { pixelSize };
}

/** Edits the properties of every row or column of a span; all of them hidden is Google's refusal. */
export function editSpan(
  change: Change,
  { sheet, dimension, start, end }: Span,
  edit: (properties: DimensionProperties) => DimensionProperties,
): void {
  const runs = editRuns(runsOf(sheet, dimension), start, end, edit);
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  const isRows = dimension === 'ROWS';
  if (countVisible(runs, isRows ? rowCount : columnCount, 'hiddenByUser') === 0) {
    throw invalid(`You can't hide all the ${isRows ? 'rows' : 'columns'} on the sheet.`);
  }
  replaceParts(change, sheet, isRows ? { rowRuns: runs } : { columnRuns: runs });
}

/** Replaces the developer metadata of one row or column. */
function replaceMetadata(context: Context, span: Span, properties: DimensionProperties): void {
  const { sheet, dimension, start, end } = span;
  if (end - start !== 1) throw invalid('developerMetadata can only be set on a single row or column.');
  for (const { metadataId = 0 } of metadataOfDimension(sheet, dimension).get(start) ?? []) {
    context.change.setMetadata(context.book, metadataId, undefined);
  }
  const location = { dimensionRange: { sheetId: sheet.id, dimension, startIndex: start, endIndex: end } };
  for (const entry of properties.developerMetadata ?? []) insertMetadata(context, { ...entry, location });
}

/** Sizes, visibility and metadata of neighbouring rows or columns, the first of them at `start`. */
export function setDimensions(
  context: Context,
  sheet: Sheet,
  dimension: Span['dimension'],
  start: number,
  given: readonly DimensionProperties[],
): void {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  growTo(
    context.change,
    sheet,
    dimension === 'ROWS' ? start + given.length : rowCount,
    dimension === 'COLUMNS' ? start + given.length : columnCount,
  );
  given.forEach((properties, index) => {
    const span = { sheet, dimension, start: start + index, end: start + index + 1 };
    if (properties.developerMetadata) replaceMetadata(context, span, properties);
  });
  const runs = editEach(runsOf(sheet, dimension), start, start + given.length, (_, at) => {
    const { pixelSize, hiddenByUser } = given[at - start] ?? {};
    return { ...sized(dimension, pixelSize), ...(hiddenByUser && { hiddenByUser }) };
  });
  replaceParts(context.change, sheet, dimension === 'ROWS' ? { rowRuns: runs } : { columnRuns: runs });
}

function isNamed(mask: Mask, field: keyof DimensionProperties): boolean {
  return mask !== true && mask.has(field);
}

export const updateDimensionProperties: Handler<'updateDimensionProperties'> = (context, payload) => {
  const { range, properties = {}, fields, dataSourceSheetRange } = payload;
  if (dataSourceSheetRange) throw invalid('this backend has no data source sheets.');
  const span = requiredSpan(context.book, range);
  const mask = fieldsOf(fields, DimensionProperties);
  for (const field of ['hiddenByFilter', 'dataSourceColumnReference'] as const) {
    if (isNamed(mask, field)) throw invalid(`Invalid field: ${field} is read-only.`);
  }
  const { pixelSize, hiddenByUser } = properties;
  const sizes = below(mask, 'pixelSize') !== undefined;
  const hides = below(mask, 'hiddenByUser') !== undefined;
  editSpan(context.change, span, ({ pixelSize: size, hiddenByUser: hidden, ...rest }) => {
    const nextHidden = hides ? hiddenByUser : hidden;
    return {
      ...rest,
      ...sized(span.dimension, sizes ? pixelSize : size),
      ...(nextHidden && { hiddenByUser: true }),
    };
  });
  const marks = isNamed(mask, 'developerMetadata') || (mask === true && properties.developerMetadata !== undefined);
  if (marks) replaceMetadata(context, span, properties);
  return undefined;
};

export const autoResizeDimensions: Handler<'autoResizeDimensions'> = ({ book, change }, payload) => {
  if (payload.dataSourceSheetDimensions) throw invalid('this backend has no data source sheets.');
  const span = requiredSpan(book, payload.dimensions);
  const { sheet, dimension, start, end } = span;
  const isRows = dimension === 'ROWS';
  const usual = USUAL_PIXELS[dimension];
  const runs = editEach(runsOf(sheet, dimension), start, end, (properties, at) => {
    const { pixelSize = usual, ...rest } = properties;
    const fitting = isRows ? fittingHeight(sheet, at) : (fittingWidth(sheet, at) ?? pixelSize);
    if (fitting === pixelSize) return properties;
    return fitting === usual ? rest : { ...rest, pixelSize: fitting };
  });
  replaceParts(change, sheet, isRows ? { rowRuns: runs } : { columnRuns: runs });
  return undefined;
};
