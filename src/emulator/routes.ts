// The routes of Sheets v4 on Hono: each names its parameters, its body and the method that does it.

import { Hono, type Context as HonoContext } from 'hono';
import type { Clock } from '../clock.ts';
import { runRequests } from './batch-update.ts';
import type { Change } from './change.ts';
import { createSpreadsheet } from './create.ts';
import { notFound } from './errors.ts';
import { touch } from './files.ts';
import { below, type Mask } from './mask.ts';
import { Dimension } from './messages/base.ts';
import { Spreadsheet } from './messages/sheet.ts';
import {
  BatchClearValues,
  BatchUpdate,
  BatchUpdateValues,
  DateTimeRenderOption,
  InsertDataOption,
  Replies,
  SearchMetadata,
  ValueInputOption,
  ValueRange,
  ValueRenderOption,
} from './messages/values.ts';
import { getMetadata, searchMetadata } from './metadata.ts';
import { resolveRange } from './ranges.ts';
import { readRange } from './render.ts';
import { decodeBody, decodeQuery, intParam, replyMask, searchParams, sheetsReply } from './reply.ts';
import { list, message } from './schema.ts';
import { printSpreadsheet } from './spreadsheet.ts';
import type { Store } from './store.ts';
import { appendValues, batchGetValues, batchUpdateValues, clearRanges, updateValues } from './values.ts';
import type { Book } from './workbook.ts';

const GetQuery = message('GetSpreadsheetRequest', {
  ranges: list('string'),
  includeGridData: 'bool',
  excludeTablesInBandedRanges: 'bool',
  commentsViewMode: 'string',
});
const READ = {
  majorDimension: Dimension,
  valueRenderOption: ValueRenderOption,
  dateTimeRenderOption: DateTimeRenderOption,
} as const;
const ReadQuery = message('GetValuesRequest', READ);
const BatchGetQuery = message('BatchGetValuesRequest', { ...READ, ranges: list('string') });
const WRITE = {
  valueInputOption: ValueInputOption,
  includeValuesInResponse: 'bool',
  responseValueRenderOption: ValueRenderOption,
  responseDateTimeRenderOption: DateTimeRenderOption,
} as const;
const WriteQuery = message('UpdateValuesRequest', WRITE);
const AppendQuery = message('AppendValuesRequest', { ...WRITE, insertDataOption: InsertDataOption });
const NoQuery = message('Empty', {});

interface EchoOptions {
  readonly includeValuesInResponse?: boolean;
  readonly responseValueRenderOption?: string;
  readonly responseDateTimeRenderOption?: string;
}

function echoOf(options: EchoOptions) {
  if (!options.includeValuesInResponse) return undefined;
  return {
    valueRenderOption: options.responseValueRenderOption,
    dateTimeRenderOption: options.responseDateTimeRenderOption,
  };
}

/** `spreadsheetId`, `range` or the like without the `:verb` at its end. */
function param(c: HonoContext, name: string, verb = ''): string {
  const value = c.req.param(name) ?? '';
  return verb === '' ? value : value.slice(0, -verb.length - 1);
}

/** Which cells to print: what the mask asks of `sheets.data`, or everything on request; undefined for none. */
function cellsOf(mask: Mask | undefined, include: boolean | undefined): Mask | undefined {
  if (mask === undefined) return include ? true : undefined;
  return below(mask, 'sheets', 'data');
}

