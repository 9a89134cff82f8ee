// What the ledger tells of the callers' writes, and what may be done to them: the port that tools and the journal see.

import type { ErrorCode } from '../errors.ts';
import type { Statements } from './ledger.ts';
import type { NewWrite, WriteRow, WriteState } from './ledger-rows.ts';

export type { NewWrite, WriteState };

/** An error as it is kept. */
export interface StoredError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

export interface StoredWrite extends Omit<WriteRow, 'state' | 'answer' | 'error' | 'arguments' | 'told'> {
  readonly state: WriteState;
  readonly answer: Readonly<Record<string, unknown>> | undefined;
  readonly error: StoredError | undefined;
  readonly arguments: unknown;
  /** Since it came, in milliseconds; never overrated. */
  readonly ageMs: number;
  /** Place among the queued writes of its spreadsheet, from 1; 0 when it is not queued. */
  readonly position: number;
  /** What carried it last is unsettled: it is being found out whether it applied. */
  readonly settling: boolean;
}

export interface WriteStore {
  newSeq(): number;
  /** The write begins here; it has no row yet. */
  note(write: NewWrite): void;
  /** What its caller is told should its reply be lost. */
  foresee(id: string, answer: object): void;
  /** What it replaces, as text: kept with it once it is sent, in place of what was kept before. */
  keep(id: string, image: string): void;
  /** What a write replaced; undefined where that was never kept, or is no more. */
  image(id: string): string | undefined;
  /** It is no longer under way in this process. */
  forget(id: string): void;
  isLive(id: string): boolean;
  /** Takes the key for the write, under which it then has its row; or tells the write that has the key. */
  claim(write: NewWrite & { readonly key: string }): Promise<StoredWrite | undefined>;
  /** A write that was told as failed or unknown is made again under its own id, in a new place. False when another was faster. */
  reclaim(id: string, seq: number): Promise<boolean>;
  /** From the journal, in its transaction: whether the write is this process's to send. */
  isOurs(statements: Statements, id: string): boolean;
  /** From the journal, in its transaction: the flush carries the write. */
  carry(statements: Statements, id: string, flush: string): void;
  finish(id: string, answer: object): Promise<void>;
  /** It surely was not applied. Its key is free again. */
  release(id: string, error: StoredError): Promise<void>;
  /** Its caller is told that nothing is known; the state that its flush has settled to meanwhile wins. */
  doubt(id: string, error: StoredError): Promise<void>;
  /** Into the outbox, unless that holds `max` already: then undefined. */
  enqueue(id: string, args: unknown, max: number): Promise<StoredWrite | undefined>;
  get(id: string): StoredWrite | undefined;
  /** Queued writes of one spreadsheet. */
  backlog(spreadsheet: string): number;
  /** The first of them, in order. */
  queued(spreadsheet: string, limit: number): StoredWrite[];
  waitingSpreadsheets(): string[];
  queuedCount(): number;
  oldestAgeMs(): number;
  /** Queued ones that are older. */
  olderThan(limitMs: number): StoredWrite[];
  /** Queued, set aside and expired ones from after a place on, and how many there are. */
  page(after: { seq: number; id: string } | undefined, limit: number): { entries: StoredWrite[]; total: number };
  /** The worker begins to replay them; `forget` ends that for each. */
  attempt(ids: readonly string[]): Promise<void>;
  /** Whether what carried the write last can be settled. */
  canSettle(id: string): boolean;
  /** It stays queued: why it could not be replayed. */
  stay(id: string, error: StoredError): Promise<void>;
  setAside(id: string, state: 'set_aside' | 'expired', error: StoredError): Promise<void>;
  requeue(id: string): Promise<void>;
  cancel(id: string): Promise<void>;
  /** Ends what processes that are gone have left, but for what the settling of their flushes will tell. */
  adopt(): Promise<void>;
  /** Finished writes older than this are forgotten; their number. */
  purge(olderThanMs: number): Promise<number>;
}
