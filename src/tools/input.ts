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
      if (!isCompound(schema) || !/^\s*[[{]/.test(value)) return value;
      const held = parsed(value);
      return held === undefined ? value : take(held, schema);
    }
    if (typeof value !== 'object' || value === null) return value;
    const { array, objects } = shapeOf(schema);
    return Array.isArray(value) ? takeArray(value, array) : takeObject(value, kindOf(value, objects));
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
    const { properties, additionalProperties: others } = schema ?? {};
    if (!isSchema(properties) && !(isSchema(others) && isCompound(others))) return value;
    return Object.fromEntries(
      entries.map(([key, item]) => {
        const property = partOf({ properties, additionalProperties: others }, key);
        return [key, inside(key, item, property)];
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

/** The keys that an object at that place may have; of several kinds those of the ones that it can be. */
export function keysAt(schema: JsonSchema, given: unknown, path: readonly PropertyKey[]): readonly string[] {
  const [part, ...deeper] = path;
  const kinds = kindsOf(schema).filter((kind) => isOfKind(given, kind));
  const keys = kinds.flatMap((kind) => {
    if (part !== undefined) return keysAt(partOf(kind, part), valueAt(given, part), deeper);
    return Object.keys(isSchema(kind.properties) ? kind.properties : {});
  });
  return [...new Set(keys)];
}

const ANYTHING: JsonSchema = {};

/** The schema of a part; one that takes anything where none is known. */
function partOf({ items, properties, additionalProperties }: JsonSchema, part: PropertyKey): JsonSchema {
  if (typeof part === 'number') return isSchema(items) ? items : ANYTHING;
  const key = String(part);
  const known = isSchema(properties) && Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
  return isSchema(known) ? known : ANYTHING;
}

function valueAt(given: unknown, part: PropertyKey): unknown {
  if (typeof given !== 'object' || given === null) return undefined;
  return Object.getOwnPropertyDescriptor(given, part)?.value;
}

/** Whether what tells the kinds apart is as this kind has it. */
function isOfKind(given: unknown, { properties }: JsonSchema): boolean {
  if (!isSchema(properties)) return true;
  return Object.entries(properties).every(([key, schema]) => {
    return !isSchema(schema) || !('const' in schema) || valueAt(given, key) === schema.const;
  });
}

/** `writes[0].range`; empty for the whole. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function tooLarge(message: string): ServalError {
  return new ServalError('too_large', message, { hint: 'Send it in several calls.' });
}

/** What a schema takes, by kind. */
interface Shape {
  readonly text: boolean;
  readonly array: JsonSchema | undefined;
  readonly objects: readonly JsonSchema[];
}

const shapes = new WeakMap<JsonSchema, Shape>();

function shapeOf(schema: JsonSchema): Shape {
  const known = shapes.get(schema);
  if (known) return known;
  const kinds = kindsOf(schema);
  const shape = {
    text: kinds.some(({ type }) => type === 'string'),
    array: kinds.find(({ type }) => type === 'array'),
    objects: kinds.filter(({ type }) => type === 'object'),
  };
  shapes.set(schema, shape);
  return shape;
}

/** Whether a text can only be meant as what it holds. */
function isCompound(schema: JsonSchema): boolean {
  const { text, array, objects } = shapeOf(schema);
  return !text && (array !== undefined || objects.length > 0);
}

/** The kind of object that was meant, as far as it matters to the parts: of several the one that has all the keys. */
function kindOf(value: object, objects: readonly JsonSchema[]): JsonSchema | undefined {
  if (objects.length < 2) return objects[0];
  const possible = objects.filter((kind) => isOfKind(value, kind));
  const keys = Object.keys(value);
  const whole = possible.find(
    ({ properties }) => isSchema(properties) && keys.every((key) => Object.hasOwn(properties, key)),
  );
  return whole ?? possible[0];
}

/** The schema, or what it is a choice of, at any depth. */
function kindsOf(schema: JsonSchema): readonly JsonSchema[] {
  const choice = [schema.anyOf, schema.oneOf].flatMap((list) => (Array.isArray(list) ? list.filter(isSchema) : []));
  return choice.length === 0 ? [schema] : choice.flatMap(kindsOf);
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
