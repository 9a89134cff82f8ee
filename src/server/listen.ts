// Sockets: binds a fetch handler to a port and lets go of it gracefully. Knows no routes.

import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';

export interface Listener {
  /** `http://127.0.0.1:3000`, with the port that was taken. */
  readonly url: string;
  /** Accepts no more; resolves once `finished` has, streams are ended and connections closed, at the latest after `graceMs`. */
  close(finished: () => Promise<void>, graceMs: number): Promise<void>;
}

/** After this long without a new request nothing more is on its way. */
const QUIET_MS = 50;
/** With callers that never cease, the door is shut after so many times that long. */
const MOST_TURNS = 10;

/** A pause after which what has arrived meanwhile has been read, also when the loop was busy all the while. */
async function quiet(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Rejects with the socket's own error (EADDRINUSE, EACCES) when the port cannot be taken. `drop` resets the connection
 * of the request at hand.
 */
export async function listen(
  fetch: (request: Request, drop: () => void) => Promise<Response>,
  port: number,
  host: string,
  serverOptions: { maxHeaderSize?: number } = {},
): Promise<Listener> {
  let closing = false;
  /** Requests so far: while it moves, what was sent before the close is still coming in. */
  let arrived = 0;
  const server = createAdaptorServer({
    fetch: async (request, { incoming }) => {
      arrived++;
      const response = await fetch(request, () => void incoming.socket.resetAndDestroy());
      if (closing) response.headers.set('connection', 'close');
      return response;
    },
    serverOptions,
  }) as Server; // without options for HTTP/2 it is this one
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: async (finished, graceMs) => {
      closing = true;
      const late = new Promise<void>((resolve) => setTimeout(resolve, graceMs).unref());
      // Whoever called before the stop may still be on the way in: the door stays open until nobody comes, but not long.
      for (let before = -1, turn = 0; before !== arrived && turn < MOST_TURNS; turn++) {
        before = arrived;
        await quiet();
      }
      // Not http's own close, which takes connections for idle whose request has been sent but not been read.
      const closed = new Promise<void>((resolve) => void NetServer.prototype.close.call(server, () => resolve()));
      const drained = async () => {
        for (let before = -1; before !== arrived; ) {
          before = arrived;
          await finished();
          await quiet();
        }
      };
      await Promise.race([drained(), late]);
      // A connection whose answer went out just now turns idle a little later: keep asking until all are gone.
      const sweep = setInterval(() => server.closeIdleConnections(), 20);
      await Promise.race([closed, late]);
      clearInterval(sweep);
      server.closeAllConnections();
    },
  };
}
