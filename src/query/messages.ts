// What goes between the engine and its workers, and what a query is. Tables in, rows out: nothing here knows Sheets.

export type Value = string | number | boolean | null;

export interface QueryTable {
  /** As the SQL writes it. */
  readonly name: string;
  readonly columns: readonly string[];
  /** Each row: its number, which becomes its rowid, then one value per column. May be asked for more than once. */
  rows(): Iterable<readonly Value[]>;
}

export interface Question {
  readonly sql: string;
  /** By place, or by name without its `:`. */
  readonly parameters: readonly Value[] | Readonly<Record<string, Value>>;
  readonly maxRows: number;
  /** Characters that the rows of the answer may take as JSON. */
  readonly maxCharacters: number;
}

export type ToWorker =
  | { readonly kind: 'table'; readonly name: string; readonly columns: readonly string[] }
  /** Rows of the table before. */
  | { readonly kind: 'rows'; readonly rows: readonly (readonly Value[])[] }
  /** Ends a query: it is answered once, with `running` and then a reply. */
  | { readonly kind: 'ask'; readonly question: Question };

/** Everything is loaded: from now on the time of the query counts. */
export interface Running {
  readonly kind: 'running';
}

export interface Missing {
  readonly kind: 'missing';
  /** Tables that the SQL names and that were not given; all of them, as far as SQLite can tell without them. */
  readonly names: readonly string[];
}

export interface Rows {
  readonly kind: 'rows';
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Set when there are more: which bound came first. */
  readonly more?: 'rows' | 'characters';
}

/** Why there is no answer. `at` is the character of the SQL where the fault lies, from 0. */
export interface Fault {
  readonly kind: 'fault';
  readonly reason:
    | 'not_select'
    | 'sql'
    | 'unknown_table'
    | 'unknown_column'
    | 'parameters'
    | 'memory'
    | 'value_too_long'
    | 'row_too_long'
    | 'crash';
  readonly message: string;
  readonly at?: number;
}

export type Reply = Missing | Rows | Fault;

/** A reply with the size that the worker's memory has come to. */
export type Replied = Reply & { readonly memoryBytes: number };
