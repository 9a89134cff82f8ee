// What each request that writes came to, as far as Google has shown it: by its own answer, by a fence in its place, by
// a look at its marker. Judges nothing.

/** `unknown` may still be done later. */
export type Verdict = 'pending' | 'applied' | 'refused' | 'unreached' | 'unknown';

/** One request, which applies as a whole or not at all. */
export interface Sending {
  readonly at: number;
  readonly order: number;
  readonly body: string;
  /** Spreadsheet and id of the marker that it carries. */
  readonly marker: string | undefined;
  verdict: Verdict;
  /** When it was surely over; for `unknown` the latest time at which it can have been done. */
  doneAt: number;
  doneOrder: number;
}

export type End = (verdict: Exclude<Verdict, 'pending'>) => void;

/** A late request is done within this time after its caller was told something. */
export const LATEST_MS = 90_000;

export function createFlushes(now: () => number, order: () => number) {
  /** By marker: the requests that carry it. */
  const sendings = new Map<string, Sending[]>();
  /** Markers whose end is shown: a request that carries one cannot do anything any more. */
  const over = new Set<string>();

  function conclude(sending: Sending, verdict: Exclude<Verdict, 'pending'>): void {
    const doneAt = now() + (verdict === 'unknown' ? LATEST_MS : 0);
    Object.assign(sending, { verdict, doneAt, doneOrder: order() });
  }

  function open(marker: string): Sending[] {
    return (sendings.get(marker) ?? []).filter(({ verdict }) => verdict === 'pending' || verdict === 'unknown');
  }

  /** One of its requests has applied, `by` is it where that is known; or a fence is in its place. */
  function settle(marker: string, applied: boolean, by?: Sending): void {
    over.add(marker);
    for (const [index, sending] of open(marker).entries()) {
      conclude(sending, applied && by === undefined && index === 0 ? 'applied' : 'refused');
    }
  }

  /** A request to write that spreadsheet goes out. */
  function send(spreadsheet: string, body: string): { sending: Sending; end: End } {
    const own = markerIn(body);
    const marker = own && `${spreadsheet} ${own.id}`;
    const fence = own?.value.startsWith('!') === true;
    const sending: Sending = {
      at: now(),
      order: order(),
      body,
      marker: fence ? undefined : marker,
      verdict: 'pending',
      doneAt: Number.POSITIVE_INFINITY,
      doneOrder: Number.POSITIVE_INFINITY,
    };
    if (sending.marker !== undefined) sendings.set(sending.marker, [...(sendings.get(sending.marker) ?? []), sending]);
    const end: End = (verdict) => {
      if (fence && marker !== undefined && verdict === 'applied') settle(marker, false);
      if (sending.verdict !== 'pending' && verdict !== 'applied') return;
      conclude(sending, verdict === 'unknown' && over.has(sending.marker ?? '') ? 'refused' : verdict);
      if (sending.marker !== undefined && verdict === 'applied') settle(sending.marker, true, sending);
    };
    return { sending, end };
  }

  /** A look at a marker has shown this value; undefined: there is none. */
  function shown(spreadsheet: string, id: string, value: string | undefined): void {
    const marker = `${spreadsheet} ${id}`;
    const [first] = sendings.get(marker) ?? [];
    if (!first || over.has(marker)) return;
    if (value === undefined) {
      // What can no longer be done and has left no marker has not been done.
      for (const sending of open(marker)) if (sending.doneAt <= now()) conclude(sending, 'refused');
    } else if (value === `!${markerIn(first.body)?.value}`) settle(marker, false);
    else if (value === markerIn(first.body)?.value) settle(marker, true);
  }

  return { send, shown };
}

export function isOpen({ verdict }: Sending): boolean {
  return verdict !== 'refused' && verdict !== 'unreached';
}

/** The marker that a body brings along. */
function markerIn(body: string): { id: number; value: string } | undefined {
  if (!body.includes('createDeveloperMetadata')) return undefined;
  const { requests } = JSON.parse(body) as { requests?: Record<string, { developerMetadata?: Entry }>[] };
  const entry = requests?.[0]?.createDeveloperMetadata?.developerMetadata;
  return entry?.metadataKey === 'ss' ? { id: entry.metadataId ?? 0, value: entry.metadataValue ?? '' } : undefined;
}

interface Entry {
  readonly metadataId?: number;
  readonly metadataKey?: string;
  readonly metadataValue?: string;
}
