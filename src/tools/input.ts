// What a caller sends, before it is validated: JSON text taken for what it holds, and bounds that cost little to check.

import { invalid, ServalError } from '../errors.ts';
import { shown } from '../words.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Validation and Google alike take seconds for more; a list has its own, lower limit where its schema says so. */
const MAX_ITEMS = 100_000;
const MAX_VALUES = 500_000;

/**
 * The input with arrays and objects in place of their JSON text: some clients send them so. Where the schema wants one
 * and no string would do, such a text is taken for what it holds; anything else is left for validation to refuse.
 * Throws `too_large` beyond the bounds, before any of it is validated.
 */
export function prepared(given: unknown, schema: JsonSchema): unknown {
  let values = 0;

  function take(value: unknown, own: JsonSchema, path: string): unknown {
    if (typeof value !== 'object' && typeof value !== 'string') return value;
    const alternatives = [own, ...schemas(own.anyOf)];
    const wanted = (type: string) => alternatives.find((one) => one.type === type);
    if (typeof value === 'string') {
      if (wanted('string') || !(wanted('array') || wanted('object')) || !/^\s*[[{]/.test(value)) return value;
      const held = parsed(value);
      return held === undefined ? value : take(held, own, path);
    }
    if (Array.isArray(value)) return takeArray(value, wanted('array'), path);
    return value === null ? value : takeObject(value, wanted('object'), path);
  }

  function takeArray(list: unknown[], own: JsonSchema | undefined, path: string): unknown {
    const most = Math.min(MAX_ITEMS, typeof own?.maxItems === 'number' ? own.maxItems : MAX_ITEMS);
    if (list.length > most) throw tooLarge(`${path} has ${list.length} items, and at most ${most} are taken at once`);
    count(list.length);
    const items = own?.items;
    return isSchema(items) ? list.map((item, index) => take(item, items, `${path}[${index}]`)) : list;
  }

  function takeObject(value: object, own: JsonSchema | undefined, path: string): unknown {
    const entries = Object.entries(value);
    count(entries.length);
    if (Object.hasOwn(value, '__proto__')) {
      // Objects are copied on their way, and a copy would lose that key without a word.
      throw invalid(
        `${path || 'the arguments'}: the name "__proto__" cannot be taken.`,
        'Rename that column, or pass the row as an array.',
      );
    }
    const properties = own?.properties;
    if (!isSchema(properties)) return value;
    return Object.fromEntries(
      entries.map(([key, item]) => {
        const property = properties[key];
        return [key, isSchema(property) ? take(item, property, path === '' ? key : `${path}.${key}`) : item];
      }),
    );
  }

  function count(more: number): void {
    values += more;
    if (values > MAX_VALUES) throw tooLarge(`The arguments hold more than ${MAX_VALUES} values`);
  }

  return take(given ?? {}, schema, '');
}
