// The routes of Drive v3 that clients of Sheets use: files create, get, list, update, copy, delete, export.

import { type Context, Hono } from 'hono';
import Papa from 'papaparse';
import type { Clock } from '../clock.ts';
import { copyBook, createBlank, createFile, type Making } from './create.ts';
import { commentRoutes } from './drive-comments.ts';
import {
  checkFields,
  DRIVE_HEADERS,
  driveReply,
  FILE_DEFAULT,
  fieldsOf,
  fileNotFound,
  OWNER,
  parseBody,
  printFile,
} from './drive-file.ts';
import { pageOf } from './drive-pages.ts';
import { permissionRoutes } from './drive-permissions.ts';
import { parseOrder, parseQuery } from './drive-query.ts';
import { uploadRoutes } from './drive-upload.ts';
import { ApiError } from './errors.ts';
import { type DriveFile, FOLDER, newFileId, ROOT_FOLDER, SPREADSHEET, touch } from './files.ts';
import { readRange } from './render.ts';
import { searchParams } from './reply.ts';
import type { Store } from './store.ts';

const LIST_DEFAULT = `kind,nextPageToken,incompleteSearch,files(${FILE_DEFAULT})`;
const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;

export function driveRoutes(store: Store, clock: Clock): Hono {
  const app = new Hono();
  const root = '/drive/v3/files';

  function fileOf(id: string): DriveFile {
    const file = store.files.get(id);
    if (!file) throw fileNotFound(id);
    return file;
  }

  /** What a body sets of a file; the folders it names must exist. */
  async function given(c: Context, old?: DriveFile): Promise<Partial<DriveFile>> {
    const fields = fieldsOf(parseBody(await c.req.text()), old);
    for (const parent of fields.parents ?? []) if (parent !== ROOT_FOLDER) fileOf(parent);
    return fields;
  }

  function checkNewId(id: string | undefined): void {
    if (id === undefined || !store.files.has(id)) return;
    throw new ApiError(409, 'A file already exists with the provided ID.', { reason: 'fileIdInUse' });
  }

  /** The words of a spreadsheet's text cells, for fullText. */
  function contentOf(file: DriveFile): string {
    const texts: string[] = [];
    for (const sheet of store.book(file.id)?.sheets ?? []) {
      texts.push(sheet.properties.title);
      for (const one of sheet.rows.flat()) if (typeof one?.value === 'string') texts.push(one.value);
    }
    return texts.join('\n');
  }

  app.post(root, async (c) => {
    const fields = await given(c);
    checkFields(c);
    checkNewId(fields.id);
    const file = store.transact((change) => {
      const making: Making = { store, change, clock };
      if (fields.mimeType !== SPREADSHEET) return createFile(making, fields);
      return fileOf(createBlank(making, { name: 'Untitled spreadsheet', ...fields }).id);
    });
    return driveReply(c, printFile(store.files.get(file.id) ?? file), FILE_DEFAULT);
  });

  app.get(root, (c) => {
    const params = searchParams(c);
    const accepts = parseQuery(params.get('q') ?? '');
    const found = [...store.files.values()]
      .filter((file) => accepts(file, contentOf))
      .sort(parseOrder(params.get('orderBy') ?? undefined));
    const { items, more } = pageOf(params, found, { standard: DEFAULT_PAGE, most: MAX_PAGE });
    const list = { kind: 'drive#fileList', ...more, incompleteSearch: false, files: items.map(printFile) };
    return driveReply(c, list, LIST_DEFAULT);
  });

  app.delete('/drive/v3/files/trash', () => {
    const trashed = [...store.files.values()].filter((file) => file.trashed);
    store.transact((change) => {
      for (const file of trashed) change.removeFile(file);
    });
    return new Response(null, { status: 204, headers: DRIVE_HEADERS });
  });

  app.get('/drive/v3/files/generateIds', (c) => {
    const count = Number(searchParams(c).get('count') ?? 10);
    if (!Number.isInteger(count) || count < 1 || count > 1000) {
      throw new ApiError(400, `Invalid value '${count}'. Values must be within the range: [1, 1000]`, {
        location: 'count',
      });
    }
    const ids = Array.from({ length: count }, () => newFileId(() => clock.random()));
    return driveReply(c, { kind: 'drive#generatedIds', space: 'drive', ids }, '*');
  });

  app.get('/drive/v3/drives', (c) => driveReply(c, { kind: 'drive#driveList', drives: [] }, '*'));
  app.get(`${root}/:id`, (c) => {
    const id = c.req.param('id');
    if (id !== 'root' && id !== ROOT_FOLDER) return driveReply(c, printFile(fileOf(id)), FILE_DEFAULT);
    const folder = { kind: 'drive#file', id: ROOT_FOLDER, name: 'My Drive', mimeType: FOLDER, trashed: false };
    return driveReply(c, folder, FILE_DEFAULT);
  });

  app.get(`${root}/:id/export`, (c) => {
    const book = store.book(fileOf(c.req.param('id')).id);
    const mimeType = searchParams(c).get('mimeType') ?? '';
    const delimiter = { 'text/csv': ',', 'text/tab-separated-values': '\t' }[mimeType];
    const sheet = book?.sheets[0];
    if (!sheet || delimiter === undefined) {
      throw new ApiError(400, 'The requested conversion is not supported.', {
        reason: 'badRequest',
        location: 'convertTo',
      });
    }
    const { rowCount: endRow, columnCount: endColumn } = sheet.properties.gridProperties;
    const { values = [] } = readRange({ sheet, rect: { startRow: 0, endRow, startColumn: 0, endColumn } }, {});
    const width = values.reduce((most, row) => Math.max(most, row.length), 0);
    const full = values.map((row) => Array.from({ length: width }, (_, column) => row[column] ?? ''));
    const headers = { 'Content-Type': mimeType, 'Cache-Control': 'private, max-age=0, must-revalidate' };
    return new Response(Papa.unparse(full, { delimiter, newline: '\r\n' }), { headers });
  });

  app.patch(`${root}/:id`, async (c) => {
    const old = fileOf(c.req.param('id'));
    const params = searchParams(c);
    checkFields(c);
    const fields = await given(c, old);
    const split = (name: string) => (params.get(name) ?? '').split(',').filter((each) => each !== '');
    const [added, removed] = [split('addParents'), split('removeParents')];
    for (const parent of added) if (parent !== 'root') fileOf(parent);
    const kept = old.parents.filter((each) => !removed.includes(each) && !added.includes(each));
    store.transact((change) => {
      const parents = added.length + removed.length > 0 ? [...kept, ...added] : old.parents;
      touch(change, { ...old, ...fields, parents }, clock.wall());
    });
    return driveReply(c, printFile(fileOf(old.id)), FILE_DEFAULT);
  });

  app.post(`${root}/:id/copy`, async (c) => {
    const old = fileOf(c.req.param('id'));
    const { key: _, id: __, ...inherited } = old;
    const own = await given(c);
    checkFields(c);
    checkNewId(own.id);
    const fields = { ...inherited, starred: false, trashed: false, name: `Copy of ${old.name}`, ...own };
    const id = store.transact((change) => {
      const making: Making = { store, change, clock };
      const book = store.book(old.id);
      return book ? copyBook(making, book, fields).id : createFile(making, fields).id;
    });
    return driveReply(c, printFile(fileOf(id)), FILE_DEFAULT);
  });

  app.delete(`${root}/:id`, (c) => {
    const file = fileOf(c.req.param('id'));
    store.transact((change) => change.removeFile(file));
    return new Response(null, { status: 204, headers: DRIVE_HEADERS });
  });

  app.route('/', permissionRoutes(store));
  app.route('/', commentRoutes(store, clock));
  app.route('/', uploadRoutes(store, clock));

  app.get('/drive/v3/about', (c) => driveReply(c, { kind: 'drive#about', user: OWNER }, 'kind,user'));

  return app;
}
