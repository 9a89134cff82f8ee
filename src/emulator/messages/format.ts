// The formats of cells: text, numbers, borders, alignment. Data only.

import { message, type Of, oneOf } from '../schema.ts';
import { Color, ColorStyle } from './base.ts';

export const Link = message('Link', { uri: 'string' });

export const TextFormat = message('TextFormat', {
  bold: 'bool',
  fontFamily: 'string',
  fontSize: 'int',
  foregroundColor: Color,
  foregroundColorStyle: ColorStyle,
  italic: 'bool',
  link: Link,
  strikethrough: 'bool',
  underline: 'bool',
});
export type TextFormat = Of<typeof TextFormat>;

export const BorderStyle = oneOf(
  'Style',
  'STYLE_UNSPECIFIED',
  'DOTTED',
  'DASHED',
  'SOLID',
  'SOLID_MEDIUM',
  'SOLID_THICK',
  'NONE',
  'DOUBLE',
);

export const Border = message('Border', { color: Color, colorStyle: ColorStyle, style: BorderStyle, width: 'int' });
export type Border = Of<typeof Border>;

export const Borders = message('Borders', { bottom: Border, left: Border, right: Border, top: Border });

export const NumberFormatType = oneOf(
  'NumberFormat.NumberFormatType',
  'NUMBER_FORMAT_TYPE_UNSPECIFIED',
  'TEXT',
  'NUMBER',
  'PERCENT',
  'CURRENCY',
  'DATE',
  'TIME',
  'DATE_TIME',
  'SCIENTIFIC',
);

export const NumberFormat = message('NumberFormat', { pattern: 'string', type: NumberFormatType });
export type NumberFormat = Of<typeof NumberFormat>;

export const Padding = message('Padding', { bottom: 'int', left: 'int', right: 'int', top: 'int' });

export const TextRotation = message('TextRotation', { angle: 'int', vertical: 'bool' });

export const HorizontalAlign = oneOf('HorizontalAlign', 'HORIZONTAL_ALIGN_UNSPECIFIED', 'LEFT', 'CENTER', 'RIGHT');

export const HyperlinkDisplayType = oneOf(
  'HyperlinkDisplayType',
  'HYPERLINK_DISPLAY_TYPE_UNSPECIFIED',
  'LINKED',
  'PLAIN_TEXT',
);

export const TextDirection = oneOf('TextDirection', 'TEXT_DIRECTION_UNSPECIFIED', 'LEFT_TO_RIGHT', 'RIGHT_TO_LEFT');

export const VerticalAlign = oneOf('VerticalAlign', 'VERTICAL_ALIGN_UNSPECIFIED', 'TOP', 'MIDDLE', 'BOTTOM');

export const WrapStrategy = oneOf(
  'WrapStrategy',
  'WRAP_STRATEGY_UNSPECIFIED',
  'OVERFLOW_CELL',
  'LEGACY_WRAP',
  'CLIP',
  'WRAP',
);

export const CellFormat = message('CellFormat', {
  backgroundColor: Color,
  backgroundColorStyle: ColorStyle,
  borders: Borders,
  horizontalAlignment: HorizontalAlign,
  hyperlinkDisplayType: HyperlinkDisplayType,
  numberFormat: NumberFormat,
  padding: Padding,
  textDirection: TextDirection,
  textFormat: TextFormat,
  textRotation: TextRotation,
  verticalAlignment: VerticalAlign,
  wrapStrategy: WrapStrategy,
});
export type CellFormat = Of<typeof CellFormat>;

export const TextFormatRun = message('TextFormatRun', { format: TextFormat, startIndex: 'int' });
export type TextFormatRun = Of<typeof TextFormatRun>;

export const DisplayFormat = oneOf(
  'PersonChip.DisplayFormat',
  'DISPLAY_FORMAT_UNSPECIFIED',
  'DEFAULT',
  'LAST_NAME_COMMA_FIRST_NAME',
  'EMAIL',
);

export const PersonProperties = message('PersonProperties', { displayFormat: DisplayFormat, email: 'string' });

export const RichLinkProperties = message('RichLinkProperties', { mimeType: 'string', uri: 'string' });

export const Chip = message('Chip', { personProperties: PersonProperties, richLinkProperties: RichLinkProperties });
export type Chip = Of<typeof Chip>;

export const ChipRun = message('ChipRun', { chip: Chip, startIndex: 'int' });
export type ChipRun = Of<typeof ChipRun>;

export const TextPosition = message('TextPosition', { horizontalAlignment: HorizontalAlign });
