// Formulas that fetch from elsewhere: found in the arguments of a write, whatever tool they are for. Sends nothing.

import { ServalError } from '../errors.ts';
import { fetchingFunction } from '../sheets/fetching.ts';
import { shown } from '../words.ts';
import { pathText } from './input.ts';
import type { Answer } from './tool.ts';

/** Arguments whose text is a formula, or may become one, however it begins. */
const MAY_BECOME_FORMULA: ReadonlySet<string> = new Set(['formula', 'formulaValue', 'replacement', 'data']);
/** Cells, in which a text stays a text: a formula is an object; a note never is one. */
const CELLS: ReadonlySet<string> = new Set(['rows', 'values', 'note']);
/** Whose values are no cells. */
const NO_CELLS: ReadonlySet<string> = new Set(['rule', 'criteria']);

/** Throws `unsupported` at the first such formula in the arguments of a write. */
export function refuseExternal(args: Answer): void {
  // Else Google alone says what becomes of a text.
  const typed = !('requests' in args) && args.input !== 'user_entered';
  const path: (string | number)[] = [];

  function look(value: unknown, name: string, place: 'cells' | 'no cells' | 'any'): void {
    if (typeof value === 'string') {
      // At the top it is the range of a chart.
      const formula =
        (MAY_BECOME_FORMULA.has(name) && (name !== 'data' || path.length > 1)) ||
        (place !== 'cells' && /^\s*[=+]/.test(value));
      const found = formula ? fetchingFunction(value) : undefined;
      if (found !== undefined) throw refusal(found, value, path);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      const own = Array.isArray(value) ? name : key;
      path.push(Array.isArray(value) ? Number(key) : key);
      look(part, own, placeOf(own, place));
      path.pop();
    }
  }

  function placeOf(name: string, outer: Parameters<typeof look>[2]) {
    if (NO_CELLS.has(name)) return 'no cells';
    return outer === 'any' && typed && CELLS.has(name) ? 'cells' : outer;
  }

  look(args, '', 'any');
}

/** Such a formula sends what stands in cells to an address: a model that was led to write one must not, unasked. */
function refusal(name: string, formula: string, path: readonly (string | number)[]): ServalError {
  return new ServalError(
    'unsupported',
    `${pathText(path)}: ${shown(formula)} uses ${name}, which fetches from elsewhere: nothing was written.`,
    { hint: 'The operator can set ALLOW_EXTERNAL_FORMULAS=true; else write the data itself.', outcome: 'none' },
  );
}
