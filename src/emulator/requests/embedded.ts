// Requests about charts and slicers: adding, changing, placing and deleting them. What a chart's specification must be
// is chart-spec.ts.

import { rangeOf, requiredCell, requiredPlace } from '../areas.ts';
import { checkedSpec } from '../chart-spec.ts';
import { pairColors, pairMask } from '../colors.ts';
import { invalid } from '../errors.ts';
import { newId } from '../files.ts';
import { apply } from '../mask.ts';
import {
  type EmbeddedChart,
  EmbeddedObjectBorder,
  type EmbeddedObjectPosition,
  OverlayPosition,
  type Slicer,
  SlicerSpec,
} from '../messages/embedded.ts';
import { findPart, idFor, replaceParts } from '../parts.ts';
import { printChart, printPosition, printSlicer } from '../print-objects.ts';
import { gridById } from '../ranges.ts';
import { type Book, type Sheet, sheetById, sheetByTitle } from '../workbook.ts';
import { type Context, fieldsOf, type Handler } from './context.ts';

const WIDTH_PIXELS = 600;
const HEIGHT_PIXELS = 371;

const findChart = (book: Book, id: number) =>
  findPart(
    book,
    (parts) => parts.charts,
    ({ chartId }) => chartId === id,
  );
const findSlicer = (book: Book, id: number) =>
  findPart(
    book,
    (parts) => parts.slicers,
    ({ slicerId }) => slicerId === id,
  );
const isTaken = (book: Book) => (id: number) => findChart(book, id) !== undefined || findSlicer(book, id) !== undefined;

function checkedOverlay(book: Book, given: OverlayPosition): OverlayPosition {
  const { anchorCell = {}, offsetXPixels = 0, offsetYPixels = 0, ...size } = given;
  const { sheet, rect } = requiredCell(book, anchorCell);
  const { widthPixels = WIDTH_PIXELS, heightPixels = HEIGHT_PIXELS } = size;
  if (widthPixels <= 0 || heightPixels <= 0) throw invalid('The width and height of an object must be positive.');
  if (offsetXPixels < 0 || offsetYPixels < 0) throw invalid('The offsets of an object must not be negative.');
  return {
    anchorCell: { sheetId: sheet.id, rowIndex: rect.startRow, columnIndex: rect.startColumn },
    ...(offsetXPixels > 0 && { offsetXPixels }),
    ...(offsetYPixels > 0 && { offsetYPixels }),
    widthPixels,
    heightPixels,
  };
}

/** A sheet without a grid at the end of the workbook, for one chart. */
function insertObjectSheet({ book, change, random }: Context, wanted: number | undefined): Sheet {
  const taken = (id: number) => sheetById(book, id) !== undefined;
  if (wanted !== undefined && wanted < 0) throw invalid('Sheet id must be non-negative.');
  if (wanted !== undefined && taken(wanted)) throw invalid(`Sheet with id ${wanted} already exists.`);
  let number = 1;
  while (sheetByTitle(book, `Chart${number}`)) number++;
  const sheet: Sheet = {
    id: wanted ?? newId(random, taken),
    book,
    properties: { title: `Chart${number}`, sheetType: 'OBJECT', gridProperties: { rowCount: 0, columnCount: 0 } },
    parts: {},
    rows: [],
  };
  change.setSheets(book, [...book.sheets, sheet]);
  return sheet;
}

/** Where an object goes: over a grid, or on a sheet of its own, which is made. */
function placed(
  context: Context,
  position: EmbeddedObjectPosition = {},
): { sheet: Sheet; position: EmbeddedObjectPosition } {
  const { overlayPosition, newSheet, sheetId } = position;
  if (overlayPosition) {
    const checked = checkedOverlay(context.book, overlayPosition);
    return { sheet: gridById(context.book, checked.anchorCell?.sheetId), position: { overlayPosition: checked } };
  }
  if (!newSheet && sheetId === undefined) {
    throw invalid('One of EmbeddedObjectPosition.overlayPosition or EmbeddedObjectPosition.sheetId must be set');
  }
  const sheet = insertObjectSheet(context, sheetId);
  return { sheet, position: { sheetId: sheet.id } };
}

export const addChart: Handler<'addChart'> = (context, { chart = {} }) => {
  const { book, change, random } = context;
  const spec = checkedSpec(book, chart.spec);
  const chartId = idFor(chart.chartId, isTaken(book), random, 'chart');
  const { sheet, position } = placed(context, chart.position);
  const border = chart.border && pairColors(chart.border);
  const added: EmbeddedChart = { chartId, spec, position, ...(border && { border }) };
  replaceParts(change, sheet, { charts: [...(sheet.parts.charts ?? []), added] });
  return { chart: printChart(added) };
};

