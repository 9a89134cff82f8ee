// Requests spoiled at random: a valid method, path, query or body with one to three faults in it. Draws from a seeded
// generator only, so that a seed is a request.

export interface Sent {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
}

/** Uniform in [0, 1). */
export type Random = () => number;

/** Mulberry32: 32 bits of state, good enough to scatter faults. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, list: readonly T[]): T {
  const one = list[Math.floor(random() * list.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}

const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

/** Values that belong nowhere, or only somewhere else. */
const STRANGE: readonly unknown[] = [
  ...[null, true, false, '', ' ', 'x', '0', '-1', '1e99', 'NaN', 'ROWS', 'COLUMNS', '*', '__proto__', 'Data!A1:B2'],
  ...[0, -1, 1, 1.5, 3, 7, 99, 1e6, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 1e15, 1e300, -0],
  ...[[], {}, [[]], [null], { a: 1 }, [1, 2, 3], { sheetId: 0 }, { sheetId: 999 }, [{}], deep(60)],
  ...['\u0000', '\ud800', '=1/0', '=A1:Z', "'", '"', '(((((', 'A'.repeat(60_000), '🙂'.repeat(40)],
];

export type Slot = { readonly holder: Record<string, unknown> | unknown[]; readonly key: string | number };

/** Every place in a value where another could stand. */
export function slots(value: unknown, found: Slot[] = []): Slot[] {
  if (Array.isArray(value)) {
    value.forEach((each, index) => {
      found.push({ holder: value, key: index });
      slots(each, found);
    });
  } else if (typeof value === 'object' && value !== null) {
    const holder = value as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      found.push({ holder, key });
      slots(holder[key], found);
    }
  }
  return found;
}

/** Puts one fault into the body, in its place. */
export function spoil(random: Random, body: unknown): void {
  const all = slots(body);
  if (all.length === 0) return;
  const { holder, key } = pick(random, all);
  const record = holder as Record<string | number, unknown>;
  const choice = random();
  if (choice < 0.45) record[key] = structuredClone(pick(random, STRANGE));
  else if (choice < 0.6) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete record[key];
  } else if (choice < 0.7 && !Array.isArray(holder)) {
    record[`${key}${pick(random, ['s', '_x', ' ', ''])}`] = record[key];
    if (random() < 0.7) delete record[key];
  } else if (choice < 0.8 && Array.isArray(holder)) holder.push(structuredClone(holder[Number(key)]));
  else if (choice < 0.9) {
    const other = pick(random, all);
    record[key] = structuredClone((other.holder as Record<string | number, unknown>)[other.key]);
  } else if (typeof record[key] === 'number') record[key] = Number(record[key]) * pick(random, [-1, 2, 10, 1000, 1e9]);
  else record[key] = [record[key]];
}

function spoilPath(random: Random, path: string): string {
  const choice = random();
  const at = 1 + Math.floor(random() * (path.length - 1));
  if (choice < 0.3)
    return (
      path.slice(0, at) +
      pick(random, ['%', '%00', '!', ':', '/', '?', '&', "'", '%F0%9F%99%82', '..']) +
      path.slice(at)
    );
  if (choice < 0.5) return path.slice(0, at) + path.slice(at + 1 + Math.floor(random() * 4));
  if (choice < 0.75)
    return `${path}${path.includes('?') ? '&' : '?'}${pick(random, ['fields=', 'fields=x', 'fields=a(b', 'fields=*', 'nope=1', 'majorDimension=X', 'valueRenderOption=', 'valueInputOption=RAW', 'ranges=', 'pageSize=-1', 'includeGridData=maybe', `fields=${'a('.repeat(3000)}`])}`;
  return path.replace(
    /(A1|B2|range|Data|values|\d)/,
    pick(random, ['A0', 'ZZZZZ1', 'A1:B', 'NoSuch!A1', '-5', '99999999999', '']),
  );
}

/** A copy of the request with one to three faults. */
export function mutant(random: Random, valid: Sent): Sent {
  const body = structuredClone(valid.body);
  let { path, method } = valid;
  for (let faults = 1 + Math.floor(random() * 3); faults > 0; faults--) {
    if (body !== undefined && random() < 0.85) spoil(random, body);
    else path = spoilPath(random, path);
  }
  if (random() < 0.01) method = pick(random, ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']);
  return { method, path, ...(body !== undefined && method !== 'GET' && { body }) };
}
