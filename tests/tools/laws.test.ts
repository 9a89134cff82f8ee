// What holds of every tool there is, and of each that will be added: how it is named and described, what its schema may
// be, that its hints are true. The table is the public contract.

import { isDeepStrictEqual } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asServalError } from '../../src/errors.ts';
import { TOOLS } from '../../src/tools/index.ts';
import type { JsonSchema } from '../../src/tools/input.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { testApp } from '../support/app.ts';
import { contentOf, openToolBench, type ToolBench } from '../support/tool-bench.ts';
import {
  alternatives,
  denseInputsOf,
  exampleOf,
  inputsOf,
  isSchema,
  placesIn,
  withPart,
} from '../support/tool-inputs.ts';

const CONTRACT: Readonly<Record<string, readonly [Tool['toolset'], Tool['access']]>> = {
  search_spreadsheets: ['core', 'read'],
  describe_spreadsheet: ['core', 'read'],
  read_range: ['core', 'read'],
  find_cells: ['core', 'read'],
  query_rows: ['core', 'read'],
  create_spreadsheet: ['core', 'write'],
  write_range: ['core', 'destroy'],
  append_rows: ['core', 'write'],
  upsert_rows: ['core', 'destroy'],
  clear_range: ['core', 'destroy'],
  batch_update: ['core', 'destroy'],
  undo_write: ['core', 'destroy'],
  get_write: ['core', 'read'],
  add_sheet: ['structure', 'write'],
  update_sheet: ['structure', 'write'],
  delete_sheet: ['structure', 'destroy'],
  insert_dimension: ['structure', 'write'],
  delete_dimension: ['structure', 'destroy'],
  move_dimension: ['structure', 'write'],
  replace_text: ['structure', 'destroy'],
  sort_range: ['structure', 'destroy'],
  set_filter: ['structure', 'write'],
  read_format: ['format', 'read'],
  format_range: ['format', 'write'],
  set_conditional_format: ['format', 'write'],
  set_validation: ['format', 'write'],
  set_chart: ['objects', 'write'],
  set_pivot_table: ['objects', 'write'],
  set_table: ['objects', 'write'],
  set_named_range: ['objects', 'write'],
  set_protection: ['objects', 'write'],
  delete_object: ['objects', 'destroy'],
  list_comments: ['share', 'read'],
  add_comment: ['share', 'write'],
  share_spreadsheet: ['share', 'destroy'],
  export_spreadsheet: ['share', 'read'],
};

const MAX_TITLE = 40;
const MAX_DESCRIPTION = 420;
const MAX_NAME = 20;
const MAX_ABOUT = 140;
/** Of an object whose parts stand in its description. */
const MAX_ABOUT_PARTS = 320;
/** Tokens, four characters each, of the answer to tools/list. */
const BUDGETS = { all: 9_000, core: 4_000 };
const SEED = 36;

const named = TOOLS.map((tool) => [tool.name, tool] as const);

/** Every schema in a schema, with the argument that it is, if it is one. */
function schemasIn(schema: JsonSchema, name = ''): readonly (readonly [string, JsonSchema])[] {
  const parts = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  const inner: readonly (readonly [string, unknown])[] = [
    ...parts,
    ...[schema.items, schema.additionalProperties].map((one) => ['', one] as const),
    ...[schema.anyOf, schema.oneOf, schema.allOf, schema.prefixItems].flatMap((list) =>
      Array.isArray(list) ? list.map((one: unknown) => ['', one] as const) : [],
    ),
  ];
  return [[name, schema], ...inner.flatMap(([key, one]) => (isSchema(one) ? schemasIn(one, key) : []))];
}

/** Where the schema has objects with keys of their own, as `placesIn` names the places. */
function patternsOf(schema: JsonSchema, pattern = ''): readonly string[] {
  return alternatives(schema).flatMap((kind) => {
    const parts = isSchema(kind.properties) ? Object.entries(kind.properties) : [];
    return [
      ...(parts.length > 0 ? [pattern] : []),
      ...parts.flatMap(([key, part]) => (isSchema(part) ? patternsOf(part, `${pattern}.${key}`) : [])),
      ...[kind.items, kind.additionalProperties].flatMap((one) =>
        isSchema(one) ? patternsOf(one, `${pattern}[]`) : [],
      ),
    ];
  });
}

