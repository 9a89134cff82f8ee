// The routes of Drive v3 that clients of Sheets use: files create, get, list, update, copy, delete, export.

import { type Context, Hono } from 'hono';
import Papa from 'papaparse';
import type { Clock } from '../clock.ts';
import { copyBook, createBlank, createFile, type Making } from './create.ts';
import { parseOrder, parseQuery } from './drive-query.ts';
import { ApiError } from './errors.ts';
import { type DriveFile, FOLDER, ROOT_FOLDER, SPREADSHEET, touch } from './files.ts';
import { type Mask, parseMask, pick } from './mask.ts';
import { readRange } from './render.ts';
import { jsonResponse, printJson, searchParams } from './reply.ts';
import type { Store } from './store.ts';

const HEADERS = {
  'Cache-Control': 'no-cache, no-store, max-age=0, must-revalidate',
  Pragma: 'no-cache',
  Vary: 'Origin, X-Origin',
};
const OWNER = {
  kind: 'drive#user',
  displayName: 'You',
  me: true,
  permissionId: '00000000000000000001',
  emailAddress: 'you@localhost',
};
const FILE_DEFAULT = 'kind,id,name,mimeType';
const LIST_DEFAULT = `kind,nextPageToken,incompleteSearch,files(${FILE_DEFAULT})`;
const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;

function print(file: DriveFile): object {
  const { id, name, mimeType, description, starred, trashed, parents, properties, appProperties, version } = file;
  const kind = mimeType === SPREADSHEET ? 'spreadsheets/d' : mimeType === FOLDER ? 'drive/folders' : 'file/d';
  return {
    kind: 'drive#file',
    id,
    name,
    mimeType,
    ...(description !== undefined && { description }),
    starred,
    trashed,
    explicitlyTrashed: trashed,
    parents,
    ...(properties && { properties }),
    ...(appProperties && { appProperties }),
    spaces: ['drive'],
    version: String(version),
    webViewLink: `https://docs.google.com/${kind}/${id}${mimeType === SPREADSHEET ? '/edit?usp=drivesdk' : ''}`,
    viewedByMe: true,
    createdTime: file.createdTime,
    modifiedTime: file.modifiedTime,
    modifiedByMeTime: file.modifiedTime,
    modifiedByMe: true,
    owners: [OWNER],
    lastModifyingUser: OWNER,
    shared: false,
    ownedByMe: true,
    capabilities: { canEdit: true, canCopy: true, canDelete: true, canRename: true, canTrash: true },
    permissions: [{ kind: 'drive#permission', id: OWNER.permissionId, type: 'user', role: 'owner' }],
  };
}

/** A field of FileList or of File: what Drive answers an unknown one with. */
function maskOf(params: URLSearchParams, standard: string): Mask {
  const fields = params.get('fields') || standard;
  const mask = parseMask(fields);
  if (mask !== undefined) return mask;
  throw new ApiError(400, `Invalid field selection ${fields}`, { reason: 'invalidParameter', location: 'fields' });
}

function fileNotFound(id: string): ApiError {
  return new ApiError(404, `File not found: ${id}.`, { reason: 'notFound', location: 'fileId' });
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** Merged entries: null removes one. */
function mergeProperties(old: DriveFile['properties'], given: unknown): Record<string, string> | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const merged: Record<string, string> = { ...old };
  for (const [key, value] of Object.entries(given)) {
    if (value === null) delete merged[key];
    else merged[key] = String(value);
  }
  return merged;
}

