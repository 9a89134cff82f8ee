// Tools against a copy of a book: calls them over REST, counts what reaches the Google client's wire, sees every trace
// that a call leaves anywhere, and puts things back.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { openApp } from './app.ts';
import { BOOK, OBJECTS } from './tool-book.ts';

/** Stand in inputs for what there is only while the test runs; `fill` puts it in. */
export const PLACES = {
  spreadsheet: '<spreadsheet>',
  other: '<other>',
  folder: '<folder>',
  /** A write to the spreadsheet that can be undone. */
  write: '<write>',
  comment: '<comment>',
  reply: '<reply>',
} as const;

export interface ToolAnswer {
  readonly status: number;
  /** The parsed body; undefined when it is no JSON. */
  readonly body: Record<string, unknown> | undefined;
  readonly text: string;
  /** Requests that the Google client sent for it. */
  readonly reached: number;
  readonly durationMs: number;
}

export type ToolBench = Awaited<ReturnType<typeof openToolBench>>;

/** No cache, so that what reaches Google can be counted; no retry and no patience, so that a fault shows at once. */
const ENVIRONMENT = {
  GOOGLE_ACCESS_TOKEN: 'token',
  TOOLSETS: 'all',
  THROTTLE_ENABLED: 'false',
  CACHE_ENABLED: 'false',
  RETRY_ENABLED: 'false',
  FALLBACK_ENABLED: 'false',
  CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1000',
  REQUEST_DEADLINE_MS: '20000',
  LOG_LEVEL: 'ERROR',
};

/** For all tests of a file; `end` closes it. */
export async function openToolBench() {
  const folder = mkdtempSync(join(tmpdir(), 'servalsheets-tools-'));
  const faults: string[] = [];
  const emulator = createEmulator({
    file: ':memory:',
    clock: systemClock,
    onFault: (error) => faults.push(error instanceof Error ? `${error.stack}` : String(error)),
  });
  let reached = 0;
  const app = await openApp({ ...ENVIRONMENT, DATA_DIR: folder }, (input, init) => {
    reached++;
    return emulator.fetch(new Request(input, init));
  });

  /** A request past the application; its body as text. */
  async function direct(method: string, path: string, body?: object): Promise<string> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await emulator.fetch(new Request(`http://emulator.test${path}`, init));
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return text;
  }
  const batch = async (id: string, ...requests: object[]) =>
    JSON.parse(await direct('POST', `/v4/spreadsheets/${id}:batchUpdate`, { requests })).replies;

  const template: string = JSON.parse(await direct('POST', '/v4/spreadsheets', BOOK)).spreadsheetId;
  await batch(template, ...OBJECTS);
  const folderMetadata = { name: 'Folder', mimeType: 'application/vnd.google-apps.folder' };
  const driveFolder: string = JSON.parse(await direct('POST', '/drive/v3/files', folderMetadata)).id;
  const copy = async (name: string): Promise<string> =>
    JSON.parse(await direct('POST', `/drive/v3/files/${template}/copy`, { name })).id;
  const other = await copy('Elsewhere');
  const kept = new Set([template, driveFolder, other]);
  let spreadsheet = await copy(BOOK.properties.title);
  /** What was seen last, as long as nothing was done since. */
  let seen: string | undefined;
  /** Of this spreadsheet, made when an input asks for them. */
  let made: Record<string, string> = {};

  async function call(tool: string, input: object): Promise<ToolAnswer> {
    seen = undefined;
    const before = reached;
    const start = systemClock.now();
    const response = await app.request(`/v1/tools/${tool}`, { method: 'POST', body: JSON.stringify(input) });
    const text = await response.text();
    const durationMs = systemClock.now() - start;
    return { status: response.status, body: objectOf(text), text, reached: reached - before, durationMs };
  }

  async function make(place: string): Promise<string> {
    if (place === PLACES.write) {
      const writes = [{ range: 'Sheet1!F2', values: [['snow']] }];
      const { body } = await call('write_range', { spreadsheet, writes });
      return String(body?.writeId);
    }
    seen = undefined;
    const coordinate = { sheetId: 0, rowIndex: 1, columnIndex: 2 };
    const [inserted] = await batch(spreadsheet, { insertComment: { coordinate, content: 'Why so much?' } });
    const { commentId } = inserted.insertComment.commentThread;
    const [replied] = await batch(spreadsheet, { addCommentReply: { commentId, post: { content: 'Because.' } } });
    made = { ...made, [PLACES.comment]: commentId, [PLACES.reply]: replied.addCommentReply.post.postId };
    return made[place] ?? '';
  }

  /** Everything that can be seen of the spreadsheet and its comments, and of all files there are: JSON, line by line. */
  async function look(): Promise<string> {
    seen ??= [
      await direct('GET', `/v4/spreadsheets/${spreadsheet}?includeGridData=true&prettyPrint=false`),
      await direct('GET', `/drive/v3/files/${spreadsheet}/comments?fields=*&prettyPrint=false`),
      await direct('GET', '/drive/v3/files?fields=*&pageSize=1000&prettyPrint=false'),
    ]
      .map((text) => text.trim())
      .join('\n');
    return seen;
  }

  return {
    call,
    end: async () => {
      await app.end();
      emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
    /** What went wrong by a fault of the application, which logs it, or of the embedded backend. */
    faults: (): readonly string[] => [...faults, ...app.lines],
    forgetFaults: () => {
      faults.length = 0;
      app.lines.length = 0;
    },
    /** The input with what its places stand for. */
    async fill<T extends object>(input: T): Promise<T> {
      let text = JSON.stringify(input);
      for (const place of Object.values(PLACES)) {
        if (!text.includes(place)) continue;
        const fixed: Record<string, string> = {
          [PLACES.spreadsheet]: spreadsheet,
          [PLACES.other]: other,
          [PLACES.folder]: driveFolder,
          ...made,
        };
        const value = fixed[place] ?? (await make(place));
        made = { ...made, [place]: value };
        text = text.replaceAll(place, value);
      }
      return JSON.parse(text);
    },
    look,
    /** A new copy of the book in place of the spreadsheet, and no trace of what was made beside it. */
    async renew(): Promise<void> {
      spreadsheet = await copy(BOOK.properties.title);
      made = {};
      seen = undefined;
      const { files } = JSON.parse(await direct('GET', '/drive/v3/files?fields=files(id)&pageSize=1000'));
      for (const { id } of files) {
        if (!kept.has(id) && id !== spreadsheet) await direct('DELETE', `/drive/v3/files/${id}`);
      }
    },
  };
}

/** What changes when a write is made that changes nothing: its marker, and what Drive notes of any write. */
const NOTED = new Set(['developerMetadata', 'version', 'modifiedTime', 'modifiedByMeTime']);

/** What a reader would see of what `look` has seen. */
export function contentOf(looked: string): unknown {
  return looked.split('\n').map((line) => JSON.parse(line, (key, part) => (NOTED.has(key) ? undefined : part)));
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
