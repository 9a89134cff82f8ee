// Between HTTP and the API: query parameters, bodies, field masks of replies, JSON as Google prints it.

import type { Context } from 'hono';
import { ApiError, invalidField, violated } from './errors.ts';
import { EVERYTHING, type Mask, parseMask, pick } from './mask.ts';
import { decode, type Message, type Of, parseJson, type Shape, unknownPath } from './schema.ts';

/** Parameters every method has; of these only `fields` and `prettyPrint` mean anything here. */
const STANDARD = ['$.xgafv', 'access_token', 'alt', 'callback', 'fields', 'key', 'oauth_token', 'prettyPrint'];
const STANDARD_NAMES = new Set([...STANDARD, 'quotaUser', 'upload_protocol', 'uploadType', '$alt', '$fields']);

/** Longer replies are printed on one line: indenting 200,000 cells costs more than reading them. */
const PRETTY_BELOW_CHARACTERS = 256 * 1024;

export function searchParams(c: Context): URLSearchParams {
  return new URL(c.req.url).searchParams;
}

/** The query parameters of a method, checked; repeated ones are lists. */
export function decodeQuery<const M extends Message>(shape: M, params: URLSearchParams): Of<M> {
  const given: Record<string, unknown> = {};
  for (const name of new Set(params.keys())) {
    if (STANDARD_NAMES.has(name)) continue;
    const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const inner: Shape | undefined = Object.hasOwn(shape.fields, camel) ? shape.fields[camel] : undefined;
    if (inner === undefined) {
      const cause = `Cannot bind query parameter. Field '${name}' could not be found in request message.`;
      const description = `Invalid JSON payload received. Unknown name "${name}": ${cause}`;
      throw violated([{ description }]);
    }
    const values = params.getAll(name);
    const isList = typeof inner === 'object' && 'list' in inner;
    given[camel] = isList ? values : values.at(-1);
  }
  return decode(shape, given);
}

/** The JSON body checked against a shape; `path` is what Google calls the body in messages. */
export async function decodeBody<const S extends Message>(c: Context, shape: S, path = ''): Promise<Of<S>> {
  return decode(shape, parseJson(await c.req.text()), path);
}

/** The mask of `fields`, checked against the reply's shape; undefined when the caller gave none. */
export function replyMask(params: URLSearchParams, shape: Shape): Mask | undefined {
  const fields = params.get('fields') ?? params.get('$fields');
  if (fields === null || fields === '') return undefined;
  const mask = parseMask(fields);
  const unknown = mask === undefined ? fields : unknownPath(mask, shape);
  if (mask === undefined || unknown !== undefined) {
    throw invalidField(
      fields,
      `Error expanding 'fields' parameter. Cannot find matching fields for path '${unknown}'.`,
    );
  }
  return mask;
}

export function printJson(value: unknown, pretty: boolean): string {
  const compact = JSON.stringify(value);
  if (!pretty || compact.length > PRETTY_BELOW_CHARACTERS) return compact;
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function jsonResponse(text: string, status: number, headers: Record<string, string> = {}): Response {
  return new Response(text, { status, headers: { 'Content-Type': 'application/json; charset=UTF-8', ...headers } });
}

const SHEETS_HEADERS = { 'Cache-Control': 'private', Vary: 'Origin, X-Origin, Referer' };

/** A reply of the Sheets API, reduced to the caller's mask. */
export function sheetsReply(params: URLSearchParams, value: object, mask: Mask = EVERYTHING): Response {
  const pretty = params.get('prettyPrint') !== 'false';
  return jsonResponse(printJson(pick(mask, value), pretty), 200, SHEETS_HEADERS);
}

/** A numeric path parameter, or Google's refusal of it. */
export function intParam(text: string, name: string): number {
  const value = Number(text);
  if (Number.isInteger(value)) return value;
  const description = `Invalid value at '${name}' (TYPE_INT32), "${text}"`;
  throw new ApiError(400, description, { violations: [{ field: name, description }] });
}
