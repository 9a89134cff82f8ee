// Routes for operators on the outbox: what is queued, trying again, taking out. Passive but for what they are asked.

import { Hono } from 'hono';
import { invalid, ServalError } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { StoredWrite, WriteStore } from '../store/write-store.ts';
import type { Outbox } from '../tools/outbox.ts';
import { shown } from '../words.ts';

export interface OutboxRoutesOptions {
  readonly store: Pick<WriteStore, 'page' | 'get' | 'requeue' | 'cancel'>;
  readonly outbox: Pick<Outbox, 'isReplaying' | 'hurry'>;
  readonly emit: Emit;
}

/** Entries of one page when none is asked for, and at most. */
const PAGE = 100;
const MOST = 1_000;

export function createOutboxRoutes({ store, outbox, emit }: OutboxRoutesOptions): Hono {
  const routes = new Hono();

  routes.get('/outbox', (c) => {
    const limit = limitOf(c.req.query('limit'));
    const page = store.page(placeOf(c.req.query('cursor')), limit + 1);
    const entries = page.entries.slice(0, limit);
    const last = page.entries.length > limit ? entries.at(-1) : undefined;
    return c.json({ entries: entries.map(entryOf), total: page.total, ...(last && { nextCursor: cursorOf(last) }) });
  });

  routes.post('/outbox/:id/retry', async (c) => {
    const write = waiting(c.req.param('id'));
    if (write.state !== 'queued') await store.requeue(write.id);
    outbox.hurry();
    return c.json({ retried: entryOf(store.get(write.id) ?? write) });
  });

  routes.delete('/outbox/:id', async (c) => {
    const write = waiting(c.req.param('id'));
    if (outbox.isReplaying(write.id) || write.settling) {
      throw new ServalError('conflict', `The write ${write.id} is being made just now.`, {
        hint: 'See GET /outbox again in some seconds.',
      });
    }
    await store.cancel(write.id);
    emit({ type: 'outbox', result: 'cancelled', writeId: write.id, tool: write.tool });
    return c.json({ deleted: write.id });
  });

  function waiting(id: string): StoredWrite {
    const write = store.get(id);
    if (write && ['queued', 'set_aside', 'expired'].includes(write.state)) return write;
    if (!write) {
      throw new ServalError('not_found', `There is no write ${shown(id)}.`, {
        hint: 'GET /outbox lists what is there.',
      });
    }
    throw new ServalError('conflict', `The write ${write.id} is not in the outbox: it is ${write.state}.`, {
      hint: 'GET /outbox lists what is there.',
    });
  }

  return routes;
}

/** What an operator needs to know; not the cells, which are the caller's. */
function entryOf({ id, tool, spreadsheet, state, position, ageMs, attempts, wall, error }: StoredWrite) {
  return {
    writeId: id,
    tool,
    spreadsheet,
    state,
    ...(position > 0 && { position }),
    queuedAt: new Date(wall).toISOString(),
    ageMs: Math.round(ageMs),
    attempts,
    ...(error && { lastError: { code: error.code, message: error.message } }),
  };
}

function limitOf(text: string | undefined): number {
  const limit = Number(text ?? PAGE);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit;
  throw invalid(`limit is ${shown(text)}.`, `Give a whole number from 1 to ${MOST}.`);
}

function cursorOf({ seq, id }: StoredWrite): string {
  return `${seq}.${id}`;
}

function placeOf(cursor: string | undefined): { seq: number; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [, seq, id] = /^(\d+)\.([\w-]+)$/.exec(cursor) ?? [];
  if (seq === undefined || id === undefined) throw invalid('cursor is not one that GET /outbox gave.');
  return { seq: Number(seq), id };
}
