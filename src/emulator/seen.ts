// What a request is to the faults, the quota and the record: method, path, user, read or write, spreadsheet. Reads
// the request line and headers only.

export interface Seen {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  /** The bearer of the Authorization header, or `anonymous`. */
  readonly user: string;
  readonly api: 'sheets' | 'drive';
  readonly kind: 'read' | 'write';
  /** The spreadsheet or file that the path names; null where it names none (create, list). */
  readonly spreadsheet: string | null;
}

/** One answered (or unanswered) request, as the backend saw it. */
export interface Observed extends Seen {
  /** `Clock.now()` when the backend answered it or did it; with injected latency, after that. */
  readonly at: number;
  /**
   * `hang` also stands for a caller who left during injected latency. A `late` entry is a second one of its request:
   * the moment when it was done although its caller had been told something else.
   */
  readonly status: number | 'reset' | 'hang' | 'late';
  /** The backend did it and did not refuse it, whatever the caller was told. */
  readonly applied: boolean;
}

/** Real clients send `//v4/spreadsheets`, `ID/` and `ID/:batchUpdate`; the rest stays encoded, so that a range may hold anything. */
export function pathOf(request: Request): string {
  return new URL(request.url).pathname
    .replaceAll(/\/{2,}/g, '/')
    .replaceAll('/:', ':')
    .replace(/(?<=.)\/$/, '');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Reads that come as POST because their filters need a body. */
const READ_BY_POST = /(:getByDataFilter|\/values:batchGetByDataFilter|\/developerMetadata:search)$/;

export function seen(request: Request): Seen {
  const { method } = request;
  const path = decoded(pathOf(request));
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get('Authorization') ?? '');
  return {
    method,
    path,
    user: bearer?.[1] ?? 'anonymous',
    api: /^(\/upload)?\/drive\//.test(path) ? 'drive' : 'sheets',
    kind: method === 'GET' || (method === 'POST' && READ_BY_POST.test(path)) ? 'read' : 'write',
    spreadsheet: /^\/(?:v4\/spreadsheets|drive\/v3\/files)\/([^/:]+)/.exec(path)?.[1] ?? null,
  };
}

/** The last so many things that were pushed. */
export interface Ring<T> {
  push(one: T): void;
  list(): readonly T[];
  clear(): void;
}

export function createRing<T>(limit: number): Ring<T> {
  let kept: T[] = [];
  return {
    push: (one) => {
      // Cut at twice the limit, so that the copy is paid once in `limit` pushes.
      if (kept.push(one) >= 2 * limit) kept = kept.slice(-limit);
    },
    list: () => kept.slice(-limit),
    clear: () => {
      kept = [];
    },
  };
}
