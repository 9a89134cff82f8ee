// Names in the environment that are no settings: those that are meant for us are told, not ignored in silence.

import { nearest } from './words.ts';

/** Settings of the documents that this version does not read. One leaves this list when it becomes a setting. */
const NOT_YET = ['UNDO_ENABLED', 'OPS_REQUIRE_TOKEN', 'METRICS_TOKEN'];
/** Prefixes that are ours alone: any unknown name under them is a mistake. */
const OWN_PREFIXES = /^(SHEETS_|SERVAL_|SERVALSHEETS_|EMULATOR_|CIRCUIT_BREAKER_|OUTBOX_|QUERY_|QUOTA_|FALLBACK_)/;
/** Prefixes others use as well: only a near miss is a mistake. */
const SHARED_PREFIXES = /^(GOOGLE_|API_|REQUEST_|DATA_|LOG_|CACHE_|RETRY_|MAX_)|^(PORT|HOST)/;
/** Letters in which a name may differ from the one that was meant. */
const NEAR = 3;

type Given = (name: string) => string | undefined;

/** One warning per name that is not a setting but looks meant for this server; values are never shown. */
export function nameWarnings(given: Given, names: readonly string[], known: readonly string[]): string[] {
  return names
    .filter((name) => given(name) !== undefined && !known.includes(name))
    .flatMap((name) => warningOf(name, known) ?? []);
}

function warningOf(name: string, known: readonly string[]): string | undefined {
  if (NOT_YET.includes(name)) return `${name} is not supported by this version yet and is ignored`;
  const ours = OWN_PREFIXES.test(name);
  const close = nearest(name, known, SHARED_PREFIXES.test(name) ? Math.min(NEAR, name.length / 3) : NEAR);
  const bare = name.replace(/^(SERVAL|SERVALSHEETS)_/, '');
  const meant = close ?? known.find((one) => one === bare);
  // Without a prefix of ours only a small part of a long name may differ: PATH is not PORT.
  const miss =
    close !== undefined && (SHARED_PREFIXES.test(name) || nearest(name, [close], close.length / 6) !== undefined);
  if (!ours && !miss) return undefined;
  return `${name} is not a setting of this version and is ignored${meant === undefined ? '' : `; the nearest name is ${meant}`}`;
}
