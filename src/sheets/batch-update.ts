// Requests of spreadsheets.batchUpdate as a caller gives them: what is wrong with one is told by its place and name, and
// nothing is sent that would take this server's markers away. What a request does is Google's to say.

import { z } from 'zod';
import { invalid, type ServalError } from '../errors.ts';
import { nearest, shown } from '../words.ts';
import { confirmWrite, decode } from './decode.ts';
import type { FileDesk } from './desk.ts';
import { MARKER_KEY } from './marker.ts';
import { COMMENT_KINDS, REQUEST_KINDS } from './request-kinds.ts';
import type { Request } from './requests.ts';

const batchReply = z.object({
  replies: z.array(z.record(z.string(), z.unknown())).default([]),
  /** The answer was lost: the replies are what the requests themselves tell. */
  reread: z.boolean().default(false),
});

export type Reply = Readonly<Record<string, unknown>>;

export interface Replies {
  /** One per request, in order; `{}` where Google says nothing. */
  readonly replies: readonly Reply[];
  /** Google's own replies were lost: there are only the ids that were chosen here. */
  readonly lost: boolean;
}

/**
 * Makes all requests or none, in one call that nothing else travels with. `answer` is what its caller is told should
 * the reply be lost. Requests about comments, which must be among themselves, go without a marker: at most once.
 */
export async function sendRequests(
  { google, id }: FileDesk,
  requests: readonly Request[],
  answer: object,
): Promise<Replies> {
  const method = 'spreadsheets.batchUpdate';
  const comments = requests.some((request) => COMMENT_KINDS.has(kindOf(request)));
  const params = {
    spreadsheetId: id,
    fields: `spreadsheetId,replies${comments ? ',commentUpdateState' : ''}`,
    requestBody: { requests },
  };
  const given = await google(method, id, params, { answer });
  confirmWrite(given, id, method);
  const { replies, reread } = decode(batchReply, given, method, true);
  return { replies: requests.map((_, index) => replies[index] ?? {}), lost: reread };
}

/** The requests, each of one known kind and none that must not be sent; throws `invalid_argument` at the first other. */
export function checkedRequests(given: readonly Reply[]): Request[] {
  const kinds = given.map(checkedKind);
  given.forEach(refuseMarkers);
  const comment = kinds.findIndex((kind) => COMMENT_KINDS.has(kind));
  const other = kinds.findIndex((kind) => !COMMENT_KINDS.has(kind));
  if (comment >= 0 && other >= 0) {
    throw invalid(
      `requests[${comment}].${kinds[comment]} is about a comment and requests[${other}].${kinds[other]} is not: ` +
        'Google may lose comments of a batch that it applies, so they cannot be exactly once together.',
      'Send those about comments in a call of their own.',
    );
  }
  return [...given];
}

function checkedKind(request: Reply, at: number): string {
  const [kind, ...more] = Object.keys(request);
  if (kind === undefined) throw invalid(`requests[${at}] is empty.`, 'Each names one kind: { "addSheet": { ... } }.');
  const unknown = [kind, ...more].find((name) => !REQUEST_KINDS.includes(name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, REQUEST_KINDS);
    throw invalid(
      `requests[${at}]: there is no kind of request ${shown(unknown)}.`,
      meant === undefined ? `The kinds: ${REQUEST_KINDS.join(', ')}.` : `Did you mean ${meant}?`,
    );
  }
  if (more.length > 0) {
    throw invalid(
      `requests[${at}] holds ${[kind, ...more].join(' and ')}: a request is of one kind.`,
      'Make each a request of its own.',
    );
  }
  if (!isRecord(request[kind])) {
    throw invalid(`requests[${at}].${kind} must be an object, not ${shown(request[kind])}.`);
  }
  refuseSnakeCase(request[kind], `requests[${at}].${kind}`);
  return kind;
}

/** Google takes both spellings of a field, and refuses a field that is given in both: ids are added in this one. */
function refuseSnakeCase(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (key.includes('_')) {
      const camel = key.replaceAll(/_+([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
      throw invalid(`${path}: write the field ${shown(key)} as ${shown(camel)}.`);
    }
    refuseSnakeCase(part, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`);
  }
}

/** Developer metadata under this server's key tells what it has written: whoever changes it makes writes double. */
function refuseMarkers(request: Reply, at: number): void {
  const kind = kindOf(request);
  if (!kind.endsWith('DeveloperMetadata')) return;
  const { developerMetadata, dataFilter, dataFilters } = record(request[kind]);
  if (record(developerMetadata).metadataKey === MARKER_KEY) throw reserved(at, kind);
  const filters = kind === 'createDeveloperMetadata' ? [] : [dataFilter ?? dataFilters].flat();
  for (const filter of filters) {
    const { metadataId, metadataKey, metadataValue } = record(record(filter).developerMetadataLookup);
    const named = metadataKey ?? metadataId ?? metadataValue;
    if (named === undefined || named === '' || metadataKey === MARKER_KEY) throw reserved(at, kind);
  }
}

function reserved(at: number, kind: string): ServalError {
  return invalid(
    `requests[${at}].${kind} would reach the metadata with key "${MARKER_KEY}", by which this server knows what it has written.`,
    'Let each filter be a developerMetadataLookup with another metadataKey, a metadataId or a metadataValue.',
  );
}

function kindOf(request: Reply): string {
  return Object.keys(request)[0] ?? '';
}

function isRecord(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function record(value: unknown): Reply {
  return isRecord(value) ? value : {};
}
