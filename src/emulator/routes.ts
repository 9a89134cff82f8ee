// The routes of Sheets v4 on Hono but those of values: each names its parameters, its body and the method that does it.

import { Hono, type Context as HonoContext } from 'hono';
import type { Clock } from '../clock.ts';
import { commentUpdateState, runRequests } from './batch-update.ts';
import { createSpreadsheet } from './create.ts';
import { rangesOf } from './data-filters.ts';
import { invalid, notFound } from './errors.ts';
import { touch } from './files.ts';
import { below, type Mask } from './mask.ts';
import { CommentsViewMode } from './messages/features.ts';
import { Spreadsheet } from './messages/sheet.ts';
import { BatchUpdate, BatchUpdateReply, CopySheet, GetByDataFilter, SearchMetadata } from './messages/values.ts';
import { getMetadata, searchMetadata } from './metadata.ts';
import type { Place } from './ranges.ts';
import { decodeBody, decodeQuery, intParam, replyMask, searchParams, sheetsReply } from './reply.ts';
import { copySheetTo } from './requests/copy-sheet.ts';
import { list, message, type Of } from './schema.ts';
import { printSheetProperties, printSpreadsheet } from './spreadsheet.ts';
import type { Store } from './store.ts';
import { valuesRoutes } from './values-routes.ts';
import { type Book, sheetById } from './workbook.ts';

const GetQuery = message('GetSpreadsheetRequest', {
  ranges: list('string'),
  includeGridData: 'bool',
  excludeTablesInBandedRanges: 'bool',
  commentsViewMode: CommentsViewMode,
});
const NoQuery = message('Empty', {});

/** `spreadsheetId`, `range` or the like without the `:verb` at its end. */
export function param(c: HonoContext, name: string, verb = ''): string {
  const value = c.req.param(name) ?? '';
  return verb === '' ? value : value.slice(0, -verb.length - 1);
}

/** Which cells to print: what the mask asks of `sheets.data` by name, or everything on request; undefined for none. */
function cellsOf(mask: Mask | undefined, include: boolean | undefined): Mask | undefined {
  if (mask === undefined) return include ? true : undefined;
  const sheets = below(mask, 'sheets');
  return sheets === undefined || sheets === true ? sheets : sheets.get('data');
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

  function show(
    params: URLSearchParams,
    book: Book,
    query: Of<typeof GetQuery>,
    ranges: readonly (string | Place)[],
  ): Response {
    const mask = replyMask(params, Spreadsheet);
    const cells = cellsOf(mask, query.includeGridData);
    const options = { ...query, mask };
    return sheetsReply(params, printSpreadsheet(book, titleOf(book), ranges, cells, options), mask);
  }

  app.get(`${root}/:id{[^/:]+}`, (c) => {
    const params = searchParams(c);
    const query = decodeQuery(GetQuery, params);
    replyMask(params, Spreadsheet);
    return show(params, bookOf(param(c, 'id')), query, query.ranges ?? []);
  });

  app.post(`${root}/:id{[^/:]+:getByDataFilter}`, async (c) => {
    const params = searchParams(c);
    decodeQuery(NoQuery, params);
    replyMask(params, Spreadsheet);
    const { dataFilters = [], ...query } = await decodeBody(c, GetByDataFilter);
    const book = bookOf(param(c, 'id', 'getByDataFilter'));
    return show(params, book, query, rangesOf(book, dataFilters));
  });

  app.post(`${root}/:id{[^/:]+:batchUpdate}`, async (c) => {
    const params = searchParams(c);
    decodeQuery(NoQuery, params);
    const mask = replyMask(params, BatchUpdateReply);
    const body = await decodeBody(c, BatchUpdate);
    const book = bookOf(param(c, 'id', 'batchUpdate'));
    const reply = store.transact((change) => {
      const rename = (name: string) => {
        const file = store.files.get(book.id);
        if (file) touch(change, { ...file, name }, clock.wall());
      };
      const replies = runRequests({ book, change, random, now: () => clock.wall(), rename }, body.requests);
      const shown = body.includeSpreadsheetInResponse && (!mask || below(mask, 'updatedSpreadsheet') !== undefined);
      const reply = { spreadsheetId: book.id, replies, ...commentUpdateState(body.requests) };
      if (!shown) return reply;
      const inner = mask && below(mask, 'updatedSpreadsheet');
      const cells = cellsOf(inner, body.responseIncludeGridData);
      const options = { commentsViewMode: body.commentsViewMode, mask: inner };
      const ranges = body.responseRanges ?? [];
      return { ...reply, updatedSpreadsheet: printSpreadsheet(book, titleOf(book), ranges, cells, options) };
    });
    return sheetsReply(params, reply, mask);
  });

  app.post(`${root}/:id/sheets/:sheet{[^/:]+:copyTo}`, async (c) => {
    const params = searchParams(c);
    decodeQuery(NoQuery, params);
    const mask = replyMask(params, 'json');
    const { destinationSpreadsheetId = '' } = await decodeBody(c, CopySheet);
    const book = bookOf(param(c, 'id'));
    const id = intParam(param(c, 'sheet', 'copyTo'), 'sheet_id');
    const sheet = sheetById(book, id);
    if (!sheet) throw invalid(`No sheet with id: ${id}`);
    const target = bookOf(destinationSpreadsheetId);
    const reply = store.transact((change) => printSheetProperties(copySheetTo(change, sheet, target, random)));
    return sheetsReply(params, reply, mask);
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

  app.route(root, valuesRoutes(store, bookOf, clock));
  return app;
}
