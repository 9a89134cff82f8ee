// What Google limits: characters of metadata, requests a minute, what a scope allows. The first two cost the caller
// something and are tried only when asked for.

import { z } from 'zod';
import { createCall } from '../../src/sheets/calls.ts';
import type { Request } from '../../src/sheets/requests.ts';
import type { Bench } from './bench.ts';
import { type Check, fails, holds, notTried, unless, type Verdict } from './check.ts';

export const allowsScopes: Check = {
  number: 9,
  run: async (bench) => {
    if (!bench.ownScopes)
      return notTried('the scopes of a ready access token or of default credentials are not ours to choose');
    await bench.send(createCall(bench.origin(), 'files.list', null, { pageSize: 1, fields: 'files(id)' }));
    return holds('with these scopes sheets were changed and files listed; files of drive.file were not tried');
  },
};

const BUDGET_CHARACTERS = 30_000;
const MARKER_CHARACTERS = 24;
const PER_BATCH = 250;

const listed = z.object({
  developerMetadata: z
    .array(z.object({ metadataKey: z.string().default(''), metadataValue: z.string().default('') }))
    .default([]),
});

export const limitsMetadata: Check = {
  number: 21,
  option: 'budget',
  run: async (bench) => {
    try {
      return await fillMetadata(bench);
    } finally {
      await bench.removeMarkers();
    }
  },
};

async function fillMetadata(bench: Bench): Promise<Verdict> {
  const fields = 'developerMetadata(metadataKey,metadataValue)';
  const { developerMetadata } = listed.parse(await bench.send(bench.call('spreadsheets.get', { fields })));
  const before = developerMetadata.reduce((sum, one) => sum + one.metadataKey.length + one.metadataValue.length, 0);
  const room = Math.floor((BUDGET_CHARACTERS - before) / MARKER_CHARACTERS);
  for (let taken = 0; taken <= room; ) {
    const requests = Array.from({ length: PER_BATCH }, () => markerRequest(bench));
    const tried = await bench.attempt(bench.batch(requests, {}, 'spreadsheetId'));
    if (tried.ok) {
      taken += PER_BATCH;
      continue;
    }
    const named = /\brequests\[(\d+)\]\.createDeveloperMetadata\b/.exec(tried.words)?.[1];
    if (named === undefined) return fails(`the request beyond the budget is not named: ${tried.words}`);
    const fitted = taken + Number(named);
    const seen = `${fitted} markers fitted beside ${before} characters: ${tried.words}`;
    return fitted === room ? holds(seen) : fails(`${seen}; ${room} were expected, if other programs have none there`);
  }
  return fails(`${room + 1} markers and more were accepted beside ${before} characters`);
}

const body = z.object({ requests: z.tuple([z.record(z.string(), z.unknown())]) });

/** A marker alone, as a batch has it. */
function markerRequest(bench: Bench): Request {
  const call = bench.marked([], bench.newMarker(), bench.newValue());
  return body.parse(call.params.requestBody).requests[0];
}

interface QuotaFound {
  /** From the first refusal until a read was accepted; undefined: none was refused. */
  readonly waitedMs?: number;
  /** Refusals in the minute before that. */
  readonly refused: number;
  readonly limit: number;
  readonly words: string;
}

/** Google's limit is 60 reads a minute and user. */
const READS = 70;
const PROBE_MS = 500;
const PATIENCE_MS = 150_000;
const MINUTE_MS = 60_000;
const DEFAULT_LIMIT = 60;

/** One experiment for both checks of a run. */
const experiments = new WeakMap<Bench, Promise<QuotaFound>>();

function quotaWindow(bench: Bench): Promise<QuotaFound> {
  const known = experiments.get(bench);
  if (known) return known;
  const begun = findQuotaWindow(bench);
  experiments.set(bench, begun);
  return begun;
}

async function findQuotaWindow(bench: Bench): Promise<QuotaFound> {
  const { clock } = bench;
  const refusals: number[] = [];
  let words = '';
  let limit = DEFAULT_LIMIT;
  const read = async () => {
    const call = bench.call('spreadsheets.get', { fields: 'spreadsheetId' });
    const tried = await bench.outcome(bench.sendAtOnce(call));
    if (tried.ok) return true;
    if (tried.error.code !== 'quota_exhausted') throw tried.error;
    refusals.push(clock.now());
    words = tried.words;
    limit = tried.error.details.quota?.limitValue ?? limit;
    return false;
  };
  await Promise.all(Array.from({ length: READS }, read));
  const [start] = refusals;
  if (start === undefined) return { refused: 0, limit, words };
  bench.say('reads are refused; one every half second until one is accepted');
  while (!(await read())) {
    if (bench.stopped() || clock.now() - start > PATIENCE_MS) break;
    await clock.sleep(PROBE_MS);
  }
  const now = clock.now();
  return { waitedMs: now - start, refused: refusals.filter((at) => at > now - MINUTE_MS).length, limit, words };
}

const NONE_REFUSED = `none of ${READS} reads was refused: this project may read more than that in a minute`;

export const countsNoRefusals: Check = {
  number: 13,
  option: 'quota',
  run: async (bench) => {
    const { waitedMs, refused, limit } = await quotaWindow(bench);
    if (waitedMs === undefined) return notTried(NONE_REFUSED);
    const seen = `a read was accepted although ${refused} were refused in the minute before, of ${limit} that are allowed`;
    if (waitedMs > PATIENCE_MS)
      return fails(`refused for ${Math.round(waitedMs / 1000)} s while asking every half second`);
    return refused >= limit
      ? holds(`${seen}; 401 was not tried`)
      : notTried(`only ${refused} refusals before one was accepted`);
  },
};

export const reopensInAMinute: Check = {
  number: 30,
  option: 'quota',
  run: async (bench) => {
    const { waitedMs, words } = await quotaWindow(bench);
    if (waitedMs === undefined) return notTried(NONE_REFUSED);
    const seen = `accepted again after ${(waitedMs / 1000).toFixed(1)} s; ${words}`;
    return unless([waitedMs > MINUTE_MS + 2 * PROBE_MS && seen], seen);
  },
};
