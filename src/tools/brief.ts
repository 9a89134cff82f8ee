// A tool's input schema as tools/list shows it: its reader pays for every character. Validation keeps the full schema,
// which OpenAPI and the documents show too.

import type { JsonSchema } from './input.ts';

/** Bounds that a caller meets only by mistake; the refusal states them. */
const UNSAID = new Set([
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'format',
  'propertyNames',
]);
/** Items of all these types are told by nothing: no list of them could be meant otherwise. */
const SCALARS = 'boolean,null,number,string';

/** Terms of the trade, which a model knows by their name; documents explain them. */
const SELF_TOLD: ReadonlySet<string> = new Set(['idempotencyKey']);

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return isSchema(value) && Object.keys(value).length === 0;
}

/** `{ anyOf: [{ type: a }, { type: b }] }` as `{ type: [a, b] }`, when nothing else would be lost but an object's fields. */
function merged(alternatives: readonly JsonSchema[]): JsonSchema | undefined {
  const [named, none, ...more] = alternatives;
  if (Array.isArray(named?.enum) && none?.type === 'null' && more.length === 0) return { enum: [...named.enum, null] };
  const types = alternatives.map(({ type }) => type);
  const plain = alternatives.every(({ items, properties }, index) => {
    const small = isSchema(properties) && Object.keys(properties).length === 1;
    return typeof types[index] === 'string' && items === undefined && (properties === undefined || small);
  });
  return plain && alternatives.every((one) => !('enum' in one)) ? { type: [...new Set(types)] } : undefined;
}

function isScalar(value: unknown): boolean {
  const { type } = isSchema(value) ? brief(value, false) : {};
  return Array.isArray(type) && type.toSorted().join() === SCALARS;
}

/** `told`: what the object holds stands in the description around it. */
function brief(schema: JsonSchema, top: boolean, told = false): JsonSchema {
  const kept: Record<string, unknown> = {};
  const described = told || (!top && 'description' in schema);
  for (const [key, value] of Object.entries(schema)) {
    if (described && (key === 'properties' || key === 'required')) continue;
    if (UNSAID.has(key)) continue;
    if (key === 'additionalProperties' && (isEmpty(value) || (value === false && !top))) continue;
    if ((key === 'items' || key === 'additionalProperties') && isScalar(value)) continue;
    if (key === 'required' && Array.isArray(value) && value.length === 0) continue;
    if (key === 'default' && (value === '' || value === false)) continue;
    if (key === 'properties' && isSchema(value)) {
      kept[key] = Object.fromEntries(
        Object.entries(value).map(([name, one]) => {
          if (!isSchema(one)) return [name, one];
          const { description: _, ...plain } = one;
          return [name, brief(SELF_TOLD.has(name) ? plain : one, false)];
        }),
      );
    } else if ((key === 'anyOf' || key === 'oneOf') && Array.isArray(value)) {
      const alternatives = value.filter(isSchema).map((one) => brief(one, false, described));
      Object.assign(kept, merged(alternatives) ?? { [key]: alternatives });
    } else kept[key] = isSchema(value) ? brief(value, false) : value;
  }
  if ('enum' in kept) delete kept.type;
  return kept;
}

/**
 * The schema without bounds, nested strictness, the kinds' own fields where a list of kinds says enough, and the fields
 * of a nested object that has a description: that says them in fewer words.
 */
export function briefSchema(schema: JsonSchema): JsonSchema & { readonly type: 'object' } {
  return { ...brief(schema, true), type: 'object' };
}
