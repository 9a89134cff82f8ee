// A recording replayed in order against a fresh embedded backend: what was recorded and what it answers. What a
// recording presupposes (files that it reads and never makes) is made first.

import type { Emulator } from '../../src/emulator/emulator.ts';
import { createPairs, differences, type Pairs, translate, translateNumbers } from './compare.ts';
import type { Interaction, Recording } from './recording.ts';

export interface Outcome {
  readonly interaction: Interaction;
  /** Empty when the answer agrees. */
  readonly differences: readonly string[];
  /** Why it was not sent, if so. */
  readonly skipped?: string;
}

const SPREADSHEET = 'application/vnd.google-apps.spreadsheet';
const ORIGIN = 'http://127.0.0.1';

function requestOf({ method, uri, body, contentType }: Interaction, pairs: Pairs): Request {
  const { pathname, search } = new URL(uri);
  const url = `${ORIGIN}${translate(pathname + search, pairs)}`;
  const headers = { Authorization: 'Bearer recorded', ...(contentType && { 'Content-Type': contentType }) };
  if (body === undefined || method === 'GET') return new Request(url, { method, headers });
  let text = translate(body, pairs);
  if (/json/.test(contentType ?? 'json') && /^\s*[[{]/.test(text)) {
    text = JSON.stringify(translateNumbers(JSON.parse(text), pairs));
  }
  return new Request(url, { method, headers, body: text });
}

async function answerOf(emulator: Emulator, request: Request): Promise<{ status: number; answer: unknown }> {
  const response = await emulator.fetch(request);
  const text = await response.text();
  try {
    return { status: response.status, answer: JSON.parse(text) };
  } catch {
    return { status: response.status, answer: text };
  }
}

const fileIdOf = (uri: string): string | undefined =>
  /\/(?:v4\/spreadsheets|drive\/v[23]\/files)\/([\w-]{20,})/.exec(uri)?.[1];

interface SpreadsheetAnswer {
  readonly spreadsheetId?: string;
  readonly properties?: object;
  readonly sheets?: readonly { readonly properties?: object }[];
}

interface FileAnswer {
  readonly id?: string;
  readonly name?: string;
  readonly files?: readonly FileAnswer[];
}

/** Ids of files that an answer made (create, copy, upload). */
function madeIn({ method, uri, answer }: Interaction): string[] {
  if (method !== 'POST') return [];
  const { spreadsheetId, id } = answer as SpreadsheetAnswer & FileAnswer;
  const made = /\/v4\/spreadsheets\/?(\?|$)/.test(uri)
    ? spreadsheetId
    : /\/files(\/[\w-]+\/copy)?\/?(\?|$)/.test(uri)
      ? id
      : undefined;
  return made ? [made] : [];
}

interface Known {
  readonly name?: string;
  readonly sheet?: SpreadsheetAnswer;
}

/** Files the recording shows before it made them, newest last, with what is known of each. */
function presupposed(recording: Recording): Map<string, Known> {
  const made = new Set<string>();
  const needed = new Map<string, Known>();
  const note = (id: string | undefined, more: Known) => {
    if (id === undefined || made.has(id)) return;
    needed.set(id, { ...more, ...needed.get(id) });
  };
  for (const interaction of recording.interactions) {
    const { uri, answer, status } = interaction;
    if (status >= 300) continue;
    for (const id of madeIn(interaction)) made.add(id);
    const { files = [], name, id } = (answer ?? {}) as FileAnswer;
    for (const file of [...files].reverse()) note(file.id, { ...(file.name !== undefined && { name: file.name }) });
    if (/\/drive\//.test(uri)) note(id, { ...(name !== undefined && { name }) });
    const sheet = answer as SpreadsheetAnswer;
    if (sheet?.sheets && sheet.spreadsheetId) note(sheet.spreadsheetId, { sheet });
    else note(fileIdOf(uri), {});
  }
  return needed;
}

/** Makes a file that the recording presupposes. */
async function make(emulator: Emulator, id: string, known: Known, pairs: Pairs): Promise<void> {
  const { name = 'Untitled', sheet } = known;
  const body = sheet
    ? { properties: sheet.properties, sheets: sheet.sheets?.map(({ properties }) => ({ properties })) }
    : { name, mimeType: SPREADSHEET };
  const url = `${ORIGIN}${sheet ? '/v4/spreadsheets' : '/drive/v3/files'}`;
  const headers = { Authorization: 'Bearer recorded', 'Content-Type': 'application/json' };
  const request = new Request(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const { status, answer } = await answerOf(emulator, request);
  const { spreadsheetId, id: fileId } = answer as SpreadsheetAnswer & FileAnswer;
  const ours = spreadsheetId ?? fileId;
  if (status !== 200 || ours === undefined) throw new Error(`cannot make ${id}: ${JSON.stringify(answer)}`);
  pairs.texts.set(id, ours);
}

/** The files of a list of all spreadsheets; undefined for any other answer. */
function allFiles({ uri, answer }: Interaction): readonly FileAnswer[] | undefined {
  const query = new URL(uri).searchParams.get('q') ?? '';
  if (!/\/drive\/v3\/files\/?\?/.test(uri)) return undefined;
  if (!/^(mimeType\s*=\s*["'][^"']*["'])?$/.test(query)) return undefined;
  return ((answer ?? {}) as FileAnswer).files;
}

/** Replays one recording against a backend that holds nothing. */
export async function replay(recording: Recording, emulator: Emulator): Promise<Outcome[]> {
  const pairs = createPairs();
  const needed = presupposed(recording);
  const present = new Set<string>();
  /** Files come and go between the runs of a recording: makes and deletes what the next list of all files asks for. */
  async function bring(files: readonly FileAnswer[]): Promise<void> {
    const listed = new Set(files.map(({ id }) => id));
    for (const id of present) {
      if (listed.has(id)) continue;
      present.delete(id);
      await emulator.fetch(new Request(`${ORIGIN}/drive/v3/files/${pairs.texts.get(id)}`, { method: 'DELETE' }));
    }
    for (const { id } of [...files].reverse()) if (id !== undefined) await need(id);
  }
  async function need(id: string): Promise<void> {
    const known = needed.get(id);
    if (!known || present.has(id)) return;
    present.add(id);
    await make(emulator, id, known, pairs);
  }

  const outcomes: Outcome[] = [];
  for (const [at, interaction] of recording.interactions.entries()) {
    const { status, answer, uri } = interaction;
    if (status === 429 || status >= 500 || status === 401) {
      outcomes.push({ interaction, differences: [], skipped: `recorded ${status}: about the moment, not the data` });
      continue;
    }
    if (at === 0 || madeIn(interaction).length > 0) {
      // The newest file stands first in a list: what it presupposes is made before.
      await bring(
        recording.interactions
          .slice(at)
          .map(allFiles)
          .find((files) => files !== undefined) ?? [],
      );
    }
    await need(fileIdOf(uri) ?? '');
    const actual = await answerOf(emulator, requestOf(interaction, pairs));
    const statuses = actual.status === status ? [] : [`status: recorded ${status}, answered ${actual.status}`];
    outcomes.push({ interaction, differences: [...statuses, ...differences(answer, actual.answer, pairs)] });
  }
  return outcomes;
}
