// Rates that make a sum of money zero: Newton's method, and where that fails a search for a change of sign.

const STEPS = 60;

/** Rates at which signs are compared, from near total loss to a thousandfold gain. */
const GRID = [
  -0.999, -0.99, -0.95, -0.9, -0.8, -0.7, -0.6, -0.5, -0.4, -0.3, -0.2, -0.1, -0.05, -0.01, 0.001, 0.01, 0.05, 0.1, 0.2,
  0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 100, 1000,
];

function newton(of: (rate: number) => number, guess: number): number | undefined {
  let rate = guess;
  for (let step = 0; step < STEPS; step++) {
    const value = of(rate);
    const width = 1e-6 * Math.max(1, Math.abs(rate));
    const slope = (of(rate + width) - of(rate - width)) / (2 * width);
    const next = rate - value / slope;
    if (!Number.isFinite(next) || next <= -1) return undefined;
    if (Math.abs(next - rate) <= 1e-15 * Math.max(1, Math.abs(next)) || value === 0) return next;
    rate = next;
  }
  // Newton may end in a dance around the root whose steps are the noise of the function.
  const noise = Math.abs(of(rate + 1e-9)) + Math.abs(of(rate - 1e-9));
  return Math.abs(of(rate)) < noise ? rate : undefined;
}

function bisect(of: (rate: number) => number, low: number, high: number): number {
  let left = low;
  let right = high;
  const rises = of(right) > 0;
  for (;;) {
    const middle = (left + right) / 2;
    if (middle <= left || middle >= right) return middle;
    if (of(middle) > 0 === rises) right = middle;
    else left = middle;
  }
}

/** A root greater than -1, near the guess if it can be; undefined when none is found. */
export function findRoot(of: (rate: number) => number, guess: number): number | undefined {
  const found = newton(of, guess);
  if (found !== undefined) return found;
  const gaps = GRID.slice(1)
    .map((high, index) => ({ low: GRID[index] ?? 0, high }))
    .filter(({ low, high }) => of(low) * of(high) <= 0)
    .sort((a, b) => Math.abs(a.low - guess) - Math.abs(b.low - guess));
  const [nearest] = gaps;
  return nearest && bisect(of, nearest.low, nearest.high);
}
