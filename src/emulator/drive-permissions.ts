// The routes of Drive v3 about who may do what with a file. Nothing is enforced: there is one account.

import { type Context, Hono } from 'hono';
import {
  checkFields,
  DRIVE_HEADERS,
  driveReply,
  fileNotFound,
  OWNER,
  parseBody,
  permissionsOf,
  printPermission,
} from './drive-file.ts';
import { ApiError } from './errors.ts';
import type { DriveFile, Permission } from './files.ts';
import { searchParams } from './reply.ts';
import type { Store } from './store.ts';

const DEFAULT = 'kind,id,type,role';
const TYPES = ['user', 'group', 'domain', 'anyone'] as const;
const ROLES = ['owner', 'organizer', 'fileOrganizer', 'writer', 'commenter', 'reader'] as const;

function invalidValue(message: string, location: string): ApiError {
  return new ApiError(400, message, { reason: 'invalid', location });
}

function oneOf<const T extends readonly string[]>(values: T, given: unknown, name: string): T[number] {
  if (given === undefined) throw new ApiError(400, `The permission ${name} field is required.`, { reason: 'required' });
  const found = values.find((each) => each === given);
  if (!found) throw invalidValue(`The specified ${name} is invalid or not supported.`, `permission.${name}`);
  return found;
}

/** A number that stays the same for an address: the same person gets the same id. */
function idOf(text: string): string {
  let hash = 1n;
  for (const letter of text.toLowerCase()) hash = (hash * 1_000_003n + BigInt(letter.codePointAt(0) ?? 0)) % 10n ** 20n;
  return String(hash).padStart(20, '0');
}

function permissionFrom(body: Readonly<Record<string, unknown>>): Permission {
  const type = oneOf(TYPES, body.type, 'type');
  const role = oneOf(ROLES, body.role, 'role');
  const { emailAddress, domain, allowFileDiscovery, expirationTime } = body;
  if (type === 'anyone') {
    if (role === 'owner') throw invalidValue('Owner permissions must be of type user.', 'permission.role');
    return {
      id: allowFileDiscovery ? 'anyone' : 'anyoneWithLink',
      type,
      role,
      allowFileDiscovery: allowFileDiscovery === true,
    };
  }
  const name = type === 'domain' ? domain : emailAddress;
  if (typeof name !== 'string' || name === '') {
    const field = type === 'domain' ? 'domain' : 'emailAddress';
    throw invalidValue(`The ${field} field is required for permissions of type ${type}.`, `permission.${field}`);
  }
  if (type !== 'domain' && !/^[^@\s]+@[^@\s]+$/.test(name)) {
    throw new ApiError(400, `The specified emailAddress is invalid or not applicable for the given permission type.`, {
      reason: 'invalidSharingRequest',
    });
  }
  return {
    id: name === OWNER.emailAddress ? OWNER.permissionId : idOf(`${type}:${name}`),
    type,
    role,
    ...(type === 'domain' ? { domain: name } : { emailAddress: name }),
    displayName: type === 'domain' ? name : (name.split('@')[0] ?? name),
    ...(typeof expirationTime === 'string' && { expirationTime }),
  };
}

export function permissionRoutes(store: Store): Hono {
  const app = new Hono();
  const root = '/drive/v3/files/:id/permissions';

  function fileOf(c: Context): DriveFile {
    const id = c.req.param('id') ?? '';
    const file = store.files.get(id);
    if (!file) throw fileNotFound(id);
    return file;
  }

  function permissionOf(c: Context): Permission {
    const id = c.req.param('permission') ?? '';
    const found = permissionsOf(fileOf(c)).find((one) => one.id === id);
    if (found) return found;
    throw new ApiError(404, `Permission not found: ${id}.`, { reason: 'notFound', location: 'permissionId' });
  }

  /** Sharing changes a file's version, not the time of its content. */
  function save(file: DriveFile, permissions: readonly Permission[]): void {
    store.transact((change) => change.setFile({ ...file, permissions, version: file.version + 1 }));
  }

  /** The list after `one` took its place; an owner takes the place of the owner there was. */
  function placed(file: DriveFile, one: Permission, transfer: boolean): Permission[] {
    const others = permissionsOf(file).filter((each) => each.id !== one.id);
    if (one.role !== 'owner') return [...others, one];
    const owner = permissionsOf(file).find((each) => each.role === 'owner');
    if (!transfer && owner?.id !== one.id) {
      const message = "The transferOwnership parameter must be enabled when the permission role is 'owner'.";
      throw new ApiError(403, message, { reason: 'forbidden', location: 'transferOwnership' });
    }
    return [...others.map((each) => (each.role === 'owner' ? { ...each, role: 'writer' as const } : each)), one];
  }

  app.get(root, (c) => {
    const params = searchParams(c);
    const permissions = permissionsOf(fileOf(c));
    const size = Number(params.get('pageSize') ?? 100);
    const start = Number(params.get('pageToken') ?? 0);
    if (!Number.isInteger(size) || size < 1 || size > 100)
      throw invalidValue(
        `Invalid value '${params.get('pageSize')}'. Values must be within the range: [1, 100]`,
        'pageSize',
      );
    if (!Number.isInteger(start) || start < 0) throw invalidValue('Invalid Value', 'pageToken');
    const list = {
      kind: 'drive#permissionList',
      ...(start + size < permissions.length && { nextPageToken: String(start + size) }),
      permissions: permissions.slice(start, start + size).map(printPermission),
    };
    return driveReply(c, list, `kind,nextPageToken,permissions(${DEFAULT})`);
  });

  app.post(root, async (c) => {
    checkFields(c);
    const file = fileOf(c);
    const added = permissionFrom(parseBody(await c.req.text()));
    save(file, placed(file, added, searchParams(c).get('transferOwnership') === 'true'));
    return driveReply(c, printPermission(added), DEFAULT);
  });

  app.get(`${root}/:permission`, (c) => driveReply(c, printPermission(permissionOf(c)), DEFAULT));

  app.patch(`${root}/:permission`, async (c) => {
    checkFields(c);
    const [file, old] = [fileOf(c), permissionOf(c)];
    const body = parseBody(await c.req.text());
    const role = oneOf(ROLES, body.role ?? old.role, 'role');
    const { expirationTime } = body;
    const changed = { ...old, role, ...(typeof expirationTime === 'string' && { expirationTime }) };
    save(file, placed(file, changed, searchParams(c).get('transferOwnership') === 'true'));
    return driveReply(c, printPermission(changed), DEFAULT);
  });

  app.delete(`${root}/:permission`, (c) => {
    const [file, old] = [fileOf(c), permissionOf(c)];
    if (old.role === 'owner') {
      throw new ApiError(403, 'The owner of a file cannot be removed.', { reason: 'cannotRemoveOwner' });
    }
    save(
      file,
      permissionsOf(file).filter((each) => each.id !== old.id),
    );
    return new Response(null, { status: 204, headers: DRIVE_HEADERS });
  });

  return app;
}
