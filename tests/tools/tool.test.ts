// What every tool does with its input: JSON text is unwrapped where it can only be meant so, the rest is refused in words.

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ServalError } from '../../src/errors.ts';
import type { Sheets } from '../../src/sheets/sheets.ts';
import { cell, defineTool, type ToolContext } from '../../src/tools/tool.ts';

const echo = defineTool({
  name: 'echo',
  title: 'Echo',
  description: 'Answers its input.',
  toolset: 'core',
  access: 'write',
  idempotent: true,
  input: z.strictObject({
    spreadsheet: z.string(),
    list: z.array(z.string()).optional(),
    record: z.strictObject({ name: z.string(), tags: z.array(z.string()).optional() }).optional(),
    either: z.union([z.string(), z.array(z.string())]).optional(),
    count: z.number().int().min(1).default(1),
    flag: z.boolean().optional(),
    rows: z.array(z.union([z.array(cell), z.record(z.string(), cell)])).optional(),
    writes: z.array(z.strictObject({ range: z.string(), values: z.array(z.array(cell)) })).optional(),
  }),
  output: z.strictObject({ input: z.unknown() }),
  example: { spreadsheet: 'x' },
  run: async (input) => ({ input }),
});

/** The tool answers by itself; nothing of the context is used. */
const context: ToolContext = {
  sheets: { source: () => ({ source: 'live' }) } as Sheets,
  writes: { get: () => undefined, image: () => undefined },
  pendingWrites: () => 0,
  query: async () => ({ kind: 'missing', names: [] }),
  reach: () => 'all',
};

async function taken(input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const answer = await echo.prepare({ spreadsheet: 's', ...input }).run(context);
  const { spreadsheet: _, count: __, ...rest } = answer.input as Record<string, unknown>;
  return rest;
}

async function refused(input: unknown): Promise<ServalError> {
  try {
    echo.prepare(input);
  } catch (thrown) {
    if (thrown instanceof ServalError) return thrown;
    throw thrown;
  }
  throw new Error(`not refused: ${JSON.stringify(input)}`);
}

describe('JSON text', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['an array', { list: '["a","b"]' }, { list: ['a', 'b'] }],
    ['an array, blanks around it', { list: ' \n["a"] ' }, { list: ['a'] }],
    ['an object', { record: '{"name":"n"}' }, { record: { name: 'n' } }],
    [
      'an array in an object in text',
      { record: '{"name":"n","tags":"[\\"t\\"]"}' },
      { record: { name: 'n', tags: ['t'] } },
    ],
    ['an array in an object', { record: { name: '[1]', tags: '["t"]' } }, { record: { name: '[1]', tags: ['t'] } }],
    [
      'items of an array',
      { writes: ['{"range":"A1","values":"[[1]]"}'] },
      { writes: [{ range: 'A1', values: [[1]] }] },
    ],
    [
      'rows of an array',
      { writes: [{ range: 'A1', values: ['["[x]", null]'] }] },
      { writes: [{ range: 'A1', values: [['[x]', null]] }] },
    ],
    ['an array or a record', { rows: ['["a"]', '{"Name":"b"}'] }, { rows: [['a'], { Name: 'b' }] }],
  ])('is unwrapped where the schema wants %s', async (_, input, expected) => {
    expect(await taken(input)).toEqual(expected);
  });

  test.each<[string, Record<string, unknown>]>([
    ['the schema takes a text too', { either: '["a"]' }],
    ['the schema wants a text', { list: ['["a"]'] }],
    ['a cell holds it', { writes: [{ range: '[1]', values: [['[1]', '{"formula":"=A1"}']] }] }],
    ['a cell of a record holds it', { rows: [{ Name: '{"a":1}', List: '[1]' }] }],
  ])('is left as it is where %s', async (_, input) => {
    expect(await taken(input)).toEqual(input);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['is broken', { list: '["a"' }, 'list: expected array, received string'],
    ['is of another kind', { list: '{"a":1}' }, 'list: expected array, received object'],
    ['is no array or object', { list: '"a"' }, 'list: expected array, received string'],
    ['stands for a number', { count: '3' }, 'count: expected number, received string'],
    ['stands for a boolean', { flag: 'true' }, 'flag: expected boolean, received string'],
  ])('that %s is refused', async (_, input, words) => {
    expect((await refused({ spreadsheet: 's', ...input })).message).toBe(`echo: ${words}.`);
  });
});

describe('a choice of objects', () => {
  const tags = z.array(z.string()).optional();
  const choose = defineTool({
    name: 'choose',
    title: 'Choose',
    description: 'Answers its input.',
    toolset: 'core',
    access: 'read',
    idempotent: true,
    local: true,
    input: z.strictObject({
      rule: z
        .discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('list'), values: z.array(z.string()) }),
          z.strictObject({ kind: z.literal('range'), limits: z.strictObject({ tags }) }),
        ])
        .optional(),
      place: z.union([z.strictObject({ row: z.number() }), z.strictObject({ column: z.number(), tags })]).optional(),
      byName: z.record(z.string(), z.strictObject({ tags })).optional(),
    }),
    output: z.strictObject({ input: z.unknown() }),
    example: {},
    run: async (input) => ({ input }),
  });

  test.each<[string, object, object]>([
    [
      'told apart by a key',
      { rule: '{"kind":"list","values":"[\\"a\\"]"}' },
      { rule: { kind: 'list', values: ['a'] } },
    ],
    [
      'told apart by a key, deeper',
      { rule: { kind: 'range', limits: '{"tags":"[\\"t\\"]"}' } },
      { rule: { kind: 'range', limits: { tags: ['t'] } } },
    ],
    ['told apart by what they have', { place: { column: 1, tags: '["t"]' } }, { place: { column: 1, tags: ['t'] } }],
    ['in a record', { byName: { a: '{"tags":["t"]}' } }, { byName: { a: { tags: ['t'] } } }],
    ['in a record, deeper', { byName: { a: { tags: '["t"]' } } }, { byName: { a: { tags: ['t'] } } }],
  ])('%s is unwrapped from JSON text', async (_, input, expected) => {
    expect((await choose.prepare(input).run(context)).input).toEqual(expected);
  });

  test.each<[string, object, string]>([
    [
      'that a key tells apart',
      { rule: { kind: 'range', limits: {}, values: [] } },
      'unknown key "values" in rule, which takes kind, limits',
    ],
    [
      'that a key tells apart, deeper',
      { rule: { kind: 'range', limits: { tag: [] } } },
      'unknown key "tag" (did you mean "tags"?) in rule.limits, which takes tags',
    ],
    ['without such a key', { place: { row: 1, x: 2 } }, 'unknown key "x" in place, which takes row, column, tags'],
    ['in a record', { byName: { a: { zzzzzz: 1 } } }, 'unknown key "zzzzzz" in byName.a, which takes tags'],
  ])('%s: an unknown key is told with those that it takes', (_, input, words) => {
    expect(() => choose.prepare(input)).toThrow(`choose: ${words}.`);
  });
});

