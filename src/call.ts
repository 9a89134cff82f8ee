// The waist: what flows from a tool to Google and back. Data and function types only; no behaviour but `compose`.

export type Api = 'sheets' | 'drive';

/** Cells of one sheet (`plane`), zero-based and half-open; a bound that is absent is open. */
export interface Area {
  readonly plane: number;
  readonly startRow?: number;
  readonly endRow?: number;
  readonly startColumn?: number;
  readonly endColumn?: number;
}

/** One request to a Google API, frozen. Policies read it and pass it on; a changed call is a new object. */
export interface Call {
  readonly api: Api;
  /** The API's own name, such as `spreadsheets.values.batchGet`. */
  readonly method: string;
  readonly kind: 'read' | 'write';
  /** The spreadsheet concerned; null for calls that have none (search, create). */
  readonly scope: string | null;
  /** Who calls us: idempotency keys, writes and undo belong to it. */
  readonly principal: string;
  /** The Google account that the call is made as: cache, batches, quota and credentials belong to it. */
  readonly identity: string;
  /** Quota units; 1 for every Sheets method (a batch counts once). */
  readonly cost: number;
  /** Equal for calls that ask for the same thing: method and parameters in canonical order. */
  readonly key: string;
  /** `safe`: a read; `marked`: a write that Google refuses to apply twice; `unsafe`: any other write. */
  readonly idempotence: 'safe' | 'marked' | 'unsafe';
  /** Read on behalf of a write: never from a cache, never joined to a read that began before it. */
  readonly live: boolean;
  /** Milliseconds on `Clock.now()`'s scale after which nobody waits for the answer. */
  readonly deadline: number;
  /** `backfill`: a queued write is replayed; `background`: best effort, whose failures count for nothing. */
  readonly priority: 'interactive' | 'backfill' | 'background';
  /** Ids of the callers' writes that it carries out (none for reads), and of the requests that hear how it goes. */
  readonly writes: readonly string[];
  readonly requests: readonly string[];
  /** The cells that a write touches; null when it may shift or touch any. */
  readonly areas: readonly Area[] | null;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Path, query and `requestBody` parameters as the generated Google client takes them. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** Performs a call; resolves with the decoded JSON reply, rejects with a ServalError. Only `sheets/` looks inside. */
export type Send = (call: Call, signal: AbortSignal) => Promise<unknown>;

/** A behaviour around a Send; its state lives in the closure. */
export type Policy = (next: Send) => Send;

/** Folds policies around a transport, outermost first. */
export function compose(policies: readonly Policy[], transport: Send): Send {
  return policies.reduceRight((next, policy) => policy(next), transport);
}
