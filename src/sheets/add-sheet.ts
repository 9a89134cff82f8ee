// Adding a sheet: an empty one, or a copy of a sheet of this or another spreadsheet. One write, but for a copy from
// elsewhere: Google copies it under a name of its own, and a second write gives it its title and place.

import { z } from 'zod';
import { invalid, ServalError } from '../errors.ts';
import { shown } from '../words.ts';
import { decode } from './decode.ts';
import { apply, type ChangedReply, type Desk, type Outcome } from './desk.ts';
import { liveSpreadsheet } from './live.ts';
import { findSheet, parseSpreadsheetId, readSpreadsheet, type Sheet } from './metadata.ts';
import { checkIndex, checkTitle } from './sheet-names.ts';

export interface Added extends Outcome {
  /** Absent only when Google's answer was lost with the process that waited for it. */
  readonly sheetId?: number;
}

export interface NewSheet {
  readonly title: string;
  readonly rows?: number | undefined;
  readonly columns?: number | undefined;
  /** Place among the tabs, from 1; absent: the last. */
  readonly index?: number | undefined;
  readonly copyFrom?: { readonly spreadsheet?: string | undefined; readonly sheet: string | number } | undefined;
}

/** Adds the sheet. What of it Google would refuse for names and places is refused before anything is sent. */
export async function addSheet(desk: Desk, wanted: NewSheet): Promise<Added> {
  const { title, rows, columns, index, copyFrom } = wanted;
  if (copyFrom && (rows ?? columns) !== undefined) {
    throw invalid('rows and columns are those of the copied sheet.', 'Leave them out; update_sheet changes them.');
  }
  const source = copyFrom && parseSpreadsheetId(copyFrom.spreadsheet ?? desk.spreadsheet.id);
  const foreign = copyFrom && source !== undefined && source !== desk.spreadsheet.id;
  const original = foreign
    ? findSheet(await readSpreadsheet(desk.google, source, false, true), copyFrom.sheet)
    : undefined;
  const live = await liveSpreadsheet(desk);
  checkTitle(live, title);
  checkIndex(index, live.sheets.length + 1);
  const last = live.sheets.length;
  const at = index === undefined ? last : index - 1;
  if (original && source !== undefined) return copyFromElsewhere(desk, source, original, title, at);
  const gridProperties = {
    ...(rows !== undefined && { rowCount: rows }),
    ...(columns !== undefined && { columnCount: columns }),
  };
  const request = copyFrom
    ? {
        duplicateSheet: {
          sourceSheetId: findSheet(live, copyFrom.sheet).sheetId,
          insertSheetIndex: at,
          newSheetName: title,
        },
      }
    : { addSheet: { properties: { title, ...(index !== undefined && { index: at }), gridProperties } } };
  const answer: Added = { status: 'applied' };
  return apply<Added>(desk, {
    requests: [request],
    answer,
    sheets: [],
    told: (reply) => ({ ...answer, ...addedId(reply) }),
  });
}

const addedReply = z.object({ properties: z.object({ sheetId: z.number().default(0) }) });

function addedId({ replies: [first = {}] }: ChangedReply): { sheetId?: number } {
  const { data } = addedReply.safeParse(first.addSheet ?? first.duplicateSheet);
  return data ? { sheetId: data.properties.sheetId } : {};
}

const copiedReply = z.object({ sheetId: z.number().default(0), title: z.string() });

/** Google takes no marker with the copying: a copy whose answer is lost is not made again. */
async function copyFromElsewhere(
  desk: Desk,
  spreadsheetId: string,
  { sheetId: original, title: name }: Sheet,
  title: string,
  index: number,
): Promise<Added> {
  const { id } = desk.spreadsheet;
  const copying = {
    spreadsheetId,
    sheetId: original,
    fields: 'sheetId,title',
    requestBody: { destinationSpreadsheetId: id },
  };
  const halfDone = `The sheet ${shown(name)} was copied, but it may not have its title and place yet.`;
  // Nothing that stands there is touched: no other write need wait for it.
  const options = { answer: { status: 'applied', warnings: [halfDone] }, areas: [] };
  const reply = await desk.google('spreadsheets.sheets.copyTo', id, copying, options);
  const copy = decode(copiedReply, reply, 'spreadsheets.sheets.copyTo', true);
  const properties = { sheetId: copy.sheetId, title, index };
  const answer: Added = { status: 'applied', sheetId: copy.sheetId };
  try {
    return await apply<Added>(desk, {
      requests: [{ updateSheetProperties: { properties, fields: 'title,index' } }],
      answer,
      sheets: [],
    });
  } catch (thrown) {
    if (!(thrown instanceof ServalError)) throw thrown;
    throw new ServalError(
      // That a name is wrong would have the whole work done anew.
      ['not_found', 'invalid_argument'].includes(thrown.code) ? 'conflict' : thrown.code,
      `The sheet was copied, as ${shown(copy.title)} (id ${copy.sheetId}), but did not get the title ${shown(title)}: ${thrown.message}`,
      { ...thrown.details, hint: 'Do not copy it again; give it its title with update_sheet.' },
    );
  }
}