/** Inputs that the tool's schema takes, as they come over the wire. */
function inputsLike(tool: Tool): readonly object[] {
  const likely = fc.sample(inputsOf(tool), { seed: SEED, numRuns: 40 });
  const dense = fc.sample(denseInputsOf(tool), { seed: SEED, numRuns: 100 });
  return [exampleOf(tool), ...likely, ...dense].map((input) => JSON.parse(JSON.stringify(input)));
}

/** The words in which an input is refused; undefined when it is taken. */
function refusalOf(tool: Tool, input: unknown): string | undefined {
  try {
    tool.prepare(input);
    return undefined;
  } catch (thrown) {
    const { code, message, hint } = asServalError(thrown);
    return `${code}: ${message} ${hint}`;
  }
}

describe.each(named)('%s', (name, tool) => {
  const { title, description, toolset, access, annotations, inputSchema, outputSchema, example } = tool;
  const arguments_ = isSchema(inputSchema.properties) ? Object.keys(inputSchema.properties) : [];

  test('is in the contract, with its toolset and access', () => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
    expect([toolset, access]).toEqual(CONTRACT[name]);
    expect(annotations).toMatchObject({ readOnlyHint: access === 'read', destructiveHint: access === 'destroy' });
  });

  test('is told in few words', () => {
    expect(title).toMatch(/^[A-Z][^.]*$/);
    expect(title.length).toBeLessThanOrEqual(MAX_TITLE);
    expect(description).toMatch(/^[A-Z].*[.]$/s);
    expect(description.length).toBeLessThanOrEqual(MAX_DESCRIPTION);
    for (const [argument, schema] of schemasIn(inputSchema)) {
      const { description: about = '' } = schema;
      const compound = alternatives(schema).some(({ type }) => type === 'object');
      expect(argument).toMatch(/^[a-z]*([A-Z][a-z]*)*$/);
      expect(argument.length, argument).toBeLessThanOrEqual(MAX_NAME);
      expect(String(about).length, `${argument}: ${about}`).toBeLessThanOrEqual(compound ? MAX_ABOUT_PARTS : MAX_ABOUT);
    }
  });

  test('has schemas that every client understands, strict at every level', () => {
    for (const schema of [inputSchema, outputSchema]) {
      expect(schema.type).toBe('object');
      for (const choice of ['anyOf', 'oneOf', 'allOf']) expect(schema).not.toHaveProperty(choice);
      expect(JSON.stringify(schema)).not.toMatch(/"\$(ref|defs|schema)"/);
    }
    for (const [argument, schema] of schemasIn(inputSchema)) {
      if (schema.type !== 'object') continue;
      const { properties, additionalProperties: others } = schema;
      if (isSchema(properties)) expect(others, `${argument || 'the input'} takes unknown keys`).toBe(false);
      else expect(isSchema(others), `${argument} is neither an object with keys nor a record`).toBe(true);
    }
  });

  test('takes what all tools of its access take', () => {
    const local = isSchema(outputSchema.properties) && !('source' in outputSchema.properties);
    expect(arguments_.includes('idempotencyKey')).toBe(access !== 'read');
    expect(arguments_.includes('fresh')).toBe(access === 'read' && !local);
    if (access === 'read') expect(arguments_).not.toContain('dryRun');
  });

  test('has an example that it takes', () => {
    expect(refusalOf(tool, example)).toBeUndefined();
  });

  test('refuses an unknown key anywhere, and names those it knows', () => {
    const told = new Set<string>();
    for (const input of inputsLike(tool)) {
      const taken = refusalOf(tool, input) === undefined;
      for (const { path, pattern, value, kind } of placesIn(input, inputSchema)) {
        const known = isSchema(kind.properties) ? Object.keys(kind.properties) : [];
        if (known.length === 0) continue;
        const refusal = refusalOf(tool, withPart(input, path, { ...value, unknownKey: 1 }));
        expect(refusal, `${name} took an unknown key at ${pattern || 'the top'}`).toMatch(/^invalid_argument: /);
        const named = known.every((key) => refusal?.includes(key));
        if (named) told.add(pattern);
        // Of several faults of an input only the first are told.
        if (taken) expect(named, `${known.join(', ')} in ${refusal}`).toBe(true);
      }
    }
    expect([...told].sort()).toEqual([...new Set(patternsOf(inputSchema))].sort());
  });

  test('takes JSON text for a list or an object, at any depth', () => {
    for (const input of inputsLike(tool).filter((one) => refusalOf(tool, one) === undefined)) {
      const { args } = tool.prepare(input);
      for (const { path, pattern, value, schema } of placesIn(input, inputSchema)) {
        if (path.length === 0 || alternatives(schema).some(({ type }) => type !== 'object' && type !== 'array'))
          continue;
        const asText = withPart(input, path, JSON.stringify(value));
        expect(tool.prepare(asText).args, `${pattern} of ${name} as text`).toEqual(args);
      }
    }
  });
});

