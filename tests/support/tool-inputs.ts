// Inputs of a tool made from its JSON schema and its example, with likely values by the arguments' names. Knows no tool.

import fc from 'fast-check';
import { z } from 'zod';
import type { JsonSchema } from '../../src/tools/input.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { hintsFor, OF_BOOK, RECORD_KEYS } from './tool-hints.ts';

/** Any but halves of pairs; fast-check's own units take seconds to set up. */
const CHARACTER = fc
  .oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0, max: 0xd7ff }))
  .map((code) => String.fromCharCode(code));

type Input = Record<string, unknown>;

/** Longer lists and texts cost time and show nothing new. */
const MORE_ITEMS = 3;
const MAX_TEXT = 30;
const MAX_KEYS = 4;
const MAX_NUMBER = 1_000_000_000;
/** How often what may be absent is, against once that it is there. */
const SPARSE = 3;
const DENSE = 1;
const TEXTS = ['x', 'A1', 'Sheet1', '5', 'true', 'Ünï cødé 🙂', "it's", '=1+1', '2026-01-05', ' blank '];

/**
 * Inputs that the schema takes, as far as a schema says it; most vary the example, which shows what goes together.
 */
export function inputsOf({ inputSchema, example }: Tool): fc.Arbitrary<Input> {
  const made = argumentOf(inputSchema, '', '', SPARSE) as fc.Arbitrary<Input>; // the schema's type is object
  const near = fc
    .tuple(flagsOf(inputSchema), varied(example, inputSchema, '', '') as fc.Arbitrary<Input>)
    .map(([flags, input]) => ({ ...flags, ...input }));
  return fc.oneof({ weight: 3, arbitrary: near }, { weight: 1, arbitrary: made });
}

/** Some of the switches that a call may have. */
function flagsOf({ properties, required }: JsonSchema): fc.Arbitrary<Input> {
  const optional = Object.entries(isSchema(properties) ? properties : {}).filter(
    ([name, part]) =>
      isSchema(part) && part.type === 'boolean' && !(Array.isArray(required) && required.includes(name)),
  );
  const flag = (absent: number) =>
    fc.oneof({ weight: absent, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.boolean() });
  // What changes nothing when it is set goes with everything; others may stand for something that the example has.
  const flags = optional.map(([name]) => [name, flag(name === 'dryRun' || name === 'fresh' ? 2 : 12)] as const);
  return fc.record(Object.fromEntries(flags)).map(given);
}

function given(input: Input): Input {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

/** Inputs with half of what the schema knows in each, at any depth. */
export function denseInputsOf({ inputSchema }: Tool): fc.Arbitrary<Input> {
  return argumentOf(inputSchema, '', '', DENSE) as fc.Arbitrary<Input>;
}

/** The example, with likely values where its ids stand. */
export function exampleOf({ inputSchema, example }: Tool): Input {
  const replace = (value: unknown, schema: JsonSchema, name: string, parent: string): unknown => {
    if (isId(name) && Object.keys(schema).length > 0) return likely(schema, name, parent)[0] ?? value;
    return mapped(value, schema, (item, inner, key) => replace(item, inner, key ?? name, key ? name : parent));
  };
  return replace(example, inputSchema, '', '') as Input;
}

/** An id in an example is made up. */
function isId(name: string): boolean {
  return name === 'spreadsheet' || name === 'replyTo' || /(^i|I)d$/.test(name);
}

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function schemasOf(value: unknown): readonly JsonSchema[] {
  return Array.isArray(value) ? value.filter(isSchema) : [];
}

/** The schemas of which a value must fit one; the schema itself where there is no choice. */
export function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const choice = [...schemasOf(schema.anyOf), ...schemasOf(schema.oneOf)];
  return choice.length === 0 ? [schema] : choice.flatMap(alternatives);
}

/** Part of a value with what its schema says of it. */
export interface Place {
  readonly path: readonly (string | number)[];
  /** The path with `[]` for every item: the same for all that one part of the schema describes. */
  readonly pattern: string;
  readonly value: object;
  readonly schema: JsonSchema;
  /** The one of the schema's alternatives that the value is. */
  readonly kind: JsonSchema;
}

