// spreadsheets.batchUpdate: the table of request kinds that have an effect, run in order; a refusal names its
// request. Atomicity is the gate's (change.ts).

import { invalid, prefixed, violated } from './errors.ts';
import { type Kind, Payloads } from './messages/requests.ts';
import type { BatchUpdate } from './messages/values.ts';
import type { Context, Handler, Handlers } from './requests/context.ts';
import { DATA_KINDS } from './requests/data-kinds.ts';
import { FEATURE_KINDS } from './requests/feature-kinds.ts';
import { OBJECT_KINDS } from './requests/object-kinds.ts';
import { STRUCTURE_KINDS } from './requests/structure-kinds.ts';
import type { Of } from './schema.ts';
import { settleTables } from './tables.ts';

const HANDLERS: Handlers = {
  ...STRUCTURE_KINDS,
  ...FEATURE_KINDS,
  ...OBJECT_KINDS,
  ...DATA_KINDS,
};

/** True for every kind but those of data sources, which are known by name only. */
function isKind(name: string): name is Kind {
  return Object.hasOwn(Payloads, name);
}

function run(context: Context, name: string, payload: unknown): object {
  if (!isKind(name)) throw invalid(`this backend has no data sources, and ${name} is about one in BigQuery.`);
  // The body was decoded against the payload of this very kind.
  const handler = HANDLERS[name] as Handler<Kind> | undefined;
  if (!handler) throw invalid(`this backend does not support ${name} yet.`);
  const reply = handler(context, payload as Parameters<typeof handler>[1]);
  return reply ? { [name]: reply } : {};
}

const COMMENT_KINDS = new Set([
  'insertComment',
  'addCommentReply',
  'updateCommentPost',
  'deleteComment',
  'deleteCommentReply',
]);

/** What the reply says of comments; nothing when the batch was not about them. */
export function commentUpdateState(requests: Of<typeof BatchUpdate>['requests']): object {
  const asked = requests?.some((request) => Object.keys(request).some((kind) => COMMENT_KINDS.has(kind)));
  return asked ? { commentUpdateState: 'ALL_SAVED' } : {};
}

/** One reply per request, in order. Throws the first refusal as `Invalid requests[N].kind: ...`. */
export function runRequests(context: Context, requests: Of<typeof BatchUpdate>['requests']): object[] {
  if (!requests || requests.length === 0) throw invalid('Must specify at least one request.');
  const named = requests.map((request, index) => {
    const [kind, second] = Object.entries(request);
    if (second) {
      const fault = `(oneof), oneof field 'kind' is already set. Cannot set '${second[0]}'`;
      throw violated([{ field: `requests[${index}]`, description: `Invalid value at 'requests[${index}]' ${fault}` }]);
    }
    if (!kind) throw invalid(`Invalid requests[${index}]: No request set.`);
    return kind;
  });
  return named.map(([name, payload], index) => {
    try {
      const reply = run(context, name, payload);
      settleTables(context.change);
      return reply;
    } catch (error) {
      throw prefixed(`Invalid requests[${index}].${name}`, error);
    }
  });
}

/** Kinds with an effect, by name. */
export function supportedKinds(): string[] {
  return Object.keys(HANDLERS).sort();
}
