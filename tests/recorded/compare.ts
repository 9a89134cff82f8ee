// What an answer must have in common with the recorded one: everything but ids, addresses and times. Ids are paired,
// so that a later request names ours.

export interface Pairs {
  /** Recorded text ids, long enough to be found anywhere in a request, to ours. */
  readonly texts: Map<string, string>;
  /** Recorded number ids to ours; used where a key ends with Id. */
  readonly numbers: Map<number, number>;
}

export function createPairs(): Pairs {
  return { texts: new Map(), numbers: new Map([[0, 0]]) };
}

const ID = /^(id|\w+Id)$/;
const TIME_OR_ADDRESS =
  /Time$|(?:Url|Uri|Link)$|^(etag|version|permissionId|emailAddress|displayName|photoLink|md5Checksum|headRevisionId|thumbnailLink|iconLink|webViewLink|size|quotaBytesUsed)$/;
const LONG_ID_CHARACTERS = 8;

function pair(recorded: unknown, actual: unknown, { texts, numbers }: Pairs): boolean {
  if (typeof recorded === 'string' && typeof actual === 'string') {
    if (recorded.length < LONG_ID_CHARACTERS && !/^\d+$/.test(recorded)) return recorded === actual;
    const known = texts.get(recorded);
    if (known === undefined) texts.set(recorded, actual);
    return known === undefined || known === actual;
  }
  if (typeof recorded === 'number' && typeof actual === 'number') {
    const known = numbers.get(recorded);
    if (known === undefined) numbers.set(recorded, actual);
    return known === undefined || known === actual;
  }
  return false;
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}...` : text;
}

const FLOAT = 1e-6;

/** Every place where the answers differ, as `path: recorded X, answered Y`. */
export function differences(recorded: unknown, actual: unknown, pairs: Pairs, path = '', key = ''): string[] {
  const differ = () => [`${path || '(answer)'}: recorded ${show(recorded)}, answered ${show(actual)}`];
  // Who may edit is told by the address of the account that the recording was made with.
  if (key === 'users' && path.includes('editors')) return [];
  if (TIME_OR_ADDRESS.test(key) && recorded !== undefined && actual !== undefined) return [];
  if (ID.test(key) && pair(recorded, actual, pairs)) return [];
  if (typeof recorded === 'number' && typeof actual === 'number') {
    return Math.abs(recorded - actual) <= FLOAT * Math.max(1, Math.abs(recorded)) ? [] : differ();
  }
  if (typeof recorded !== 'object' || recorded === null || typeof actual !== 'object' || actual === null) {
    if (recorded === actual) return [];
    // An id within a text: Google names it in messages and in default titles.
    if (typeof recorded === 'string' && typeof actual === 'string' && translate(recorded, pairs) === actual) return [];
    return differ();
  }
  if (Array.isArray(recorded) || Array.isArray(actual)) {
    if (!Array.isArray(recorded) || !Array.isArray(actual)) return differ();
    if (recorded.length !== actual.length) {
      return [
        `${path}: recorded ${recorded.length} items, answered ${actual.length}: ${show(recorded)} ${show(actual)}`,
      ];
    }
    return recorded.flatMap((each, index) => differences(each, actual[index], pairs, `${path}[${index}]`));
  }
  const [a, b] = [recorded as Record<string, unknown>, actual as Record<string, unknown>];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((each) =>
    differences(a[each], b[each], pairs, path === '' ? each : `${path}.${each}`, each),
  );
}

/** A text with every recorded id in it replaced by ours. */
export function translate(text: string, { texts }: Pairs): string {
  let out = text;
  for (const [recorded, actual] of texts) if (recorded !== actual) out = out.replaceAll(recorded, actual);
  return out;
}

/** A request's JSON body with our number ids. */
export function translateNumbers(value: unknown, pairs: Pairs, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => translateNumbers(each, pairs, key));
  if (typeof value === 'number' && (ID.test(key) || key.endsWith('Ids'))) return pairs.numbers.get(value) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, translateNumbers(each, pairs, name)]));
}
