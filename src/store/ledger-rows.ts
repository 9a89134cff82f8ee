// What the ledger keeps: its schema and the shapes of its rows. Times are of two clocks, so that an age is never
// overrated: see `ageMs`.

/** What brings a ledger of schema N to N + 1; the first makes one. */
export const UPGRADES: readonly string[] = [
  `
  CREATE TABLE writes (
    id TEXT PRIMARY KEY, seq INTEGER NOT NULL, principal TEXT NOT NULL, identity TEXT NOT NULL, tool TEXT NOT NULL,
    spreadsheet TEXT, key TEXT, digest TEXT NOT NULL, arguments TEXT, state TEXT NOT NULL, told INTEGER NOT NULL,
    answer TEXT, error TEXT, flush TEXT, owner TEXT NOT NULL, attempts INTEGER NOT NULL,
    wall REAL NOT NULL, mono REAL NOT NULL) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX writes_by_key ON writes (principal, key) WHERE key IS NOT NULL;
  CREATE INDEX writes_by_seq ON writes (seq);
  CREATE INDEX writes_by_flush ON writes (flush) WHERE flush IS NOT NULL;
  CREATE INDEX writes_by_state ON writes (state, spreadsheet, seq);
  CREATE TABLE flushes (
    id TEXT PRIMARY KEY, scope TEXT, identity TEXT NOT NULL, marker INTEGER, areas TEXT, sizeBytes INTEGER NOT NULL,
    state TEXT NOT NULL, doubted INTEGER NOT NULL, owner TEXT NOT NULL, wall REAL NOT NULL, mono REAL NOT NULL)
    STRICT, WITHOUT ROWID;
  CREATE INDEX flushes_by_scope ON flushes (scope, state);
  CREATE TABLE applied (scope TEXT NOT NULL, owner TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (scope, owner))
    STRICT, WITHOUT ROWID;
`,
  `
  CREATE TABLE images (
    id TEXT PRIMARY KEY, body TEXT NOT NULL, sizeBytes INTEGER NOT NULL, wall REAL NOT NULL, mono REAL NOT NULL) STRICT;
  CREATE INDEX images_by_age ON images (wall, id);
  CREATE TABLE image_bytes (bytes INTEGER NOT NULL) STRICT;
  INSERT INTO image_bytes VALUES (0);
  CREATE TRIGGER image_kept AFTER INSERT ON images BEGIN
    UPDATE image_bytes SET bytes = bytes + new.sizeBytes;
  END;
  CREATE TRIGGER image_gone AFTER DELETE ON images BEGIN
    UPDATE image_bytes SET bytes = bytes - old.sizeBytes;
  END;
`,
];

export const SCHEMA_VERSION = UPGRADES.length;

/**
 * `running`: a process works on it. `unknown`: it was sent and nothing is known yet, or for good. `queued`: in the
 * outbox. `failed`: surely not applied, after its caller had been told otherwise. The last three were queued and did
 * not apply.
 */
export type WriteState =
  | 'running'
  | 'applied'
  | 'unknown'
  | 'queued'
  | 'failed'
  | 'set_aside'
  | 'expired'
  | 'cancelled';

/** `applying`: it was applied, and the process that made it is about to say with what answer. To others: running. */
export type RowState = WriteState | 'applying';

export interface NewWrite {
  /** 22 characters. */
  readonly id: string;
  /** Grows in the order in which writes came to their process; larger than that of any write that was kept before. */
  readonly seq: number;
  readonly principal: string;
  readonly identity: string;
  readonly tool: string;
  readonly spreadsheet: string | null;
  /** The caller's idempotency key. */
  readonly key: string | null;
  /** Of tool and arguments. */
  readonly digest: string;
}

export interface WriteRow extends NewWrite {
  readonly state: RowState;
  /** 1 once its caller was told of it without knowing its end. */
  readonly told: number;
  /** JSON of what its caller is answered; while it is not applied, of what it would be answered. */
  readonly answer: string | null;
  /** JSON of code, message and hint. */
  readonly error: string | null;
  /** JSON; only of queued ones. */
  readonly arguments: string | null;
  /** The flush that carried it last. */
  readonly flush: string | null;
  readonly owner: string;
  readonly attempts: number;
  readonly wall: number;
  readonly mono: number;
}

export interface FlushRow {
  /** 22 characters; the value of its marker. */
  readonly id: string;
  readonly scope: string | null;
  readonly identity: string;
  /** Id of its marker in the spreadsheet; null when it carries none. */
  readonly marker: number | null;
  /** JSON of the cells that it touches; null: any. */
  readonly areas: string | null;
  readonly sizeBytes: number;
  /** `fenced`: it did not apply, and a fence sees to it that it never does. */
  readonly state: 'sent' | 'unknown' | 'applied' | 'fenced';
  /** 1 when an attempt of it was never answered for sure: it may still be under way. */
  readonly doubted: number;
  readonly owner: string;
  readonly wall: number;
  readonly mono: number;
}

interface Clocks {
  readonly wall: number;
  readonly mono: number;
}

/**
 * How old a row is at least, in milliseconds, whatever is done to the wall clock: the monotonic clock of this boot of the
 * machine tells. A row that is ahead of it is of another boot, of which only the wall clock can tell; one of another
 * boot that is not ahead is thought younger than it is, never older.
 */
export function ageMs(row: Clocks, now: Clocks): number {
  return row.mono <= now.mono ? now.mono - row.mono : Math.max(0, now.wall - row.wall);
}
