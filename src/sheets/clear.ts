// Clearing ranges: what is taken from their cells and what stays. One write, nothing read.

import { confirmWrite } from './decode.ts';
import { type Google, resolveRange, type Spreadsheet } from './metadata.ts';
import { clearRequest } from './requests.ts';

const FIELDS = {
  values: 'userEnteredValue',
  formats: 'userEnteredFormat',
  notes: 'note',
  validation: 'dataValidation',
  all: 'userEnteredValue,userEnteredFormat,note,dataValidation',
} as const;

export type Clearable = keyof typeof FIELDS;

export interface Cleared {
  readonly status: 'applied';
  /** One per given range, in order. */
  readonly ranges: string[];
}

/** Clears all ranges or none; a range without bounds reaches to the edge of its sheet. */
export async function clearRanges(
  google: Google,
  spreadsheet: Spreadsheet,
  ranges: readonly string[],
  what: Clearable,
): Promise<Cleared> {
  const resolved = ranges.map((range) => resolveRange(spreadsheet, range));
  const requests = resolved.map(({ sheet, grid }) => clearRequest(sheet.sheetId, grid, FIELDS[what]));
  const params = { spreadsheetId: spreadsheet.id, fields: 'spreadsheetId', requestBody: { requests } };
  const answer: Cleared = { status: 'applied', ranges: resolved.map(({ a1 }) => a1) };
  const reply = await google('spreadsheets.batchUpdate', spreadsheet.id, params, { answer });
  confirmWrite(reply, spreadsheet.id, 'spreadsheets.batchUpdate');
  return answer;
}
