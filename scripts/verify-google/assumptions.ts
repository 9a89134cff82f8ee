// The rows of docs/assumptions.md, which is where each assumption is worded. Reads text, judges nothing.

export interface Assumption {
  readonly number: number;
  readonly text: string;
  /** Files below src/. */
  readonly reliedOnBy: readonly string[];
  /** How a check tries it; absent where none can. */
  readonly tried?: string;
  /** Why no machine can try it; absent where a check does. */
  readonly cannot?: string;
  readonly state: string;
}

const TRIED = 'tried: ';
const CANNOT = 'cannot: ';

/** Throws an Error that names the first row which is none of the table's form. */
export function parseAssumptions(markdown: string): Assumption[] {
  const rows = markdown.split('\n').filter((line) => /^\|\s*\d/.test(line));
  return rows.map((row) => {
    const [number = '', text = '', files = '', how = '', state = '', ...more] = row
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => cell.trim());
    if (
      !/^\d+$/.test(number) ||
      state === '' ||
      more.length > 0 ||
      !(how.startsWith(TRIED) || how.startsWith(CANNOT))
    ) {
      throw new Error(`docs/assumptions.md: no row of five cells, the fourth "${TRIED}..." or "${CANNOT}...": ${row}`);
    }
    return {
      number: Number(number),
      text,
      reliedOnBy: [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
      ...(how.startsWith(CANNOT) ? { cannot: how.slice(CANNOT.length) } : { tried: how.slice(TRIED.length) }),
      state,
    };
  });
}
