// The marker on which exactly-once rests: refused under a used id, applied once, fenced, looked up, removed. Sends what
// the journal sends (sheets/marker.ts).

import * as marker from '../../src/sheets/marker.ts';
import type { Attempt, Bench } from './bench.ts';
import { append, at, bad, own, put } from './cells.ts';
import { type Check, differs, fails, notTried, unless } from './check.ts';

const atMarker = (attempt: Attempt): boolean => !attempt.ok && marker.refusedAtMarker(attempt.error);
const wordsOf = (attempt: Attempt): string => (attempt.ok ? 'accepted' : attempt.words);

export const refusesUsedId: Check = {
  number: 15,
  sheets: 1,
  run: async (bench, sheets) => {
    const id = bench.newMarker();
    const call = bench.marked([append({ sheetId: own(sheets).id }, [['x']])], id, bench.newValue());
    await bench.send(call);
    const again = await bench.attempt(bench.send(call));
    const named = !again.ok && /\brequests\[0\]\.createDeveloperMetadata\b/.test(again.words);
    return unless([!named && `not refused at requests[0].createDeveloperMetadata: ${wordsOf(again)}`], wordsOf(again));
  },
};

/** So many at once. */
const IDENTICAL = 20;

export const appliesOnce: Check = {
  number: 16,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const value = bench.newValue();
    const id = bench.newMarker();
    const call = bench.marked([append({ sheetId: sheet.id }, [['new']])], id, value);
    const all = await Promise.all(Array.from({ length: IDENTICAL }, () => bench.outcome(bench.send(call))));
    const [read] = await bench.values([at(sheet, 'A1:A20')]);
    const applied = all.filter(({ ok }) => ok).length;
    const refused = all.filter(atMarker).length;
    const other = all.filter((one) => !one.ok && !atMarker(one)).map(wordsOf);
    const seen = `of ${IDENTICAL} at once ${applied} was applied and ${refused} were refused`;
    return unless(
      [
        differs('rows in the sheet', read?.values.flat(), ['new']),
        applied > 1 && seen,
        differs('the marker', await bench.valueUnder(id), value),
      ],
      other.length > 0 ? `${seen}; without a clear answer: ${other.join(', ')}` : seen,
    );
  },
};

export const leavesNoMarker: Check = {
  number: 17,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const [id, value] = [bench.newMarker(), bench.newValue()];
    const refused = await bench.attempt(bench.send(bench.marked([put(sheet, 0, 0, [['x']]), bad(bench)], id, value)));
    if (refused.ok) return fails('a batch with a wrong part was not refused');
    const left = await bench.valueUnder(id);
    const [read] = await bench.values([at(sheet, 'A1')]);
    const later = await bench.attempt(bench.send(bench.marked([put(sheet, 0, 0, [['x']])], id, value)));
    return unless(
      [
        !/\brequests\[2\]/.test(refused.words) && `requests[2] is not named: ${refused.words}`,
        differs('under the marker', left, undefined),
        differs('in the cell', read?.values, []),
        !later.ok && `the id could not be used afterwards: ${later.words}`,
      ],
      refused.words,
    );
  },
};

/** Races of a batch and its fence. */
const RACES = 3;

