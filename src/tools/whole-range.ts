// A whole range as CSV, for a reader who can take more than a page. What is too large for that too is refused, with
// the parts that fit; nothing is cut.

import { invalid, ServalError } from '../errors.ts';
import { formatA1, parseA1 } from '../sheets/a1.ts';
import { parseSpreadsheetId } from '../sheets/metadata.ts';
import type { RangeValues } from '../sheets/read.ts';
import { listed } from '../words.ts';
import { csvLines } from './page.ts';
import type { Reading } from './run.ts';
import { MAX_NAME } from './tool.ts';

/** Ten of the largest pages: about what the largest contexts of today's models hold. */
export const MAX_CSV_CHARACTERS = 1_000_000;

export interface WholeRange {
  /** Cells as shown, every row as long as the longest; empty when there is nothing. */
  readonly csv: string;
  /** What a reader must know of the cells, in words; mostly nothing. */
  readonly notes: readonly string[];
}

/** Rejects with `too_large` and the ranges to read instead. `spreadsheet` is an id, `range` as for read_range. */
export function wholeRange(spreadsheet: string, range: string): Reading<WholeRange> {
  return {
    operation: 'read_resource',
    beside: 'read_range',
    run: async ({ sheets, pendingWrites }) => {
      if (range.length > MAX_NAME) throw invalid(`A range has at most ${MAX_NAME} characters.`);
      const id = parseSpreadsheetId(spreadsheet);
      const [read] = await sheets.read(id, [range], 'formatted');
      const lines = csvLines(read?.values ?? []);
      const csv = lines.join('\n');
      if (read && csv.length > MAX_CSV_CHARACTERS) throw tooLarge(read, lines, csv.length);
      const { source, ageMs = 0 } = sheets.source();
      const pending = pendingWrites(id);
      return {
        csv,
        notes: [
          ...(source === 'stale'
            ? [`Google could not be asked: these cells are as they were ${Math.round(ageMs / 1_000)} s ago.`]
            : []),
          ...(pending > 0 ? [`Queued writes that are not in these cells yet: ${pending}.`] : []),
        ],
      };
    },
  };
}

function tooLarge({ range, grid }: RangeValues, lines: readonly string[], characters: number): ServalError {
  const top = grid.startRow ?? 0;
  const wide = lines.findIndex((line) => line.length > MAX_CSV_CHARACTERS);
  const parts: string[] = [];
  for (let start = 0, end = 0; start < lines.length && wide < 0; start = end) {
    for (let size = 0; end < lines.length; end++) {
      size += (lines[end]?.length ?? 0) + 1;
      if (size - 1 > MAX_CSV_CHARACTERS) break;
    }
    parts.push(formatA1(parseA1(range)?.sheet ?? '', { ...grid, startRow: top + start, endRow: top + end }));
  }
  return new ServalError(
    'too_large',
    `${range} has ${characters} characters as CSV, more than are given at once (${MAX_CSV_CHARACTERS}).`,
    {
      hint:
        wide < 0
          ? `Parts that fit: ${listed(parts)}.`
          : `Read fewer columns: row ${top + wide + 1} alone is larger than that.`,
    },
  );
}
