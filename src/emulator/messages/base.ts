// Colours, coordinates and ranges: what every other message is made of. Data only.

import { message, type Of, oneOf } from '../schema.ts';

export const Color = message('Color', { alpha: 'double', blue: 'double', green: 'double', red: 'double' });
export type Color = Of<typeof Color>;

export const ThemeColorType = oneOf(
  'ThemeColorType',
  'THEME_COLOR_TYPE_UNSPECIFIED',
  'TEXT',
  'BACKGROUND',
  'ACCENT1',
  'ACCENT2',
  'ACCENT3',
  'ACCENT4',
  'ACCENT5',
  'ACCENT6',
  'LINK',
);

export const ColorStyle = message('ColorStyle', { rgbColor: Color, themeColor: ThemeColorType });

export const GridRange = message('GridRange', {
  endColumnIndex: 'int',
  endRowIndex: 'int',
  sheetId: 'int',
  startColumnIndex: 'int',
  startRowIndex: 'int',
});
export type GridRange = Of<typeof GridRange>;

export const GridCoordinate = message('GridCoordinate', { columnIndex: 'int', rowIndex: 'int', sheetId: 'int' });
export type GridCoordinate = Of<typeof GridCoordinate>;

export const Dimension = oneOf('Dimension', 'DIMENSION_UNSPECIFIED', 'ROWS', 'COLUMNS');

export const DimensionRange = message('DimensionRange', {
  dimension: Dimension,
  endIndex: 'int',
  sheetId: 'int',
  startIndex: 'int',
});
export type DimensionRange = Of<typeof DimensionRange>;
