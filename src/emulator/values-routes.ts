// The routes of spreadsheets.values on Hono: each names its parameters, its body and the method that does it.

import { type Context, Hono } from 'hono';
import type { Clock } from '../clock.ts';
import type { Change } from './change.ts';
import { batchClearByDataFilter, batchGetByDataFilter, batchUpdateByDataFilter } from './data-filters.ts';
import { Dimension } from './messages/base.ts';
import {
  BatchClearByDataFilter,
  BatchClearValues,
  BatchGetByDataFilter,
  BatchUpdateByDataFilter,
  BatchUpdateValues,
  DateTimeRenderOption,
  InsertDataOption,
  ValueInputOption,
  ValueRange,
  ValueRenderOption,
} from './messages/values.ts';
import { resolveRange } from './ranges.ts';
import { readRange } from './render.ts';
import { decodeBody, decodeQuery, replyMask, searchParams, sheetsReply } from './reply.ts';
import { list, type Message, message, type Of, type Shape } from './schema.ts';
import type { Store } from './store.ts';
import { appendValues, batchGetValues, batchUpdateValues, clearRanges, type Echo, updateValues } from './values.ts';
import type { Book } from './workbook.ts';
import type { Input } from './write.ts';

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

function echoOf(options: EchoOptions): Echo {
  if (!options.includeValuesInResponse) return undefined;
  return {
    valueRenderOption: options.responseValueRenderOption,
    dateTimeRenderOption: options.responseDateTimeRenderOption,
  };
}

/** Mounted at /v4/spreadsheets. */
export function valuesRoutes(store: Store, bookOf: (id: string) => Book, clock: Clock): Hono {
  const app = new Hono();
  const inputOf = (option: string | undefined): Input => ({
    option,
    year: new Date(clock.wall()).getUTCFullYear(),
  });

  /** `name` of the path, without the `:verb` at its end. */
  const range = (c: Context, verb = '') =>
    (c.req.param('range') ?? '').slice(0, verb === '' ? undefined : -verb.length - 1);

  /** A method whose query and body have these shapes; the mask is checked before anything is done. */
  function method<Q extends Message, B extends Message>(
    query: Q,
    body: B,
    path: string,
    work: (book: Book, query: Of<Q>, body: Of<B>, c: Context) => object,
    reply: Shape = 'json',
  ): (c: Context) => Promise<Response> {
    return async (c) => {
      const params = searchParams(c);
      const decoded = decodeQuery(query, params);
      const mask = replyMask(params, reply);
      const given = await decodeBody(c, body, path);
      return sheetsReply(params, work(bookOf(c.req.param('id') ?? ''), decoded, given, c), mask);
    };
  }
  const change = (work: (change: Change) => object) => store.transact(work);

  app.get('/:id/values:batchGet', (c) => {
    const params = searchParams(c);
    const query = decodeQuery(BatchGetQuery, params);
    const mask = replyMask(params, 'json');
    return sheetsReply(params, batchGetValues(bookOf(c.req.param('id')), query.ranges ?? [], query), mask);
  });
  app.post(
    '/:id/values:batchGetByDataFilter',
    method(NoQuery, BatchGetByDataFilter, '', (book, _, body) =>
      batchGetByDataFilter(book, body.dataFilters ?? [], body),
    ),
  );
  app.post(
    '/:id/values:batchUpdate',
    method(NoQuery, BatchUpdateValues, '', (book, _, body) =>
      change((one) => batchUpdateValues(one, book, body, inputOf(body.valueInputOption), echoOf(body))),
    ),
  );
  app.post(
    '/:id/values:batchUpdateByDataFilter',
    method(NoQuery, BatchUpdateByDataFilter, '', (book, _, body) =>
      change((one) => batchUpdateByDataFilter(one, book, body, inputOf(body.valueInputOption), echoOf(body))),
    ),
  );
  app.post(
    '/:id/values:batchClear',
    method(NoQuery, BatchClearValues, '', (book, _, { ranges = [] }) => {
      const clearedRanges = store.transact((one) => clearRanges(one, book, ranges));
      return { spreadsheetId: book.id, ...(clearedRanges.length > 0 && { clearedRanges }) };
    }),
  );
  app.post(
    '/:id/values:batchClearByDataFilter',
    method(NoQuery, BatchClearByDataFilter, '', (book, _, { dataFilters = [] }) =>
      change((one) => batchClearByDataFilter(one, book, dataFilters)),
    ),
  );

  app.get('/:id/values/:range{.+}', (c) => {
    const params = searchParams(c);
    const query = decodeQuery(ReadQuery, params);
    const mask = replyMask(params, ValueRange);
    return sheetsReply(params, readRange(resolveRange(bookOf(c.req.param('id')), range(c)), query), mask);
  });
  app.put(
    '/:id/values/:range{.+}',
    method(WriteQuery, ValueRange, 'data', (book, query, body, c) =>
      change((one) => updateValues(one, book, range(c), body, inputOf(query.valueInputOption), echoOf(query))),
    ),
  );
  app.post(
    '/:id/values/:range{.+:append}',
    method(AppendQuery, ValueRange, 'data', (book, query, body, c) => {
      const insert = query.insertDataOption === 'INSERT_ROWS';
      const input = inputOf(query.valueInputOption);
      return change((one) => appendValues(one, book, range(c, 'append'), body, input, insert, echoOf(query)));
    }),
  );
  app.post(
    '/:id/values/:range{.+:clear}',
    method(NoQuery, message('ClearValuesRequest', {}), '', (book, _, __, c) => {
      const [clearedRange] = store.transact((one) => clearRanges(one, book, [range(c, 'clear')]));
      return { spreadsheetId: book.id, clearedRange };
    }),
  );

  return app;
}
