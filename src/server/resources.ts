// What can be read by URI: a spreadsheet's description and the values of a range. Reads like a tool call, through the
// runner, and is offered where the tool that it stands beside is. Knows no protocol.

import { invalid, ServalError } from '../errors.ts';
import { unfinished } from '../tools/page.ts';
import type { Runner, ToolRequest } from '../tools/run.ts';
import type { Answer, Tool } from '../tools/tool.ts';
import { MAX_CSV_CHARACTERS, wholeRange } from '../tools/whole-range.ts';
import { cut } from '../words.ts';

/** Spreadsheets that are listed, the most recently changed; the others are reached by template. */
const MAX_LISTED = 50;

export const TEMPLATES = [
  {
    uriTemplate: 'sheets://{spreadsheetId}',
    name: 'spreadsheet',
    title: 'Spreadsheet',
    description: `What a spreadsheet holds, as describe_spreadsheet answers it. The ${MAX_LISTED} changed last are listed; any other can be read too.`,
    mimeType: 'application/json',
    beside: 'describe_spreadsheet',
  },
  {
    uriTemplate: 'sheets://{spreadsheetId}/{range}',
    name: 'range',
    title: 'Cells',
    description: `Values of a whole range as shown, up to ${MAX_CSV_CHARACTERS} characters. range is percent-encoded: A1 notation, a sheet's title, a named range, a table or Table[Column].`,
    mimeType: 'text/csv',
    beside: 'read_range',
  },
] as const;

const [SPREADSHEET, RANGE] = TEMPLATES;

export interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly mimeType: string;
  readonly description?: string;
  readonly annotations?: { readonly lastModified: string };
}

export interface ResourceText {
  readonly uri: string;
  readonly mimeType: string;
  readonly text: string;
}

export interface Resources {
  templates(): readonly Omit<(typeof TEMPLATES)[number], 'beside'>[];
  list(request: ToolRequest): Promise<ListedResource[]>;
  /** Rejects with `not_found` for a URI that is none of these; with what the read was refused for else. */
  read(uri: string, request: ToolRequest): Promise<ResourceText[]>;
  /** Links to what a page of cells has left out. */
  links(tool: Tool, args: unknown, answer: Answer): ListedResource[];
}

export function createResources(runner: Runner): Resources {
  const offers = (tool: string) => runner.find(tool) !== undefined;
  return {
    templates: () => TEMPLATES.filter(({ beside }) => offers(beside)).map(({ beside: _, ...template }) => template),
    list: async (request) => {
      if (!offers('search_spreadsheets') || !offers(SPREADSHEET.beside)) return [];
      const { spreadsheets } = await runner.run('search_spreadsheets', { limit: MAX_LISTED }, request);
      return (Array.isArray(spreadsheets) ? spreadsheets : []).map(listedSpreadsheet);
    },
    read: async (uri, request) => {
      const { id, range } = parseUri(uri);
      if (range === undefined) {
        const answer = await runner.run(SPREADSHEET.beside, { spreadsheet: id }, request);
        return [{ uri, mimeType: SPREADSHEET.mimeType, text: JSON.stringify(answer) }];
      }
      const { csv, notes } = await runner.look(wholeRange(id, range), request);
      const note = { uri: `${uri}#notes`, mimeType: 'text/plain', text: notes.join('\n') };
      return [{ uri, mimeType: RANGE.mimeType, text: csv }, ...(notes.length > 0 ? [note] : [])];
    },
    links: (tool, args, { nextCursor }) => {
      if (tool.name !== RANGE.beside || typeof nextCursor !== 'string') return [];
      const { spreadsheet, args: given } = tool.prepare(args);
      const ranges = Array.isArray(given.ranges) ? given.ranges.map(String) : [];
      if (spreadsheet === undefined) return [];
      return unfinished(ranges, nextCursor).map((range) => ({
        uri: rangeUri(spreadsheet, range),
        name: range,
        mimeType: RANGE.mimeType,
        description: 'The whole range',
      }));
    },
  };
}

interface Found {
  readonly id: string;
  readonly title: string;
  readonly owner?: string;
  readonly modified?: string;
}

function listedSpreadsheet({ id, title, owner, modified }: Found): ListedResource {
  return {
    uri: `sheets://${id}`,
    name: title,
    mimeType: SPREADSHEET.mimeType,
    ...(owner !== undefined && { description: `Owner: ${owner}` }),
    ...(modified !== undefined && { annotations: { lastModified: modified } }),
  };
}

function rangeUri(spreadsheet: string, range: string): string {
  return `sheets://${spreadsheet}/${encodeURIComponent(range)}`;
}

/** The range decoded; a slash in it need not be encoded. */
function parseUri(uri: string): { id: string; range?: string } {
  const [, id, range] = /^sheets:\/\/([\w-]+)(?:\/(.*))?$/s.exec(uri) ?? [];
  if (id === undefined) {
    throw new ServalError('not_found', `There is no resource ${cut(uri)}.`, {
      hint: `Resources: ${TEMPLATES.map(({ uriTemplate }) => uriTemplate).join(', ')}.`,
    });
  }
  if (range === undefined || range === '') return { id };
  try {
    return { id, range: decodeURIComponent(range) };
  } catch {
    throw invalid(`The range in ${cut(uri)} is not percent-encoded rightly.`, 'Write % as %25.');
  }
}
