// The two forms of the run: the long one for a release, the short one for every change.

import type { ChaosOptions } from './run.ts';

/** 10,000 writes. */
export const LONG: Omit<ChaosOptions, 'seed' | 'exactlyOnce'> = {
  writes: 10_000,
  kills: 25,
  limitMs: 20 * 60_000,
  attemptMs: 1_500,
  deadlineMs: 12_000,
  queuedMs: [1_000, 6_000],
  storm: {
    odds: { resetBefore: 0.015, resetAfter: 0.02, truncate: 0.01, delayRequest: 0.008, delayReply: 0.008 },
    lateMs: [1_000, 8_000],
    delayMs: [20, 3_000],
    calmMs: [20_000, 45_000],
    outageMs: [1_500, 5_000],
    blackoutMs: [300, 3_000],
  },
};

/** The same on a small scale: everything goes wrong a little sooner and a little shorter. */
export const SHORT: Omit<ChaosOptions, 'seed' | 'exactlyOnce'> = {
  writes: 400,
  kills: 4,
  limitMs: 3 * 60_000,
  attemptMs: 800,
  deadlineMs: 8_000,
  queuedMs: [200, 1_500],
  storm: {
    odds: { resetBefore: 0.02, resetAfter: 0.03, truncate: 0.02, delayRequest: 0.015, delayReply: 0.015 },
    lateMs: [500, 3_000],
    delayMs: [20, 1_600],
    calmMs: [5_000, 9_000],
    outageMs: [1_500, 2_500],
    blackoutMs: [200, 1_000],
  },
};
