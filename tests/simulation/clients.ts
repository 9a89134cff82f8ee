// Callers of tools: principals that append, upsert, write and expect, with idempotency keys, and repeat a call until it
// is acknowledged, or give up. What a call is stands in jobs.ts.

import { asServalError } from '../../src/errors.ts';
import type { Answer } from '../../src/tools/tool.ts';
import { rowOf } from './agents.ts';
import type { Spreadsheet } from './backend.ts';
import { type Job, someJob } from './jobs.ts';
import { CLEAR, hasReason, isExpected, WRITES_AFTERMATH_MS } from './judge.ts';
import { ConnectionLost, type Process, type World } from './process.ts';
import type { Random } from './seeded.ts';

export interface Client {
  readonly principal: string;
  readonly random: Random;
  /** Which process it calls, for its whole life. */
  readonly place: number;
  /** With whom it shares the rows that it upserts, and the links that it writes. */
  readonly whose: string;
  readonly links: readonly [number, ...number[]];
}

export interface Surroundings {
  readonly world: World;
  readonly spreadsheets: readonly [Spreadsheet, ...Spreadsheet[]];
  /** The process at that place; undefined while none takes calls there. */
  readonly at: (place: number) => Process | undefined;
  /** Places that share one folder. */
  readonly places: number;
  readonly leaving: () => number;
  readonly stopped: () => boolean;
}

const DEADLINE_MS = 50_000;
const REPEAT_MS = 4_000;

/** What one call came to, for its caller. */
type Word = 'acknowledged' | 'none' | 'unknown' | 'final';

