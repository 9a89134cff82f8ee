// Who may open a spreadsheet: one permission of Drive set to a role, or taken away. Sets what is asked for and nothing
// where it stands so already.

import { z } from 'zod';
import { invalid, ServalError } from '../errors.ts';
import { shown } from '../words.ts';
import { decode } from './decode.ts';
import type { FileDesk } from './desk.ts';

/** A person or group by address, everybody of a Workspace domain, or anyone who has the link. */
export type Grantee =
  | { readonly type: 'user'; readonly emailAddress: string }
  | { readonly type: 'domain'; readonly domain: string }
  | { readonly type: 'anyone' };

export type Role = 'reader' | 'commenter' | 'writer';

export interface Shared {
  readonly status: 'applied' | 'unchanged';
  /** What it was before; absent for none. */
  readonly was?: string;
}

const permission = z.object({
  id: z.string(),
  type: z.string(),
  role: z.string(),
  emailAddress: z.string().optional(),
  domain: z.string().optional(),
});
type Permission = z.output<typeof permission>;

const permissionsReply = z.object({
  nextPageToken: z.string().optional(),
  permissions: z.array(permission).default([]),
});
const confirmation = z.object({ id: z.string() });

/** Google lists at most so many of a page. */
const PAGE_SIZE = 100;

/** Gives the role, `none` takes it away. `notify` mails an address that had none before. */
export async function share(file: FileDesk, grantee: Grantee, role: Role | 'none', notify: boolean): Promise<Shared> {
  const { google, id } = file;
  // Drive applies only the last of changes that are made at once.
  await file.alone();
  const known = (await readPermissions(file)).find((one) => isFor(one, grantee));
  const was = known && { was: known.role };
  if (known?.role === 'owner') {
    throw new ServalError('conflict', `${shown(known.emailAddress)} owns the spreadsheet: nothing was changed.`, {
      hint: 'An owner keeps its role until the file is given to another, which is done in Drive.',
    });
  }
  if ((known?.role ?? 'none') === role) return { status: 'unchanged', ...was };
  const answer: Shared = { status: 'applied', ...was };
  const of = { fileId: id, supportsAllDrives: true };
  if (role === 'none') {
    await google('permissions.delete', id, { ...of, permissionId: known?.id }, { answer });
    return answer;
  }
  if (known) {
    const params = { ...of, permissionId: known.id, fields: 'id', requestBody: { role } };
    decode(confirmation, await google('permissions.update', id, params, { answer }), 'permissions.update', true);
    return answer;
  }
  // Drive refuses the word about mail where nobody is mailed.
  const mail = grantee.type === 'user' && { sendNotificationEmail: notify };
  const params = { ...of, ...mail, fields: 'id', requestBody: { ...grantee, role } };
  const reply = await google('permissions.create', id, params, { answer }).catch(wantsMail);
  decode(confirmation, reply, 'permissions.create', true);
  return answer;
}

async function readPermissions({ google, id }: FileDesk): Promise<Permission[]> {
  const found: Permission[] = [];
  for (let pageToken: string | undefined; ; ) {
    const params = {
      fileId: id,
      supportsAllDrives: true,
      pageSize: PAGE_SIZE,
      ...(pageToken !== undefined && { pageToken }),
      fields: 'nextPageToken,permissions(id,type,role,emailAddress,domain)',
    };
    const reply = await google('permissions.list', id, params, { live: true });
    const { permissions, nextPageToken } = decode(permissionsReply, reply, 'permissions.list');
    found.push(...permissions);
    if (nextPageToken === undefined) return found;
    pageToken = nextPageToken;
  }
}

/** An address may be a group's: whoever gives it need not know. */
function isFor({ type, emailAddress, domain }: Permission, grantee: Grantee): boolean {
  const same = (a: string | undefined, b: string) => a?.toLowerCase() === b.toLowerCase();
  if (grantee.type === 'user') return (type === 'user' || type === 'group') && same(emailAddress, grantee.emailAddress);
  if (grantee.type === 'domain') return type === 'domain' && same(domain, grantee.domain);
  return type === 'anyone';
}

/** Drive invites an address without a Google account only by mail. */
function wantsMail(error: unknown): never {
  if (!(error instanceof ServalError) || !/no Google account|Notify people/i.test(error.message)) throw error;
  throw new ServalError(error.code, error.message, { ...error.details, hint: 'Pass notify: true.' });
}

/** The one grantee that is named; throws `invalid_argument` for none or several. */
export function granteeOf(given: {
  readonly email?: string | undefined;
  readonly domain?: string | undefined;
  readonly anyone?: boolean | undefined;
}): Grantee {
  const { email, domain, anyone } = given;
  const named: Grantee[] = [
    ...(email === undefined ? [] : [{ type: 'user' as const, emailAddress: email }]),
    ...(domain === undefined ? [] : [{ type: 'domain' as const, domain }]),
    ...(anyone === true ? [{ type: 'anyone' as const }] : []),
  ];
  const [grantee] = named;
  if (grantee && named.length === 1) return grantee;
  throw invalid(`Give exactly one of email, domain and anyone: ${named.length} are given.`);
}
