// Formulas that fetch from elsewhere: refused in whatever argument they come, unless the operator allows them.

import { expect, test } from 'vitest';
import { refuseExternal } from '../../src/tools/external.ts';
import { testApp } from '../support/app.ts';

const told = (args: Record<string, unknown>): string | undefined => {
  try {
    refuseExternal(args);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : '?';
  }
};

test.each([
  ['a cell', { rows: [[1, { formula: '=IMPORTDATA("http://x")' }]] }, 'rows[0][1].formula'],
  ['a record', { rows: [{ a: { formula: '=if(1, importxml ("a","b"))' } }] }, 'rows[0].a.formula'],
  [
    'a cell of a new spreadsheet',
    { sheets: [{ rows: [[{ formula: '=IMAGE(A1)' }]] }] },
    'sheets[0].rows[0][0].formula',
  ],
  [
    'what is as if typed in',
    { input: 'user_entered', writes: [{ values: [[' =IMPORTFEED(A1)']] }] },
    'writes[0].values[0][0]',
  ],
  [
    'the plus of old spreadsheets',
    { input: 'user_entered', writes: [{ values: [['+IMPORTRANGE("a","b")']] }] },
    'writes[0].values[0][0]',
  ],
  [
    'a request',
    {
      requests: [{ updateCells: { rows: [{ values: [{ userEnteredValue: { formulaValue: '=IMPORTHTML(A1)' } }] }] } }],
    },
    'requests[0].updateCells.rows[0].values[0].userEnteredValue.formulaValue',
  ],
  ['pasted text', { requests: [{ pasteData: { data: 'a\t=IMPORTDATA("x")' } }] }, 'requests[0].pasteData.data'],
  ['a condition', { rule: { values: ['=IMPORTDATA("x")=1'] } }, 'rule.values[0]'],
  ['a name without brackets', { rows: [[{ formula: '=MAP(A1:A2,IMPORTDATA)' }]] }, 'rows[0][0].formula'],
])('%s', (_, args, where) => {
  expect(told(args)).toMatch(`${where}: `);
});

test.each([
  ['a text in a cell', { rows: [['=IMPORTDATA("x")'], { a: '=IMAGE(A1)' }] }],
  ['a name inside a text of a formula', { rows: [[{ formula: '="IMPORTDATA(1)"&A1' }]] }],
  ['a sheet or table of that name', { rows: [[{ formula: "=Image!A1+'IMPORTDATA'!B2+SUM(image[a])" }]] }],
  ['the range of a chart', { data: 'Image data!A1:B9' }],
  ['a longer name', { rows: [[{ formula: '=IMAGES+MYIMAGE(1)' }]] }],
  ['prose', { text: 'use IMPORTDATA here', input: 'user_entered', writes: [{ values: [['IMPORTDATA']] }] }],
])('%s is none', (_, args) => {
  expect(told(args)).toBeUndefined();
});

test('refused before anything is sent, allowed by the setting', async () => {
  const refused = await testApp();
  const input = { title: 'T', sheets: [{ title: 'S', rows: [[{ formula: '=IMPORTDATA("http://127.0.0.1:1/x")' }]] }] };
  const answer = await refused.rest('create_spreadsheet', input);
  expect(answer.body).toMatchObject({ code: 'unsupported', hint: expect.stringContaining('ALLOW_EXTERNAL_FORMULAS') });
  expect((await refused.rest('search_spreadsheets', { query: 'T' })).body.spreadsheets).toEqual([]);
  const allowed = await testApp({ ALLOW_EXTERNAL_FORMULAS: 'true' });
  expect((await allowed.rest('create_spreadsheet', input)).body).toMatchObject({ status: 'applied' });
});
