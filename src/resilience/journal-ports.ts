// What the journal needs from its surroundings: a store that outlives the process, and what is Sheets-specific about
// markers. Types only.

import type { Area, Call } from '../call.ts';
import type { ServalError } from '../errors.ts';

/** On whose behalf a call of the journal's own is made. */
export interface Origin {
  readonly principal: string;
  readonly identity: string;
  readonly deadline: number;
  readonly priority: Call['priority'];
}

export interface NewFlush {
  readonly id: string;
  readonly scope: string | null;
  readonly identity: string;
  readonly marker: number | null;
  readonly areas: readonly Area[] | null;
  readonly sizeBytes: number;
  readonly writes: readonly string[];
}

export interface JournaledFlush {
  readonly id: string;
  readonly scope: string | null;
  readonly identity: string;
  /** Null: it carries none. */
  readonly marker: number | null;
  readonly areas: readonly Area[] | null;
  /** An attempt of it may still be under way. */
  readonly doubted: boolean;
  /** Since its last change; never overrated. */
  readonly ageMs: number;
  /** Of this process. */
  readonly own: boolean;
}

/** The journal on disk; `store/journal.ts`. */
export interface JournalPort {
  begin(flush: NewFlush): void;
  dropped(writes: readonly string[]): Promise<void>;
  remark(id: string, marker: number): void;
  ended(id: string, outcome: 'applied' | 'none', doubted: boolean): Promise<void>;
  leave(id: string): Promise<void>;
  close(id: string): Promise<void>;
  unsettled(): readonly JournaledFlush[];
  unmarked(scope: string): readonly JournaledFlush[];
  disturbed(scope: string): boolean;
  marked(): readonly JournaledFlush[];
  collected(ids: readonly string[]): Promise<void>;
}

/** What is Sheets-specific; `sheets/marker.ts`. */
export interface MarkerPort {
  canMark(call: Call): boolean;
  chooseIds(call: Call, random: () => number): Call;
  mark(call: Call, marker: number, value: string): Call;
  unmark(reply: unknown): unknown;
  refusedAtMarker(error: ServalError): boolean;
  unmarkedRefusal(error: ServalError): ServalError;
  lookUp(origin: Origin, scope: string, marker: number): Call;
  valueIn(reply: unknown): string | undefined;
  fence(origin: Origin, scope: string, marker: number, value: string): Call;
  removal(origin: Origin, scope: string, markers: readonly number[]): Call;
  reread(call: Call, origin: Origin): Call | undefined;
  rebuilt(call: Call, shown: unknown): unknown;
  /** Ids of markers are from 1 to this. */
  readonly MAX_MARKER: number;
}