/** The value and all objects and lists in it, as far as the schema describes them. */
export function placesIn(value: unknown, schema: JsonSchema, path: Place['path'] = [], pattern = ''): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const kind = alternatives(schema).find((one) => fits(one, value));
  if (!kind) return [];
  const parts = Array.isArray(value)
    ? value.map((item, index) => [index, item, isSchema(kind.items) ? kind.items : {}] as const)
    : Object.entries(value).map(([key, part]) => [key, part, partSchema(kind, key)] as const);
  const deeper = parts.flatMap(([key, part, inner]) => {
    const named = isSchema(kind.properties) && Object.hasOwn(kind.properties, key);
    return placesIn(part, inner, [...path, key], `${pattern}${named ? `.${key}` : '[]'}`);
  });
  return [{ path, pattern, value, schema, kind }, ...deeper];
}

/** A copy of the value with another part at that path. */
export function withPart(value: unknown, [key, ...deeper]: Place['path'], part: unknown): unknown {
  if (key === undefined) return part;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? withPart(item, deeper, part) : item));
  const holder = value as Record<string, unknown>; // a path that placesIn gave leads through objects
  return { ...holder, [key]: withPart(holder[key], deeper, part) };
}

const validators = new WeakMap<JsonSchema, z.ZodType>();

/** Whether a value is what a JSON schema describes. */
export function fits(schema: JsonSchema, value: unknown): boolean {
  const known = validators.get(schema) ?? z.fromJSONSchema(schema);
  validators.set(schema, known);
  return known.safeParse(value).success;
}

function likely(schema: JsonSchema, name: string, parent: string): readonly unknown[] {
  return hintsFor(name, parent).filter((value) => fits(schema, value));
}

/** The value with its parts replaced; `replace` is told each part's schema, and its key where it has one. */
function mapped(
  value: unknown,
  schema: JsonSchema,
  replace: (part: unknown, schema: JsonSchema, key?: string) => unknown,
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const [meant = {}] = alternatives(schema).filter((one) => fits(one, value));
  if (Array.isArray(value)) {
    const items = isSchema(meant.items) ? meant.items : {};
    return value.map((item) => replace(item, items));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, replace(part, partSchema(meant, key), key)]),
  );
}

function partSchema({ properties, additionalProperties }: JsonSchema, key: string): JsonSchema {
  const known = isSchema(properties) && Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
  return isSchema(known) ? known : {};
}

function varied(value: unknown, schema: JsonSchema, name: string, parent: string): fc.Arbitrary<unknown> {
  // Where the schema tells nothing the names are not ours either.
  if (Object.keys(schema).length === 0) return fc.constant(value);
  const values = likely(schema, name, parent);
  if (isId(name) && values.length > 0) return fc.constantFrom(...values);
  if (typeof value !== 'object' || value === null) {
    if (values.length === 0 || isId(name)) return fc.constant(value);
    const weight = OF_BOOK.has(name) && !values.includes(value) ? 1 : 9;
    return fc.oneof({ weight, arbitrary: fc.constant(value) }, { weight: 3, arbitrary: fc.constantFrom(...values) });
  }
  // Parts become arbitraries, which are put back into their places once they are drawn.
  const parts: fc.Arbitrary<unknown>[] = [];
  const shape = mapped(value, schema, (part, inner, key) => {
    parts.push(varied(part, inner, key ?? name, key === undefined ? parent : name));
    return parts.length - 1;
  });
  const near = fc.tuple(...parts).map((drawn) => mapped(shape, {}, (place) => drawn[Number(place)]));
  if (values.length === 0) return near;
  return fc.oneof(near, fc.constantFrom(...values));
}

/** A value of the schema, for an argument of that name. */
function argumentOf(schema: JsonSchema, name: string, parent: string, absent: number): fc.Arbitrary<unknown> {
  const values = likely(schema, name, parent);
  const compound = alternatives(schema).some(({ type }) => type === 'object' || type === 'array');
  const made = madeFrom(schema, name, parent, absent);
  if (values.length === 0) return made;
  return fc.oneof({ weight: compound ? 1 : 9, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: made });
}

