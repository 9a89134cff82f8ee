// The embedded backend as a server of its own: what only its own port has. The fault plan's routes, compressed answers
// and connections that are really reset.

import { gzipSync } from 'node:zlib';
import type { Emulator } from './emulator.ts';
import { isConnectionReset } from './fault-answers.ts';
import { jsonResponse, printJson } from './reply.ts';
import { pathOf } from './seen.ts';

const CONTROL = '/_faults';

function json(body: object, status = 200): Response {
  return jsonResponse(printJson(body, true), status);
}

async function control(emulator: Emulator, request: Request): Promise<Response> {
  if (!['GET', 'PUT', 'DELETE'].includes(request.method))
    return json({ error: `${CONTROL} takes GET, PUT and DELETE` }, 405);
  try {
    if (request.method === 'PUT') emulator.setFaults(JSON.parse(await request.text()));
    if (request.method === 'DELETE') emulator.setFaults({});
  } catch (error) {
    return json({ error: error instanceof Error ? error.message : String(error) }, 400);
  }
  return json(emulator.faults());
}

/** Shorter answers are sent as they are. */
const GZIP_FROM_CHARACTERS = 1024;

/** Compressed for whoever accepts it; fault plans may send broken bodies, which stay as they are. */
async function compressed(request: Request, response: Response): Promise<Response> {
  const accepts = /\bgzip\b/.test(request.headers.get('Accept-Encoding') ?? '');
  if (!accepts || response.status !== 200 || response.headers.has('Content-Encoding') || !response.body)
    return response;
  if (response.headers.has('Content-Length')) return response;
  const text = await response.text();
  const headers = new Headers(response.headers);
  headers.append('Vary', 'Accept-Encoding');
  if (text.length < GZIP_FROM_CHARACTERS) return new Response(text, { status: 200, headers });
  headers.set('Content-Encoding', 'gzip');
  return new Response(gzipSync(text), { status: 200, headers });
}

/** A fetch handler for a socket; `drop` resets the connection of the request at hand. */
export function standalone(emulator: Emulator): (request: Request, drop: () => void) => Promise<Response> {
  return async (request, drop) => {
    if (pathOf(request) === CONTROL) return control(emulator, request);
    try {
      return await compressed(request, await emulator.fetch(request));
    } catch (error) {
      if (!isConnectionReset(error)) throw error;
      drop();
      return new Response(null, { status: 502 }); // written to a closed socket: nobody sees it
    }
  };
}
