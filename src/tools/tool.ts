// What a tool is. One definition yields every face of it; outside, a tool is `call(unknown, context)`.

import { z } from 'zod';
import { invalid } from '../errors.ts';
import type { Sheets } from '../sheets/sheets.ts';
import type { Cell } from '../sheets/values.ts';
import { cut, nearest, shown } from '../words.ts';
import { type JsonSchema, pathText, prepared } from './input.ts';

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
      const ready = prepared(given, inputSchema);
      wrongCells = 0;
      const parsed = input.safeParse(ready);
      if (!parsed.success) throw refusal(name, parsed.error.issues, Object.keys(input.shape));
      const sheets = sheetsFor('fresh' in parsed.data && parsed.data.fresh === true);
      const answer = await run(parsed.data, { sheets });
      return access === 'read' ? { ...answer, ...sheets.source() } : answer;
    },
  };
}

function jsonSchema(schema: z.ZodObject, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' });
  return rest;
}

/** Issues told in one answer; the others are counted. */
const MAX_ISSUES = 5;

function refusal(tool: string, issues: readonly z.core.$ZodIssue[], known: readonly string[]) {
  const told = issues.slice(0, MAX_ISSUES).map((issue) => describeIssue(issue, known));
  const rest = wrongCells > MAX_WRONG_CELLS ? 'many' : issues.length - told.length;
  return invalid(
    `${tool}: ${told.join('; ')}${rest === 0 ? '' : `; and ${rest} more`}.`,
    `Arguments of ${tool}: ${known.join(', ')}.`,
  );
}

function describeIssue(issue: z.core.$ZodIssue, known: readonly string[]): string {
  const where = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.slice(0, MAX_ISSUES).map((key) => {
      const meant = where === '' ? nearest(key, known) : undefined;
      return `${shown(key)}${meant === undefined ? '' : ` (did you mean ${JSON.stringify(meant)}?)`}`;
    });
    const rest = issue.keys.length - names.length;
    return `unknown key ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}${where === '' ? '' : ` in ${cut(where)}`}`;
  }
  // Of several kinds the one that was meant is the one whose fault lies deeper.
  const meant =
    issue.code === 'invalid_union' ? issue.errors.find(([first]) => (first?.path.length ?? 0) > 0)?.[0] : undefined;
  if (meant) return describeIssue({ ...meant, path: [...issue.path, ...meant.path] }, known);
  return `${cut(where) || 'the arguments'}: ${issue.message.replace(/^Invalid input: /, '')}`;
}

/** Where the answer of a read came from. */
const provenance = {
  source: z.enum(['live', 'cache', 'stale']).describe('stale: Google could not be asked'),
  ageMs: z.number().int().optional().describe('Absent for live'),
};

/** Longer than any name or range that Sheets takes, short enough to be looked for among all there are. */
export const MAX_NAME = 500;
/** Drive's page tokens are the longest. */
export const MAX_CURSOR = 5_000;

/** Arguments that many tools share. */
export const fresh = z.boolean().optional().describe('Ask Google, whatever is in memory');
export const spreadsheet = z.string().min(1).max(2_000).describe('Id or URL of the spreadsheet');
export const sheet = z
  .union([z.string().min(1).max(MAX_NAME), z.number().int().min(0).max(2_147_483_647)], {
    error: 'expected the title or the id of a sheet',
  })
  .describe('Title or id of the sheet');

const cellKinds = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.strictObject({ formula: z.string().min(2) }),
]);
const { $schema: _, ...cellSchema } = z.toJSONSchema(cellKinds);

/**
 * Wrong cells that the validation under way, which is synchronous, has told. It tells no more than a few, since each
 * costs a thousand times what a right one does: the call is refused all the same.
 */
let wrongCells = 0;
const MAX_WRONG_CELLS = 100;

function isCell(value: unknown): boolean {
  const right =
    typeof value === 'string' ||
    (typeof value === 'number' && Number.isFinite(value)) ||
    typeof value === 'boolean' ||
    value === null ||
    isFormula(value);
  return right || ++wrongCells > MAX_WRONG_CELLS;
}

function isFormula(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return false;
  return 'formula' in value && typeof value.formula === 'string' && value.formula.length > 1;
}

export const cell = z
  .custom<Cell>(isCell, { error: 'expected text, a number, true or false, null, or { "formula": "=..." }' })
  .meta(cellSchema);
export const warnings = z.array(z.string()).optional();
