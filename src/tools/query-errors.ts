// What is wrong with a query, told so that the next one is right: SQLite's words, the place, and the columns there are.

import { invalid, ServalError } from '../errors.ts';
import type { Fault, QueryTable } from '../query/messages.ts';
import { cut, listed, nearest, shown } from '../words.ts';

interface Asked {
  readonly sql: string;
  readonly tables: readonly QueryTable[];
  readonly maxTokens: number;
}

/** Characters of the SQL that are shown from the place of a fault on. */
const SHOWN_SQL = 40;

const SMALLER = 'Select fewer columns and rows, or aggregate; sort and group as little as the question needs.';

/** Throws nothing: the error that a fault is answered with. */
export function queryError(fault: Fault, { sql, tables, maxTokens }: Asked): ServalError {
  const { reason, message } = fault;
  switch (reason) {
    case 'not_select':
      return invalid(
        `query_rows runs one SELECT only: ${message === 'not authorized' ? 'this is none' : message}.`,
        'Write SELECT, or WITH ... SELECT; cells are changed by write_range, append_rows and upsert_rows.',
      );
    case 'unknown_column':
      return unknownColumn(message, tables);
    case 'unknown_table':
      return invalid(`SQLite: ${message}.`, 'A name with a point in it stands in double quotes.');
    case 'parameters':
      return invalid(`parameters: ${message}.`, 'Pass a list for ?, an object for :name.');
    case 'memory':
      return new ServalError('too_large', 'The query needs more memory than it may take.', { hint: SMALLER });
    case 'value_too_long':
      return new ServalError('too_large', 'The query makes a value that is too long.', { hint: SMALLER });
    case 'row_too_long':
      return new ServalError(
        'too_large',
        `The first row alone is longer than an answer may be (${maxTokens} tokens).`,
        {
          hint: 'Select fewer columns, or substr(column, 1, 1000).',
        },
      );
    case 'crash':
      return new ServalError('internal', 'The worker of the query has failed.', { cause: message });
    case 'sql':
      return invalid(`SQLite: ${cut(message, 300)}${placeOf(fault, sql)}.`, hintOf(tables));
  }
}

function placeOf({ at }: Fault, sql: string): string {
  return at === undefined ? '' : ` (character ${at + 1} of sql: ${shown(sql.slice(at, at + SHOWN_SQL))})`;
}

function unknownColumn(message: string, tables: readonly QueryTable[]): ServalError {
  const text = /^no such column: (.*?)(?: - should this be a string literal in single-quotes\?)?$/s.exec(message)?.[1];
  const name = (text ?? '').replace(/^"(.*)"$/s, '$1');
  const own = name.slice(name.lastIndexOf('.') + 1);
  const columns = tables.flatMap((table) => table.columns);
  const meant = nearest(own, columns) ?? nearest(name, columns);
  const quotes = message.endsWith('?') ? ' A text stands in single quotes.' : '';
  return invalid(
    `There is no column ${shown(name)}.`,
    `${meant === undefined ? '' : `Did you mean ${identifier(meant)}? `}${hintOf(tables)}${quotes}`,
  );
}

/** The columns there are, as SQL writes them. */
function hintOf(tables: readonly QueryTable[]): string {
  const told = tables.map(({ name, columns }) => `Columns of ${identifier(name)}: ${listed(columns.map(identifier))}.`);
  return told.length > 0 ? `${told.join(' ')} rowid is the row number.` : 'Correct the SQL: the dialect is SQLite.';
}

/** Words of SQL that people give to columns, and that SQLite takes for a name in quotes only. */
const KEYWORDS =
  /^(?:add|all|and|as|between|case|check|default|else|exists|from|group|in|index|into|is|join|limit|not|null|on|or|order|set|table|then|to|transaction|union|unique|update|values|when|where)$/i;

function identifier(name: string): string {
  return /^[a-z_]\w*$/i.test(name) && !KEYWORDS.test(name) ? cut(name) : `"${cut(name).replaceAll('"', '""')}"`;
}
