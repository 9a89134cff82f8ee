// When a log of held places has room for one more: pure arithmetic on places and limits. Owns no state, reads no clock.

/** The room of one call in one log; times are ms on `Clock.now()`'s scale. */
export interface Place {
  readonly bucket: string;
  /** When its call was sent. */
  readonly at: number;
  /** Held while now < until. */
  readonly until: number;
  readonly cost: number;
}

/** How many places a log has; after a 429 fewer, and one more for each minute since. */
export interface Limit {
  readonly configured: number;
  /** `places` counts from the time `since`, on which it has not yet grown. */
  readonly learned?: { readonly places: number; readonly since: number };
  /** What part of it this process may use. */
  readonly share: number;
}

export const WINDOW_MS = 60_000;

/** At least 1, so that a log never closes for good. */
export function placesAt({ configured, learned, share }: Limit, at: number): number {
  const grown = learned && learned.places + minutesSince(learned.since, at);
  return Math.max(1, Math.floor(Math.min(configured, grown ?? configured) * share));
}

function minutesSince(since: number, at: number): number {
  return Math.max(0, Math.floor((at - since) / WINDOW_MS));
}

/** When `placesAt` may next give more; Infinity once it is what was configured. */
function nextGrowth({ configured, learned }: Limit, at: number): number {
  if (!learned || learned.places + minutesSince(learned.since, at) >= configured) return Infinity;
  return learned.since + (minutesSince(learned.since, at) + 1) * WINDOW_MS;
}

/**
 * The earliest time from `now` on at which a log with these places held admits a call of this cost, if no other is
 * sent meanwhile; Infinity when it costs more than the log will ever have. Half of the places go in a burst; once half
 * are held, a send follows the last one after the minute's share of its cost (60 s / N for a cost of 1), so that after
 * a burst the head of the queue waits half a minute and not the whole. All conditions only ease with time.
 */
export function earliestSend(
  held: readonly Place[],
  limit: Limit,
  cost: number,
  now: number,
  pausedUntil: number,
): number {
  const last = held.reduce<Place | undefined>((a, b) => (a && a.at > b.at ? a : b), undefined);
  for (let from = now; ; ) {
    const places = placesAt(limit, from);
    const growth = nextGrowth(limit, from);
    if (cost <= places) {
      // Never more than a minute, when the last one is gone; it may have cost more than a lowered limit has.
      const gapMs = last ? Math.min(WINDOW_MS, (last.cost * WINDOW_MS) / places) : 0;
      const spaced = last ? last.at + gapMs : now;
      const burst = whenUsed(held, now, (used) => used < Math.ceil(places / 2));
      const room = whenUsed(held, now, (used) => used + cost <= places);
      const open = Math.max(from, pausedUntil, room, Math.min(burst, spaced));
      if (open < growth) return open;
    }
    if (growth === Infinity) return Infinity;
    from = growth;
  }
}

/** When the units held, which fall as places end, first are as few as `enough` wants. */
function whenUsed(held: readonly Place[], now: number, enough: (used: number) => boolean): number {
  let used = held.reduce((sum, place) => sum + place.cost, 0);
  if (enough(used)) return now;
  for (const { cost, until } of held.toSorted((a, b) => a.until - b.until)) {
    used -= cost;
    if (enough(used)) return until;
  }
  return Infinity;
}
