// docs/emulator.md: what the embedded backend serves, found by asking it, and where it is known to depart from Google.

import { systemClock } from '../src/clock.ts';
import { supportedKinds } from '../src/emulator/batch-update.ts';
import { createEmulator } from '../src/emulator/emulator.ts';
import { functionNames, NOT_COMPUTED, PICTURES } from '../src/emulator/formula/registry.ts';
import { DATA_SOURCE_KINDS } from '../src/emulator/messages/requests.ts';

/** Every method of Sheets v4, and those of Drive v3 that have to do with spreadsheets. */
const METHODS: readonly (readonly [name: string, method: string, path: string])[] = [
  ['spreadsheets.create', 'POST', '/v4/spreadsheets'],
  ['spreadsheets.get', 'GET', '/v4/spreadsheets/x'],
  ['spreadsheets.getByDataFilter', 'POST', '/v4/spreadsheets/x:getByDataFilter'],
  ['spreadsheets.batchUpdate', 'POST', '/v4/spreadsheets/x:batchUpdate'],
  ['spreadsheets.values.get', 'GET', '/v4/spreadsheets/x/values/A1'],
  ['spreadsheets.values.update', 'PUT', '/v4/spreadsheets/x/values/A1'],
  ['spreadsheets.values.append', 'POST', '/v4/spreadsheets/x/values/A1:append'],
  ['spreadsheets.values.clear', 'POST', '/v4/spreadsheets/x/values/A1:clear'],
  ['spreadsheets.values.batchGet', 'GET', '/v4/spreadsheets/x/values:batchGet'],
  ['spreadsheets.values.batchUpdate', 'POST', '/v4/spreadsheets/x/values:batchUpdate'],
  ['spreadsheets.values.batchClear', 'POST', '/v4/spreadsheets/x/values:batchClear'],
  ['spreadsheets.values.batchGetByDataFilter', 'POST', '/v4/spreadsheets/x/values:batchGetByDataFilter'],
  ['spreadsheets.values.batchUpdateByDataFilter', 'POST', '/v4/spreadsheets/x/values:batchUpdateByDataFilter'],
  ['spreadsheets.values.batchClearByDataFilter', 'POST', '/v4/spreadsheets/x/values:batchClearByDataFilter'],
  ['spreadsheets.sheets.copyTo', 'POST', '/v4/spreadsheets/x/sheets/0:copyTo'],
  ['spreadsheets.developerMetadata.get', 'GET', '/v4/spreadsheets/x/developerMetadata/1'],
  ['spreadsheets.developerMetadata.search', 'POST', '/v4/spreadsheets/x/developerMetadata:search'],
  ['drive.about.get', 'GET', '/drive/v3/about'],
  ['drive.changes.list', 'GET', '/drive/v3/changes'],
  ['drive.comments.create', 'POST', '/drive/v3/files/x/comments'],
  ['drive.comments.delete', 'DELETE', '/drive/v3/files/x/comments/y'],
  ['drive.comments.get', 'GET', '/drive/v3/files/x/comments/y'],
  ['drive.comments.list', 'GET', '/drive/v3/files/x/comments'],
  ['drive.comments.update', 'PATCH', '/drive/v3/files/x/comments/y'],
  ['drive.drives.list', 'GET', '/drive/v3/drives'],
  ['drive.files.copy', 'POST', '/drive/v3/files/x/copy'],
  ['drive.files.create', 'POST', '/drive/v3/files'],
  ['drive.files.create (upload)', 'POST', '/upload/drive/v3/files'],
  ['drive.files.delete', 'DELETE', '/drive/v3/files/x'],
  ['drive.files.emptyTrash', 'DELETE', '/drive/v3/files/trash'],
  ['drive.files.export', 'GET', '/drive/v3/files/x/export'],
  ['drive.files.generateIds', 'GET', '/drive/v3/files/generateIds'],
  ['drive.files.get', 'GET', '/drive/v3/files/x'],
  ['drive.files.list', 'GET', '/drive/v3/files'],
  ['drive.files.update', 'PATCH', '/drive/v3/files/x'],
  ['drive.files.update (upload)', 'PATCH', '/upload/drive/v3/files/x'],
  ['drive.files.update (upload, v2)', 'PUT', '/upload/drive/v2/files/x'],
  ['drive.permissions.create', 'POST', '/drive/v3/files/x/permissions'],
  ['drive.permissions.delete', 'DELETE', '/drive/v3/files/x/permissions/y'],
  ['drive.permissions.get', 'GET', '/drive/v3/files/x/permissions/y'],
  ['drive.permissions.list', 'GET', '/drive/v3/files/x/permissions'],
  ['drive.permissions.update', 'PATCH', '/drive/v3/files/x/permissions/y'],
  ['drive.replies.create', 'POST', '/drive/v3/files/x/comments/y/replies'],
  ['drive.replies.delete', 'DELETE', '/drive/v3/files/x/comments/y/replies/z'],
  ['drive.replies.get', 'GET', '/drive/v3/files/x/comments/y/replies/z'],
  ['drive.replies.list', 'GET', '/drive/v3/files/x/comments/y/replies'],
  ['drive.replies.update', 'PATCH', '/drive/v3/files/x/comments/y/replies/z'],
  ['drive.revisions.list', 'GET', '/drive/v3/files/x/revisions'],
];

