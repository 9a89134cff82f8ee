// Uploads that become spreadsheets: CSV and TSV by Drive v3 and by the v2 path of old clients. Files of other kinds
// are refused: this backend keeps no content but that of spreadsheets.

import { type Context, Hono } from 'hono';
import Papa from 'papaparse';
import type { Clock } from '../clock.ts';
import type { Change } from './change.ts';
import { createBlank, type Making } from './create.ts';
import {
  checkFields,
  driveReply,
  FILE_DEFAULT,
  fieldsOf,
  fileNotFound,
  linkOf,
  OWNER,
  parseBody,
  printFile,
} from './drive-file.ts';
import { ApiError } from './errors.ts';
import { type DriveFile, SPREADSHEET } from './files.ts';
import { growTo } from './grid.ts';
import { searchParams } from './reply.ts';
import type { Store } from './store.ts';
import { type Book, MAX_CELLS, type Sheet } from './workbook.ts';
import { writeAt } from './write.ts';

const DELIMITERS: Readonly<Record<string, string>> = {
  'text/csv': ',',
  'text/plain': ',',
  'text/tab-separated-values': '\t',
  'application/vnd.ms-excel': ',',
};

/** Uploads begun and not sent that are remembered at once. */
const MAX_SESSIONS = 1_000;

interface Part {
  readonly type: string;
  readonly body: string;
}

