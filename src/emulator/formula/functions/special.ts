// Special functions of mathematics on which distributions stand: gamma, incomplete gamma and beta, error function,
// normal quantile, and the search that inverts a distribution. Refuses nothing.

/** Lanczos' coefficients for g = 7 (Godfrey), good for about 15 digits. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Natural logarithm of the absolute gamma function. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
  const series = LANCZOS.reduce((total, one, index) => (index === 0 ? one : total + one / (x - 1 + index)), 0);
  const base = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(series);
}

export function gamma(x: number): number {
  if (Number.isInteger(x) && x > 0 && x < 171) {
    let product = 1;
    for (let factor = 2; factor < x; factor++) product *= factor;
    return product;
  }
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  return Math.exp(logGamma(x));
}

const TINY = 1e-300;
const CLOSE = 1e-16;
const LONGEST = 1_000_000;

/** Lentz' evaluation of b0 + a1/(b1 + a2/(b2 + ...)). */
function continuedFraction(first: number, term: (index: number) => readonly [a: number, b: number]): number {
  let value = first === 0 ? TINY : first;
  let c = value;
  let d = 0;
  for (let index = 1; index < LONGEST; index++) {
    const [a, b] = term(index);
    d = b + a * d;
    c = b + a / c;
    d = 1 / (d === 0 ? TINY : d);
    if (c === 0) c = TINY;
    const step = c * d;
    value *= step;
    if (Math.abs(step - 1) < CLOSE) break;
  }
  return value;
}

/** Regularised incomplete gamma functions, lower and upper: they add up to 1. */
export function incompleteGamma(a: number, x: number): { readonly lower: number; readonly upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let total = term;
    for (let n = 1; n < LONGEST && Math.abs(term) > Math.abs(total) * CLOSE; n++) {
      term *= x / (a + n);
      total += term;
    }
    return { lower: front * total, upper: 1 - front * total };
  }
  const upper = front / continuedFraction(x + 1 - a, (n) => [-n * (n - a), x + 2 * n + 1 - a]);
  return { lower: 1 - upper, upper };
}

/** Regularised incomplete beta function. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  const fraction = continuedFraction(1, (n) => {
    const m = n >> 1;
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return [n % 2 === 0 ? even : odd, 1];
  });
  return front / (a * fraction);
}

export function errorFunction(x: number): number {
  return Math.sign(x) * incompleteGamma(0.5, x * x).lower;
}

export function complementaryError(x: number): number {
  return x < 0 ? 1 + incompleteGamma(0.5, x * x).lower : incompleteGamma(0.5, x * x).upper;
}

export function normal(x: number): number {
  return complementaryError(-x / Math.SQRT2) / 2;
}

export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

const polynomial = (coefficients: readonly number[], x: number) =>
  coefficients.reduce((total, one) => total * x + one, 0);

const TAIL_TOP = [
  -7.784894002430293e-3, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_BOTTOM = [7.784695709041462e-3, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
const MIDDLE_TOP = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const MIDDLE_BOTTOM = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];

/** Acklam's approximation without refinement, as Sheets computes it: nine digits are right, the rest is the same. */
export function normalQuantile(p: number): number {
  const edge = 0.02425;
  if (p > 1 - edge) return -normalQuantile(1 - p);
  if (p < edge) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(TAIL_TOP, q) / polynomial(TAIL_BOTTOM, q);
  }
  const q = p - 0.5;
  return (polynomial(MIDDLE_TOP, q * q) * q) / polynomial(MIDDLE_BOTTOM, q * q);
}

/** Where an increasing function of numbers from `low` to `high` (which may be infinite) reaches `p`. */
export function invert(cdf: (x: number) => number, p: number, low: number, high: number): number {
  let left = low;
  let right = high;
  if (!Number.isFinite(right)) for (right = Math.max(1, left * 2); cdf(right) < p && right < 1e300; ) right *= 2;
  if (!Number.isFinite(left)) for (left = -1; cdf(left) > p && left > -1e300; ) left *= 2;
  for (;;) {
    const middle = (left + right) / 2;
    if (middle <= left || middle >= right) return middle;
    if (cdf(middle) < p) left = middle;
    else right = middle;
  }
}

/** Binomial coefficient; exact as long as it fits a double. */
export function choose(n: number, k: number): number {
  if (k < 0 || k > n) return 0;
  const few = Math.min(k, n - k);
  if (few > 500) return Math.exp(logGamma(n + 1) - logGamma(few + 1) - logGamma(n - few + 1));
  let found = 1;
  for (let at = 1; at <= few; at++) found = (found * (n - few + at)) / at;
  return Number.isFinite(found) && found < 2 ** 53 ? Math.round(found) : found;
}
