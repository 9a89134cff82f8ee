// One piece of work on one spreadsheet: what a verb is given, and the one way in which it changes cells and sheets.

import type { z } from 'zod';
import { shown } from '../words.ts';
import { changedReply, confirmWrite, decode } from './decode.ts';
import type { Image } from './images.ts';
import type { Google, Sheet, Spreadsheet } from './metadata.ts';
import type { Request } from './requests.ts';

export interface Desk {
  readonly google: Google;
  /** Names and ids as they are in memory: what is written by them is told again by the reply. */
  readonly spreadsheet: Spreadsheet;
  /** Resolves once nothing of ours changes the spreadsheet until this work's write is handed on. */
  readonly alone: () => Promise<void>;
  /** In long work between calls: lets others have their turn, and rejects once nobody waits for this any more. */
  readonly breathe: () => Promise<void>;
  /** Nothing is sent: the answer says what would be. */
  readonly dryRun: boolean;
  /** Formulas may fetch from elsewhere. */
  readonly allowExternal: boolean;
  /** An id for what is added: so the answer has it, whatever becomes of the reply. */
  readonly newId: () => number;
  /** Remembers what the write replaces, before it is sent; called again with what it left. Absent: nobody wants it. */
  readonly keep: ((image: Image) => void) | undefined;
}

/** What work on a spreadsheet as a whole is given: no name of it is looked up. */
export type FileDesk = Pick<Desk, 'google' | 'alone'> & { readonly id: string };

export type FileVerb<T> = (file: FileDesk) => Promise<T>;

/** Work on a spreadsheet. It may be begun anew with fresh names, as long as it has written nothing. */
export type Verb<T> = (desk: Desk) => Promise<T>;

/** What every write answers. */
export interface Outcome {
  readonly status: 'applied' | 'unchanged' | 'dry_run';
  readonly warnings?: string[];
}

export type ChangedReply = z.output<typeof changedReply>;

export interface Change<A extends Outcome> {
  readonly requests: readonly Request[];
  /** What is answered; also should the reply be lost. */
  readonly answer: A;
  /** The sheets that it changes, as the caller knows them. */
  readonly sheets: readonly Sheet[];
  /** Cells that the reply shows, and which parts of them. */
  readonly show?: { readonly ranges: readonly string[]; readonly fields: string };
  /** The answer by what the reply tells; one that stands for a lost reply says so by `reread`. */
  readonly told?: (reply: ChangedReply) => A;
}

/** Reply parts that are always asked for: who has renamed a sheet meanwhile is seen by them. */
const REPLY = 'spreadsheetId,replies,updatedSpreadsheet.sheets(properties(sheetId,title)';

/** Makes the change in one atomic call; in a dry run only tells it. A sheet that was renamed meanwhile is told. */
export async function apply<A extends Outcome>(desk: Desk, change: Change<A>): Promise<A> {
  const { requests, answer, sheets, show, told } = change;
  if (desk.dryRun) return planned(answer);
  const { id } = desk.spreadsheet;
  const params = {
    spreadsheetId: id,
    fields: `${REPLY}${show ? `,${show.fields}` : ''})`,
    requestBody: {
      requests,
      includeSpreadsheetInResponse: true,
      ...(show && { responseIncludeGridData: true, responseRanges: show.ranges }),
    },
  };
  const given = await desk.google('spreadsheets.batchUpdate', id, params, { answer });
  confirmWrite(given, id, 'spreadsheets.batchUpdate');
  const reply = decode(changedReply, given, 'spreadsheets.batchUpdate', true);
  return withWarnings(told ? told(reply) : answer, renamed(sheets, reply));
}

/** The answer of a dry run. */
export function planned<A extends Outcome>(answer: A): A {
  return answer.status === 'applied' ? { ...answer, status: 'dry_run' } : answer;
}

export function withWarnings<A extends Outcome>(answer: A, more: readonly string[]): A {
  if (more.length === 0) return answer;
  return { ...answer, warnings: [...(answer.warnings ?? []), ...more] };
}

function renamed(sheets: readonly Sheet[], { updatedSpreadsheet }: ChangedReply): string[] {
  const titles = new Map(updatedSpreadsheet?.sheets.map(({ properties }) => [properties.sheetId, properties.title]));
  return [...new Set(sheets)].flatMap(({ sheetId, title }) => {
    const now = titles.get(sheetId);
    if (now === undefined || now === title) return [];
    return [`The sheet ${shown(title)} was renamed to ${shown(now)} meanwhile: that is where this was done.`];
  });
}
