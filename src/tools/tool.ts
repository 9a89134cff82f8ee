// What a tool is. One definition yields every face of it; outside, a tool is `prepare(unknown)` and what that returns.

import { z } from 'zod';
import { invalid } from '../errors.ts';
import { parseSpreadsheetId } from '../sheets/metadata.ts';
import type { Sheets } from '../sheets/sheets.ts';
import type { Cell } from '../sheets/values.ts';
import type { StoredWrite } from '../store/writes.ts';
import { cut, nearest, shown } from '../words.ts';
import { type JsonSchema, pathText, prepared } from './input.ts';

export type Answer = Readonly<Record<string, unknown>>;

export interface ToolContext {
  readonly sheets: Sheets;
  /** The caller's writes, by id. */
  readonly writes: { get(id: string): StoredWrite | undefined };
  /** Writes that are queued for a spreadsheet. */
  readonly pendingWrites: (spreadsheet: string) => number;
}

/** A call whose input is right. */
export interface PreparedCall {
  /** As given, without the idempotency key: what a queued write is made of again. */
  readonly args: Answer;
  readonly idempotencyKey: string | undefined;
  /** Id of the spreadsheet that the call is about. */
  readonly spreadsheet: string | undefined;
  readonly fresh: boolean;
  run(context: ToolContext): Promise<Answer>;
}

/** What holds of a write whose answer is lost. */
export interface Guarantee {
  readonly level: 'exactly once' | 'at most once';
  readonly exception?: string;
  /** What to look at when the answer is `outcome_unknown`. */
  readonly unsure: string;
}

const EXACTLY_ONCE: Guarantee = {
  level: 'exactly once',
  unsure: 'get_write with its writeId: it is found out behind the answer',
};

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
  /** Kept and made later when Google cannot be asked. */
  readonly queueable: boolean;
  /** Of writes. */
  readonly guarantee: Guarantee | undefined;
  /** Refuses bad input with `invalid_argument` before anything is sent. */
  prepare(input: unknown): PreparedCall;
}

interface Definition<I extends z.ZodObject, O extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly toolset: Tool['toolset'];
  readonly access: Tool['access'];
  /** Repeating the same call changes nothing more. */
  readonly idempotent: boolean;
  /** Of writes: default false, and exactly once. */
  readonly queueable?: boolean;
  readonly guarantee?: Guarantee;
  /** Of reads: nothing of it comes from Google. */
  readonly local?: boolean;
  readonly input: I;
  readonly output: O;
  readonly example: z.input<I>;
  /** Of a read without where it came from, of a write without its id: these are added to its answer. */
  run(input: z.output<I>, context: ToolContext): Promise<z.input<O>>;
}

export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(definition: Definition<I, O>): Tool {
  const { name, title, description, toolset, access, idempotent, input, output, example, run } = definition;
  const { queueable = false, guarantee, local = false } = definition;
  const write = access !== 'read';
  const taken = write ? input.extend({ idempotencyKey }) : input;
  const inputSchema = jsonSchema(taken, 'input');
  const known = Object.keys(taken.shape);
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
    outputSchema: jsonSchema(output.extend(write ? identity : local ? {} : provenance), 'output'),
    example,
    queueable,
    guarantee: write ? (guarantee ?? EXACTLY_ONCE) : undefined,
    prepare: (given) => {
      const [key, args] = keyApart(prepared(given, inputSchema), write);
      wrongCells = 0;
      const wrongKey = key === undefined ? undefined : idempotencyKey.safeParse(key).error;
      const parsed = input.safeParse(args);
      if (!parsed.success || wrongKey) {
        const issues = [...(parsed.error?.issues ?? []), ...(wrongKey?.issues ?? []).map(aboutKey)];
        throw refusal(name, issues, known);
      }
      const spreadsheet = spreadsheetOf(parsed.data);
      return {
        args: { ...(args as object) }, // it was validated
        idempotencyKey: key === undefined ? undefined : String(key),
        spreadsheet,
        fresh: 'fresh' in parsed.data && parsed.data.fresh === true,
        run: async (context) => {
          const answer = await run(parsed.data, context);
          if (write || local) return answer;
          const pendingWrites = spreadsheet === undefined ? 0 : context.pendingWrites(spreadsheet);
          return { ...answer, ...context.sheets.source(), ...(pendingWrites > 0 && { pendingWrites }) };
        },
      };
    },
  };
}

/** The key of a write, and the arguments without it; a read takes none and is refused for one. */
function keyApart(given: unknown, write: boolean): [key: unknown, args: unknown] {
  if (!write || typeof given !== 'object' || given === null || !('idempotencyKey' in given)) return [undefined, given];
  const { idempotencyKey: key, ...args } = given;
  return [key, args];
}

function aboutKey(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  return { ...issue, path: ['idempotencyKey', ...issue.path] };
}

/** Undefined also for what is no id: the verbs refuse that in words. */
function spreadsheetOf(args: object): string | undefined {
  if (!('spreadsheet' in args) || typeof args.spreadsheet !== 'string') return undefined;
  try {
    return parseSpreadsheetId(args.spreadsheet);
  } catch {
    return undefined;
  }
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
  pendingWrites: z.number().int().optional().describe('Writes that are queued and not in these cells yet'),
};

/** What every write answers beside its own. */
const identity = { writeId: z.string().describe('For get_write') };

/** The answer of a write that is kept and made later. */
export const queuedSchema = jsonSchema(
  z.strictObject({
    status: z.literal('queued'),
    writeId: z.string(),
    position: z.number().int().describe('Among the queued writes of its spreadsheet'),
  }),
  'output',
);

/** Longer than any id that is in use for this. */
const MAX_KEY = 200;
const idempotencyKey = z
  .string()
  .min(1)
  .max(MAX_KEY)
  .optional()
  .describe('Repeating a call with its key never writes twice');

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
