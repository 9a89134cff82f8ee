// Running a tool for a caller: finds it, gives it its deadline, counts and reports. Every face goes through here.

import type { Clock } from '../clock.ts';
import { asServalError, invalid, ServalError } from '../errors.ts';
import type { Emit, Event } from '../events.ts';
import type { Waiting } from '../query/engine.ts';
import type { Origin } from '../sheets/calls.ts';
import type { Manner, Sheets } from '../sheets/sheets.ts';
import { cut, nearest } from '../words.ts';
import { refuseExternal } from './external.ts';
import type { Progress } from './progress.ts';
import type { Answer, Tool, ToolContext } from './tool.ts';
import type { WriteDesk } from './writes.ts';

export interface ToolRequest {
  readonly face: Extract<Event, { type: 'operation' }>['face'];
  readonly principal: string;
  readonly requestId: string;
  readonly signal: AbortSignal;
  /** From a header; the same as the argument `idempotencyKey`. */
  readonly idempotencyKey?: string;
  /** Hears in a few words how a call that takes long goes; never after its end. */
  readonly onProgress?: (message: string) => void;
}

/** Names under which reads that are no tools are counted. */
export const READINGS = ['read_resource', 'complete'] as const;

/** A read beside the tools: what a face offers where a tool would say too little or too much. */
export interface Reading<T> {
  readonly operation: (typeof READINGS)[number];
  /** The tool that it stands beside: it is offered, and switched off, with that one. */
  readonly beside: string;
  /** Help that may as well be missing: it trips no circuit, lets others go first and is given up after a while. */
  readonly bestEffort?: boolean;
  run(context: ToolContext): Promise<T>;
}

export interface Runner {
  readonly tools: readonly Tool[];
  find(name: string): Tool | undefined;
  /** Why there is no tool of that name, and which there are. */
  missing(name: string): ServalError;
  /** Rejects with a ServalError, `not_found` for an unknown tool. */
  run(name: string, input: unknown, request: ToolRequest): Promise<Answer>;
  /** Rejects as `run` does. */
  look<T>(reading: Reading<T>, request: ToolRequest): Promise<T>;
  /** Resolves once no tool call is under way. */
  idle(): Promise<void>;
}

export interface RunnerOptions {
  readonly tools: readonly Tool[];
  /** The setting that keeps a tool of that name from being offered. */
  readonly hiddenBy: (name: string) => string | undefined;
  readonly sheetsFor: (origin: Origin, signal: AbortSignal, manner: Manner) => Sheets;
  readonly contextOf: (principal: string, sheets: Sheets, waiting: Waiting) => ToolContext;
  readonly desk: WriteDesk;
  /** The Google account behind a principal. */
  readonly identityOf: (principal: string) => string;
  /** Switches by name: `writes`, and `tool:<name>` for each tool. */
  readonly enabled: (flag: string) => boolean;
  /** Formulas may fetch from elsewhere. */
  readonly allowExternal: boolean;
  readonly deadlineMs: number;
  readonly progress: Progress;
  readonly clock: Clock;
  readonly emit: Emit;
}

/** Nobody waits longer for what may as well be missing. */
const BEST_EFFORT_MS = 5_000;