describe('a refusal', () => {
  test('of an unknown key names the nearest, and all arguments', async () => {
    const error = await refused({ spreadsheet: 's', recrod: {} });
    expect(error.code).toBe('invalid_argument');
    expect(error.message).toBe('echo: unknown key "recrod" (did you mean "record"?).');
    expect(error.hint).toBe(
      'Arguments of echo: spreadsheet, list, record, either, count, flag, rows, writes, idempotencyKey.',
    );
  });

  test('of a key like no other makes no guess', async () => {
    expect((await refused({ spreadsheet: 's', zzzzzz: 1 })).message).toBe('echo: unknown key "zzzzzz".');
  });

  test('of an unknown key deeper says where, and which there are, without a guess from above', async () => {
    const error = await refused({ spreadsheet: 's', writes: [{ range: 'A1', values: [], rows: 'B1', record: 1 }] });
    expect(error.message).toBe('echo: unknown key "rows", "record" in writes[0], which takes range, values.');
  });

  test('tells several faults in one answer', async () => {
    const error = await refused({ list: 1, count: 0, flag: 'x', recrod: 1, foo: 2 });
    expect(error.message).toBe(
      'echo: spreadsheet: expected string, received undefined; list: expected array, received number; ' +
        'count: Too small: expected number to be >=1; flag: expected boolean, received string; ' +
        'unknown key "recrod" (did you mean "record"?), "foo".',
    );
  });

  test('tells of what is of another kind nothing but that', async () => {
    const bounded = defineTool({
      name: 'bounded',
      title: 'Bounded',
      description: 'Answers nothing.',
      toolset: 'core',
      access: 'read',
      idempotent: true,
      input: z.strictObject({ list: z.array(z.string().min(1)).max(2) }),
      output: z.strictObject({}),
      example: { list: [] },
      run: async () => ({}),
    });
    expect(() => bounded.prepare({ list: 'abc' })).toThrow('bounded: list: expected array, received string.');
    expect(() => bounded.prepare({ list: [[]] })).toThrow('bounded: list[0]: expected string, received array.');
  });

  test('counts the faults beyond the fifth', async () => {
    const list = Array.from({ length: 9 }, (_, index) => index);
    const { message } = await refused({ spreadsheet: 's', list });
    expect(message).toContain('list[4]: expected string, received number; and 4 more.');
    expect(message).not.toContain('list[5]');
  });

  test.each([[undefined], [null]])('of %j names what is missing', async (input) => {
    expect((await refused(input)).message).toBe('echo: spreadsheet: expected string, received undefined.');
  });

  test.each([[[]], ['text'], [3]])('of %j as the arguments is told', async (input) => {
    expect((await refused(input)).message).toMatch(/^echo: the arguments: expected object, received /);
  });

  test('comes before the tool runs', async () => {
    let ran = false;
    const tool = defineTool({
      name: 'runs',
      title: 'Runs',
      description: 'Runs.',
      toolset: 'core',
      access: 'read',
      idempotent: true,
      input: z.strictObject({ n: z.number() }),
      output: z.strictObject({}),
      example: { n: 1 },
      run: async () => {
        ran = true;
        return {};
      },
    });
    expect(() => tool.prepare({})).toThrow('runs: n: expected number');
    expect(ran).toBe(false);
    await tool.prepare({ n: 1 }).run(context);
    expect(ran).toBe(true);
  });
});

test.each([
  ['read', true, false],
  ['write', false, false],
  ['destroy', false, true],
] as const)('access %s: readOnlyHint %s, destructiveHint %s', (access, readOnlyHint, destructiveHint) => {
  const tool = defineTool({
    name: 'n',
    title: 'Title',
    description: 'd',
    toolset: 'core',
    access,
    idempotent: false,
    input: z.strictObject({ n: z.number().default(1) }),
    output: z.strictObject({ out: z.string() }),
    example: {},
    run: async () => ({ out: '' }),
  });
  expect(tool.annotations).toMatchObject({ readOnlyHint, destructiveHint, idempotentHint: false, openWorldHint: true });
  expect(tool.inputSchema).toEqual({
    type: 'object',
    properties: {
      n: { type: 'number', default: 1 },
      ...(access !== 'read' && { idempotencyKey: expect.objectContaining({ type: 'string', maxLength: 200 }) }),
    },
    additionalProperties: false,
  });
  expect(tool.outputSchema).toMatchObject({
    type: 'object',
    required: access === 'read' ? ['out', 'source'] : ['out', 'writeId'],
  });
});
