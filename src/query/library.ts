// The SQLite library in WebAssembly with its memory capped, and how text gets in and out of that memory. Goes past the
// package's object layer, which is slower and logs what it fails at. Knows no tables and no threads.

import init, { type Sqlite3Static } from '@sqlite.org/sqlite-wasm';

/** An address in the library's memory; 0 is none. */
export type Pointer = number;

/**
 * The most that one database, with its sorting and its temporary tables, may take. A million cells of ordinary length
 * fill a fifth of it. All of SQLite is inside: it is built to keep temporary files in memory too.
 */
export const MEMORY_BYTES = 128 * 2 ** 20;
const PAGE_BYTES = 65_536;
/** As the library has it at its start. */
const FIRST_BYTES = 8 * 2 ** 20;
/** Room for the longest cell of Sheets, 50,000 characters, in UTF-8. */
const SCRATCH_BYTES = 160_000;

export const OK = 0;
export const OUT_OF_MEMORY = 7;
export const TOO_LONG = 18;
export const NOT_ALLOWED = 23;
export const ROW = 100;
export const DONE = 101;

/** The C functions, as https://sqlite.org/c3ref/funclist.html has them. */
export interface Functions {
  sqlite3_prepare_v2(db: Pointer, sql: Pointer, bytes: number, statement: Pointer, tail: Pointer): number;
  sqlite3_step(statement: Pointer): number;
  sqlite3_reset(statement: Pointer): number;
  sqlite3_finalize(statement: Pointer): number;
  sqlite3_stmt_readonly(statement: Pointer): number;
  sqlite3_stmt_isexplain(statement: Pointer): number;
  sqlite3_bind_parameter_count(statement: Pointer): number;
  sqlite3_bind_parameter_name(statement: Pointer, place: number): Pointer;
  sqlite3_bind_null(statement: Pointer, place: number): number;
  sqlite3_bind_int(statement: Pointer, place: number, value: number): number;
  sqlite3_bind_int64(statement: Pointer, place: number, value: bigint): number;
  sqlite3_bind_double(statement: Pointer, place: number, value: number): number;
  sqlite3_bind_text(statement: Pointer, place: number, text: Pointer, bytes: number, destructor: Pointer): number;
  sqlite3_column_count(statement: Pointer): number;
  sqlite3_column_name(statement: Pointer, column: number): Pointer;
  sqlite3_column_type(statement: Pointer, column: number): number;
  sqlite3_column_int64(statement: Pointer, column: number): bigint;
  sqlite3_column_double(statement: Pointer, column: number): number;
  sqlite3_column_text(statement: Pointer, column: number): Pointer;
  sqlite3_column_blob(statement: Pointer, column: number): Pointer;
  sqlite3_column_bytes(statement: Pointer, column: number): number;
  sqlite3_errcode(db: Pointer): number;
  sqlite3_errmsg(db: Pointer): Pointer;
  sqlite3_error_offset(db: Pointer): number;
  sqlite3_malloc(bytes: number): Pointer;
  sqlite3_free(pointer: Pointer): void;
}

/** What SQLite refused. `offset` is the byte of the SQL where the fault lies, -1 for none. */
export class SqlError extends Error {
  readonly code: number;
  readonly offset: number;

  constructor(code: number, message: string, offset = -1) {
    super(message);
    this.name = 'SqlError';
    this.code = code;
    this.offset = offset;
  }
}

export interface Library {
  readonly c: Functions;
  readonly capi: Sqlite3Static['capi'];
  /** The text in UTF-8 at an address that holds until the next call, or until `use` has returned. */
  withText<T>(text: string, use: (pointer: Pointer, bytes: number) => T): T;
  /** The text of so many bytes at an address; of a text that ends in a zero byte without their number. */
  textAt(pointer: Pointer, bytes?: number): string;
  bytesAt(pointer: Pointer, bytes: number): Uint8Array;
  pointerAt(pointer: Pointer): Pointer;
  /** Throws a SqlError with what the database says, unless the code is OK. */
  check(db: Pointer, code: number): void;
  /** What the library has taken so far; it never gives back. */
  memoryBytes(): number;
}

export async function loadLibrary(): Promise<Library> {
  const memory = new WebAssembly.Memory({ initial: FIRST_BYTES / PAGE_BYTES, maximum: MEMORY_BYTES / PAGE_BYTES });
  // The types leave the module's options out.
  const start: (options: { readonly wasmMemory: WebAssembly.Memory }) => Promise<Sqlite3Static> = init;
  const { capi, wasm } = await start({ wasmMemory: memory });
  const c: Functions = wasm.exports;
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const scratch = c.sqlite3_malloc(SCRATCH_BYTES);
  // A memory that has grown has a new buffer: no view is kept.
  const bytesAt = (pointer: Pointer, bytes: number) => new Uint8Array(memory.buffer, pointer, bytes);
  const textAt = (pointer: Pointer, bytes?: number) => {
    if (pointer === 0) return '';
    return decoder.decode(bytesAt(pointer, bytes ?? new Uint8Array(memory.buffer, pointer).indexOf(0)));
  };

  return {
    c,
    capi,
    bytesAt,
    textAt,
    withText: (text, use) => {
      const most = text.length * 3; // no character of UTF-16 takes more in UTF-8
      if (most <= SCRATCH_BYTES) return use(scratch, encoder.encodeInto(text, bytesAt(scratch, most)).written);
      const own = c.sqlite3_malloc(most);
      if (own === 0) throw new SqlError(OUT_OF_MEMORY, 'out of memory');
      try {
        return use(own, encoder.encodeInto(text, bytesAt(own, most)).written);
      } finally {
        c.sqlite3_free(own);
      }
    },
    pointerAt: (pointer) => new DataView(memory.buffer).getUint32(pointer, true),
    check: (db, code) => {
      if (code !== OK) throw new SqlError(code & 0xff, textAt(c.sqlite3_errmsg(db)), c.sqlite3_error_offset(db));
    },
    memoryBytes: () => memory.buffer.byteLength,
  };
}
