// A run in figures, and which of its promises do not hold. Pure.

import { FINDINGS } from './checker.ts';
import type { ChaosResult } from './run.ts';
import { KINDS } from './workload.ts';

/** Broken promises told one by one; the others are counted. */
const SHOWN = 20;

/** What does not hold; nothing when all is well. With EXACTLY_ONCE=off duplicates are what must be found. */
export function broken(result: ChaosResult): string[] {
  const { options, findings, faults, statuses, troubles } = result;
  const duplicates = findings.filter(({ finding }) => finding === 'duplicate').length;
  if (options.exactlyOnce === 'off')
    return duplicates > 0 ? [] : ['with EXACTLY_ONCE=off there is no duplicate: the check shows nothing'];
  const left = result.recorded.filter(({ write, acknowledged }) => !acknowledged && !write.once);
  const unsent = result.planned - result.recorded.length;
  const refused = statuses['429'] ?? 0;
  const lost = sum(troubles) + sum(result.injected) + WINDOW_OF_A_KILL * result.kills;
  const most = lost + UNCOLLECTED * result.markers.length;
  return [
    ...findings.map(({ finding, words }) => `${finding}: ${words}`),
    ...faults,
    ...left.map(({ write, attempts }) => `${write.id} was not acknowledged in ${attempts} attempts`),
    ...(unsent > 0 ? [`${unsent} writes were never sent`] : []),
    ...(refused > 0 ? [`the emulator answered 429 ${refused} times`] : []),
    ...(sum(result.markers) > most ? [`${sum(result.markers)} markers are left, ${most} can be explained`] : []),
    ...notTried(result),
  ];
}

/** Flushes that a killed server can leave behind: one in flight and one to be collected in each spreadsheet. */
const WINDOW_OF_A_KILL = 8;
/** Markers of a spreadsheet that have done their work and wait until there are enough for a call of their own. */
const UNCOLLECTED = 100;

/** What the run was to show and did not bring about. */
function notTried({ options, recorded, kills, troubles }: ChaosResult): string[] {
  const queued = recorded.filter(({ acknowledged }) => acknowledged?.how === 'queued').length;
  const kinds = ['resetBefore', 'resetAfter', 'truncate', 'delayRequest', 'delayReply'];
  return [
    ...(kills < options.kills ? [`only ${kills} of ${options.kills} kills were done`] : []),
    ...(queued === 0 && options.exactlyOnce === 'markers' ? ['no write was answered 202'] : []),
    ...kinds.filter((kind) => !troubles[kind]).map((kind) => `the proxy did no ${kind}`),
  ];
}

/** The figures, as lines of text. */
export function figures(result: ChaosResult): string {
  const { options, recorded, findings, faults } = result;
  const acknowledged = recorded.flatMap((one) => one.acknowledged ?? []);
  const how = (name: string) => acknowledged.filter((one) => one.how === name).length;
  const first = recorded.filter((one) => one.acknowledged && one.attempts === 1).length;
  const times = acknowledged.map(({ afterMs }) => afterMs).toSorted((a, b) => a - b);
  const percentile = (share: number) => Math.round(times[Math.ceil(times.length * share) - 1] ?? 0);
  const rows: [string, string | number][] = [
    ['seed, exactly once', `${options.seed}, ${options.exactlyOnce}`],
    ['writes planned', result.planned],
    ...KINDS.map((kind): [string, number] => [`  ${kind}`, recorded.filter(({ write }) => write.kind === kind).length]),
    ['acknowledged', acknowledged.length],
    ['  at the first request', first],
    ['  after repeats', acknowledged.length - first],
    ['  applied, unchanged, queued (202)', `${how('applied')}, ${how('unchanged')}, ${how('queued')}`],
    ['not acknowledged', recorded.length - acknowledged.length],
    ['requests of the clients', recorded.reduce((all, { attempts }) => all + attempts, 0)],
    ['  not acknowledged', list(result.refusals)],
    ['kills', result.kills],
    ['faults of the proxy', list(result.troubles)],
    ['faults of the emulator', list(result.injected)],
    ['requests upstream', list(result.requests)],
    ['  answers', list(result.statuses)],
    ['markers left', result.markers.join(', ')],
    ['seconds with clients, in all', `${seconds(result.clientsMs)}, ${seconds(result.totalMs)}`],
    ['acknowledged after ms: p50, p95, p99, most', [0.5, 0.95, 0.99, 1].map(percentile).join(', ')],
    ...FINDINGS.map((name): [string, number] => [name, findings.filter(({ finding }) => finding === name).length]),
    ['faults', faults.length],
  ];
  return rows.map(([name, value]) => `${name.padEnd(44)}${value}`).join('\n');
}

/** The broken promises as lines of text, few enough to read. */
export function told(words: readonly string[]): string {
  const rest = words.length - SHOWN;
  return [...words.slice(0, SHOWN), ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}

function list(counts: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return sorted.map(([name, count]) => `${name} ${count}`).join(', ') || 'none';
}

function sum(counts: Readonly<Record<string, number>> | readonly number[]): number {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
