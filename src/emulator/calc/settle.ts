// Evaluates every dirty formula after those it reads, on a stack of its own, so that neither a long chain nor a wide
// fan overflows. Circles are found as Tarjan finds strongly connected components, from what formulas read in fact.

import type { Value } from '../formula/value.ts';
import type { Rect } from '../ranges.ts';
import { CIRCULAR, replaceClaim, showArray, showCircular, showValue } from './claim.ts';
import { type Formula, setReads } from './formulas.ts';
import type { Evaluation } from './language.ts';
import type { Marks } from './marks.ts';
import { type Attempt, type Cache, NOT_READY } from './read.ts';

/** A spreadsheet's iterativeCalculationSettings. */
export interface Iteration {
  readonly maxIterations: number;
  readonly convergenceThreshold: number;
}

export interface Settling {
  readonly marks: Marks;
  readonly cache: Cache;
  /** The number of this settling: higher than those before. */
  readonly number: number;
  /** Evaluates one formula; throws NOT_READY or returns nothing when the attempt has to wait. */
  readonly evaluate: (attempt: Attempt) => Evaluation | undefined;
  /** Arrays that have been made again and again, and where the last of each was. */
  readonly restless: Map<Formula, Rect>;
  /** Absent: circles are errors. */
  readonly iteration: Iteration | undefined;
}

/**
 * Arrays that take each other's ground may never come to rest: once one has been made so often in one settling, all that
 * have been made a quarter of that are circular, whichever was looked at first.
 */
const MAX_ROUNDS = 64;

interface Frame {
  readonly formula: Formula;
  waits: readonly Formula[];
  /** Index into `waits` of the one to look at next. */
  next: number;
  attempt: Attempt | undefined;
  readsItself: boolean;
}

function newAttempt(formula: Formula): Attempt {
  return { formula, reads: [], noted: new Set(), waits: [] };
}

function begin({ number }: Settling, formula: Formula): void {
  if (formula.settling === number) return;
  formula.settling = number;
  formula.rounds = 0;
  formula.circles = 0;
}

function count({ marks, restless }: Settling, formula: Formula): void {
  formula.rounds++;
  if (formula.rounds >= MAX_ROUNDS / 4 && formula.claim) restless.set(formula, formula.claim.rect);
  if (formula.rounds < MAX_ROUNDS) return;
  for (const one of restless.keys()) {
    one.rounds = MAX_ROUNDS;
    marks.mark(one);
  }
}

/** True when it is done; else the attempt says what it waits for. */
function finish(settling: Settling, attempt: Attempt): boolean {
  const { marks } = settling;
  const { formula } = attempt;
  begin(settling, formula);
  if (formula.rounds >= MAX_ROUNDS) {
    formula.isDirty = false;
    const rect = settling.restless.get(formula);
    formula.value = CIRCULAR;
    // In one step and to stay: two that took their claims off and on would mark each other for ever.
    replaceClaim(marks, formula, rect && { rect, rows: [], state: 'circular' });
    return true;
  }
  try {
    const evaluation = settling.evaluate(attempt);
    if (!evaluation) return false;
    const { value, rows, shows, link } = evaluation;
    setReads(formula, attempt.reads);
    formula.isDirty = false;
    formula.shows = shows;
    formula.link = link;
    if (rows) showArray(marks, formula, rows);
    else showValue(marks, formula, value);
    if (rows) count(settling, formula);
    return true;
  } catch (error) {
    if (error !== NOT_READY) throw error;
    return false;
  }
}

/** A number moves by their difference, anything else by more than any threshold or not at all. */
function distance(before: Value, after: Value): number {
  if (typeof before === 'number' && typeof after === 'number') return Math.abs(after - before);
  return before === after ? 0 : Number.POSITIVE_INFINITY;
}

function byPosition(a: Formula, b: Formula): number {
  const [one, other] = [a.layer.sheet, b.layer.sheet];
  if (one !== other) return one.book.sheets.indexOf(one) - one.book.sheets.indexOf(other);
  return a.row - b.row || a.column - b.column;
}

