// Inputs from each tool's own schema, and what is left of them when they are spoiled: every answer is an answer, nothing
// takes for ever, and what is refused, read or tried dry leaves no trace. New tools are in as soon as they are listed.

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ERROR_TABLE } from '../../src/errors.ts';
import { TOOLS } from '../../src/tools/index.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { contentOf, openToolBench, type ToolAnswer, type ToolBench } from '../support/tool-bench.ts';
import { fits, inputsOf, isSchema } from '../support/tool-inputs.ts';
import { seeded } from './mutate.ts';
import { spoiledInput } from './tool-faults.ts';

/** Per tool; `PROPERTY_RUNS=500` for the long run. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 80);
const SEED = Number(process.env.PROPERTY_SEED ?? 20_261_127);
/** Of one call on a busy machine; the application itself gives up after 20 s. */
const MAX_CALL_MS = 10_000;
/** A refusal is read by a model: it must not repeat what it was given. */
const MAX_PROBLEM_CHARACTERS = 3_000;

interface Case {
  readonly input: object;
  /** 0: valid as far as the schema says it. */
  readonly faults: number;
  readonly seed: number;
}

function casesOf(tool: Tool): fc.Arbitrary<Case> {
  return fc.record({
    input: inputsOf(tool),
    faults: fc.oneof(
      { weight: 2, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 }) },
    ),
    seed: fc.nat(),
  });
}

/** Whether a tool answers from what this server keeps, and need not reach Google. */
function isLocal({ access, outputSchema: { properties } }: Tool): boolean {
  return access === 'read' && isSchema(properties) && !('source' in properties);
}

interface Count {
  reached: number;
  refused: number;
  applied: number;
  dry: number;
  repeated: number;
  slowestMs: number;
}

/** Throws what is wrong with an answer as such. */
function checkAnswer(tool: Tool, { status, body, text }: ToolAnswer): void {
  if (!body) throw new Error('the answer is no JSON object');
  if (status === 200 || status === 202) {
    if (status === 200 && !fits(tool.outputSchema, body)) throw new Error('the answer is not as outputSchema says');
    return;
  }
  const { code, hint, detail, requestId } = body;
  const row = Object.entries(ERROR_TABLE).find(([name]) => name === code)?.[1];
  if (!row || row.status !== status) throw new Error('the status is not that of the code');
  if (status >= 500 && code !== 'unsupported') throw new Error('no input may have this end');
  for (const words of [detail, hint, requestId]) {
    if (typeof words !== 'string' || words.length < 4) throw new Error('a refusal without words');
  }
  if (text.length > MAX_PROBLEM_CHARACTERS) throw new Error(`a refusal of ${text.length} characters`);
}

function checkTraces(tool: Tool, input: object, { status, body }: ToolAnswer, before: string, after: string): void {
  const dry = 'dryRun' in input && input.dryRun === true && status === 200;
  if (dry && !['dry_run', 'unchanged'].includes(String(body?.status))) throw new Error('a dry run does not say so');
  if (after === before) return;
  if (tool.access === 'read') throw new Error('a read has left a trace');
  if (status !== 200) throw new Error('a refused write has left a trace');
  if (body?.status === 'unchanged' && isDeepStrictEqual(contentOf(before), contentOf(after))) return;
  if (body?.status !== 'applied') throw new Error(`${body?.status}, and yet there is a trace`);
}

/** A write that says it is idempotent changes nothing more when it is made again. */
async function checkRepetition(bench: ToolBench, tool: Tool, input: object): Promise<void> {
  const { idempotencyKey: _, ...again } = { idempotencyKey: undefined, ...input };
  const once = contentOf(await bench.look());
  const answer = await bench.call(tool.name, again);
  checkAnswer(tool, answer);
  const twice = contentOf(await bench.look());
  expect(twice, `idempotentHint is not true: the second call changed something (${answer.text})`).toEqual(once);
}

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
});
afterAll(() => bench.end());

test.each(TOOLS.map((tool) => [tool.name, tool] as const))(
  `%s: ${RUNS} inputs of its schema and spoiled ones (seed ${SEED})`,
  async (name, tool) => {
    await bench.renew();
    const count: Count = { reached: 0, refused: 0, applied: 0, dry: 0, repeated: 0, slowestMs: 0 };
    let cases = 0;

    async function play({ input: valid, faults, seed }: Case): Promise<void> {
      const input = await bench.fill(spoiledInput(seeded(seed), valid, faults));
      bench.forgetFaults();
      const before = await bench.look();
      const answer = await bench.call(name, input);
      const after = await bench.look();
      const changed = after !== before;
      cases++;
      if (answer.reached > 0) count.reached++;
      if (answer.status >= 400) count.refused++;
      if (changed) count.applied++;
      if (answer.body?.status === 'dry_run') count.dry++;
      count.slowestMs = Math.max(count.slowestMs, answer.durationMs);
      try {
        checkAnswer(tool, answer);
        checkTraces(tool, input, answer, before, after);
        if (answer.durationMs > MAX_CALL_MS) throw new Error(`${Math.round(answer.durationMs)} ms`);
        if (bench.faults().length > 0) throw new Error(bench.faults().join('\n').slice(0, 2_000));
        if (changed && tool.annotations.idempotentHint && seed % 4 === 0) {
          count.repeated++;
          await checkRepetition(bench, tool, input);
        }
      } catch (error) {
        const told = `${JSON.stringify(input).slice(0, 2_000)}\n${answer.status} ${answer.text.slice(0, 1_000)}`;
        throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}\n${told}`, {
          cause: error,
        });
      } finally {
        if (changed) await bench.renew();
      }
    }

    await fc.assert(fc.asyncProperty(casesOf(tool), play), { seed: SEED, numRuns: RUNS });
    const { reached, refused, applied, dry, repeated, slowestMs } = count;
    const local = isLocal(tool) ? ', local: it answers from the ledger and need not reach Google' : '';
    process.stdout.write(
      `${name.padEnd(23)} ${cases} cases, ${reached} reached Google, ${refused} refused, ${applied} changed something, ` +
        `${dry} tried dry, ${repeated} made again, slowest ${Math.round(slowestMs)} ms${local}\n`,
    );
    if (!local) expect(reached, 'inputs that reach Google').toBeGreaterThanOrEqual(RUNS / 2);
    const { properties } = tool.inputSchema;
    if (isSchema(properties) && 'dryRun' in properties) expect(dry, 'inputs that are tried dry').toBeGreaterThan(0);
    if (tool.access !== 'read') expect(applied, 'inputs that are applied').toBeGreaterThan(0);
  },
  600_000,
);