function madeFrom(schema: JsonSchema, name: string, parent: string, absent: number): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const choice = alternatives(schema);
  if (choice[0] !== schema) return fc.oneof(...choice.map((one) => argumentOf(one, name, parent, absent)));
  if (Array.isArray(schema.type)) {
    return fc.oneof(...schema.type.map((type: unknown) => madeFrom({ ...schema, type }, name, parent, absent)));
  }
  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'array':
      return listOf(schema, name, parent, absent);
    case 'object':
      return objectOf(schema, name, absent);
    case undefined:
      return fc.jsonValue({ maxDepth: 2 });
    default:
      throw new Error(`no values for the schema ${JSON.stringify(schema).slice(0, 200)}`);
  }
}

function bound(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function textOf(schema: JsonSchema): fc.Arbitrary<string> {
  const minLength = bound(schema.minLength, 0);
  const maxLength = Math.min(bound(schema.maxLength, MAX_TEXT), Math.max(MAX_TEXT, minLength));
  if (typeof schema.pattern === 'string') return fc.stringMatching(new RegExp(schema.pattern));
  const plain = TEXTS.filter((text) => text.length >= minLength && text.length <= maxLength);
  const any = fc.string({ unit: CHARACTER, minLength, maxLength });
  return plain.length === 0 ? any : fc.oneof(fc.constantFrom(...plain), any);
}

function numberOf({ type, ...schema }: JsonSchema): fc.Arbitrary<number> {
  const minExcluded = 'exclusiveMinimum' in schema;
  const maxExcluded = 'exclusiveMaximum' in schema;
  const min = bound(schema.exclusiveMinimum ?? schema.minimum, -MAX_NUMBER);
  const max = bound(schema.exclusiveMaximum ?? schema.maximum, MAX_NUMBER);
  const first = Math.max(Math.ceil(min) + (minExcluded && Number.isInteger(min) ? 1 : 0), -MAX_NUMBER);
  const last = Math.min(Math.floor(max) - (maxExcluded && Number.isInteger(max) ? 1 : 0), MAX_NUMBER);
  const any = fc.double({ min, max, minExcluded, maxExcluded, noNaN: true });
  if (first > last) return any;
  const near = Math.max(first, Math.min(0, last));
  const few = fc.integer({ min: near, max: Math.min(last, near + 9) });
  return fc.oneof({ weight: 4, arbitrary: few }, type === 'integer' ? fc.integer({ min: first, max: last }) : any);
}

function listOf(schema: JsonSchema, name: string, parent: string, absent: number): fc.Arbitrary<readonly unknown[]> {
  const first = schemasOf(schema.prefixItems);
  const minLength = Math.max(0, bound(schema.minItems, 0) - first.length);
  const maxLength = Math.min(bound(schema.maxItems, minLength + MORE_ITEMS) - first.length, minLength + MORE_ITEMS);
  const rest =
    schema.items === false
      ? fc.constant([])
      : fc.array(argumentOf(isSchema(schema.items) ? schema.items : {}, name, parent, absent), {
          minLength,
          maxLength,
        });
  if (first.length === 0) return rest;
  return fc
    .tuple(fc.tuple(...first.map((one) => argumentOf(one, name, parent, absent))), rest)
    .map(([start, end]) => [...start, ...end]);
}

function objectOf(schema: JsonSchema, name: string, absent: number): fc.Arbitrary<Input> {
  const { properties, additionalProperties, propertyNames } = schema;
  const required = Array.isArray(schema.required) ? schema.required : [];
  const parts = Object.entries(isSchema(properties) ? properties : {}).flatMap(([key, part]) => {
    if (!isSchema(part) || 'not' in part) return [];
    const value = argumentOf(part, key, name, absent);
    const optional = fc.oneof({ weight: absent, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
    return [[key, required.includes(key) ? value : optional] as const];
  });
  const fixed = fc.record(Object.fromEntries(parts)).map(given);
  if (!isSchema(additionalProperties)) return fixed;
  const names =
    isSchema(propertyNames) && Array.isArray(propertyNames.enum) ? propertyNames.enum.map(String) : undefined;
  const value = argumentOf(additionalProperties, name, '', absent);
  const open = fc.dictionary(names ? fc.constantFrom(...names) : fc.constantFrom(...RECORD_KEYS), value, {
    minKeys: Math.max(1, names ? required.length : 0),
    maxKeys: names?.length ?? MAX_KEYS,
  });
  return fc.tuple(fixed, open).map(([own, free]) => ({ ...free, ...own }));
}
