// What every request of a batch is given, and how its `fields` are read. Knows no kind.

import type { Change } from '../change.ts';
import { invalid } from '../errors.ts';
import { type Mask, parseMask } from '../mask.ts';
import type { Kind, Payload } from '../messages/requests.ts';
import { type Shape, unknownPath } from '../schema.ts';
import type { Book } from '../workbook.ts';

export interface Context {
  readonly book: Book;
  readonly change: Change;
  readonly random: () => number;
  /** Wall time in milliseconds. */
  readonly now: () => number;
  /** The spreadsheet's title is its file's name. */
  rename(title: string): void;
}

/** Does one request; what it returns stands in the reply under the kind's name. Throws Google's refusals. */
export type Handler<K extends Kind> = (context: Context, payload: Payload<K>) => object | undefined;

/** The kinds with an effect. */
export type Handlers = { readonly [K in Kind]?: Handler<K> };

/** The mask of a request, checked against the message it selects from. */
export function fieldsOf(fields: string | undefined, shape: Shape): Mask {
  if (fields === undefined || fields.trim() === '') {
    throw invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)");
  }
  const mask = parseMask(fields);
  const unknown = mask === undefined ? fields : unknownPath(mask, shape);
  if (mask === undefined || unknown !== undefined) throw invalid(`Invalid field: ${unknown}`);
  return mask;
}
