// From callers' cells to literals with an address: what is refused, and what the caller is told about the rest.

import { invalid } from '../errors.ts';
import { type Cell, type Literal, literalOf } from './values.ts';

/** Google's limit on one cell (recorded refusal: "more than the maximum of 50000 characters in a single cell"). */
const MAX_CELL_CHARACTERS = 50_000;
/** Addresses named in one warning; the others are counted. */
const MAX_ADDRESSES = 5;

/** Gathers, by kind, the cells that were taken in a way the caller should know. */
export interface Notes {
  add(note: NonNullable<Literal['note']>, where: string): void;
  /** `{}` when there is nothing to say. */
  warnings(timeZone: string): { warnings?: string[] };
}

export function createNotes(): Notes {
  const places = new Map<NonNullable<Literal['note']>, string[]>();
  return {
    add: (note, where) => {
      const cells = places.get(note);
      if (cells) cells.push(where);
      else places.set(note, [where]);
    },
    warnings: (timeZone) => {
      if (places.size === 0) return {};
      return { warnings: [...places].map(([note, cells]) => `${listed(cells)}: ${meaningOf(note, timeZone)}`) };
    },
  };
}

function listed(cells: readonly string[]): string {
  const rest = cells.length - MAX_ADDRESSES;
  return cells.slice(0, MAX_ADDRESSES).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function meaningOf(note: NonNullable<Literal['note']>, timeZone: string): string {
  return note === 'formula_as_text'
    ? 'a text that begins with "=" was stored as text; for a formula pass { "formula": "=..." }'
    : `a date-time with an offset was converted to the time zone of the spreadsheet, ${timeZone}`;
}

/** The literal of a cell, null where it is to be left alone. `where` is its address, for words only. */
export function literalAt(
  cell: Cell,
  where: string,
  input: 'typed' | 'raw',
  timeZone: string,
  notes: Notes,
): Literal | null {
  checkCell(cell, where);
  if (cell === null) return null;
  const literal = literalOf(cell, input, timeZone);
  if (literal.note !== undefined) notes.add(literal.note, where);
  return literal;
}

/** Refuses what Sheets would refuse, by the cell's address. */
export function checkCell(cell: Cell, where: string): void {
  const text = typeof cell === 'object' && cell !== null ? cell.formula : cell;
  if (typeof text === 'string' && text.length > MAX_CELL_CHARACTERS) {
    throw invalid(`${where} has ${text.length} characters; a cell holds at most ${MAX_CELL_CHARACTERS}.`);
  }
  if (typeof cell === 'object' && cell !== null && !cell.formula.startsWith('=')) {
    throw invalid(`The formula for ${where} does not begin with "=".`, 'Write { "formula": "=SUM(A1:A3)" }.');
  }
}