export function sheetsRoutes(store: Store, clock: Clock): Hono {
  const app = new Hono();
  const root = '/v4/spreadsheets';
  const random = () => clock.random();

  function bookOf(id: string): Book {
    const book = store.book(id);
    if (!book) throw notFound();
    return book;
  }

  const titleOf = (book: Book) => store.files.get(book.id)?.name ?? '';
  const year = () => new Date(clock.wall()).getUTCFullYear();

  function rename(change: Change, book: Book, name: string): void {
    const file = store.files.get(book.id);
    if (file) touch(change, { ...file, name }, clock.wall());
  }

  app.post(root, async (c) => {
    const params = searchParams(c);
    decodeQuery(NoQuery, params);
    const mask = replyMask(params, Spreadsheet);
    const body = await decodeBody(c, Spreadsheet, 'spreadsheet');
    const reply = store.transact((change) => {
      const book = createSpreadsheet({ store, change, clock }, body);
      return printSpreadsheet(book, titleOf(book), [], cellsOf(mask, false));
    });
    return sheetsReply(params, reply, mask);
  });

  app.get(`${root}/:id{[^/:]+}`, (c) => {
    const params = searchParams(c);
    const query = decodeQuery(GetQuery, params);
    const mask = replyMask(params, Spreadsheet);
    const book = bookOf(param(c, 'id'));
    const cells = cellsOf(mask, query.includeGridData);
    return sheetsReply(params, printSpreadsheet(book, titleOf(book), query.ranges ?? [], cells), mask);
  });

  app.post(`${root}/:id{[^/:]+:batchUpdate}`, async (c) => {
    const params = searchParams(c);
    decodeQuery(NoQuery, params);
    const mask = replyMask(params, Replies.batchUpdate);
    const body = await decodeBody(c, BatchUpdate);
    const book = bookOf(param(c, 'id', 'batchUpdate'));
    const reply = store.transact((change) => {
      const context = { book, change, random, rename: (title: string) => rename(change, book, title) };
      const replies = runRequests(context, body.requests);
      const shown = body.includeSpreadsheetInResponse && (!mask || below(mask, 'updatedSpreadsheet') !== undefined);
      if (!shown) return { spreadsheetId: book.id, replies };
      const inner = mask && below(mask, 'updatedSpreadsheet');
      const cells = cellsOf(inner, body.responseIncludeGridData);
      const updatedSpreadsheet = printSpreadsheet(book, titleOf(book), body.responseRanges ?? [], cells);
      return { spreadsheetId: book.id, replies, updatedSpreadsheet };
    });
    return sheetsReply(params, reply, mask);
  });

  app.get(`${root}/:id/values:batchGet`, (c) => {
    const params = searchParams(c);
    const query = decodeQuery(BatchGetQuery, params);
    const mask = replyMask(params, 'json');
    return sheetsReply(params, batchGetValues(bookOf(param(c, 'id')), query.ranges ?? [], query), mask);
  });

  app.post(`${root}/:id/values:batchUpdate`, async (c) => {
    const params = searchParams(c);
    decodeQuery(NoQuery, params);
    const mask = replyMask(params, 'json');
    const body = await decodeBody(c, BatchUpdateValues);
    const book = bookOf(param(c, 'id'));
    const input = { option: body.valueInputOption, year: year() };
    const reply = store.transact((change) => batchUpdateValues(change, book, body, input, echoOf(body)));
    return sheetsReply(params, reply, mask);
  });

  app.post(`${root}/:id/values:batchClear`, async (c) => {
    const params = searchParams(c);
    decodeQuery(NoQuery, params);
    const mask = replyMask(params, 'json');
    const { ranges = [] } = await decodeBody(c, BatchClearValues);
    const book = bookOf(param(c, 'id'));
    const clearedRanges = store.transact((change) => clearRanges(change, book, ranges));
    const cleared = clearedRanges.length > 0 ? { clearedRanges } : {};
    return sheetsReply(params, { spreadsheetId: book.id, ...cleared }, mask);
  });

  app.get(`${root}/:id/values/:range{.+}`, (c) => {
    const params = searchParams(c);
    const query = decodeQuery(ReadQuery, params);
    const mask = replyMask(params, ValueRange);
    return sheetsReply(params, readRange(resolveRange(bookOf(param(c, 'id')), param(c, 'range')), query), mask);
  });

  app.put(`${root}/:id/values/:range{.+}`, async (c) => {
    const params = searchParams(c);
    const query = decodeQuery(WriteQuery, params);
    const mask = replyMask(params, 'json');
    const body = await decodeBody(c, ValueRange, 'data');
    const book = bookOf(param(c, 'id'));
    const input = { option: query.valueInputOption, year: year() };
    const reply = store.transact((change) => updateValues(change, book, param(c, 'range'), body, input, echoOf(query)));
    return sheetsReply(params, reply, mask);
  });

  app.post(`${root}/:id/values/:range{.+:append}`, async (c) => {
    const params = searchParams(c);
    const query = decodeQuery(AppendQuery, params);
    const mask = replyMask(params, 'json');
    const body = await decodeBody(c, ValueRange, 'data');
    const book = bookOf(param(c, 'id'));
    const input = { option: query.valueInputOption, year: year() };
    const range = param(c, 'range', 'append');
    const insert = query.insertDataOption === 'INSERT_ROWS';
    const reply = store.transact((change) => appendValues(change, book, range, body, input, insert, echoOf(query)));
    return sheetsReply(params, reply, mask);
  });

  app.post(`${root}/:id/values/:range{.+:clear}`, (c) => {
    const params = searchParams(c);
    decodeQuery(NoQuery, params);
    const mask = replyMask(params, 'json');
    const book = bookOf(param(c, 'id'));
    const [clearedRange] = store.transact((change) => clearRanges(change, book, [param(c, 'range', 'clear')]));
    return sheetsReply(params, { spreadsheetId: book.id, clearedRange }, mask);
  });

  app.post(`${root}/:id/developerMetadata:search`, async (c) => {
    const params = searchParams(c);
    decodeQuery(NoQuery, params);
    const mask = replyMask(params, 'json');
    const { dataFilters = [] } = await decodeBody(c, SearchMetadata);
    return sheetsReply(params, searchMetadata(bookOf(param(c, 'id')), dataFilters), mask);
  });

  app.get(`${root}/:id/developerMetadata/:metadataId`, (c) => {
    const params = searchParams(c);
    decodeQuery(NoQuery, params);
    const mask = replyMask(params, 'json');
    const id = intParam(param(c, 'metadataId'), 'metadata_id');
    return sheetsReply(params, getMetadata(bookOf(param(c, 'id')), id), mask);
  });

  return app;
}