const DEPARTURES: readonly string[] = [
  'One account: every token is the same owner. Permissions are kept and listed, and nobody is refused by them.',
  'An error inside a batch is told as Google does; the order in which several faults of one request are found may differ.',
  "A range of several cells where one value is wanted, outside ARRAYFORMULA, stands for the cell in the formula's row or column; where there is none it is an array here, and an error in Google.",
  "An array literal or a function's array spreads over operators and functions without ARRAYFORMULA.",
  'QUERY, IMPORT*, GOOGLE* and their likes answer an error that says so; IMAGE and SPARKLINE are blank. GETPIVOTDATA is #REF!.',
  'Texts are ordered as in English in every locale. LINEST and LOGEST of a perfect fit have another F, which is rounding noise in Google.',
  'USER_ENTERED knows the spellings of en_US and de_DE; other locales with a decimal comma are read as de_DE, all others as en_US.',
  'Pivot tables with calculated values, or with filters by date or formula, show an error that says so. Their figures have no number format of the source.',
  'Charts and slicers are stored, checked, moved and deleted; nothing is drawn, and a slicer hides nothing.',
  'Sorting by colour is refused. Conditional formats and banding reach effectiveFormat, table colours do not; the first rule that holds paints alone.',
  "A rule's formula is anchored at the top left of its first range, a filter's at its first data row. A basic filter hides rows when it is set and is not applied again when cells change.",
  'Automatic sizes are estimates, exact for the recorded text. Protection is stored and refuses no edit. BOOLEAN validation does not put FALSE into blank cells.',
  'moveDimension: a range of which only a part moves spans its ends afterwards. Circular references are errors unless iterative calculation is on.',
  'autoFill knows numbers (least squares), counted texts, names of days and months, and formulas; dates move by days.',
  'Export gives CSV and TSV of the first sheet only, by Drive alone (not by the address on docs.google.com); XLSX, PDF and ODS are refused. Uploads must be CSV or TSV.',
  'Drive comments exist for spreadsheets only. commentUpdateState appears only where a batch has requests about comments.',
];

function columns(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(' ');
}

/** Asks the backend for each method and lists what it knows. */
export async function emulatorDocument(): Promise<string> {
  const emulator = createEmulator({ file: ':memory:', clock: systemClock });
  const rows: string[] = [];
  for (const [name, method, path] of METHODS) {
    const init = method === 'GET' || method === 'DELETE' ? { method } : { method, body: '{}' };
    const answer = await (await emulator.fetch(new Request(`http://127.0.0.1${path}`, init))).text();
    const state = answer.includes('Method not found.') ? 'not served' : 'served';
    rows.push(`| \`${name}\` | ${method} | ${state} |`);
  }
  emulator.close();
  const kinds = supportedKinds();
  const functions = functionNames();
  return `# The embedded backend

Generated by \`npm run generate\` from the backend itself. It is a local Google Sheets API: run it alone with \`npm run emulator\` and point any client of Sheets at it; \`npm run replay -- <folder>\` compares it with recordings of Google's answers.

## Methods

| method | | state |
|---|---|---|
${rows.join('\n')}

Paths may have redundant slashes; \`X-HTTP-Method-Override\`, \`fields\` in the spellings \`a.b\`, \`a/b\`, \`a(b,c)\` with wildcards, and \`prettyPrint\` work everywhere; \`npm run emulator\` also compresses its answers.

## Kinds of requests in batchUpdate

${kinds.length} have an effect: ${columns(kinds)}

${DATA_SOURCE_KINDS.length} are refused by name, there being no BigQuery: ${columns(DATA_SOURCE_KINDS)}

## Functions

${functions.length} are computed: ${columns(functions)}

Known and answered with an error that says so: ${columns([...NOT_COMPUTED].sort())}. Blank, as the API gives them: ${columns([...PICTURES].sort())}.

## Known departures from Google

${DEPARTURES.map((one) => `- ${one}`).join('\n')}
`;
}