export const fencesForGood: Check = {
  number: 18,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const round = (row: string) => {
      const [id, value] = [bench.newMarker(), bench.newValue()];
      const batch = () => bench.attempt(bench.send(bench.marked([append({ sheetId: sheet.id }, [[row]])], id, value)));
      const fence = () => bench.attempt(bench.send(marker.fence(bench.origin(), bench.spreadsheetId, id, `!${value}`)));
      return { row, batch, fence, value, under: () => bench.valueUnder(id) };
    };
    const late = round('fence after batch');
    const [lateBatch, lateFence] = [await late.batch(), await late.fence()];
    const early = round('batch after fence');
    const [earlyFence, earlyBatch] = [await early.fence(), await early.batch()];
    const races = await Promise.all(
      Array.from({ length: RACES }, async (_, index) => {
        const { row, batch, fence } = round(`race ${index}`);
        const [a, b] = await Promise.all([batch(), fence()]);
        return { row, batch: a, fence: b };
      }),
    );
    const [read] = await bench.values([at(sheet, 'A1:A20')]);
    const rows = read?.values.flat() ?? [];
    return unless(
      [
        (!lateBatch.ok || !atMarker(lateFence)) && `fence after its batch: ${wordsOf(lateFence)}`,
        differs('the marker of that batch', await late.under(), late.value),
        (!earlyFence.ok || !atMarker(earlyBatch)) && `batch after its fence: ${wordsOf(earlyBatch)}`,
        differs('the marker of that fence', await early.under(), `!${early.value}`),
        !rows.includes(late.row) && 'the batch before its fence left no row',
        rows.includes(early.row) && 'the batch after its fence left a row',
        ...races.map(
          ({ row, batch, fence }) =>
            (batch.ok === fence.ok || rows.includes(row) !== batch.ok) &&
            `${row}: batch ${wordsOf(batch)}, fence ${wordsOf(fence)}, row ${rows.includes(row) ? 'there' : 'not there'}`,
        ),
      ],
      `of ${RACES} races the batch won ${races.filter(({ batch }) => batch.ok).length}, and each had one winner`,
    );
  },
};

export const removesById: Check = {
  number: 22,
  run: async (bench) => {
    const ids = [bench.newMarker(), bench.newMarker(), bench.newMarker()];
    const [a = 0, b = 0, kept = 0] = ids;
    const value = bench.newValue();
    await bench.send(marker.mark(marker.mark(bench.marked([], a, value), b, value), kept, value));
    const remove = (...some: number[]) => bench.send(marker.removal(bench.origin(), bench.spreadsheetId, some));
    const removed = await bench.attempt(remove(a, bench.newId(), b));
    const nobody = await bench.attempt(remove(a));
    const left = [await bench.valueUnder(a), await bench.valueUnder(b), await bench.valueUnder(kept)];
    return unless(
      [
        !removed.ok && `two and one without a match: ${removed.words}`,
        !nobody.ok && `one without a match alone: ${nobody.words}`,
        differs('what is left', left, [undefined, undefined, value]),
      ],
      'two were removed in one batch, the third stayed, and ids without a match were not refused',
    );
  },
};

export const isSeenAtOnce: Check = {
  number: 23,
  run: async (bench) => {
    const rounds = await Promise.all(
      Array.from({ length: RACES }, async () => {
        const [id, value] = [bench.newMarker(), bench.newValue()];
        const call = marker.fence(bench.origin(), bench.spreadsheetId, id, value);
        // Each looks as soon as it has its own answer, be that acceptance or refusal.
        const look = async () => {
          const told = wordsOf(await bench.attempt(bench.send(call)));
          const seen = await bench.valueUnder(id);
          return seen === value ? undefined : `right after "${told}" stood ${JSON.stringify(seen) ?? 'nothing'} there`;
        };
        return Promise.all([look(), look()]);
      }),
    );
    return unless(rounds.flat(), `${2 * RACES} looks right after an answer saw the marker, visibility PROJECT`);
  },
};

export const hidesFromOthers: Check = {
  number: 24,
  option: 'other-token-env',
  run: async (bench) => {
    const id = bench.newMarker();
    await bench.send(marker.fence(bench.origin(), bench.spreadsheetId, id, bench.newValue()));
    const open = await bench.attempt(bench.asOther(bench.call('spreadsheets.get', { fields: 'spreadsheetId' })));
    if (!open.ok) return notTried(`the other credential cannot read the spreadsheet: ${open.words}`);
    const seen = await bench.attempt(bench.asOther(marker.lookUp(bench.origin(), bench.spreadsheetId, id)));
    if (seen.ok) return fails('the other credential saw the marker: is it of another project?');
    return unless([seen.error.code !== 'not_found' && seen.words], seen.words);
  },
};

export const saysNotFound: Check = {
  number: 25,
  run: async (bench: Bench) => {
    const found = await bench.attempt(bench.send(marker.lookUp(bench.origin(), bench.spreadsheetId, bench.newId())));
    if (found.ok) return fails(`something was found: ${JSON.stringify(found.reply)}`);
    return unless([found.error.code !== 'not_found' && found.words], found.words);
  },
};
