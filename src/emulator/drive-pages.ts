// Pages of Drive's lists: which part of a list the caller's pageSize and pageToken ask for. Knows no list.

import { ApiError } from './errors.ts';

/** Sizes of pages: what is given without one, and the most. */
export interface PageSizes {
  readonly standard: number;
  readonly most: number;
}

function startOf(token: string): number | undefined {
  try {
    const found = /^~!!~(\d{1,15})$/.exec(atob(token))?.[1];
    return found === undefined ? undefined : Number(found);
  } catch {
    return undefined;
  }
}

/** The page that is asked for, and the token of the next one if there is more. Throws Drive's refusals. */
export function pageOf<T>(
  params: URLSearchParams,
  found: readonly T[],
  { standard, most }: PageSizes,
): { readonly items: readonly T[]; readonly more: { readonly nextPageToken?: string } } {
  const given = params.get('pageSize');
  const size = Number(given ?? standard);
  if (!Number.isInteger(size) || size < 1 || size > most) {
    const allowed = `Values must be within the range: [1, ${most}]`;
    throw new ApiError(400, `Invalid value '${given}'. ${allowed}`, { location: 'pageSize' });
  }
  const token = params.get('pageToken') ?? '';
  const start = token === '' ? 0 : startOf(token);
  if (start === undefined) throw new ApiError(400, 'Invalid Value', { location: 'pageToken' });
  const next = start + size;
  return {
    items: found.slice(start, next),
    more: next < found.length ? { nextPageToken: btoa(`~!!~${next}`) } : {},
  };
}
