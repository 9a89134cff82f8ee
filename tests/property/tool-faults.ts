// Inputs of tools spoiled at random, as models and clients do it: values of other arguments, JSON text in place of lists,
// keys that nobody knows, texts that mean something elsewhere. Draws from a seeded generator only.

import { ALL_HINTS } from '../support/tool-hints.ts';
import { pick, type Random, slots, spoil } from './mutate.ts';

const TEXTS: readonly string[] = [
  ...['NaN', 'Infinity', '-0', '1e400', '0x10', '١٢', 'null', 'undefined', '[object Object]', '[]', '{}', '[[1,2]]'],
  ...[
    '../../etc/passwd',
    '/v4/spreadsheets',
    'C:\\Temp',
    'file:///etc/passwd',
    'a/b?c=d#e',
    '%2e%2e%2f',
    '%',
    'x\r\ny: z',
  ],
  ...['=IMPORTDATA("http://localhost")', '=HYPERLINK("x","y")', '+1+1', '-1', '@SUM(A1)', "=CMD|' /C calc'!A0", "'=1"],
  ...["' OR '1'='1", '"; DROP TABLE Sheet1; --', '(a+)+$', '[', '(?<=x)', '$1$&', '\\', '`x`', '{{x}}', '<script>'],
  ...['e\u0301', '\u202eabc', '\u200b', '\ufeffx', '\u0000', '\ud83d', '👩‍👩‍👧‍👦', 'ﬁ', 'İ', '\u2028', 'a\tb\nc'],
  ...[
    "'",
    "''",
    "'Sheet1",
    "Sheet1'!A1",
    '!',
    'A1!',
    'Sheet1!',
    'Sheet1!!A1',
    'A0',
    'A1:A1:A1',
    'ZZZZ1',
    'R1C1',
    '#REF!',
  ],
  ...[
    'Sheet1!A1:A99999999',
    'Sheet1!ZZZ1',
    'Tasks[',
    'Tasks[Nobody]',
    'Tasks[[#ALL],[Owner]]',
    'A'.repeat(5_000),
    '😀'.repeat(500),
  ],
];

const KEYS = ['extra', '__proto__', 'constructor', 'toString', 'sheetId', 'spreadsheetId', 'dryRun', 'range', ''];

/** A copy of the input with so many faults. */
export function spoiledInput(random: Random, input: object, faults: number): object {
  const body = structuredClone(input);
  for (let left = faults; left > 0; left--) spoilOnce(random, body);
  return body;
}

function spoilOnce(random: Random, body: object): void {
  const places = slots(body);
  const choice = random();
  if (choice < 0.12 || places.length === 0) return addKey(random, body);
  if (choice < 0.4) return spoil(random, body);
  const { holder, key } = pick(random, places);
  const record = holder as Record<string | number, unknown>;
  const value = record[key];
  if (choice < 0.55 && typeof value === 'object') record[key] = JSON.stringify(value);
  else if (choice < 0.75) record[key] = structuredClone(pick(random, ALL_HINTS));
  else record[key] = pick(random, TEXTS);
}

/** To the input or any object in it; as a parser of JSON would, `__proto__` is a key like others. */
function addKey(random: Random, body: object): void {
  const inside = slots(body).map(({ holder, key }) => (holder as Record<string | number, unknown>)[key]);
  const objects = inside.filter((one): one is object => typeof one === 'object' && one !== null && !Array.isArray(one));
  const value = structuredClone(
    pick(
      random,
      ALL_HINTS.filter((one) => one !== undefined),
    ),
  );
  Object.defineProperty(pick(random, [body, ...objects]), pick(random, KEYS), {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
