// What a caller sends, before it is validated: JSON text taken for what it holds, and bounds that cost little to check.

import { invalid, ServalError } from '../errors.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Beyond these validation alone takes seconds; a list has its own, lower limit where its schema says so. */
const MAX_ITEMS = 100_000;
const MAX_VALUES = 500_000;

/**
 * The input with arrays and objects in place of their JSON text: some clients send them so. Where the schema wants one
 * and no string would do, such a text is taken for what it holds; anything else is left for validation to refuse.
 * Throws `too_large` beyond the bounds, before any of it is validated.
 */
export function prepared(given: unknown, schema: JsonSchema): unknown {
  const path: (string | number)[] = [];
  let values = 0;

  function take(value: unknown, schema: JsonSchema): unknown {
    if (typeof value === 'string') {
      const { text, array, object } = shapeOf(schema);
      if (text || !(array || object) || !/^\s*[[{]/.test(value)) return value;
      const held = parsed(value);
      return held === undefined ? value : take(held, schema);
    }
    if (typeof value !== 'object' || value === null) return value;
    return Array.isArray(value) ? takeArray(value, shapeOf(schema).array) : takeObject(value, shapeOf(schema).object);
  }

  function takeArray(list: unknown[], schema: JsonSchema | undefined): unknown {
    const most = typeof schema?.maxItems === 'number' ? Math.min(schema.maxItems, MAX_ITEMS) : MAX_ITEMS;
    if (list.length > most) {
      throw tooLarge(`${pathText(path) || 'The list'} has ${list.length} items, and a call takes ${most} at most.`);
    }
    count(list.length);
    const items = schema?.items;
    return isSchema(items) ? list.map((item, index) => inside(index, item, items)) : list;
  }

  function takeObject(value: object, schema: JsonSchema | undefined): unknown {
    const entries = Object.entries(value);
    count(entries.length);
    if (Object.hasOwn(value, '__proto__')) {
      // Objects are copied on their way, and a copy would lose that key without a word.
      throw invalid(
        `${pathText(path) || 'The arguments'}: the name "__proto__" cannot be taken.`,
        'Leave it out, or pass the row as an array.',
      );
    }
    const properties = schema?.properties;
    if (!isSchema(properties)) return value;
    return Object.fromEntries(
      entries.map(([key, item]) => {
        const property = properties[key];
        return [key, isSchema(property) ? inside(key, item, property) : item];
      }),
    );
  }

  function inside(key: string | number, item: unknown, schema: JsonSchema): unknown {
    path.push(key);
    const taken = take(item, schema);
    path.pop();
    return taken;
  }

  function count(more: number): void {
    values += more;
    if (values > MAX_VALUES)
      throw tooLarge(`The arguments hold more than ${MAX_VALUES} values, rows included: the most a call takes.`);
  }

  return take(given ?? {}, schema);
}

/** `writes[0].range`; empty for the whole. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

/** Names of the properties that the object at that place takes; none where the schema does not tell. */
export function keysAt(schema: JsonSchema, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const part of path) {
    const { array, object } = isSchema(at) ? shapeOf(at) : {};
    const properties = object?.properties;
    at = typeof part === 'number' ? array?.items : isSchema(properties) ? properties[String(part)] : undefined;
  }
  const properties = isSchema(at) ? shapeOf(at).object?.properties : undefined;
  return isSchema(properties) ? Object.keys(properties) : [];
}

function tooLarge(message: string): ServalError {
  return new ServalError('too_large', message, { hint: 'Send it in several calls.' });
}

/** What a schema takes, by kind. */
interface Shape {
  readonly text: boolean;
  readonly array: JsonSchema | undefined;
  readonly object: JsonSchema | undefined;
}

const shapes = new WeakMap<JsonSchema, Shape>();

function shapeOf(schema: JsonSchema): Shape {
  const known = shapes.get(schema);
  if (known) return known;
  const alternatives = [schema, ...(Array.isArray(schema.anyOf) ? schema.anyOf.filter(isSchema) : [])];
  const wanted = (type: string) => alternatives.find((one) => one.type === type);
  const shape = { text: wanted('string') !== undefined, array: wanted('array'), object: wanted('object') };
  shapes.set(schema, shape);
  return shape;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