/** Rounds over the members of a circle from the values they had; what they wait for, when that is something else. */
function iterate(settling: Settling, members: readonly Formula[], iteration: Iteration): readonly Formula[] {
  const { cache, evaluate } = settling;
  const attempts = members.toSorted(byPosition).map(newAttempt);
  for (const one of members) {
    if (one.value === CIRCULAR) one.value = null;
    one.isProvisional = true;
  }
  try {
    for (let round = 0; round < iteration.maxIterations; round++) {
      let moved = 0;
      for (const [index, { formula }] of attempts.entries()) {
        cache.clear();
        const attempt = newAttempt(formula);
        attempts[index] = attempt;
        const evaluation = evaluate(attempt);
        if (!evaluation) throw NOT_READY;
        const { value, rows, shows } = evaluation;
        const after = rows ? (rows[0]?.[0] ?? null) : value;
        moved = Math.max(moved, distance(formula.value, after));
        formula.value = after;
        formula.shows = shows;
      }
      if (moved <= iteration.convergenceThreshold) break;
    }
  } catch (error) {
    if (error !== NOT_READY) throw error;
    return attempts.flatMap(({ waits }) => waits);
  } finally {
    for (const one of members) one.isProvisional = false;
    cache.clear();
  }
  for (const { formula, reads } of attempts) setReads(formula, reads);
  return [];
}

/** Settles a circle, or says what must be evaluated before. */
function closeCircle(settling: Settling, members: readonly Formula[]): readonly Formula[] {
  const { marks, iteration } = settling;
  for (const one of members) begin(settling, one);
  // An array of before may close a circle that the array of now would not: the first time it is taken away.
  const arrays = members.filter(({ claim, circles }) => claim && circles === 0);
  if (arrays.length > 0) {
    for (const one of arrays) {
      one.circles++;
      replaceClaim(marks, one, undefined);
    }
    for (const one of members) marks.dirty.push(one);
    return [];
  }
  const waits = iteration ? iterate(settling, members, iteration) : [];
  if (waits.length > 0) return waits;
  for (const one of members) {
    one.isDirty = false;
    if (!iteration) showCircular(marks, one);
  }
  return [];
}

function walk(settling: Settling, root: Formula): void {
  let visited = 0;
  const frames: Frame[] = [];
  /** Visited and in no closed component: Tarjan's stack. */
  const open: Formula[] = [];

  function visit(formula: Formula): void {
    formula.order = formula.low = ++visited;
    formula.isOpen = true;
    open.push(formula);
    frames.push({ formula, waits: [], next: 0, attempt: undefined, readsItself: false });
  }

  function close(count: number): void {
    for (const one of open.splice(open.length - count)) {
      one.isOpen = false;
      one.order = 0;
    }
  }

  /** One step; true when the frame is done. */
  function step(frame: Frame): boolean {
    const { formula } = frame;
    const wait = frame.waits[frame.next++];
    if (wait) {
      if (wait === formula) frame.readsItself = true;
      else if (wait.isDirty && !wait.isGone) {
        if (wait.order === 0) visit(wait);
        else if (wait.isOpen) formula.low = Math.min(formula.low, wait.order);
      }
      return false;
    }
    if (formula.low < formula.order) {
      if (frame.attempt) setReads(formula, frame.attempt.reads);
      return true;
    }
    if (open.at(-1) === formula && !frame.readsItself) {
      frame.attempt = newAttempt(formula);
      frame.next = 0;
      frame.waits = frame.attempt.waits;
      if (!finish(settling, frame.attempt)) return false;
      close(1);
      return true;
    }
    if (frame.attempt) setReads(formula, frame.attempt.reads);
    const members = open.slice(open.indexOf(formula));
    frame.waits = closeCircle(settling, members);
    frame.next = 0;
    if (frame.waits.length > 0) return false;
    close(members.length);
    return true;
  }

  visit(root);
  for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
    if (!step(frame)) continue;
    frames.pop();
    const parent = frames.at(-1)?.formula;
    if (parent && frame.formula.isOpen) parent.low = Math.min(parent.low, frame.formula.low);
  }
}

/** Afterwards no formula is dirty. */
export function settle(settling: Settling): void {
  const { dirty } = settling.marks;
  for (let index = 0; index < dirty.length; index++) {
    const formula = dirty[index];
    if (formula?.isDirty && !formula.isGone) walk(settling, formula);
  }
  dirty.length = 0;
}
