// Spreadsheets as files: searching and creating them, and moving a new one into a folder.

import { invalid, ServalError } from '../errors.ts';
import { cut, shown } from '../words.ts';
import { createdReply, decode, fileReply, filesReply } from './decode.ts';
import { createNotes, literalAt } from './literals.ts';
import { fromReply, type Google } from './metadata.ts';
import { newCell } from './requests.ts';
import type { Cell } from './values.ts';

const SPREADSHEET = 'application/vnd.google-apps.spreadsheet';
const FOLDER = 'application/vnd.google-apps.folder';

export interface FoundSpreadsheet {
  readonly id: string;
  readonly title: string;
  readonly owner?: string;
  readonly modified?: string;
  readonly url?: string;
}

/** Spreadsheets whose title has words that begin so, newest first; all when the query is empty. */
export async function searchSpreadsheets(
  google: Google,
  query: string,
  limit: number,
  pageToken: string | undefined,
): Promise<{ spreadsheets: FoundSpreadsheet[]; nextCursor?: string; incomplete?: true }> {
  const escaped = query.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  const named = query === '' ? '' : ` and name contains '${escaped}'`;
  const request = google('files.list', null, {
    q: `mimeType = '${SPREADSHEET}' and trashed = false${named}`,
    orderBy: 'modifiedTime desc',
    pageSize: limit,
    ...(pageToken !== undefined && { pageToken }),
    supportsAllDrives: true,
    includeItemsFromAllDrives: true,
    fields: 'nextPageToken,incompleteSearch,files(id,name,modifiedTime,webViewLink,owners(displayName,emailAddress))',
  });
  const reply = await (pageToken === undefined ? request : request.catch(blameCursor));
  const { files, nextPageToken, incompleteSearch } = decode(filesReply, reply, 'files.list');
  return {
    spreadsheets: files.map(({ id, name, modifiedTime, webViewLink, owners }) => {
      const owner = owners[0]?.emailAddress ?? owners[0]?.displayName;
      return {
        id,
        title: name,
        ...(owner !== undefined && { owner }),
        ...(modifiedTime !== undefined && { modified: modifiedTime }),
        ...(webViewLink !== undefined && { url: webViewLink }),
      };
    }),
    ...(nextPageToken !== undefined && { nextCursor: nextPageToken }),
    ...(incompleteSearch === true && { incomplete: true as const }),
  };
}

/** Everything else in the request is ours, so what Google refuses of a request with a cursor is the cursor. */
function blameCursor(error: unknown): never {
  if (!(error instanceof ServalError) || error.code !== 'invalid_argument') throw error;
  throw invalid(
    `cursor is not one that this search gave (${error.message})`,
    'Pass nextCursor of the answer before with the same query, or leave cursor out.',
  );
}

export interface NewSheet {
  readonly title: string;
  readonly rows?: readonly (readonly Cell[])[] | undefined;
}

export interface Created {
  readonly status: 'applied';
  readonly id: string;
  readonly url: string;
  readonly sheets: { title: string; sheetId: number }[];
  readonly warnings?: string[];
}

/** Google's own size of a new sheet; a new one is never smaller. */
const DEFAULT_ROWS = 1000;
const DEFAULT_COLUMNS = 26;

/**
 * One call creates the spreadsheet with its sheets and rows; a folder, which is looked at before, takes a second one.
 * When that one fails all the same the error says that the spreadsheet exists, and where.
 */
export async function createSpreadsheet(
  google: Google,
  title: string,
  sheets: readonly NewSheet[],
  folderId: string | undefined,
): Promise<Created> {
  const notes = createNotes();
  // A new spreadsheet takes its time zone from the account, which is not known before: offsets go to UTC, and say so.
  const timeZone = 'Etc/GMT';
  const requestBody = {
    properties: { title },
    sheets: sheets.map((sheet) => newSheet(sheet, timeZone, notes)),
  };
  if (folderId !== undefined) await checkFolder(google, folderId);
  const reply = await google('spreadsheets.create', null, {
    fields: 'spreadsheetId,spreadsheetUrl,properties(title,locale,timeZone),sheets.properties',
    requestBody,
  });
  const created = fromReply(decode(createdReply, reply, 'spreadsheets.create', true));
  if (folderId !== undefined) await move(google, created.id, folderId);
  return {
    status: 'applied',
    id: created.id,
    url: created.url,
    sheets: created.sheets.map((sheet) => ({ title: sheet.title, sheetId: sheet.sheetId })),
    ...notes.warnings(timeZone),
  };
}

function newSheet(sheet: NewSheet, timeZone: string, notes: ReturnType<typeof createNotes>) {
  const rows = sheet.rows ?? [];
  const rowData = rows.map((row, index) => ({
    values: row.map((cell, column) =>
      newCell(literalAt(cell, `${cut(sheet.title)}, row ${index + 1}, cell ${column + 1}`, 'typed', timeZone, notes)),
    ),
  }));
  return {
    properties: {
      title: sheet.title,
      gridProperties: {
        rowCount: Math.max(DEFAULT_ROWS, rows.length),
        columnCount: rows.reduce((widest, row) => Math.max(widest, row.length), DEFAULT_COLUMNS),
      },
    },
    ...(rows.length > 0 && { data: [{ startRow: 0, startColumn: 0, rowData }] }),
  };
}

/** Refuses what no spreadsheet could be moved into, before one is created. */
async function checkFolder(google: Google, folderId: string): Promise<void> {
  const missing = new ServalError('not_found', `There is no folder ${shown(folderId)}: nothing was created.`, {
    hint: "folderId is the last part of the folder's URL; share the folder with the account of this server.",
  });
  if (!/^[\w-]+$/.test(folderId)) throw missing;
  const fields = 'mimeType,trashed,capabilities(canAddChildren)';
  const params = { fileId: folderId, supportsAllDrives: true, fields };
  const reply = await google('files.get', null, params, { live: true }).catch((error: unknown) => {
    throw error instanceof ServalError && error.code === 'not_found' ? missing : error;
  });
  const { mimeType, trashed, capabilities } = decode(fileReply, reply, 'files.get');
  if (mimeType !== FOLDER || trashed === true) {
    throw invalid(`${shown(folderId)} is ${trashed === true ? 'in the trash' : 'no folder'}: nothing was created.`);
  }
  if (capabilities?.canAddChildren === false) {
    throw new ServalError('permission_denied', `Nothing may be put into ${shown(folderId)}: nothing was created.`, {
      hint: 'Share the folder with the account of this server, with write access.',
    });
  }
}

async function move(google: Google, id: string, folderId: string): Promise<void> {
  try {
    await google('files.update', id, {
      fileId: id,
      addParents: folderId,
      supportsAllDrives: true,
      fields: 'id',
      requestBody: {},
    });
  } catch (error) {
    if (!(error instanceof ServalError)) throw error;
    throw new ServalError(
      error.code,
      `The spreadsheet ${id} was created with all its sheets, but is not in folder ${shown(folderId)}: ${error.message}`,
      {
        ...error.details,
        hint: 'Do not create it again; move it by hand, or check that the folder is shared with write access.',
      },
    );
  }
}
