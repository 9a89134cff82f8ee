// spreadsheets.batchUpdate: the table of request kinds that have an effect, run in order; a refusal names its
// request. Atomicity is the gate's (change.ts).

import { invalid, prefixed, violated } from './errors.ts';
import { type Kind, Payloads } from './messages/requests.ts';
import type { BatchUpdate } from './messages/values.ts';
import { appendCells, repeatCell, updateCells } from './requests/cells.ts';
import type { Context, Handler, Handlers } from './requests/context.ts';
import { DATA_KINDS } from './requests/data-kinds.ts';
import { FEATURE_KINDS } from './requests/feature-kinds.ts';
import { addNamedRange, createDeveloperMetadata, deleteDeveloperMetadata, deleteNamedRange } from './requests/names.ts';
import { OBJECT_KINDS } from './requests/object-kinds.ts';
import {
  addSheet,
  appendDimension,
  deleteSheet,
  updateSheetProperties,
  updateSpreadsheetProperties,
} from './requests/sheets.ts';
import { STRUCTURE_KINDS } from './requests/structure-kinds.ts';
import type { Of } from './schema.ts';

const HANDLERS: Handlers = {
  ...STRUCTURE_KINDS,
  ...FEATURE_KINDS,
  ...OBJECT_KINDS,
  ...DATA_KINDS,
  addNamedRange,
  addSheet,
  appendCells,
  appendDimension,
  createDeveloperMetadata,
  deleteDeveloperMetadata,
  deleteNamedRange,
  deleteSheet,
  repeatCell,
  updateCells,
  updateSheetProperties,
  updateSpreadsheetProperties,
};

/** True for kinds with an effect; the others are known by name only. */
function isKind(name: string): name is Kind {
  return Object.hasOwn(Payloads, name);
}

function run(context: Context, name: string, payload: unknown): object {
  if (!isKind(name)) throw invalid(`this backend does not support ${name} yet.`);
  // The body was decoded against the payload of this very kind.
  const handler = HANDLERS[name] as Handler<Kind> | undefined;
  if (!handler) throw invalid(`this backend does not support ${name} yet.`);
  const reply = handler(context, payload as Parameters<typeof handler>[1]);
  return reply ? { [name]: reply } : {};
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
      return run(context, name, payload);
    } catch (error) {
      throw prefixed(`Invalid requests[${index}].${name}`, error);
    }
  });
}
