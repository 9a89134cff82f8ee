// Evaluates every dirty formula after those it reads, on a stack of its own, so that neither a long chain nor a wide
// fan overflows. Circles are found as Tarjan finds strongly connected components, from what formulas read in fact.

import type { Value } from '../formula/value.ts';
import type { Rect } from '../ranges.ts';
import { CIRCULAR, contenders, dirtyRivals, replaceClaim, showArray, showCircular, showValue } from './claim.ts';
import { byPosition, type Formula, setReads } from './formulas.ts';
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
  /** Evaluates one formula; throws NOT_READY or returns nothing when the attempt has to wait. */
  readonly evaluate: (attempt: Attempt) => Evaluation | undefined;
  /** Absent: circles are errors. */
  readonly iteration: Iteration | undefined;
}

/** One way through all that is dirty. */
interface Pass extends Settling {
  /** How often each array has been made, and where the last was. */
  readonly made: Map<Formula, { readonly times: number; readonly rect: Rect | undefined }>;
  /** Arrays that came to no rest: they are circular for what is left of the pass, and keep these cells. */
  readonly restless: Map<Formula, Rect | undefined>;
  /** Arrays that have been taken away to see whether a circle closes without them. */
  readonly freed: Set<Formula>;
  /** Arrays on which they themselves depend by the cells they take, or did on the way, or might. */
  readonly knots: Set<Formula>;
}

/**
 * Arrays that take each other's ground may never come to rest: once one has been made so often in one pass, all that
 * have been made a quarter of that are circular, whichever was looked at first.
 */
const MAX_ROUNDS = 64;
/** Passes over knots until the same ones are found twice. */
const MAX_PASSES = 8;

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

function count({ marks, made, restless, knots }: Pass, formula: Formula): void {
  const times = (made.get(formula)?.times ?? 0) + 1;
  made.set(formula, { times, rect: formula.claim?.rect ?? made.get(formula)?.rect });
  if (times < MAX_ROUNDS) return;
  for (const [one, { times: often, rect }] of made) {
    if (often < MAX_ROUNDS / 4) continue;
    restless.set(one, rect);
    knots.add(one);
    marks.mark(one);
  }
}

/** True when it is done; else the attempt says what it waits for. */
function finish(pass: Pass, attempt: Attempt): boolean {
  const { marks, restless, freed, knots } = pass;
  const { formula } = attempt;
  if (restless.has(formula)) {
    const rect = restless.get(formula);
    formula.isDirty = false;
    formula.value = CIRCULAR;
    // In one step and to stay: two that took their claims off and on would mark each other for ever.
    replaceClaim(marks, formula, rect && { rect, rows: [], state: 'circular' });
    return true;
  }
  try {
    const evaluation = pass.evaluate(attempt);
    if (!evaluation) return false;
    const { value, rows, mayExpand, shows, link } = evaluation;
    // An array that would close a circle by that takes what ground there is, and is displaced later.
    if (rows && !freed.has(formula)) attempt.waits.push(...dirtyRivals(formula, rows));
    if (attempt.waits.length > 0) return false;
    setReads(formula, attempt.reads);
    formula.isDirty = false;
    formula.shows = shows;
    formula.link = link;
    if (rows) showArray(marks, formula, rows);
    else showValue(marks, formula, value);
    if (rows) count(pass, formula);
    if (formula.isDirty) knots.add(formula);
    if (mayExpand) for (const one of contenders(formula)) knots.add(formula).add(one);
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

/** Rounds over the members of a circle from the values they had; what they wait for, when that is something else. */
function iterate({ cache, evaluate }: Settling, members: readonly Formula[], iteration: Iteration): readonly Formula[] {
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
function closeCircle(pass: Pass, members: readonly Formula[]): readonly Formula[] {
  const { marks, iteration, freed, knots } = pass;
  // An array of before may close a circle that the array of now would not: the first time it is taken away.
  const arrays = members.filter((one) => one.claim && !freed.has(one));
  if (arrays.length > 0) {
    for (const one of arrays) {
      freed.add(one);
      knots.add(one);
      replaceClaim(marks, one, undefined);
    }
    for (const one of members) marks.dirty.push(one);
    return [];
  }
  const waits = iteration ? iterate(pass, members, iteration) : [];
  if (waits.length > 0) return waits;
  for (const one of members) {
    one.isDirty = false;
    if (!iteration) showCircular(marks, one);
  }
  return [];
}

function walk(pass: Pass, root: Formula): void {
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
      if (!finish(pass, frame.attempt)) return false;
      close(1);
      return true;
    }
    if (frame.attempt) setReads(formula, frame.attempt.reads);
    const members = open.slice(open.indexOf(formula));
    frame.waits = closeCircle(pass, members);
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

/** Evaluates what is dirty; the knots that were met. */
function evaluateDirty(settling: Settling, order: ((a: Formula, b: Formula) => number) | undefined): Set<Formula> {
  const { dirty } = settling.marks;
  const pass: Pass = { ...settling, made: new Map(), restless: new Map(), freed: new Set(), knots: new Set() };
  for (let from = 0; from < dirty.length; ) {
    const batch = dirty.slice(from);
    from = dirty.length;
    if (order) batch.sort(order);
    for (const one of batch) if (one.isDirty && !one.isGone) walk(pass, one);
  }
  dirty.length = 0;
  return pass.knots;
}

/** Knots and all that depends on them: dirty and without an array, as when a workbook is opened; the knots then met. */
function begunAnew(settling: Settling, knots: ReadonlySet<Formula>): Set<Formula> {
  const { marks } = settling;
  for (const one of knots) if (!one.isGone) marks.mark(one);
  // More become dirty on the way.
  for (const one of marks.dirty) if (one.claim) replaceClaim(marks, one, undefined);
  return evaluateDirty(settling, byPosition);
}

/**
 * Afterwards no formula is dirty. Where no array feeds on itself every way ends the same. What a knot comes to depends
 * on the way: it is taken anew from nothing, by position, after everything else has come to rest.
 */
export function settle(settling: Settling): void {
  const { marks, iteration } = settling;
  let knots = marks.knots.size > 0 ? begunAnew(settling, marks.knots) : evaluateDirty(settling, undefined);
  // Iteration goes on from what there is.
  if (iteration) knots.clear();
  for (let passes = 1; knots.size > 0 && passes < MAX_PASSES; passes++) {
    const before = knots;
    knots = begunAnew(settling, before);
    if (knots.size === before.size && [...knots].every((one) => before.has(one))) break;
  }
  marks.knots = knots;
}