export function driveRoutes(store: Store, clock: Clock): Hono {
  const app = new Hono();
  const root = '/drive/v3/files';

  function fileOf(id: string): DriveFile {
    const file = store.files.get(id);
    if (!file) throw fileNotFound(id);
    return file;
  }

  function reply(c: Context, value: object, standard: string): Response {
    const params = searchParams(c);
    const text = printJson(pick(maskOf(params, standard), value), params.get('prettyPrint') !== 'false');
    return jsonResponse(text, 200, HEADERS);
  }

  /** What a body sets of a file; unknown names are ignored, as Drive does. */
  async function given(c: Context, old?: DriveFile): Promise<Partial<DriveFile>> {
    const text = await c.req.text();
    let body: unknown;
    try {
      body = text.trim() === '' ? {} : JSON.parse(text);
    } catch {
      throw new ApiError(400, 'Parse Error', { reason: 'parseError' });
    }
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new ApiError(400, 'Parse Error', { reason: 'parseError' });
    }
    const { name, mimeType, description, starred, trashed, parents, id, ...rest } = body as Record<string, unknown>;
    if (isStrings(parents)) for (const parent of parents) if (parent !== 'root') fileOf(parent);
    const appProperties = mergeProperties(old?.appProperties, rest.appProperties);
    const properties = mergeProperties(old?.properties, rest.properties);
    return {
      ...(typeof name === 'string' && { name }),
      ...(typeof mimeType === 'string' && !old && { mimeType }),
      ...(typeof description === 'string' && { description }),
      ...(typeof starred === 'boolean' && { starred }),
      ...(typeof trashed === 'boolean' && { trashed }),
      ...(isStrings(parents) && !old && { parents }),
      ...(typeof id === 'string' && !old && { id }),
      ...(appProperties && { appProperties }),
      ...(properties && { properties }),
    };
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
    maskOf(searchParams(c), FILE_DEFAULT);
    checkNewId(fields.id);
    const file = store.transact((change) => {
      const making: Making = { store, change, clock };
      if (fields.mimeType !== SPREADSHEET) return createFile(making, fields);
      return fileOf(createBlank(making, { name: 'Untitled spreadsheet', ...fields }).id);
    });
    return reply(c, print(store.files.get(file.id) ?? file), FILE_DEFAULT);
  });

  app.get(root, (c) => {
    const params = searchParams(c);
    const accepts = parseQuery(params.get('q') ?? '');
    const size = Number(params.get('pageSize') ?? DEFAULT_PAGE);
    const token = params.get('pageToken');
    const start = token === null || token === '' ? 0 : Number(/^~!!~(\d+)$/.exec(atobSafe(token))?.[1] ?? Number.NaN);
    if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE) {
      const allowed = `Values must be within the range: [1, ${MAX_PAGE}]`;
      throw new ApiError(400, `Invalid value '${params.get('pageSize')}'. ${allowed}`, { location: 'pageSize' });
    }
    if (Number.isNaN(start)) throw new ApiError(400, 'Invalid Value', { location: 'pageToken' });
    const found = [...store.files.values()]
      .filter((file) => accepts(file, contentOf))
      .sort(parseOrder(params.get('orderBy') ?? undefined));
    const next = start + size;
    const list = {
      kind: 'drive#fileList',
      ...(next < found.length && { nextPageToken: btoa(`~!!~${next}`) }),
      incompleteSearch: false,
      files: found.slice(start, next).map(print),
    };
    return reply(c, list, LIST_DEFAULT);
  });

  app.get(`${root}/:id`, (c) => {
    const id = c.req.param('id');
    if (id !== 'root' && id !== ROOT_FOLDER) return reply(c, print(fileOf(id)), FILE_DEFAULT);
    const folder = { kind: 'drive#file', id: ROOT_FOLDER, name: 'My Drive', mimeType: FOLDER, trashed: false };
    return reply(c, folder, FILE_DEFAULT);
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
    maskOf(params, FILE_DEFAULT);
    const fields = await given(c, old);
    const split = (name: string) => (params.get(name) ?? '').split(',').filter((each) => each !== '');
    const [added, removed] = [split('addParents'), split('removeParents')];
    for (const parent of added) if (parent !== 'root') fileOf(parent);
    const kept = old.parents.filter((each) => !removed.includes(each) && !added.includes(each));
    store.transact((change) => {
      const parents = added.length + removed.length > 0 ? [...kept, ...added] : old.parents;
      touch(change, { ...old, ...fields, parents }, clock.wall());
    });
    return reply(c, print(fileOf(old.id)), FILE_DEFAULT);
  });

  app.post(`${root}/:id/copy`, async (c) => {
    const old = fileOf(c.req.param('id'));
    const { key: _, id: __, ...inherited } = old;
    const own = await given(c);
    maskOf(searchParams(c), FILE_DEFAULT);
    checkNewId(own.id);
    const fields = { ...inherited, starred: false, trashed: false, name: `Copy of ${old.name}`, ...own };
    const id = store.transact((change) => {
      const making: Making = { store, change, clock };
      const book = store.book(old.id);
      return book ? copyBook(making, book, fields).id : createFile(making, fields).id;
    });
    return reply(c, print(fileOf(id)), FILE_DEFAULT);
  });

  app.delete(`${root}/:id`, (c) => {
    const file = fileOf(c.req.param('id'));
    store.transact((change) => change.removeFile(file));
    return new Response(null, { status: 204, headers: HEADERS });
  });

  app.get('/drive/v3/about', (c) => reply(c, { kind: 'drive#about', user: OWNER }, 'kind,user'));

  return app;
}

function atobSafe(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}
