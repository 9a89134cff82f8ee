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

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return isSchema(value) && Object.keys(value).length === 0;
}

/** `{ anyOf: [{ type: a }, { type: b }] }` as `{ type: [a, b] }`, when nothing else would be lost but an object's fields. */
function merged(alternatives: readonly JsonSchema[]): JsonSchema | undefined {
  const types = alternatives.map(({ type }) => type);
  const plain = alternatives.every(({ items, properties }, index) => {
    const small = isSchema(properties) && Object.keys(properties).length === 1;
    return typeof types[index] === 'string' && items === undefined && (properties === undefined || small);
  });
  return plain && alternatives.every((one) => !('enum' in one)) ? { type: [...new Set(types)] } : undefined;
}

function brief(schema: JsonSchema, top: boolean): JsonSchema {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (UNSAID.has(key)) continue;
    if (key === 'additionalProperties' && (isEmpty(value) || (value === false && !top))) continue;
    if (key === 'required' && Array.isArray(value) && value.length === 0) continue;
    if (key === 'default' && (value === '' || value === false)) continue;
    if (key === 'properties' && isSchema(value)) {
      kept[key] = Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, isSchema(one) ? brief(one, false) : one]),
      );
    } else if (key === 'anyOf' && Array.isArray(value)) {
      const alternatives = value.filter(isSchema).map((one) => brief(one, false));
      Object.assign(kept, merged(alternatives) ?? { anyOf: alternatives });
    } else kept[key] = isSchema(value) ? brief(value, false) : value;
  }
  if ('enum' in kept) delete kept.type;
  return kept;
}

/** The schema without bounds, nested strictness and the kinds' own fields where a list of kinds says enough. */
export function briefSchema(schema: JsonSchema): JsonSchema & { readonly type: 'object' } {
  return { ...brief(schema, true), type: 'object' };
}
