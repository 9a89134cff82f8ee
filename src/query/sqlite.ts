// Databases in memory: take tables, answer one SELECT on them, and are gone. What is not a SELECT is refused by
// SQLite's own authorizer, which sees every table, function and kind of statement.

import { type Library, loadLibrary, NOT_ALLOWED, OUT_OF_MEMORY, type Pointer, SqlError, TOO_LONG } from './library.ts';
import type { Fault, Question, Reply, Value } from './messages.ts';
import { answerOf } from './select.ts';
import { bind } from './values.ts';

export interface Database {
  create(name: string, columns: readonly string[]): void;
  /** Rows of the table that was created last. */
  insert(rows: readonly (readonly Value[])[]): void;
  answer(question: Question): Reply;
  close(): void;
}

export interface Sqlite {
  open(): Database;
  faultOf(thrown: unknown): Fault;
  memoryBytes(): number;
}

/** Bytes of one value or row, also on the way: far more than an answer may hold, far less than the memory. */
const MAX_VALUE_BYTES = 10_000_000;
/** What the authorizer is asked: https://sqlite.org/c3ref/c_alter_table.html. */
const READ = 20;
const SELECT = 21;
const FUNCTION = 31;
const RECURSIVE = 33;
/** Tables that are functions, and safe. */
const TABLE_FUNCTIONS = ['json_each', 'json_tree'];
/** Names of a row's number, of which a column may take one. */
const ROW_NUMBERS = ['rowid', '_rowid_', 'oid'];

export async function openSqlite(): Promise<Sqlite> {
  const library = await loadLibrary();
  return { open: () => openDatabase(library), faultOf, memoryBytes: library.memoryBytes };
}

/** A name in SQL, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function openDatabase(library: Library): Database {
  const { c, capi } = library;
  const db = opened(library);
  const tables = new Set<string>(TABLE_FUNCTIONS);
  let guarded = false;
  let inserting: { readonly statement: Pointer; readonly numbered: boolean } | undefined;

  capi.sqlite3_limit(db, capi.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES);
  capi.sqlite3_set_authorizer(
    db,
    (_, action, first, second) => {
      const allowed =
        !guarded ||
        action === SELECT ||
        action === RECURSIVE ||
        (action === FUNCTION && second !== 'load_extension') ||
        (action === READ && readable(String(first).toLowerCase(), second === ''));
      return allowed ? capi.SQLITE_OK : capi.SQLITE_DENY;
    },
    0,
  );

  /** Without a column, where only the number of rows is asked for, SQLite also asks for what WITH defines. */
  function readable(table: string, noColumn: boolean): boolean {
    return tables.has(table) || (noColumn && !/^(?:sqlite|pragma)_/.test(table));
  }

  function prepare(sql: string): Pointer {
    return library.withText(sql, (text, bytes) => prepareAt(text, bytes).statement);
  }

  /** The statement at an address, 0 for none, and where the rest begins. */
  function prepareAt(text: Pointer, bytes: number) {
    const places = c.sqlite3_malloc(8);
    if (places === 0) throw new SqlError(OUT_OF_MEMORY, 'out of memory');
    try {
      library.check(db, c.sqlite3_prepare_v2(db, text, bytes, places, places + 4));
      return { statement: library.pointerAt(places), tail: library.pointerAt(places + 4) };
    } finally {
      c.sqlite3_free(places);
    }
  }

  function execute(sql: string): void {
    const statement = prepare(sql);
    c.sqlite3_step(statement);
    library.check(db, c.sqlite3_finalize(statement));
  }

  function create(name: string, columns: readonly string[]): void {
    endInsert();
    execute(`CREATE TABLE ${quoted(name)} (${columns.map(quoted).join(', ')})`);
    tables.add(name.toLowerCase());
  }

  function endInsert(): void {
    if (inserting) c.sqlite3_finalize(inserting.statement);
    inserting = undefined;
  }

  execute('PRAGMA journal_mode = OFF');
  execute('BEGIN');

  return {
    create: (name, columns) => {
      create(name, columns);
      const taken = new Set(columns.map((column) => column.toLowerCase()));
      const own = ROW_NUMBERS.find((one) => !taken.has(one));
      const into = [...(own === undefined ? [] : [own]), ...columns.map(quoted)];
      const statement = prepare(`INSERT INTO ${quoted(name)} (${into}) VALUES (${into.map(() => '?')})`);
      inserting = { statement, numbered: own !== undefined };
    },
    insert: (rows) => {
      if (!inserting) return;
      const { statement, numbered } = inserting;
      for (const row of rows) {
        const from = numbered ? 0 : 1;
        for (let at = from; at < row.length; at++) bind(library, db, statement, at - from + 1, row[at] ?? null);
        c.sqlite3_step(statement);
        library.check(db, c.sqlite3_reset(statement));
      }
    },
    answer: (question) => {
      endInsert();
      const own = new Set(tables);
      return answerOf(question, {
        library,
        db,
        given: (name) => own.has(name.toLowerCase()),
        // Only to find out what else is named: it is never read.
        standIn: (name) => create(name, ['']),
        guard: (work) => {
          guarded = true;
          try {
            return work();
          } finally {
            guarded = false;
          }
        },
        prepareAt,
      });
    },
    close: () => {
      endInsert();
      capi.sqlite3_close_v2(db);
    },
  };
}

function opened({ c, capi, pointerAt }: Library): Pointer {
  const place = c.sqlite3_malloc(4);
  try {
    const code = place === 0 ? OUT_OF_MEMORY : capi.sqlite3_open_v2(':memory:', place, 6, 0);
    if (code !== 0) throw new SqlError(code, 'no database could be opened');
    return pointerAt(place);
  } finally {
    c.sqlite3_free(place);
  }
}

const REASONS = new Map<number, Fault['reason']>([
  [OUT_OF_MEMORY, 'memory'],
  [TOO_LONG, 'value_too_long'],
  [NOT_ALLOWED, 'not_select'],
]);

/** What was thrown, as a fault to tell; what is not SQLite's own word is a crash, after which nothing can be relied on. */
function faultOf(thrown: unknown): Fault {
  if (!(thrown instanceof SqlError)) return { kind: 'fault', reason: 'crash', message: String(thrown) };
  const { code, message, offset } = thrown;
  const named = message.startsWith('no such column: ') ? 'unknown_column' : 'sql';
  const reason = REASONS.get(code) ?? named;
  return { kind: 'fault', reason, message, ...(offset >= 0 && { at: offset }) };
}
