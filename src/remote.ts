// One tool call through a running server: what `call --url` does. Says what is wrong when no such server answers.

/** The tool's answer, or the error in the server's words. */
export type RemoteAnswer =
  | { readonly ok: true; readonly answer: unknown }
  | { readonly ok: false; readonly code: string; readonly detail: string; readonly hint: string };

/** The base URL in a text; undefined when it is none, or holds a password, which no message may show. */
export function serverUrl(text: string): URL | undefined {
  const url = URL.parse(text.endsWith('/') ? text : `${text}/`);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  return url.href === url.origin + url.pathname ? url : undefined;
}

/** Throws an Error in words for the terminal when nothing answers, or something else than ServalSheets. */
export async function callRemote(server: URL, tool: string, body: string): Promise<RemoteAnswer> {
  const target = new URL(`v1/tools/${encodeURIComponent(tool)}`, server);
  const headers = { 'content-type': 'application/json' };
  let response: Response;
  let text: string;
  try {
    response = await fetch(target, { method: 'POST', body, headers, redirect: 'manual' });
    text = await response.text();
  } catch (error) {
    throw new Error(`No server answers at ${server.href} (${reasonOf(error)}): start one, or correct --url.`);
  }
  const answer = parsed(text);
  // Every answer of ServalSheets has a request id, whatever it is.
  if (response.headers.has('x-request-id') && answer !== undefined) {
    if (response.ok) return { ok: true, answer };
    const { code, detail, hint } = answer;
    if (typeof code === 'string') return { ok: false, code, detail: String(detail), hint: String(hint) };
  }
  throw new Error(
    `What answers at ${server.href} (status ${response.status}) is not ServalSheets: correct --url, path prefix included.`,
  );
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The system's code, such as ECONNREFUSED, which fetch hides in the cause. */
function reasonOf(error: unknown): string {
  const { code, cause, message } = error as { code?: unknown; cause?: unknown; message?: unknown };
  if (typeof code === 'string') return code;
  return typeof cause === 'object' && cause !== null ? reasonOf(cause) : String(message);
}
