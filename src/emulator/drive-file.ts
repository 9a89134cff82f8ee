// A Drive file as Drive v3 prints it, what a body may set of one, and Drive's refusals. Knows no routes.

import type { Context } from 'hono';
import { ApiError } from './errors.ts';
import { type DriveFile, FOLDER, type Permission, SPREADSHEET } from './files.ts';
import { type Mask, parseMask, pick } from './mask.ts';
import { jsonResponse, printJson, searchParams } from './reply.ts';

export const DRIVE_HEADERS = {
  'Cache-Control': 'no-cache, no-store, max-age=0, must-revalidate',
  Pragma: 'no-cache',
  Vary: 'Origin, X-Origin',
};

/** The one account there is: whoever calls, under whatever token. */
export const OWNER = {
  kind: 'drive#user',
  displayName: 'You',
  me: true,
  permissionId: '00000000000000000001',
  emailAddress: 'you@localhost',
};
const OWNERSHIP: Permission = {
  id: OWNER.permissionId,
  type: 'user',
  role: 'owner',
  emailAddress: OWNER.emailAddress,
  displayName: OWNER.displayName,
};
export const FILE_DEFAULT = 'kind,id,name,mimeType';

/** The owner's permission and those that were given. */
export function permissionsOf({ permissions = [] }: DriveFile): readonly Permission[] {
  return permissions.some(({ role }) => role === 'owner') ? permissions : [OWNERSHIP, ...permissions];
}

export function printPermission(one: Permission): object {
  return {
    kind: 'drive#permission',
    ...one,
    ...(one.type === 'user' || one.type === 'group' ? { deleted: false, pendingOwner: false } : {}),
  };
}

export function linkOf({ id, mimeType }: DriveFile): string {
  const kind = mimeType === SPREADSHEET ? 'spreadsheets/d' : mimeType === FOLDER ? 'drive/folders' : 'file/d';
  return `https://docs.google.com/${kind}/${id}${mimeType === SPREADSHEET ? '/edit?usp=drivesdk' : ''}`;
}

export function printFile(file: DriveFile): object {
  const { id, name, mimeType, description, starred, trashed, parents, properties, appProperties, version } = file;
  const permissions = permissionsOf(file);
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
    webViewLink: linkOf(file),
    viewedByMe: true,
    createdTime: file.createdTime,
    modifiedTime: file.modifiedTime,
    modifiedByMeTime: file.modifiedTime,
    modifiedByMe: true,
    owners: [OWNER],
    lastModifyingUser: OWNER,
    shared: permissions.length > 1,
    ownedByMe: true,
    writersCanShare: true,
    capabilities: { canEdit: true, canCopy: true, canDelete: true, canRename: true, canTrash: true, canShare: true },
    permissions: permissions.map(printPermission),
    permissionIds: permissions.map((one) => one.id),
  };
}

/** A mask over a reply of Drive, or Drive's refusal of it. */
function maskOf(params: URLSearchParams, standard: string): Mask {
  const fields = params.get('fields') || standard;
  const mask = parseMask(fields);
  if (mask !== undefined) return mask;
  throw new ApiError(400, `Invalid field selection ${fields}`, { reason: 'invalidParameter', location: 'fields' });
}

/** Refuses a malformed `fields` before anything is done. */
export function checkFields(c: Context): void {
  maskOf(searchParams(c), FILE_DEFAULT);
}

/** The reply cut to `fields`, or to `standard` when the caller gave none. */
export function driveReply(c: Context, value: object, standard: string): Response {
  const params = searchParams(c);
  const text = printJson(pick(maskOf(params, standard), value), params.get('prettyPrint') !== 'false');
  return jsonResponse(text, 200, DRIVE_HEADERS);
}

export function fileNotFound(id: string): ApiError {
  return new ApiError(404, `File not found: ${id}.`, { reason: 'notFound', location: 'fileId' });
}

/** A body's JSON object; an empty one is {}. */
export function parseBody(text: string): Readonly<Record<string, unknown>> {
  let body: unknown;
  try {
    body = text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new ApiError(400, 'Parse Error', { reason: 'parseError' });
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

/** What a body sets of a new file, or of `old`; unknown names are ignored, as Drive does. */
export function fieldsOf(body: Readonly<Record<string, unknown>>, old?: DriveFile): Partial<DriveFile> {
  const { name, title, mimeType, description, starred, trashed, parents, id, ...rest } = body;
  const appProperties = mergeProperties(old?.appProperties, rest.appProperties);
  const properties = mergeProperties(old?.properties, rest.properties);
  const called = name ?? title;
  return {
    ...(typeof called === 'string' && { name: called }),
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
