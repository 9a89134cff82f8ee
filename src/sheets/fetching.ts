// Formulas that fetch from elsewhere: which functions do. Pure.

const FUNCTIONS = /\b(IMPORTDATA|IMPORTXML|IMPORTHTML|IMPORTFEED|IMPORTRANGE|IMAGE)\b(?!\s*[![])/i;
const QUOTED = /"(?:[^"]|"")*"|'(?:[^']|'')*'/g;

/** The first function in a formula that sends what stands in cells to an address; undefined where none does. */
export function fetchingFunction(formula: string): string | undefined {
  return FUNCTIONS.exec(formula.replaceAll(QUOTED, '""'))?.[1]?.toUpperCase();
}
