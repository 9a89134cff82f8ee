// Requests about the size and visibility of rows and columns.

import { requiredSpan, type Span } from '../areas.ts';
import type { Change } from '../change.ts';
import { COLUMN_PIXELS, ROW_PIXELS } from '../defaults.ts';
import { invalid } from '../errors.ts';
import { below, type Mask } from '../mask.ts';
import { DimensionProperties } from '../messages/cells.ts';
import { metadataOfDimension } from '../metadata.ts';
import { replaceParts } from '../parts.ts';
import { countVisible, editRuns, propertiesBetween, runsOf } from '../runs.ts';
import { fittingHeight, fittingWidth } from '../text-size.ts';
import { type Context, fieldsOf, type Handler } from './context.ts';
import { insertMetadata } from './names.ts';

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
  const { pixelSize = 0, hiddenByUser } = properties;
  if (pixelSize < 0) throw invalid(`pixelSize must be non-negative, but was ${pixelSize}.`);
  const usual = span.dimension === 'ROWS' ? ROW_PIXELS : COLUMN_PIXELS;
  const sizes = below(mask, 'pixelSize') !== undefined;
  const hides = below(mask, 'hiddenByUser') !== undefined;
  editSpan(context.change, span, ({ pixelSize: size, hiddenByUser: hidden, ...rest }) => {
    const nextSize = sizes ? pixelSize : size;
    const nextHidden = hides ? hiddenByUser : hidden;
    return {
      ...rest,
      ...(nextSize !== undefined && nextSize !== 0 && nextSize !== usual && { pixelSize: nextSize }),
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
  const usual = isRows ? ROW_PIXELS : COLUMN_PIXELS;
  const before = runsOf(sheet, dimension);
  let runs = before;
  let at = start;
  for (const { pixelSize = usual } of propertiesBetween(before, start, end)) {
    const fitting = isRows ? fittingHeight(sheet, at) : (fittingWidth(sheet, at) ?? pixelSize);
    if (fitting !== pixelSize) {
      runs = editRuns(runs, at, at + 1, ({ pixelSize: _, ...rest }) =>
        fitting === usual ? rest : { ...rest, pixelSize: fitting },
      );
    }
    at++;
  }
  replaceParts(change, sheet, isRows ? { rowRuns: runs } : { columnRuns: runs });
  return undefined;
};
