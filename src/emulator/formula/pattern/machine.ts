// Runs regular expressions in time proportional to text times pattern, whatever they are: all ways of matching advance
// together, character by character (Thompson 1968, with captures after Pike), so that nothing is tried again.

import type { CharTest } from './classes.ts';
import { type Assertion, type Node, parsePattern } from './parse.ts';

type Step =
  | { readonly op: 'char'; readonly test: CharTest }
  | { readonly op: 'assert'; readonly test: Assertion }
  /** Goes on at each of these places; the first is preferred. */
  | { readonly op: 'fork'; to: readonly number[] }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'match' };

/** Steps of a program; longer patterns are refused, as RE2 refuses those over its budget. */
const LONGEST = 10_000;

/** Where a match and its groups start and end, in code points: start and end of group n at 2n and 2n + 1. */
export type Found = readonly (number | undefined)[];

export interface Pattern {
  readonly groups: number;
  /** The leftmost match at or after a place. */
  readonly find: (text: readonly number[], from: number) => Found | undefined;
}

/** Undefined when the program gets too long. */
function compile(tree: Node): readonly Step[] | undefined {
  const steps: Step[] = [];
  const fits = () => steps.length <= LONGEST;

  const optional = (greedy: boolean, of: () => void): void => {
    const fork = { op: 'fork' as const, to: [] as readonly number[] };
    steps.push(fork);
    const inside = steps.length;
    of();
    fork.to = greedy ? [inside, steps.length] : [steps.length, inside];
  };

  const emit = (node: Node): void => {
    if (!fits()) return;
    switch (node.kind) {
      case 'char':
        steps.push({ op: 'char', test: node.test });
        return;
      case 'assert':
        steps.push({ op: 'assert', test: node.test });
        return;
      case 'sequence':
        for (const one of node.of) emit(one);
        return;
      case 'group':
        steps.push({ op: 'save', slot: 2 * node.index });
        emit(node.of);
        steps.push({ op: 'save', slot: 2 * node.index + 1 });
        return;
      case 'either': {
        const fork = { op: 'fork' as const, to: [] as readonly number[] };
        steps.push(fork);
        const starts: number[] = [];
        const exits: { op: 'fork'; to: readonly number[] }[] = [];
        for (const one of node.of) {
          starts.push(steps.length);
          emit(one);
          const exit = { op: 'fork' as const, to: [] as readonly number[] };
          steps.push(exit);
          exits.push(exit);
        }
        fork.to = starts;
        for (const exit of exits) exit.to = [steps.length];
        return;
      }
      case 'repeat':
        repeat(node);
    }
  };

  const repeat = ({ of, min, max, greedy }: Node & { kind: 'repeat' }): void => {
    for (let count = 0; count < min && fits(); count++) emit(of);
    if (max === Number.POSITIVE_INFINITY) {
      const loop = steps.length;
      optional(greedy, () => {
        emit(of);
        steps.push({ op: 'fork', to: [loop] });
      });
      return;
    }
    const further = (left: number): void => {
      if (left > 0 && fits()) {
        optional(greedy, () => {
          emit(of);
          further(left - 1);
        });
      }
    };
    further(max - min);
  };

  emit(tree);
  steps.push({ op: 'match' });
  return fits() ? steps : undefined;
}

interface Thread {
  readonly at: number;
  readonly saved: Found;
}

/** Adds a way of matching and all it forks into, in order of preference; a place is entered once per character. */
function follow(
  steps: readonly Step[],
  start: Thread,
  place: number,
  before: number,
  after: number,
  seen: Uint32Array,
  into: Thread[],
): void {
  const stack = [start];
  for (let thread = stack.pop(); thread; thread = stack.pop()) {
    const { at, saved } = thread;
    if (seen[at] === place + 1) continue;
    seen[at] = place + 1;
    const step = steps[at];
    if (step?.op === 'fork') {
      for (let index = step.to.length - 1; index >= 0; index--) stack.push({ at: step.to[index] ?? 0, saved });
    } else if (step?.op === 'save') {
      stack.push({ at: at + 1, saved: saved.with(step.slot, place) });
    } else if (step?.op === 'assert') {
      if (step.test(before, after)) stack.push({ at: at + 1, saved });
    } else into.push(thread);
  }
}

function run(steps: readonly Step[], groups: number, text: readonly number[], from: number): Found | undefined {
  const seen = new Uint32Array(steps.length);
  const none: Found = Array<undefined>(2 * groups + 2).fill(undefined);
  let threads: Thread[] = [];
  let found: Found | undefined;
  let before = from > 0 ? (text[from - 1] ?? -1) : -1;
  for (let place = from; place <= text.length; place++) {
    const code = text[place] ?? -1;
    if (place === from) follow(steps, { at: 0, saved: none.with(0, place) }, place, before, code, seen, threads);
    const following: Thread[] = [];
    const after = text[place + 1] ?? -1;
    for (const { at, saved } of threads) {
      const step = steps[at];
      if (step?.op === 'match') {
        found = saved.with(1, place);
        break;
      }
      if (step?.op === 'char' && code >= 0 && step.test(code)) {
        follow(steps, { at: at + 1, saved }, place + 1, code, after, seen, following);
      }
    }
    if (!found && place < text.length) {
      follow(steps, { at: 0, saved: none.with(0, place + 1) }, place + 1, code, after, seen, following);
    }
    threads = following;
    before = code;
    if (threads.length === 0 && found) break;
  }
  return found;
}

const known = new Map<string, Pattern | undefined>();
/** Patterns remembered; a column of a thousand cells asks for one a thousand times. */
const REMEMBERED = 200;

/** Undefined for what is no regular expression of RE2. */
export function patternOf(source: string): Pattern | undefined {
  if (known.has(source)) return known.get(source);
  const parsed = parsePattern(source);
  const steps = parsed && compile(parsed.tree);
  const made: Pattern | undefined = steps && {
    groups: parsed.groups,
    find: (text, from) => run(steps, parsed.groups, text, from),
  };
  if (known.size >= REMEMBERED) known.clear();
  known.set(source, made);
  return made;
}
