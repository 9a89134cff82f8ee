// What cells look like and accept, as layers of equal cells: a number for each cell, and what each number stands for.
// Pure; what has no words here is named.

import { apiBorders, type CellBorders, cellBordersOf } from './borders.ts';
import { apiFormat, type CellStyle, cellStyleOf } from './cell-format.ts';
import { decode } from './decode.ts';
import type { Kinds } from './rectangles.ts';
import { apiValidation, type ValidationRule, validationOf } from './validation.ts';

/** Parts of a cell as Google answers them. They are the same in many cells, so each is decoded once. */
export interface FormatCell {
  readonly userEnteredFormat?: Readonly<Record<string, unknown>>;
  readonly note?: string;
  readonly dataValidation?: object;
  readonly textFormatRuns?: readonly object[];
}

/** Kind `n` of a cell stands for `values[n - 1]`; kind 0 is nothing. */
export interface Layer<T> {
  readonly kinds: Kinds;
  readonly values: readonly T[];
}

export interface Layers {
  readonly styles: Layer<CellStyle>;
  readonly borders: Layer<CellBorders>;
  readonly notes: Layer<string>;
  readonly rules: Layer<ValidationRule>;
  /** Looks at the rows before that one; those below are blank until then. */
  look(rows: number): void;
  /** Names of properties that a cell that was looked at has and that there are no words for. */
  untold(): string[];
}

/** Fields of a format that are told, and one that only says how a link is shown. */
const TOLD = new Set([...Object.keys(apiFormat.shape), 'borders', 'hyperlinkDisplayType']);

/** Layers of as many rows and columns; what the reply leaves out of them is blank. */
export function layersOf(
  rowData: readonly { readonly values: readonly FormatCell[] }[],
  rows: number,
  columns: number,
  locale: string,
): Layers {
  const untold = new Set<string>();
  const styles = gathering<CellStyle>();
  const borders = gathering<CellBorders>();
  const notes = gathering<string>();
  const rules = gathering<ValidationRule>();
  const looks = remembered((format: Readonly<Record<string, unknown>>) => {
    for (const name of Object.keys(format)) if (!TOLD.has(name)) untold.add(name);
    const lines = cellBordersOf(decode(apiBorders, format.borders ?? {}, 'spreadsheets.get'));
    return [styles.kindOf(cellStyleOf(decode(apiFormat, format, 'spreadsheets.get'))), borders.kindOf(lines)] as const;
  });
  const ruleKind = remembered((rule: object) =>
    rules.kindOf(validationOf(decode(apiValidation, rule, 'spreadsheets.get'), locale)),
  );
  const blank = (): number[][] => Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  const [style, border, note, rule] = [blank(), blank(), blank(), blank()];
  let looked = 0;

  function look(upTo: number): void {
    for (; looked < Math.min(upTo, rows); looked++) {
      rowData[looked]?.values.slice(0, columns).forEach((cell, column) => {
        const set = (layer: number[][], kind: number) => layer[looked]?.fill(kind, column, column + 1);
        const { userEnteredFormat, dataValidation } = cell;
        if (userEnteredFormat) {
          const [look, lines] = looks(userEnteredFormat);
          set(style, look);
          set(border, lines);
        }
        if (cell.note) set(note, notes.kindOf(cell.note));
        if (dataValidation) set(rule, ruleKind(dataValidation));
        if (cell.textFormatRuns?.length) untold.add('formats within texts');
      });
    }
  }

  return {
    styles: { kinds: style, values: styles.values },
    borders: { kinds: border, values: borders.values },
    notes: { kinds: note, values: notes.values },
    rules: { kinds: rule, values: rules.values },
    look,
    untold: () => [...untold].sort(),
  };
}

/** Distinct values in the order in which they come; an empty one is no value. */
function gathering<T extends object | string>() {
  const known = new Map<string, number>();
  const values: T[] = [];
  return {
    values,
    kindOf: (value: T): number => {
      const key = JSON.stringify(value);
      if (key === '{}') return 0;
      const kind = known.get(key) ?? values.push(value);
      known.set(key, kind);
      return kind;
    },
  };
}

function remembered<A extends object, B>(work: (given: A) => B): (given: A) => B {
  const known = new Map<string, B>();
  return (given) => {
    const key = JSON.stringify(given);
    const found = known.get(key) ?? work(given);
    known.set(key, found);
    return found;
  };
}