export const updateChartSpec: Handler<'updateChartSpec'> = ({ book, change }, { chartId = 0, spec }) => {
  const found = findChart(book, chartId);
  if (!found) throw invalid(`No chart with id: ${chartId}`);
  const { sheet, parts, index, part } = found;
  replaceParts(change, sheet, { charts: parts.with(index, { ...part, spec: checkedSpec(book, spec) }) });
  return undefined;
};

function checkedSlicer(book: Book, spec: SlicerSpec): SlicerSpec {
  const { sheet, rect } = requiredPlace(book, spec.dataRange);
  const { columnIndex = 0 } = spec;
  if (columnIndex < 0 || columnIndex >= rect.endColumn - rect.startColumn) {
    throw invalid('Slicer column must be within range bounds');
  }
  return { ...pairColors(spec), dataRange: rangeOf(sheet, rect) };
}

export const addSlicer: Handler<'addSlicer'> = (context, { slicer = {} }) => {
  const { book, change, random } = context;
  const spec = checkedSlicer(book, slicer.spec ?? {});
  const slicerId = idFor(slicer.slicerId, isTaken(book), random, 'slicer');
  if (slicer.position && !slicer.position.overlayPosition) {
    throw invalid('A slicer can be positioned only on an existing sheet.');
  }
  const { sheet, position } = placed(context, slicer.position);
  const added: Slicer = { slicerId, spec, position };
  replaceParts(change, sheet, { slicers: [...(sheet.parts.slicers ?? []), added] });
  return { slicer: printSlicer(added) };
};

export const updateSlicerSpec: Handler<'updateSlicerSpec'> = (
  { book, change },
  { slicerId = 0, spec = {}, fields },
) => {
  const found = findSlicer(book, slicerId);
  if (!found) throw invalid(`No slicer with id: ${slicerId}`);
  const mask = pairMask(fieldsOf(fields, SlicerSpec));
  const { sheet, parts, index, part } = found;
  const next = checkedSlicer(book, apply(mask, part.spec ?? {}, pairColors(spec)));
  replaceParts(change, sheet, { slicers: parts.with(index, { ...part, spec: next }) });
  return undefined;
};

/** A chart or a slicer, and how it is put back on a sheet. */
function embedded(book: Book, id: number) {
  const chart = findChart(book, id);
  if (chart) return { key: 'charts' as const, ...chart };
  const slicer = findSlicer(book, id);
  if (!slicer) throw invalid(`No embedded object with id: ${id}`);
  return { key: 'slicers' as const, ...slicer };
}

/** Takes the object away, and with it the sheet that was its own. */
function take(context: Context, { sheet, key, parts, index }: ReturnType<typeof embedded>): void {
  const { book, change } = context;
  if (sheet.properties.sheetType !== 'OBJECT') {
    replaceParts(change, sheet, { [key]: parts.toSpliced(index, 1) });
    return;
  }
  const left = book.sheets.filter((one) => one !== sheet);
  if (left.length === 0) throw invalid("You can't remove all the sheets in a document.");
  change.setSheets(book, left);
}

export const deleteEmbeddedObject: Handler<'deleteEmbeddedObject'> = (context, { objectId = 0 }) => {
  take(context, embedded(context.book, objectId));
  return undefined;
};

export const updateEmbeddedObjectPosition: Handler<'updateEmbeddedObjectPosition'> = (context, payload) => {
  const { book, change } = context;
  const { objectId = 0, newPosition = {}, fields } = payload;
  const found = embedded(book, objectId);
  const { overlayPosition } = newPosition;
  if (!overlayPosition && found.key === 'slicers') {
    throw invalid('A slicer can be positioned only on an existing sheet.');
  }
  const mask = overlayPosition && fieldsOf(fields, OverlayPosition);
  const old = found.part.position?.overlayPosition ?? {};
  const wanted = overlayPosition && mask ? { overlayPosition: apply(mask, old, overlayPosition) } : newPosition;
  const { sheet, position } = placed(context, wanted);
  const moved = { ...found.part, position };
  if (sheet === found.sheet) replaceParts(change, sheet, { [found.key]: found.parts.with(found.index, moved) });
  else {
    replaceParts(change, sheet, { [found.key]: [...(sheet.parts[found.key] ?? []), moved] });
    take(context, found);
  }
  return { position: printPosition(position) };
};

export const updateEmbeddedObjectBorder: Handler<'updateEmbeddedObjectBorder'> = (
  { book, change },
  { objectId = 0, border = {}, fields },
) => {
  const found = findChart(book, objectId);
  if (!found) {
    if (findSlicer(book, objectId)) throw invalid('A slicer has no border.');
    throw invalid(`No embedded object with id: ${objectId}`);
  }
  const mask = pairMask(fieldsOf(fields, EmbeddedObjectBorder));
  const { sheet, parts, index, part } = found;
  const next = apply(mask, part.border ?? {}, pairColors(border));
  replaceParts(change, sheet, { charts: parts.with(index, { ...part, border: next }) });
  return undefined;
};