export function createClients({ world, spreadsheets, at, places, leaving, stopped }: Surroundings) {
  const { clock, order, report, tally, writes } = world;
  const jobs: Job[] = [];

  /** One job from its first call to its acknowledgement, or until its caller gives up. */
  async function work(client: Client): Promise<void> {
    const { random } = client;
    const job = await someJob(client, random.pick(spreadsheets), world, (name, input) => ask(client, name, input));
    if (!job) return;
    jobs.push(job);
    const tries = job.key === undefined || random.chance(0.1) ? 1 : random.chance(0.1) ? 2 : Number.POSITIVE_INFINITY;
    for (let made = 0; made < tries; made++) {
      const twice = job.key !== undefined && random.chance(0.1);
      const words = await Promise.all([
        call(client, job),
        ...(twice ? [clock.sleep(random.wait(300)).then(() => call(client, job))] : []),
      ]);
      if (words.includes('final') || words.includes('acknowledged')) break;
      if (stopped()) return;
      await clock.sleep(random.wait(REPEAT_MS));
      if (stopped()) return;
    }
    // Whoever has lost the answer asks again, an hour later or at once.
    if (job.key !== undefined && job.acknowledged && random.chance(0.15)) {
      await clock.sleep(random.wait(random.pick([10, 60_000, 600_000])));
      if (!stopped()) await call(client, job);
    }
  }

  async function ask(client: Client, name: string, input: object): Promise<Answer | undefined> {
    try {
      return await at(client.place)?.run(name, input, client.principal, new AbortController().signal);
    } catch {
      return undefined; // judged where reads are
    }
  }

  async function call(client: Client, job: Job): Promise<Word> {
    const { random, principal } = client;
    // Whoever is sent elsewhere with the same key finds the same answer.
    const place = job.anywhere && random.chance(0.3) ? random.below(places) : client.place;
    const process = at(place);
    if (!process) return 'unknown';
    const abort = new AbortController();
    const done = new AbortController();
    if (random.chance(leaving())) {
      clock.sleep(random.chance(0.3) ? 0 : random.wait(1_500), done.signal).then(
        () => abort.abort(),
        () => {},
      );
    }
    begin(job);
    const start = clock.now();
    try {
      const answer = await process.run(job.tool, { ...job.input, idempotencyKey: job.key }, principal, abort.signal);
      return acknowledged(job, answer, process);
    } catch (thrown) {
      return failed(job, thrown, abort.signal.aborted, start, principal);
    } finally {
      job.open--;
      const left = order();
      for (const write of job.writes) write.left = left;
      done.abort();
      if (clock.now() - start > DEADLINE_MS + 1) {
        report('deadline', `${job.tool} of ${principal} ended ${clock.now() - start} ms after it began`);
      }
    }
  }

  function begin(job: Job): void {
    job.open++;
    tally.add(`tools: ${job.tool}`);
    const called = order();
    for (const write of job.writes) {
      write.called ??= called;
      // What was refused is asked for once more.
      if (write.answer === 'none') write.answer = undefined;
    }
  }

  function acknowledged(job: Job, answer: Answer, process: Process): Word {
    const { status, writeId, updatedRange } = answer;
    tally.add(`tools: answered ${status}`);
    if (typeof writeId !== 'string') report('clear answer', `${job.tool} was answered without a writeId`);
    if (job.acknowledged && job.writeId !== writeId) {
      report('one key, one write', `${job.key} was answered for ${job.writeId} and for ${writeId}`);
    }
    job.writeId = String(writeId);
    job.acknowledged = true;
    const acked = order();
    const row = typeof updatedRange === 'string' ? rowOf(updatedRange) : undefined;
    for (const [index, write] of job.writes.entries()) {
      write.acked ??= acked;
      if (row !== undefined) write.toldRow = row + index;
      if (status === 'applied') writes.answered(write, 'applied', process.number);
      else if (status === 'queued') write.answer = write.answer === 'applied' ? 'applied' : 'queued';
      else report('clear answer', `${job.tool} was answered ${status}`);
    }
    return 'acknowledged';
  }

  function failed(job: Job, thrown: unknown, left: boolean, start: number, principal: string): Word {
    if (thrown instanceof ConnectionLost || left) {
      tally.add(`tools: ${left ? 'given up' : 'connection lost'}`);
      return doubt(job);
    }
    const error = asServalError(thrown);
    const { code, details, message } = error;
    tally.add(`tools: ${code}`);
    if (details.writeId !== undefined) job.writeId = details.writeId;
    const words = `${principal} ${job.tool}: ${code} ${message} ${JSON.stringify(job.input).slice(0, 200)}`;
    const final = job.refusable && code === 'precondition_failed';
    const spreadsheet = job.writes[0]?.place.spreadsheet ?? '';
    if (!final && !isExpected(world, error, world.identityOf(principal), spreadsheet, left)) {
      report('clear answer', `${words} ${String(details.cause)}`);
    }
    const fine = start > world.fineSince + WRITES_AFTERMATH_MS && principal !== world.greedy;
    if (fine && CLEAR.has(code) && code !== 'quota_exhausted' && !hasReason(error)) {
      report('served in fine weather', words);
    }
    // Only once: whether it was applied will never be known, and the same key tells no more.
    if (code === 'outcome_unknown' && job.onceOnly) return doubt(job, 'final');
    if (code === 'outcome_unknown' || details.outcome === 'unknown') return doubt(job);
    // Without the ledger nothing is told of earlier calls with that key.
    if (details.store !== undefined && job.writes.some(({ answer }) => answer !== undefined)) return 'unknown';
    if (job.acknowledged) {
      // What was queued may have been set aside; what was applied stays so.
      if (job.writes.some(({ answer }) => answer === 'applied') && !hasReason(error))
        report('one key, one write', `${words}, after applied`);
      return 'final';
    }
    // Where the same call is under way twice, what one of them is told says nothing of the other.
    if (job.open > 1) return 'none';
    for (const write of job.writes) writes.answered(write, 'none');
    return final ? 'final' : 'none';
  }

  function doubt(job: Job, word: Word = 'unknown'): Word {
    for (const write of job.writes) if (!job.acknowledged) write.answer = 'unknown';
    return word;
  }

  /** Asks what became of every write whose id was told; all must have their end. */
  async function conclude(process: Process): Promise<void> {
    for (const job of jobs) {
      const { writeId, principal } = job;
      if (writeId === undefined) continue;
      const answer = await process
        .run('get_write', { writeId }, principal, new AbortController().signal)
        .catch((error) => asServalError(error));
      const state = answer instanceof Error ? answer.code : String(answer.state);
      tally.add(`in the end: ${state}`);
      for (const write of job.writes) if (state !== 'not_found') write.state = state;
      if (['running', 'queued'].includes(state) || (state === 'unknown' && !job.onceOnly)) {
        report('settled in the end', `${job.tool} ${writeId} is ${state}: ${JSON.stringify(answer)}`);
      }
      // Only what was surely not applied, and never told otherwise, is forgotten.
      if (job.acknowledged && state === 'not_found')
        report('settled in the end', `${job.tool} ${writeId} is forgotten`);
    }
  }

  return { work, conclude };
}
