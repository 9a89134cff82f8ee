// What a tool is. One definition yields every face of it; outside, a tool is `prepare(unknown)` and what that returns.

import { z } from 'zod';
import type { Query } from '../query/engine.ts';
import type { Reply } from '../query/messages.ts';
import type { Image } from '../sheets/images.ts';
import { parseSpreadsheetId } from '../sheets/metadata.ts';
import type { Sheets } from '../sheets/sheets.ts';
import type { Cell } from '../sheets/values.ts';
import type { StoredWrite } from '../store/write-store.ts';
import { type JsonSchema, keysAt, prepared } from './input.ts';
import { refusal } from './refusal.ts';

export type Answer = Readonly<Record<string, unknown>>;

export interface ToolContext {
  readonly sheets: Sheets;
  /** The caller's writes, by id. */
  readonly writes: {
    get(id: string): StoredWrite | undefined;
    /** What that write replaced, where it was kept. */
    image(id: string): Image | undefined;
  };
  /** Writes that are queued for a spreadsheet. */
  readonly pendingWrites: (spreadsheet: string) => number;
  /** Runs SQL in a worker, for as long as the caller waits. */
  readonly query: (query: Query) => Promise<Reply>;
  /** Which files searches find: those that this server created, or all that the account may see; undefined: not known. */
  readonly reach: () => 'own' | 'all' | undefined;
}

/** A call whose input is right. */
export interface PreparedCall {
  /** As given, without the idempotency key: what a queued write is made of again. */
  readonly args: Answer;
  readonly idempotencyKey: string | undefined;
  /** Id of the spreadsheet that the call is about. */
  readonly spreadsheet: string | undefined;
  readonly fresh: boolean;
  /** Nothing is to be written: the answer says what would be. */
  readonly dryRun: boolean;
  /** A write that the call is about; its spreadsheet is the call's. */
  readonly about: string | undefined;
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
  /** What it replaces is kept for undo_write. */
  readonly undoable: boolean;
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
  readonly undoable?: boolean;
  /** Of writes: takes `dryRun`, and answers exactly what the write would. */
  readonly rehearsable?: boolean;
  /** Of writes: the write that the call is about, in place of a spreadsheet. */
  readonly about?: (input: z.output<I>) => string;
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
  const { queueable = false, guarantee, undoable = false, rehearsable = false, about, local = false } = definition;
  const write = access !== 'read';
  const full = write ? input.extend({ idempotencyKey }) : input;
  const taken = rehearsable ? full.extend({ dryRun }) : full;
  const inputSchema = jsonSchema(taken, 'input');
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
    outputSchema: jsonSchema(
      output.extend(rehearsable ? identity.partial().shape : write ? identity.shape : local ? {} : provenance),
      'output',
    ),
    example,
    queueable,
    undoable,
    guarantee: write ? (guarantee ?? EXACTLY_ONCE) : undefined,
    prepare: (given) => {
      const [own, rest] = apart(prepared(given, inputSchema), write ? ['idempotencyKey'] : []);
      const [{ dryRun: wanted }, args] = apart(rest, rehearsable ? ['dryRun'] : []);
      const key = own.idempotencyKey;
      wrongCells = 0;
      const wrongs = { idempotencyKey: idempotencyKey.safeParse(key).error, dryRun: dryRun.safeParse(wanted).error };
      const parsed = input.safeParse(args);
      const others = Object.entries(wrongs).flatMap(([at, wrong]) =>
        (wrong?.issues ?? []).map((issue) => ({ ...issue, path: [at, ...issue.path] })),
      );
      if (!parsed.success || others.length > 0) {
        const keysOf = (path: readonly PropertyKey[]) => keysAt(inputSchema, args, path);
        throw refusal(name, [...(parsed.error?.issues ?? []), ...others], keysOf, wrongCells > MAX_WRONG_CELLS);
      }
      const spreadsheet = spreadsheetOf(parsed.data);
      return {
        args: { ...(args as object) }, // it was validated
        idempotencyKey: key === undefined ? undefined : String(key),
        spreadsheet,
        fresh: 'fresh' in parsed.data && parsed.data.fresh === true,
        dryRun: wanted === true,
        about: about?.(parsed.data),
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

/** The arguments of those names, which say how the call is made, and the others, which say what. */
function apart(given: unknown, names: readonly string[]): [own: Readonly<Record<string, unknown>>, args: unknown] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return [{}, given];
  const isOwn = ([name]: [string, unknown]) => names.includes(name);
  const entries = Object.entries(given);
  return [Object.fromEntries(entries.filter(isOwn)), Object.fromEntries(entries.filter((entry) => !isOwn(entry)))];
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

/** Where the answer of a read came from. */
const provenance = {
  source: z.enum(['live', 'cache', 'stale']).describe('stale: Google could not be asked'),
  ageMs: z.number().int().optional().describe('Absent for live'),
  pendingWrites: z.number().int().optional().describe('Writes that are queued and not in these cells yet'),
};

/** What every write answers beside its own; a dry run has none. */
const identity = z.object({ writeId: z.string().describe('For get_write') });

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

const dryRun = z.boolean().optional().describe('Only tell what would change');
/** How a write ended, or would end. */
export const status = z.enum(['applied', 'unchanged', 'dry_run']);

/** Longer than any name or range that Sheets takes, short enough to be looked for among all there are. */
export const MAX_NAME = 500;
/** Drive's page tokens are the longest. */
export const MAX_CURSOR = 5_000;

/** Arguments that many tools share. */
export const fresh = z.boolean().optional().describe('Ask Google, whatever is in memory');
export const writeId = z.string().min(1).max(100);
export const spreadsheet = z.string().min(1).max(2_000).describe('Id or URL');
export const sheet = z
  .union([z.string().min(1).max(MAX_NAME), z.number().int().min(0).max(2_147_483_647)], {
    error: 'expected the title or the id of a sheet',
  })
  .describe('Title or id');

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
