// What a tool is. One definition yields every face of it; outside, a tool is `call(unknown, context)`.

import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { invalid } from '../errors.ts';
import type { Sheets } from '../sheets/sheets.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;
export type Answer = Readonly<Record<string, unknown>>;

export interface ToolContext {
  readonly sheets: Sheets;
}

/** What a call is given: the verbs, for reads that may be answered from memory or must not. */
export interface CallContext {
  readonly sheetsFor: (fresh: boolean) => Sheets;
}

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly toolset: 'core' | 'structure' | 'format' | 'objects' | 'share';
  readonly access: 'read' | 'write' | 'destroy';
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: true;
  };
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  /** Arguments that validate, for documents. */
  readonly example: Answer;
  /** Refuses bad input with `invalid_argument` before anything is sent. */
  call(input: unknown, context: CallContext): Promise<Answer>;
}

interface Definition<I extends z.ZodObject, O extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly toolset: Tool['toolset'];
  readonly access: Tool['access'];
  /** Repeating the same call changes nothing more. */
  readonly idempotent: boolean;
  readonly input: I;
  readonly output: O;
  readonly example: z.input<I>;
  /** Of a read without where it came from, which is added to its answer. */
  run(input: z.output<I>, context: ToolContext): Promise<z.input<O>>;
}

export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(definition: Definition<I, O>): Tool {
  const { name, title, description, toolset, access, idempotent, input, output, example, run } = definition;
  const inputSchema = jsonSchema(input, 'input');
  return {
    name,
    title,
    description,
    toolset,
    access,
    annotations: {
      readOnlyHint: access === 'read',
      destructiveHint: access === 'destroy',
      idempotentHint: idempotent,
      openWorldHint: true,
    },
    inputSchema,
    outputSchema: jsonSchema(access === 'read' ? output.extend(provenance) : output, 'output'),
    example,
    call: async (given, { sheetsFor }) => {
      const parsed = input.safeParse(unwrapStrings(given ?? {}, inputSchema));
      if (!parsed.success) throw refusal(name, parsed.error.issues, Object.keys(input.shape));
      const sheets = sheetsFor('fresh' in parsed.data && parsed.data.fresh === true);
      const answer = await run(parsed.data, { sheets });
      return access === 'read' ? { ...answer, ...sheets.source() } : answer;
    },
  };
}

function jsonSchema(schema: z.ZodObject, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return rest;
}

/**
 * Some clients send arrays and objects as JSON text. Where the schema wants one and no string would do, such a text
 * is taken for what it holds; anything else is left for validation to refuse.
 */
function unwrapStrings(value: unknown, schema: JsonSchema): unknown {
  const alternatives = [schema, ...schemas(schema.anyOf)];
  const wants = (type: string) => alternatives.some((one) => one.type === type);
  if (typeof value === 'string') {
    if (wants('string') || !(wants('array') || wants('object')) || !/^\s*[[{]/.test(value)) return value;
    try {
      return unwrapStrings(JSON.parse(value), schema);
    } catch {
      return value;
    }
  }
  if (Array.isArray(value)) {
    const items = alternatives.find((one) => one.type === 'array')?.items;
    return isSchema(items) ? value.map((item) => unwrapStrings(item, items)) : value;
  }
  if (typeof value === 'object' && value !== null) {
    const properties = alternatives.find((one) => one.type === 'object')?.properties;
    if (!isSchema(properties)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        const property = properties[key];
        return [key, isSchema(property) ? unwrapStrings(item, property) : item];
      }),
    );
  }
  return value;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function schemas(value: unknown): JsonSchema[] {
  return Array.isArray(value) ? value.filter(isSchema) : [];
}

/** Issues told in one answer; the others are counted. */
const MAX_ISSUES = 5;

function refusal(tool: string, issues: readonly z.core.$ZodIssue[], known: readonly string[]) {
  const told = issues.slice(0, MAX_ISSUES).map((issue) => describeIssue(issue, known));
  const rest = issues.length - told.length;
  return invalid(
    `${tool}: ${told.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`,
    `Arguments of ${tool}: ${known.join(', ')}.`,
  );
}

function describeIssue(issue: z.core.$ZodIssue, known: readonly string[]): string {
  const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const where = path.replace(/^\./, '') || 'the arguments';
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => {
      const nearest = path === '' && known.length > 0 ? closest(key, [...known]) : undefined;
      const near = nearest !== undefined && distance(key, nearest) <= key.length / 2;
      return `${JSON.stringify(key)}${near ? ` (did you mean ${JSON.stringify(nearest)}?)` : ''}`;
    });
    return `unknown key ${names.join(', ')}${path === '' ? '' : ` in ${where}`}`;
  }
  return `${where}: ${issue.message.replace(/^Invalid input: /, '')}`;
}

/** Where the answer of a read came from. */
const provenance = {
  source: z.enum(['live', 'cache', 'stale']).describe('stale: Google could not be asked'),
  ageMs: z.number().int().optional().describe('Absent for live'),
};

/** Arguments that many tools share. */
export const fresh = z.boolean().optional().describe('Ask Google, whatever is in memory');
export const spreadsheet = z.string().min(1).describe('Id or URL of the spreadsheet');
export const sheet = z
  .union([z.string().min(1), z.number().int().min(0).max(2_147_483_647)])
  .describe('Title or id of the sheet');
export const cell = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.strictObject({ formula: z.string().min(2) }),
]);
export const warnings = z.array(z.string()).optional();
