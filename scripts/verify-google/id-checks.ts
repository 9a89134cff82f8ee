// Ids that the caller chooses for what a batch adds: kept, and refused where they are used.

import { z } from 'zod';
import * as marker from '../../src/sheets/marker.ts';
import type { Request } from '../../src/sheets/requests.ts';
import type { Bench, Sheet } from './bench.ts';
import { own } from './cells.ts';
import { type Check, differs, fails, holds, notTried, unless } from './check.ts';
import { repliesReply } from './replies.ts';

export const keepsSheetId: Check = {
  number: 26,
  run: async (bench) => {
    const id = bench.newId();
    const given = idIn(await bench.batch([bench.sheetRequest(id)]), ['addSheet', 'properties', 'sheetId']);
    const again = await bench.attempt(bench.batch([bench.sheetRequest(id)]));
    return judged(given, id, again, 'addSheet');
  },
};

export const keepsNamedRangeId: Check = {
  number: 27,
  sheets: 1,
  run: async (bench, sheets) => {
    const namedRangeId = `ss${bench.newId()}`;
    const range = { sheetId: own(sheets).id, startRowIndex: 0, endRowIndex: 1, startColumnIndex: 0, endColumnIndex: 1 };
    const add = (name: string) => ({
      addNamedRange: { namedRange: { namedRangeId, name: bench.rangeName(name), range } },
    });
    const given = idIn(await bench.batch([add('one')]), ['addNamedRange', 'namedRange', 'namedRangeId']);
    const again = await bench.attempt(bench.batch([add('two')]));
    return judged(given, namedRangeId, again, 'addNamedRange');
  },
};

function judged(given: unknown, chosen: unknown, again: Awaited<ReturnType<Bench['attempt']>>, kind: string) {
  if (again.ok) return fails(`the used id ${chosen} was accepted again`);
  const named = new RegExp(`requests\\[0\\]\\.${kind}`).test(again.words);
  return unless(
    [differs('the id', given, chosen), !named && `requests[0].${kind} is not named: ${again.words}`],
    again.words,
  );
}

/** What stands at a path in the first reply of a batch. */
function idIn(reply: unknown, path: readonly string[]): unknown {
  const branch = z.record(z.string(), z.unknown()).catch({});
  return path.reduce((found, name) => branch.parse(found)[name], repliesReply.parse(reply).replies[0] as unknown);
}

/** Requests that add something without an id, and where the id stands in the request and in its reply. */
function additions(bench: Bench, sheet: Sheet): readonly (readonly [Request, readonly string[]])[] {
  const range = (startRowIndex: number) => ({
    sheetId: sheet.id,
    startRowIndex,
    endRowIndex: startRowIndex + 2,
    startColumnIndex: 0,
    endColumnIndex: 2,
  });
  const white = { rgbColor: { red: 1, green: 1, blue: 1 } };
  const columnProperties = ['one', 'two'].map((columnName, columnIndex) => ({ columnIndex, columnName }));
  const position = { overlayPosition: { anchorCell: { sheetId: sheet.id } } };
  const series = [{ series: { sourceRange: { sources: [range(0)] } } }];
  return [
    [
      { addProtectedRange: { protectedRange: { range: range(0), warningOnly: true } } },
      ['protectedRange', 'protectedRangeId'],
    ],
    [{ addFilterView: { filter: { title: bench.rangeName('view'), range: range(0) } } }, ['filter', 'filterViewId']],
    [
      {
        addBanding: {
          bandedRange: { range: range(3), rowProperties: { firstBandColorStyle: white, secondBandColorStyle: white } },
        },
      },
      ['bandedRange', 'bandedRangeId'],
    ],
    [
      { addTable: { table: { name: bench.rangeName('added'), range: range(6), columnProperties } } },
      ['table', 'tableId'],
    ],
    [
      { addChart: { chart: { spec: { basicChart: { chartType: 'COLUMN', series } }, position } } },
      ['chart', 'chartId'],
    ],
    [{ addSlicer: { slicer: { spec: { dataRange: range(9), title: 'x' }, position } } }, ['slicer', 'slicerId']],
  ];
}

const bodyOf = z.object({ requests: z.array(z.record(z.string(), z.unknown())) });

export const keepsOtherIds: Check = {
  number: 33,
  sheets: 1,
  run: async (bench, sheets) => {
    const wrong: string[] = [];
    const kept: string[] = [];
    const unknown: string[] = [];
    for (const [request, path] of additions(bench, own(sheets))) {
      const [kind = ''] = Object.keys(request);
      const sent = marker.chooseIds(bench.batchCall([request]), Math.random);
      const chosen = idIn({ replies: bodyOf.parse(sent.params.requestBody).requests }, [kind, ...path]);
      const tried = await bench.attempt(bench.send(sent));
      if (tried.ok) {
        const given = idIn(tried.reply, [kind, ...path]);
        if (given === chosen) kept.push(kind);
        else wrong.push(`${kind} gave the id ${JSON.stringify(given)} where ${JSON.stringify(chosen)} was chosen`);
        continue;
      }
      // Refused without an id as well, it is not for the id.
      const without = await bench.attempt(bench.batch([request]));
      if (without.ok) wrong.push(`${kind} was refused for the chosen id ${JSON.stringify(chosen)}: ${tried.words}`);
      else unknown.push(`${kind} (${without.words})`);
    }
    const rest = unknown.length > 0 ? `; not tried: ${unknown.join(', ')}` : '';
    if (wrong.length > 0) return fails(wrong.join('; ') + rest);
    return kept.length > 0 ? holds(`${kept.join(', ')} kept the id${rest}`) : notTried(unknown.join(', '));
  },
};
