// Values into statements and out of their rows: whole numbers as integers, true and false as 1 and 0, nothing guessed.

import type { Library, Pointer } from './library.ts';
import type { Question, Value } from './messages.ts';

/** SQLite copies the text before the call returns (SQLITE_TRANSIENT). */
const COPIED = -1;
const MAX_INT = 2 ** 31 - 1;
const INTEGER = 1;
const FLOAT = 2;
const TEXT = 3;
const BLOB = 4;

/** Binds a value to the parameter at a place, from 1. */
export function bind(library: Library, db: Pointer, statement: Pointer, place: number, value: Value): void {
  library.check(db, bound(library, statement, place, value));
}

function bound({ c, withText }: Library, statement: Pointer, place: number, value: Value): number {
  if (value === null) return c.sqlite3_bind_null(statement, place);
  if (typeof value === 'string') {
    return withText(value, (text, bytes) => c.sqlite3_bind_text(statement, place, text, bytes, COPIED));
  }
  const number = Number(value);
  if (!Number.isSafeInteger(number)) return c.sqlite3_bind_double(statement, place, number);
  if (Math.abs(number) <= MAX_INT) return c.sqlite3_bind_int(statement, place, number);
  return c.sqlite3_bind_int64(statement, place, BigInt(number));
}

/** Binds all parameters of a statement; what is wrong with them, in words, when they are not its own. */
export function bindAll(
  library: Library,
  db: Pointer,
  statement: Pointer,
  parameters: Question['parameters'],
): string | undefined {
  const { c, textAt } = library;
  const count = c.sqlite3_bind_parameter_count(statement);
  if (isList(parameters)) {
    if (parameters.length !== count) return `sql takes ${counted(count)}, and ${parameters.length} are given`;
    for (const [index, value] of parameters.entries()) bind(library, db, statement, index + 1, value);
    return undefined;
  }
  const names: string[] = [];
  for (let place = 1; place <= count; place++) {
    const name = textAt(c.sqlite3_bind_parameter_name(statement, place)).slice(1);
    if (/^\d*$/.test(name)) return 'sql has a parameter without a name: pass parameters as a list';
    if (!Object.hasOwn(parameters, name)) return `sql takes a parameter :${name}, which is not given`;
    names.push(name);
    bind(library, db, statement, place, parameters[name] ?? null);
  }
  const unused = Object.keys(parameters).find((name) => !names.includes(name));
  return unused === undefined ? undefined : `sql has no parameter :${unused}; write names without their colon`;
}

function isList(parameters: Question['parameters']): parameters is readonly Value[] {
  return Array.isArray(parameters);
}

function counted(count: number): string {
  return count === 1 ? '1 parameter' : `${count} parameters`;
}

/** Bytes of the row that a statement stands at. */
export function rowBytes({ c }: Library, statement: Pointer, columns: number): number {
  let bytes = 0;
  for (let column = 0; column < columns; column++) {
    const type = c.sqlite3_column_type(statement, column);
    if (type === TEXT || type === BLOB) bytes += c.sqlite3_column_bytes(statement, column);
  }
  return bytes;
}

/** The row as JSON can hold it: integers beyond 2^53 and infinities as text, blobs as the literals x'...'. */
export function rowOf(library: Library, statement: Pointer, columns: number): (string | number | null)[] {
  return Array.from({ length: columns }, (_, column) => columnOf(library, statement, column));
}

function columnOf({ c, textAt, bytesAt }: Library, statement: Pointer, column: number): string | number | null {
  const type = c.sqlite3_column_type(statement, column);
  if (type === INTEGER) {
    const integer = c.sqlite3_column_int64(statement, column);
    const number = Number(integer);
    return Number.isSafeInteger(number) ? number : String(integer);
  }
  if (type === FLOAT) {
    const number = c.sqlite3_column_double(statement, column);
    return Number.isFinite(number) ? number : String(number);
  }
  if (type === TEXT) {
    const text = c.sqlite3_column_text(statement, column);
    return textAt(text, c.sqlite3_column_bytes(statement, column));
  }
  if (type !== BLOB) return null;
  const blob = c.sqlite3_column_blob(statement, column);
  return `x'${Buffer.from(bytesAt(blob, c.sqlite3_column_bytes(statement, column))).toString('hex')}'`;
}
