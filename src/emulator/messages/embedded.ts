// Charts and slicers as objects: whatever floats above a grid or has a sheet of its own. Data only.

import { message, type Of } from '../schema.ts';
import { Color, ColorStyle, GridCoordinate, GridRange } from './base.ts';
import { ChartSpec } from './charts.ts';
import { HorizontalAlign, TextFormat } from './format.ts';
import { FilterCriteria } from './rules.ts';

export const EmbeddedObjectBorder = message('EmbeddedObjectBorder', { color: Color, colorStyle: ColorStyle });

export const OverlayPosition = message('OverlayPosition', {
  anchorCell: GridCoordinate,
  heightPixels: 'int',
  offsetXPixels: 'int',
  offsetYPixels: 'int',
  widthPixels: 'int',
});
export type OverlayPosition = Of<typeof OverlayPosition>;

export const EmbeddedObjectPosition = message(
  'EmbeddedObjectPosition',
  { newSheet: 'bool', overlayPosition: OverlayPosition, sheetId: 'int' },
  { location: ['newSheet', 'overlayPosition', 'sheetId'] },
);
export type EmbeddedObjectPosition = Of<typeof EmbeddedObjectPosition>;

export const EmbeddedChart = message('EmbeddedChart', {
  border: EmbeddedObjectBorder,
  chartId: 'int',
  position: EmbeddedObjectPosition,
  spec: ChartSpec,
});
export type EmbeddedChart = Of<typeof EmbeddedChart>;

export const SlicerSpec = message('SlicerSpec', {
  applyToPivotTables: 'bool',
  backgroundColor: Color,
  backgroundColorStyle: ColorStyle,
  columnIndex: 'int',
  dataRange: GridRange,
  filterCriteria: FilterCriteria,
  horizontalAlignment: HorizontalAlign,
  textFormat: TextFormat,
  title: 'string',
});
export type SlicerSpec = Of<typeof SlicerSpec>;

export const Slicer = message('Slicer', { position: EmbeddedObjectPosition, slicerId: 'int', spec: SlicerSpec });
export type Slicer = Of<typeof Slicer>;
