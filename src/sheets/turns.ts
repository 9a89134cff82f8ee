// The order of writers of one spreadsheet: calls go out in the order in which their writers came, however long each
// takes to work its call out. A writer that reads before it writes can have the spreadsheet to itself meanwhile.

import { abortable } from '../abort.ts';
import { ServalError } from '../errors.ts';

/** One writer's place. `end` must be called, whatever happens. */
export interface Turn {
  /** Resolves once every writer that came before has handed its call on, or has ended. */
  ready(signal: AbortSignal): Promise<void>;
  /** The same, and once those calls are settled: until this writer hands on, nothing of ours changes the cells. */
  alone(signal: AbortSignal): Promise<void>;
  /** Hands a call on: the next writer may follow. */
  handOn<T>(call: () => Promise<T>): Promise<T>;
  end(): void;
}

export interface Turns {
  /** A place behind every writer of that spreadsheet that has not ended. */
  take(spreadsheet: string): Turn;
}

/** Resolves once no earlier write to the spreadsheet can still change it. */
export type Quiet = (spreadsheet: string, signal: AbortSignal) => Promise<void>;

interface Place {
  readonly passed: Promise<void>;
  readonly ended: Promise<void>;
}

export function createTurns({ quiet }: { quiet: Quiet }): Turns {
  /** Writers that have not ended, in the order in which they came. */
  const queues = new Map<string, Place[]>();

  return {
    take: (spreadsheet) => {
      const queue = queues.get(spreadsheet) ?? [];
      queues.set(spreadsheet, queue);
      const before = [...queue];
      const pass = Promise.withResolvers<void>();
      const finish = Promise.withResolvers<void>();
      const place = { passed: pass.promise, ended: finish.promise };
      queue.push(place);
      let handedOn = false;
      const all = async (which: keyof Place) => {
        await Promise.all(before.map((one) => one[which]));
      };
      return {
        ready: (signal) => abortable(all('passed'), signal),
        alone: async (signal) => {
          if (handedOn) {
            throw new ServalError('conflict', 'The sheets were changed by somebody else meanwhile: nothing was written.', {
              hint: 'Repeat the call.',
              outcome: 'none',
            });
          }
          await abortable(all('ended'), signal);
          await quiet(spreadsheet, signal);
        },
        handOn: (call) => {
          const work = call();
          handedOn = true;
          pass.resolve();
          return work;
        },
        end: () => {
          pass.resolve();
          finish.resolve();
          const at = queue.indexOf(place);
          if (at >= 0) queue.splice(at, 1);
          if (queue.length === 0 && queues.get(spreadsheet) === queue) queues.delete(spreadsheet);
        },
      };
    },
  };
}

/** For a writer that nobody comes before or after. */
export const FREE_TURN: Turn = {
  ready: async () => {},
  alone: async () => {},
  handOn: (call) => call(),
  end: () => {},
};
