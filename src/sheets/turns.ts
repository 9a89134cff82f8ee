// The order of writers of one spreadsheet: calls go out in the order in which their writers came, however long each
// takes to work its call out. A writer that reads before it writes can have the spreadsheet to itself meanwhile.

import { abortable, abortError } from '../abort.ts';
import { ServalError } from '../errors.ts';

/** One writer's place. `end` must be called, whatever happens. */
export interface Turn {
  /**
   * Makes the call once every writer that came before has made its own or has ended. Those that are ready go in one
   * step, so that they can travel together.
   */
  handOn<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Resolves once those calls are settled: until this writer hands on, nothing of ours changes the cells. */
  alone(signal: AbortSignal): Promise<void>;
  end(): void;
}

/** Resolves once no earlier write to the spreadsheet can still change it. */
export type Quiet = (spreadsheet: string, signal: AbortSignal) => Promise<void>;

export interface Turns {
  /** A place behind every writer of that spreadsheet that has not ended. */
  take(spreadsheet: string): Turn;
}

interface Place {
  /** Its call is made, or there will be none: the next may follow. */
  passed: boolean;
  /** Makes its call; absent until it is worked out. */
  go: (() => void) | undefined;
  readonly ended: Promise<void>;
}

export function createTurns({ quiet }: { quiet: Quiet }): Turns {
  /** Writers that have not ended, in the order in which they came. */
  const queues = new Map<string, Place[]>();

  function pump(queue: readonly Place[]): void {
    for (const place of queue) {
      if (place.passed) continue;
      const { go } = place;
      if (!go) return;
      place.passed = true;
      go();
    }
  }

  return {
    take: (spreadsheet) => {
      const queue = queues.get(spreadsheet) ?? [];
      queues.set(spreadsheet, queue);
      const before = queue.map(({ ended }) => ended);
      const finish = Promise.withResolvers<void>();
      const place: Place = { passed: false, go: undefined, ended: finish.promise };
      queue.push(place);
      return {
        handOn: (call, signal) => {
          // A second call of the same writer: those behind it may have followed already.
          if (place.passed) return call();
          return new Promise((resolve, reject) => {
            if (signal.aborted) return reject(abortError(signal));
            const onAbort = () => {
              place.go = undefined;
              reject(abortError(signal));
            };
            signal.addEventListener('abort', onAbort, { once: true });
            place.go = () => {
              signal.removeEventListener('abort', onAbort);
              // A throw is this writer's failure: it must not reach whoever let it go, nor hold up those behind.
              resolve(new Promise((done) => done(call())));
            };
            pump(queue);
          });
        },
        alone: async (signal) => {
          if (place.passed) {
            const words = 'The sheets were changed by somebody else meanwhile: nothing was written.';
            throw new ServalError('conflict', words, { hint: 'Repeat the call.', outcome: 'none' });
          }
          await abortable(Promise.all(before), signal);
          await quiet(spreadsheet, signal);
        },
        end: () => {
          place.passed = true;
          finish.resolve();
          const at = queue.indexOf(place);
          if (at >= 0) queue.splice(at, 1);
          if (queue.length === 0 && queues.get(spreadsheet) === queue) queues.delete(spreadsheet);
          pump(queue);
        },
      };
    },
  };
}

/** For a writer that nobody comes before or after. */
export const FREE_TURN: Turn = {
  handOn: (call) => call(),
  alone: async () => {},
  end: () => {},
};
