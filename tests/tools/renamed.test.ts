// Tabs that somebody else renames, deletes or swaps while their names are in memory: told, never written to in silence.

import { expect, test } from 'vitest';
import { createVerbs } from '../support/verbs.ts';

async function known() {
  const verbs = createVerbs();
  const id = await verbs.book([
    ['a', 'b'],
    [1, 2],
  ]);
  await verbs.sheets.read(id, ['S'], 'formatted'); // the names are in memory where there is a cache: here each call reads them
  return { ...verbs, id, sheetId: (await verbs.sheets.describe(id, [])).sheets[0]?.sheetId ?? 0 };
}

const rename = (sheetId: number, title: string) => ({
  updateSheetProperties: { properties: { sheetId, title }, fields: 'title' },
});

test('a clear by id after a rename is done, and the answer says where', async () => {
  const { update, writing, id, sheetId, rows } = await known();
  const answer = await writing(id, (sheets) =>
    sheets.on(id, async (desk) => {
      // Between the look-up of the name and the write.
      await update(id, rename(sheetId, 'Old'));
      const { apply } = await import('../../src/sheets/desk.ts');
      const { clearRequest } = await import('../../src/sheets/requests.ts');
      const sheet = desk.spreadsheet.sheets[0];
      return apply(desk, {
        requests: [clearRequest(sheetId, { startRow: 1 }, 'userEnteredValue')],
        answer: { status: 'applied' as const },
        sheets: sheet ? [sheet] : [],
      });
    }),
  );
  expect(answer).toEqual({
    status: 'applied',
    warnings: ['The sheet "S" was renamed to "Old" meanwhile: that is where this was done.'],
  });
  expect(await rows(id, 'Old')).toEqual([['a', 'b']]);
});

test.each(['append', 'write', 'upsert', 'clear'] as const)(
  '%s goes to the sheet that has the title now, not to the one that had it',
  async (verb) => {
    let swap: (() => Promise<void>) | undefined;
    const verbs = createVerbs((next) => async (call, signal) => {
      const reply = await next(call, signal);
      const names = call.method === 'spreadsheets.get' && !('ranges' in call.params);
      if (names && swap) {
        const now = swap;
        swap = undefined;
        await now();
      }
      return reply;
    });
    const id = await verbs.book([
      ['a', 'b'],
      [1, 2],
    ]);
    const sheetId = (await verbs.sheets.describe(id, [])).sheets[0]?.sheetId ?? 0;
    swap = () => verbs.update(id, rename(sheetId, 'Old'), { addSheet: { properties: { title: 'S' } } });
    const work = verbs.writing(id, async (sheets): Promise<object> => {
      if (verb === 'append') return sheets.append(id, 'S', [['x']]);
      if (verb === 'write') return sheets.write(id, [{ range: 'S!A1', values: [['x']] }], 'typed');
      if (verb === 'clear') return sheets.clear(id, ['S!A1'], 'values');
      return sheets.upsert(id, 'S', ['a'], [{ a: 1, b: 9 }]);
    });
    if (verb === 'upsert') {
      await expect(work).rejects.toMatchObject({
        code: 'invalid_argument',
        message: expect.stringContaining('no header'),
      });
    } else if (verb === 'clear') {
      expect(await work).toMatchObject({ warnings: [expect.stringContaining('renamed to "Old"')] });
    } else {
      expect(await work).toMatchObject({ status: 'applied' });
      expect(await verbs.rows(id, 'S')).toEqual([['x']]);
    }
    if (verb !== 'clear') {
      expect(await verbs.rows(id, 'Old')).toEqual([
        ['a', 'b'],
        [1, 2],
      ]);
    }
  },
);
