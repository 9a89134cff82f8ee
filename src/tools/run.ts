// Running a tool for a caller: finds it, gives it its deadline, counts and reports. Every face goes through here.

import type { Clock } from '../clock.ts';
import { asServalError, ServalError } from '../errors.ts';
import type { Emit, Event } from '../events.ts';
import type { Origin } from '../sheets/calls.ts';
import type { Sheets } from '../sheets/sheets.ts';
import { nearest, shown } from '../words.ts';
import type { Answer, Tool } from './tool.ts';

export interface ToolRequest {
  readonly face: Extract<Event, { type: 'operation' }>['face'];
  readonly principal: string;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

export interface Runner {
  readonly tools: readonly Tool[];
  find(name: string): Tool | undefined;
  /** Rejects with a ServalError, `not_found` for an unknown tool. */
  run(name: string, input: unknown, request: ToolRequest): Promise<Answer>;
  /** Resolves once no tool call is under way. */
  idle(): Promise<void>;
}

export interface RunnerOptions {
  readonly tools: readonly Tool[];
  readonly sheetsFor: (origin: Origin, signal: AbortSignal, fresh: boolean) => Sheets;
  /** The Google account behind a principal. */
  readonly identityOf: (principal: string) => string;
  /** Switches by name: `writes`, and `tool:<name>` for each tool. */
  readonly enabled: (flag: string) => boolean;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly emit: Emit;
}

export function createRunner(options: RunnerOptions): Runner {
  const { tools, clock, emit } = options;
  const running = new Set<Promise<unknown>>();
  const find = (name: string) => tools.find((tool) => tool.name === name);

  async function perform(tool: Tool, input: unknown, { face, principal, requestId, signal }: ToolRequest) {
    const start = clock.now();
    const report = (error?: ServalError) =>
      emit({
        type: 'operation',
        operation: tool.name,
        face,
        requestId,
        durationMs: clock.now() - start,
        ...(error && { error }),
      });
    const origin: Origin = {
      principal,
      identity: options.identityOf(principal),
      deadline: start + options.deadlineMs,
      priority: 'interactive',
    };
    try {
      const off = [`tool:${tool.name}`, ...(tool.access === 'read' ? [] : ['writes'])].find(
        (flag) => !options.enabled(flag),
      );
      if (off !== undefined) throw switchedOff(off);
      const answer = await tool.call(input, { sheetsFor: (fresh) => options.sheetsFor(origin, signal, fresh) });
      report();
      return answer;
    } catch (thrown) {
      const error = asServalError(thrown);
      report(error);
      throw error;
    }
  }

  return {
    tools,
    find,
    run: async (name, input, request) => {
      const tool = find(name);
      if (!tool) throw unknownTool(name, tools);
      const work = perform(tool, input, request);
      running.add(work);
      try {
        return await work;
      } finally {
        running.delete(work);
      }
    },
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

function switchedOff(flag: string): ServalError {
  return new ServalError('unavailable', `The operator has switched off ${flag}: nothing was sent.`, {
    hint: 'Ask the operator, or repeat later.',
    sent: false,
  });
}

function unknownTool(name: string, tools: readonly Tool[]): ServalError {
  const names = tools.map((tool) => tool.name);
  const meant = nearest(name, names);
  return new ServalError('not_found', `There is no tool ${shown(name)}.`, {
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}Tools: ${names.join(', ')}.`,
  });
}
