// Chance that can be repeated: one stream of numbers from one seed.

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [least, most). */
  between(least: number, most: number): number;
  /** A whole number, 0 to `count` - 1. */
  below(count: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** Exponential, cut at five times the mean. */
  wait(meanMs: number): number;
  /** A stream of its own, so that what one part draws does not shift another's. */
  fork(): Random;
}

/** mulberry32. */
export function seeded(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return {
    next,
    below,
    between: (least, most) => least + next() * (most - least),
    chance: (probability) => next() < probability,
    pick: (from) => from[below(from.length)] ?? from[0],
    wait: (meanMs) => Math.min(5 * meanMs, -Math.log(1 - next()) * meanMs),
    fork: () => seeded(Math.floor(next() * 2 ** 31)),
  };
}