export function createRunner(options: RunnerOptions): Runner {
  const { tools, clock, emit } = options;
  const running = new Set<Promise<unknown>>();
  const find = (name: string) => tools.find((tool) => tool.name === name);

  /** Does the work under the switches of the tool, with its deadline; counts and reports it as `operation`. */
  async function perform<T>(
    tool: Tool,
    operation: string,
    bestEffort: boolean,
    { face, principal, requestId, onProgress }: ToolRequest,
    work: (origin: Origin) => Promise<T>,
  ): Promise<T> {
    const start = clock.now();
    const report = (error?: ServalError) =>
      emit({
        type: 'operation',
        operation,
        face,
        requestId,
        durationMs: clock.now() - start,
        ...(error && { error }),
      });
    const origin: Origin = {
      principal,
      identity: options.identityOf(principal),
      deadline: start + Math.min(options.deadlineMs, bestEffort ? BEST_EFFORT_MS : Number.POSITIVE_INFINITY),
      priority: bestEffort ? 'background' : 'interactive',
      ...(onProgress && { request: requestId }),
    };
    const watched = onProgress && options.progress.watch(requestId, onProgress);
    try {
      const off = [`tool:${tool.name}`, ...(tool.access === 'read' ? [] : ['writes'])].find(
        (flag) => !options.enabled(flag),
      );
      if (off !== undefined) throw switchedOff(off);
      const answer = await work(origin);
      report();
      return answer;
    } catch (thrown) {
      const error = asServalError(thrown);
      report(error);
      throw error;
    } finally {
      watched?.();
    }
  }

  async function call(tool: Tool, input: unknown, request: ToolRequest, origin: Origin): Promise<Answer> {
    const { principal, signal, idempotencyKey } = request;
    const prepared = tool.prepare(withKey(tool, input, idempotencyKey));
    const { fresh, dryRun } = prepared;
    if (tool.access !== 'read' && !options.allowExternal) refuseExternal(prepared.args);
    if (tool.access !== 'read' && !dryRun) return options.desk.perform(tool, prepared, { origin, signal });
    const sheets = options.sheetsFor(origin, signal, { fresh: fresh || dryRun, dryRun });
    return prepared.run(options.contextOf(principal, sheets, { signal, deadline: origin.deadline }));
  }

  async function counted<T>(work: Promise<T>): Promise<T> {
    running.add(work);
    try {
      return await work;
    } finally {
      running.delete(work);
    }
  }

  const missing = (name: string) => unknownTool(name, tools, options.hiddenBy(name));

  return {
    tools,
    find,
    missing,
    run: async (name, input, request) => {
      const tool = find(name);
      if (!tool) throw missing(name);
      return counted(perform(tool, name, false, request, (origin) => call(tool, input, request, origin)));
    },
    look: async ({ operation, beside, bestEffort = false, run }, request) => {
      const tool = find(beside);
      if (!tool) throw missing(beside);
      const { principal, signal } = request;
      const work = (origin: Origin) => {
        const sheets = options.sheetsFor(origin, signal, { fresh: false, dryRun: false });
        return run(options.contextOf(principal, sheets, { signal, deadline: origin.deadline }));
      };
      return counted(perform(tool, operation, bestEffort, request, work));
    },
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

/** The input with the key of the request's header among its arguments. */
function withKey(tool: Tool, input: unknown, key: string | undefined): unknown {
  const known = typeof input === 'object' && input !== null && 'idempotencyKey' in input && input.idempotencyKey;
  if (key === undefined || tool.access === 'read') return input;
  if (known !== false && known !== undefined && known !== key) {
    throw invalid('The header Idempotency-Key and the argument idempotencyKey differ.', 'Give one of them.');
  }
  return typeof input === 'object' && input !== null ? { ...input, idempotencyKey: key } : input;
}

function switchedOff(flag: string): ServalError {
  return new ServalError('unavailable', `The operator has switched off ${flag}: nothing was sent.`, {
    hint: 'Ask the operator, or repeat later.',
    sent: false,
  });
}

function unknownTool(name: string, tools: readonly Tool[], hidden: string | undefined): ServalError {
  if (hidden !== undefined) {
    const hint = 'The operator chose which tools there are: use another, or ask for this one.';
    return new ServalError('not_found', `The tool ${name} is not offered here: ${hidden} leaves it out.`, { hint });
  }
  const names = tools.map((tool) => tool.name);
  const meant = nearest(name, names);
  return new ServalError('not_found', `There is no tool ${cut(name)}.`, {
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}Tools: ${names.join(', ')}.`,
  });
}