describe('hints, by really calling', () => {
  let bench: ToolBench;
  beforeAll(async () => {
    bench = await openToolBench();
  });
  afterAll(() => bench.end());

  /** Calls with inputs like the example until one changes something; its input, filled. */
  async function applied(tool: Tool): Promise<object> {
    const refusals: string[] = [];
    for (const input of [exampleOf(tool), ...fc.sample(inputsOf(tool), { seed: SEED, numRuns: 40 })]) {
      await bench.renew();
      const filled = await bench.fill(input);
      const before = contentOf(await bench.look());
      const { text } = await bench.call(tool.name, filled);
      if (!isDeepStrictEqual(contentOf(await bench.look()), before)) return filled;
      refusals.push(text);
    }
    throw new Error(`no input changes anything: ${refusals.slice(0, 3).join('\n')}`);
  }

  test.each(named.filter(([, { access }]) => access !== 'read'))('%s', async (name, tool) => {
    const { idempotencyKey: _, ...input } = { idempotencyKey: undefined, ...(await applied(tool)) };
    const once = contentOf(await bench.look());
    const { status } = await bench.call(name, input);
    const twice = contentOf(await bench.look());
    const neutral = isDeepStrictEqual(twice, once);
    process.stdout.write(
      `${name.padEnd(23)} says ${tool.annotations.idempotentHint ? '' : 'not '}idempotent; the second call was answered ` +
        `${status} and changed ${neutral ? 'nothing' : 'something'}\n`,
    );
    if (tool.annotations.idempotentHint) expect(twice).toEqual(once);
  });

  test.each(named.filter(([, { access }]) => access === 'read'))('%s changes nothing', async (name, tool) => {
    await bench.renew();
    const input = await bench.fill(exampleOf(tool));
    const before = await bench.look();
    const { status, text } = await bench.call(name, input);
    expect([status, text]).toEqual([200, expect.any(String)]);
    expect(await bench.look()).toBe(before);
  });
});

test('tools/list stays within its budget', async () => {
  const app = await testApp({ TOOLSETS: 'all' });
  const client = new Client({ name: 'laws', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  const fetch = (url: string | URL, init?: RequestInit) => app.fetch(new Request(url, init));
  await client.connect(new StreamableHTTPClientTransport(new URL('http://127.0.0.1/mcp'), { fetch }));
  const { tools } = await client.listTools();
  await client.close();
  expect(tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
  const tokensOf = (list: readonly object[]) => Math.ceil(JSON.stringify(list).length / 4);
  const core = tools.filter(({ name }) => CONTRACT[name]?.[0] === 'core');
  expect(tokensOf(tools)).toBeLessThanOrEqual(BUDGETS.all);
  expect(tokensOf(core)).toBeLessThanOrEqual(BUDGETS.core);
});
