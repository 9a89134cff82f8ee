// Every function by its name: the libraries' lists, the operators, and those that are known and not computed.

import type { FunctionSpec } from './define.ts';
import { AGGREGATE_FUNCTIONS } from './functions/aggregate.ts';
import { ANNUITY_FUNCTIONS } from './functions/annuities.ts';
import { ARRAY_FUNCTIONS } from './functions/arrays.ts';
import { BASE_FUNCTIONS } from './functions/bases.ts';
import { CASHFLOW_FUNCTIONS } from './functions/cashflows.ts';
import { COMBINATORICS_FUNCTIONS } from './functions/combinatorics.ts';
import { COMPLEX_FUNCTIONS } from './functions/complex.ts';
import { CONDITIONAL_FUNCTIONS } from './functions/conditional.ts';
import { CONVERT_FUNCTIONS } from './functions/convert.ts';
import { DATABASE_FUNCTIONS } from './functions/database.ts';
import { DATE_FUNCTIONS } from './functions/dates.ts';
import { DEPRECIATION_FUNCTIONS } from './functions/depreciation.ts';
import { DISCRETE_FUNCTIONS } from './functions/discrete.ts';
import { DISTRIBUTION_FUNCTIONS } from './functions/distributions.ts';
import { FILTER_FUNCTIONS } from './functions/filter.ts';
import { HYPOTHESIS_FUNCTIONS } from './functions/hypotheses.ts';
import { INFO_FUNCTIONS } from './functions/info.ts';
import { LAMBDA_FUNCTIONS } from './functions/lambdas.ts';
import { LINEAR_FUNCTIONS } from './functions/linear.ts';
import { LOGICAL_FUNCTIONS } from './functions/logical.ts';
import { LOOKUP_FUNCTIONS } from './functions/lookup.ts';
import { MATH_FUNCTIONS } from './functions/math.ts';
import { REFERENCE_FUNCTIONS } from './functions/references.ts';
import { REGEX_FUNCTIONS } from './functions/regex.ts';
import { REGRESSION_FUNCTIONS } from './functions/regression.ts';
import { ROUNDING_FUNCTIONS } from './functions/rounding.ts';
import { SAMPLE_FUNCTIONS } from './functions/samples.ts';
import { SECURITY_FUNCTIONS } from './functions/securities.ts';
import { STATISTICS_FUNCTIONS } from './functions/statistics.ts';
import { TEXT_FUNCTIONS } from './functions/text.ts';
import { TEXT_CONVERT_FUNCTIONS } from './functions/text-convert.ts';
import { TEXT_SEARCH_FUNCTIONS } from './functions/text-search.ts';
import { TRIGONOMETRY_FUNCTIONS } from './functions/trigonometry.ts';
import { WORKDAY_FUNCTIONS } from './functions/workdays.ts';
import { OPERATOR_FUNCTIONS } from './operators.ts';

const LISTS: readonly (readonly FunctionSpec[])[] = [
  AGGREGATE_FUNCTIONS,
  ANNUITY_FUNCTIONS,
  ARRAY_FUNCTIONS,
  BASE_FUNCTIONS,
  CASHFLOW_FUNCTIONS,
  COMBINATORICS_FUNCTIONS,
  COMPLEX_FUNCTIONS,
  CONDITIONAL_FUNCTIONS,
  CONVERT_FUNCTIONS,
  DATABASE_FUNCTIONS,
  DATE_FUNCTIONS,
  DEPRECIATION_FUNCTIONS,
  DISCRETE_FUNCTIONS,
  DISTRIBUTION_FUNCTIONS,
  FILTER_FUNCTIONS,
  HYPOTHESIS_FUNCTIONS,
  INFO_FUNCTIONS,
  LAMBDA_FUNCTIONS,
  LINEAR_FUNCTIONS,
  LOGICAL_FUNCTIONS,
  LOOKUP_FUNCTIONS,
  MATH_FUNCTIONS,
  REFERENCE_FUNCTIONS,
  REGEX_FUNCTIONS,
  REGRESSION_FUNCTIONS,
  ROUNDING_FUNCTIONS,
  SAMPLE_FUNCTIONS,
  SECURITY_FUNCTIONS,
  STATISTICS_FUNCTIONS,
  TEXT_CONVERT_FUNCTIONS,
  TEXT_SEARCH_FUNCTIONS,
  TEXT_FUNCTIONS,
  TRIGONOMETRY_FUNCTIONS,
  WORKDAY_FUNCTIONS,
  OPERATOR_FUNCTIONS,
];

const BY_NAME: ReadonlyMap<string, FunctionSpec> = new Map(LISTS.flat().map((spec) => [spec.name, spec]));

/** Functions of Sheets whose data lies elsewhere, and QUERY: each gives an error that says so. */
export const NOT_COMPUTED: ReadonlySet<string> = new Set(
  `QUERY IMPORTRANGE IMPORTDATA IMPORTXML IMPORTHTML IMPORTFEED GOOGLEFINANCE GOOGLETRANSLATE DETECTLANGUAGE
  CUBEVALUE AI GEMINI`.split(/\s+/),
);
/** Functions that show a picture: their value is blank, as the API gives it. */
export const PICTURES: ReadonlySet<string> = new Set(['IMAGE', 'SPARKLINE']);
/** What the evaluator does itself. */
export const SPECIAL: ReadonlySet<string> = new Set([
  'ARRAYFORMULA',
  'LET',
  'LAMBDA',
  'HYPERLINK',
  'ISDATE',
  'TO_TEXT',
]);

/** By its name in capitals. */
export function functionOf(name: string): FunctionSpec | undefined {
  return BY_NAME.get(name);
}

/** All that are computed, in the order of the alphabet. */
export function functionNames(): string[] {
  return [...BY_NAME.keys(), ...SPECIAL].sort();
}
