// The scenario through MCP of both eras over HTTP and stdio, REST by curl, and the command line: the same answers.

import { expect, test } from 'vitest';
import { DEMO_SPREADSHEET_ID } from '../../src/emulator/emulator.ts';
import { TOOLS } from '../../src/tools/index.ts';
import { temporaryFolder } from '../support/app.ts';
import {
  type Face,
  face2025Http,
  face2025Stdio,
  face2026Http,
  face2026Stdio,
  faceCommandLine,
  faceCurl,
  type Outcome,
} from '../support/faces.ts';
import { serve } from '../support/processes.ts';
import { type Memory, SCENARIO } from './scenario.ts';

/** The outcome with each remembered id replaced by its name. */
function anonymous(outcome: Outcome, memory: Memory): unknown {
  return JSON.parse(JSON.stringify(outcome), (_, value) => {
    if (typeof value === 'number') {
      // Ids that Google draws are long; a short number may be anything.
      const id = Object.keys(memory).find((name) => memory[name] === String(value));
      return id !== undefined && (id === 'plan' || value >= 1_000) ? `<${id}>` : value;
    }
    if (typeof value !== 'string') return value;
    return Object.entries(memory).reduce(
      (text, [name, id]) => (id === '' ? text : text.replaceAll(id, `<${name}>`)),
      value,
    );
  });
}

async function play(face: Face): Promise<void> {
  expect(await face.list()).toEqual(TOOLS.map((tool) => tool.name));
  const memory: Memory = { demo: DEMO_SPREADSHEET_ID };
  for (const step of SCENARIO) {
    const outcome = await face.call(step.tool, step.input(memory));
    if (outcome.ok && step.remember) Object.assign(memory, step.remember(outcome.answer));
    expect(anonymous(outcome, memory), `${face.name}: ${step.name}`).toEqual(step.expected);
  }
  if (face.read) await readResources(face, face.read, memory.book ?? '');
  await face.close();
}

/** What the scenario has left, by URI: the same as by the tools. */
async function readResources(face: Face, read: NonNullable<Face['read']>, book: string): Promise<void> {
  const csv = await face.call('read_range', { spreadsheet: book, ranges: ['Plan'], format: 'csv' });
  const [{ csv: text }] = csv.ok ? (csv.answer.ranges as [{ csv: string }]) : [{ csv: 'none' }];
  expect(text).toMatch(/^day,what,cost\n/);
  expect(await read(`sheets://${book}/Plan`), face.name).toEqual([['text/csv', text]]);
  const described = await face.call('describe_spreadsheet', { spreadsheet: book });
  const [[type, json]] = (await read(`sheets://${book}`)) as [[string, string]];
  const shape = ({ source: _, ageMs: __, ...rest }: Record<string, unknown>) => rest;
  expect([type, shape(JSON.parse(json))], face.name).toEqual([
    'application/json',
    described.ok ? shape(described.answer) : undefined,
  ]);
}

/** The command line starts a process for each step. */
const PATIENT = { timeout: 180_000 };

test('the scenario uses every tool', () => {
  expect([...new Set(SCENARIO.map((step) => step.tool))].sort()).toEqual(TOOLS.map((tool) => tool.name).sort());
});

test.each([
  ['MCP 2025 over HTTP', face2025Http],
  ['MCP 2026-07-28 over HTTP', face2026Http],
  ['REST by curl', faceCurl],
  ['the command line', faceCommandLine],
])('%s', PATIENT, async (_, open) => {
  const { url } = await serve({ DATA_DIR: temporaryFolder(), TOOLSETS: 'all' });
  await play(await open(url));
});

test.each([
  ['MCP 2025 over stdio', face2025Stdio],
  ['MCP 2026-07-28 over stdio', face2026Stdio],
])('%s', PATIENT, async (_, open) => {
  await play(await open({ DATA_DIR: temporaryFolder(), TOOLSETS: 'all' }));
});
