// A small language for Google's request messages and the decoder that checks a JSON body against it. The types of
// decoded bodies derive from the same descriptions. Knows no message itself (messages.ts).

import { ApiError, type Violation, violated } from './errors.ts';
import { firstUnknown, type Mask } from './mask.ts';

export interface Fields {
  readonly [name: string]: Shape;
}
export interface Message<F extends Fields = Fields> {
  readonly type: string;
  readonly fields: F;
  /** By the name of the oneof: fields of which one at most may be set. */
  readonly oneofs?: Readonly<Record<string, readonly string[]>>;
}
/** `json` is any value; `mask` a field mask in text; `rows` a list of lists of bare values; `map` is keyed by any text. */
export type Shape =
  | 'string'
  | 'bool'
  | 'int'
  | 'double'
  | 'json'
  | 'mask'
  | 'rows'
  | { readonly type: string; readonly values: readonly string[] }
  | { readonly list: Shape }
  | { readonly map: Shape }
  | Message;

/** The decoded form of a shape: every field optional, nulls and unknown names gone. */
export type Of<S> = S extends 'string' | 'mask'
  ? string
  : S extends 'bool'
    ? boolean
    : S extends 'int' | 'double'
      ? number
      : S extends 'rows'
        ? unknown[][]
        : S extends { values: readonly (infer E)[] }
          ? E
          : S extends { list: infer L }
            ? Of<L>[]
            : S extends { map: infer M }
              ? { [key: string]: Of<M> }
              : S extends { fields: infer F }
                ? { -readonly [K in keyof F]?: Of<F[K]> }
                : unknown;

const SHEETS = 'type.googleapis.com/google.apps.sheets.v4.';

/** A message of google.apps.sheets.v4. */
export function message<const F extends Fields>(name: string, fields: F, oneofs?: Message['oneofs']): Message<F> {
  return { type: SHEETS + name, fields, ...(oneofs && { oneofs }) };
}

export function oneOf<const V extends readonly string[]>(name: string, ...values: V) {
  return { type: SHEETS + name, values } as const;
}

export function list<const S extends Shape>(shape: S) {
  return { list: shape } as const;
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  string: 'TYPE_STRING',
  bool: 'TYPE_BOOL',
  int: 'TYPE_INT32',
  double: 'TYPE_DOUBLE',
  mask: 'type.googleapis.com/google.protobuf.FieldMask',
  rows: 'type.googleapis.com/google.protobuf.ListValue',
};

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camel(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** True when a dotted path names fields the shape has; anything goes below `json`. */
export function hasPath(shape: Shape, path: readonly string[]): boolean {
  let here: Shape = shape;
  for (const [at, name] of path.entries()) {
    while (typeof here === 'object' && 'list' in here) here = here.list;
    if (here === 'json') return true;
    if (typeof here === 'object' && 'map' in here) {
      here = here.map;
      continue;
    }
    if (typeof here !== 'object' || !('fields' in here)) return false;
    if (name === '*') return Object.values(here.fields).some((inner) => hasPath(inner, path.slice(at + 1)));
    const next: Shape | undefined = Object.hasOwn(here.fields, name) ? here.fields[name] : undefined;
    if (next === undefined) return false;
    here = next;
  }
  return true;
}

/** The first path of a mask that the shape does not have. */
export function unknownPath(mask: Mask, shape: Shape): string | undefined {
  return firstUnknown(mask, (path) => hasPath(shape, path));
}

function scalar(shape: string, value: unknown): unknown {
  switch (shape) {
    case 'string':
    case 'mask':
      return typeof value === 'string' ? value : undefined;
    case 'bool':
      // Clients in Python write True and False into queries.
      if (typeof value === 'string' && /^(true|false)$/i.test(value)) return /^t/i.test(value);
      return typeof value === 'boolean' ? value : undefined;
    default: {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
      if (shape === 'int' && number !== (number | 0)) return undefined;
      return number;
    }
  }
}

function decodeAt(shape: Shape, value: unknown, path: string, faults: Violation[]): unknown {
  if (shape === 'json') return value;
  const refuse = (type: string) => {
    const description = `Invalid value at '${path}' (${type}), ${JSON.stringify(value)}`;
    faults.push({ field: path, description });
    return undefined;
  };
  if (shape === 'rows') {
    if (!Array.isArray(value)) return refuse(PRIMITIVES.rows ?? '');
    const bad = value.findIndex((row) => !Array.isArray(row) && row !== null);
    if (bad >= 0) decodeAt('rows', value[bad], `${path}[${bad}]`, faults);
    return value.includes(null) ? value.map((row) => row ?? []) : value;
  }
  if (typeof shape === 'string') {
    const decoded = scalar(shape, value);
    return decoded === undefined ? refuse(PRIMITIVES[shape] ?? shape) : decoded;
  }
  if ('values' in shape) {
    return typeof value === 'string' && shape.values.includes(value) ? value : refuse(shape.type);
  }
  if ('list' in shape) {
    const item = shape.list;
    // A single message where a list belongs is what Google's parser accepts too.
    const items: unknown[] = Array.isArray(value) ? value : [value];
    return items.map((each, index) => decodeAt(item, each ?? {}, `${path}[${index}]`, faults));
  }
  if ('map' in shape) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('map');
    const entries = Object.entries(value).filter(([, each]) => each !== null);
    return Object.fromEntries(
      entries.map(([key, each]) => [key, decodeAt(shape.map, each, `${path}[${key}]`, faults)]),
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(shape.type);
  }
  const decoded: Record<string, unknown> = {};
  for (const key in value) {
    const part: unknown = (value as Record<string, unknown>)[key];
    const name = Object.hasOwn(shape.fields, key) ? key : camel(key);
    const inner = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    if (inner === undefined) {
      const where = path === '' ? '' : ` at '${path}'`;
      const description = `Invalid JSON payload received. Unknown name "${key}"${where}: Cannot find field.`;
      faults.push({ ...(path !== '' && { field: path }), description });
    } else if (part !== null && part !== undefined) {
      decoded[name] = decodeAt(inner, part, path === '' ? snake(name) : `${path}.${snake(name)}`, faults);
    }
  }
  for (const [oneof, names] of Object.entries(shape.oneofs ?? {})) {
    const second = Object.keys(decoded).filter((name) => names.includes(name))[1];
    if (second === undefined) continue;
    const fault = `(oneof), oneof field '${oneof}' is already set. Cannot set '${second}'`;
    faults.push({ field: path, description: `Invalid value at '${path}' ${fault}` });
  }
  return decoded;
}

/**
 * The body checked against a shape; `path` is what Google calls the body in its messages (`data`, `spreadsheet`
 * or nothing). Throws one refusal that lists every unknown name and wrong type.
 */
export function decode<const S extends Shape>(shape: S, body: unknown, path = ''): Of<S> {
  const faults: Violation[] = [];
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw violated([
      { description: 'Invalid JSON payload received. Unknown name "": Root element must be a message.' },
    ]);
  }
  const decoded = decodeAt(shape, body, path, faults);
  if (faults.length > 0) throw violated(faults);
  return decoded as Of<S>;
}

/** A request body's text as JSON; an empty one is an empty message. */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    const excerpt = text.slice(0, 200);
    const description = `Invalid JSON payload received. Unexpected token.\n${excerpt}\n^`;
    throw new ApiError(400, description, { violations: [{ description }] });
  }
}
