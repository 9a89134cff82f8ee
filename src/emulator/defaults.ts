// The properties a new spreadsheet, sheet and cell have, as Google gives them. Data only.

import type { Color } from './messages/base.ts';
import type { CellFormat } from './messages/format.ts';
import type { SpreadsheetProperties, ThemeColorPair } from './messages/sheet.ts';

const white = { red: 1, green: 1, blue: 1 };

const DEFAULT_FORMAT: CellFormat = {
  backgroundColor: white,
  padding: { top: 2, right: 3, bottom: 2, left: 3 },
  verticalAlignment: 'BOTTOM',
  wrapStrategy: 'OVERFLOW_CELL',
  textFormat: {
    foregroundColor: {},
    fontFamily: 'arial,sans,sans-serif',
    fontSize: 10,
    bold: false,
    italic: false,
    strikethrough: false,
    underline: false,
    foregroundColorStyle: { rgbColor: {} },
  },
  backgroundColorStyle: { rgbColor: white },
};

/** Google's standard theme; the numbers are bytes over 255 in single precision. */
const THEME_COLORS: readonly (readonly [ThemeColorPair['colorType'] & string, Color])[] = [
  ['TEXT', {}],
  ['BACKGROUND', white],
  ['ACCENT1', { red: 0.25882354, green: 0.52156866, blue: 0.95686275 }],
  ['ACCENT2', { red: 0.91764706, green: 0.2627451, blue: 0.20784314 }],
  ['ACCENT3', { red: 0.9843137, green: 0.7372549, blue: 0.015686275 }],
  ['ACCENT4', { red: 0.20392157, green: 0.65882355, blue: 0.3254902 }],
  ['ACCENT5', { red: 1, green: 0.42745098, blue: 0.003921569 }],
  ['ACCENT6', { red: 0.27450982, green: 0.7411765, blue: 0.7764706 }],
  ['LINK', { red: 0.06666667, green: 0.33333334, blue: 0.8 }],
];

/** Everything but the title. */
export const DEFAULT_PROPERTIES: SpreadsheetProperties = {
  locale: 'en_US',
  autoRecalc: 'ON_CHANGE',
  timeZone: 'Etc/GMT',
  defaultFormat: DEFAULT_FORMAT,
  spreadsheetTheme: {
    primaryFontFamily: 'Arial',
    themeColors: THEME_COLORS.map(([colorType, rgbColor]) => ({ colorType, color: { rgbColor } })),
  },
};

export const DEFAULT_ROWS = 1000;
export const DEFAULT_COLUMNS = 26;
/** Pixels of a row and a column nobody resized. */
export const ROW_PIXELS = 21;
export const COLUMN_PIXELS = 100;
