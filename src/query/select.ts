// One SELECT from its text to its rows: finds out which tables it names, takes nothing else, stops at the bounds.

import { DONE, type Library, NOT_ALLOWED, type Pointer, ROW, SqlError } from './library.ts';
import type { Fault, Question, Reply, Rows } from './messages.ts';
import { bindAll, rowBytes, rowOf } from './values.ts';

/** The database that a SELECT is run on. */
export interface Ground {
  readonly library: Library;
  readonly db: Pointer;
  /** Whether a table of that name was given with the question. */
  given(name: string): boolean;
  /** Makes an empty table of that name. */
  standIn(name: string): void;
  /** Does the work while only a SELECT is allowed. */
  guard<T>(work: () => T): T;
  prepareAt(text: Pointer, bytes: number): { readonly statement: Pointer; readonly tail: Pointer };
}

/** A join takes no more tables (https://sqlite.org/limits.html); a statement with so many names is no honest one. */
const MAX_TABLES = 64;

/** Throws a SqlError for what SQLite refuses. */
export function answerOf(question: Question, ground: Ground): Reply {
  const { library } = ground;
  const missing: string[] = [];
  for (;;) {
    try {
      const statement = prepared(question.sql, ground);
      if (typeof statement !== 'number') return statement;
      try {
        return missing.length > 0 ? { kind: 'missing', names: missing } : rowsOf(statement, question, ground);
      } finally {
        library.c.sqlite3_finalize(statement);
      }
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      const name = /^no such table: (.+)$/s.exec(error.message)?.[1];
      if (name !== undefined && missing.length < MAX_TABLES) {
        const refused = standIn(name, missing, ground);
        if (refused) return refused;
      } else if (missing.length > 0 && error.code !== NOT_ALLOWED) {
        // What else is wrong may come of what stands in: only the tables themselves can tell.
        return { kind: 'missing', names: missing };
      } else throw placed(error, question.sql);
    }
  }
}

/** The name among the missing ones, with an empty table in its place; a fault when that does not help SQLite. */
function standIn(name: string, missing: string[], { given, standIn }: Ground): Fault | undefined {
  const known = (one: string) => given(one) || missing.some((other) => other.toLowerCase() === one.toLowerCase());
  // `main.x` is the table x; but it may also be one name, in quotes.
  const bare = /^main\.(.+)$/is.exec(name)?.[1];
  const own = bare !== undefined && !known(bare) ? bare : name;
  if (known(own)) {
    const message = `no such table: ${name}`;
    return { kind: 'fault', reason: 'unknown_table', message };
  }
  if (bare !== undefined && own === name) missing.splice(missing.indexOf(bare), 1);
  standIn(own);
  missing.push(own);
  return undefined;
}

/** The only statement of the text, when it is one that reads rows. */
function prepared(sql: string, { library, guard, prepareAt }: Ground): Pointer | Fault {
  const { c } = library;
  return library.withText(sql, (text, bytes) => {
    const end = text + bytes;
    let statement = 0;
    for (let at = text; at < end; ) {
      const next = ownError(statement !== 0, () => guard(() => prepareAt(at, end - at)));
      if (next !== undefined && next.statement === 0) {
        at = next.tail; // a comment or a semicolon
      } else if (next === undefined || statement !== 0) {
        if (next) c.sqlite3_finalize(next.statement);
        c.sqlite3_finalize(statement);
        return notSelect('more than one statement');
      } else {
        statement = next.statement;
        at = next.tail;
      }
    }
    if (statement === 0) return notSelect('no statement');
    const reads = c.sqlite3_stmt_readonly(statement) !== 0 && c.sqlite3_column_count(statement) > 0;
    if (reads && c.sqlite3_stmt_isexplain(statement) === 0) return statement;
    c.sqlite3_finalize(statement);
    return notSelect('not a SELECT');
  });
}

/** Undefined in place of an error of what follows the first statement. */
function ownError<T>(following: boolean, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (following && error instanceof SqlError) return undefined;
    throw error;
  }
}

function notSelect(message: string): Fault {
  return { kind: 'fault', reason: 'not_select', message };
}

/** The error with its offset in characters. */
function placed(error: SqlError, sql: string): SqlError {
  if (error.offset < 0) return error;
  return new SqlError(error.code, error.message, Buffer.from(sql).subarray(0, error.offset).toString().length);
}

function rowsOf(statement: Pointer, question: Question, { library, db, guard }: Ground): Rows | Fault {
  const { c } = library;
  const { parameters, maxRows, maxCharacters } = question;
  const wrong = bindAll(library, db, statement, parameters);
  if (wrong !== undefined) return { kind: 'fault', reason: 'parameters', message: wrong };
  const width = c.sqlite3_column_count(statement);
  const columns = Array.from({ length: width }, (_, column) =>
    library.textAt(c.sqlite3_column_name(statement, column)),
  );
  const rows: (string | number | null)[][] = [];
  let left = maxCharacters - JSON.stringify(columns).length;
  for (;;) {
    const code = guard(() => c.sqlite3_step(statement));
    if (code === DONE) return { kind: 'rows', columns, rows };
    if (code !== ROW) library.check(db, code);
    if (rows.length === maxRows) return { kind: 'rows', columns, rows, more: 'rows' };
    // Looked at first, so that what is far too long is never taken out of the library's memory.
    const fits = rowBytes(library, statement, width) <= left * MAX_UTF8;
    const row = fits ? rowOf(library, statement, width) : [];
    left -= fits ? JSON.stringify(row).length + 1 : left + 1;
    if (left < 0 && rows.length === 0) {
      return { kind: 'fault', reason: 'row_too_long', message: 'the first row does not fit an answer' };
    }
    if (left < 0) return { kind: 'rows', columns, rows, more: 'characters' };
    rows.push(row);
  }
}

/** Bytes of UTF-8 that one character may take. */
const MAX_UTF8 = 4;