function typeOf(header: string | undefined): string {
  return (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The two parts of multipart/related: the file's metadata and its content. */
function parts(text: string, contentType: string): { metadata: Part; media: Part } {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  const bodies = (boundary === undefined ? [] : text.split(`--${boundary}`).slice(1, -1)).map((each) => {
    const [head = '', ...rest] = each.replace(/^\r?\n/, '').split(/\r?\n\r?\n/);
    const type = /content-type:\s*([^\r\n]+)/i.exec(head)?.[1];
    const encoded = /content-transfer-encoding:\s*base64/i.test(head);
    const body = each
      .replace(/^\r?\n/, '')
      .slice(head.length)
      .replace(/^\r?\n\r?\n/, '')
      .replace(/\r?\n$/, '');
    return {
      type: typeOf(type),
      body: encoded && rest.length > 0 ? Buffer.from(body, 'base64').toString('utf8') : body,
    };
  });
  const [metadata, media] = bodies;
  if (metadata && media) return { metadata, media };
  throw new ApiError(400, 'Malformed multipart body.', { reason: 'badContent' });
}

function rowsOf({ type, body }: Part): string[][] {
  const delimiter = DELIMITERS[type];
  if (delimiter === undefined) {
    const message = `this backend keeps the content of spreadsheets only: upload text/csv, not ${type || 'an unnamed type'}.`;
    throw new ApiError(400, message, { reason: 'badContent' });
  }
  const { data } = Papa.parse<string[]>(body.replace(/^\uFEFF/, ''), { delimiter });
  while (data.at(-1)?.every((text) => text === '')) data.pop();
  return data;
}

/** Puts the table into the first sheet, alone and no larger than the table, as a conversion does. */
function fill(change: Change, book: Book, rows: readonly string[][], year: number): void {
  const [sheet] = book.sheets;
  if (!sheet) return;
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 1);
  if (rows.length * columns > MAX_CELLS) {
    throw new ApiError(400, `This file is too large: ${rows.length} rows of ${columns} columns.`, {
      reason: 'badContent',
    });
  }
  for (let r = sheet.rows.length - 1; r >= 0; r--) change.setRow(sheet, r, undefined);
  growTo(change, sheet, rows.length, columns);
  writeAt(change, sheet, { row: 0, column: 0 }, rows, { option: 'USER_ENTERED', year });
}

function v2(file: DriveFile): object {
  const self = `https://www.googleapis.com/drive/v2/files/${file.id}`;
  const user = {
    kind: 'drive#user',
    displayName: OWNER.displayName,
    isAuthenticatedUser: true,
    permissionId: OWNER.permissionId,
    emailAddress: OWNER.emailAddress,
  };
  return {
    kind: 'drive#file',
    id: file.id,
    selfLink: self,
    alternateLink: linkOf(file),
    title: file.name,
    mimeType: file.mimeType,
    labels: { starred: file.starred, hidden: false, trashed: file.trashed, restricted: false, viewed: true },
    createdDate: file.createdTime,
    modifiedDate: file.modifiedTime,
    modifiedByMeDate: file.modifiedTime,
    version: String(file.version),
    parents: file.parents.map((id) => ({ kind: 'drive#parentReference', id, isRoot: id === 'root' })),
    userPermission: { kind: 'drive#permission', id: 'me', type: 'user', role: 'owner' },
    ownerNames: [OWNER.displayName],
    owners: [user],
    lastModifyingUserName: OWNER.displayName,
    lastModifyingUser: user,
    editable: true,
    copyable: true,
    writersCanShare: true,
    shared: false,
    appDataContents: false,
    spaces: ['drive'],
  };
}

export function uploadRoutes(store: Store, clock: Clock): Hono {
  const app = new Hono();
  /** Metadata of resumable uploads that have not been sent yet, by upload id. */
  const sessions = new Map<string, { readonly fields: Partial<DriveFile>; readonly id: string | undefined }>();
  const yearOf = () => new Date(clock.wall()).getUTCFullYear();

  function fileOf(id: string): DriveFile {
    const file = store.files.get(id);
    if (!file) throw fileNotFound(id);
    return file;
  }

  /** Makes a spreadsheet of the content, or replaces that of an existing one. */
  function take(media: Part, fields: Partial<DriveFile>, id: string | undefined): DriveFile {
    const rows = rowsOf(media);
    const made = store.transact((change) => {
      const making: Making = { store, change, clock };
      const old = id === undefined ? undefined : fileOf(id);
      const book = old
        ? store.book(old.id)
        : createBlank(making, { name: 'Untitled', ...fields, mimeType: SPREADSHEET });
      if (!book)
        throw new ApiError(400, 'this backend keeps the content of spreadsheets only.', { reason: 'badContent' });
      const [first] = book.sheets as readonly Sheet[];
      if (old && first) change.setSheets(book, [first]);
      fill(change, book, rows, yearOf());
      if (old && Object.keys(fields).length > 0) change.setFile({ ...old, ...fields });
      return book.id;
    });
    return fileOf(made);
  }

  async function upload(c: Context, id: string | undefined): Promise<DriveFile | Response> {
    checkFields(c);
    const params = searchParams(c);
    const contentType = c.req.header('Content-Type') ?? '';
    const kind = params.get('uploadType') ?? params.get('upload_protocol') ?? 'media';
    const session = params.get('upload_id');
    const known = session === null ? undefined : sessions.get(session);
    if (known) {
      sessions.delete(session ?? '');
      return take({ type: typeOf(contentType) || 'text/csv', body: await c.req.text() }, known.fields, known.id);
    }
    const text = await c.req.text();
    const old = id === undefined ? undefined : fileOf(id);
    if (kind === 'multipart') {
      const { metadata, media } = parts(text, contentType);
      return take(media, fieldsOf(parseBody(metadata.body), old), id);
    }
    if (kind === 'resumable') {
      const upload = `${clock.random()}`.slice(2);
      const [oldest] = sessions.keys();
      if (oldest !== undefined && sessions.size >= MAX_SESSIONS) sessions.delete(oldest);
      sessions.set(upload, { fields: fieldsOf(parseBody(text), old), id });
      const location = new URL(c.req.url);
      location.searchParams.set('upload_id', upload);
      return new Response(null, { status: 200, headers: { Location: location.href, 'X-GUploader-UploadID': upload } });
    }
    return take({ type: typeOf(contentType), body: text }, {}, id);
  }

  const v3 = '/upload/drive/v3/files';
  const answer = async (c: Context, print: (file: DriveFile) => object, standard: string) => {
    const done = await upload(c, c.req.param('id'));
    return done instanceof Response ? done : driveReply(c, print(done), standard);
  };
  app.post(v3, (c) => answer(c, printFile, FILE_DEFAULT));
  app.put(v3, (c) => answer(c, printFile, FILE_DEFAULT));
  app.patch(`${v3}/:id`, (c) => answer(c, printFile, FILE_DEFAULT));
  app.put(`${v3}/:id`, (c) => answer(c, printFile, FILE_DEFAULT));
  app.post('/upload/drive/v2/files', (c) => answer(c, v2, '*'));
  app.put('/upload/drive/v2/files/:id', (c) => answer(c, v2, '*'));
  return app;
}
