// Sockets: binds a fetch handler to a port and lets go of it gracefully. Knows no routes.

import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';

export interface Listener {
  /** `http://127.0.0.1:3000`, with the port that was taken. */
  readonly url: string;
  /** Accepts no more; resolves once `finished` has, streams are ended and connections closed, at the latest after `graceMs`. */
  close(finished: () => Promise<void>, graceMs: number): Promise<void>;
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
  const server = createAdaptorServer({
    fetch: (request, { incoming }) => fetch(request, () => void incoming.socket.resetAndDestroy()),
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
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const late = new Promise<void>((resolve) => setTimeout(resolve, graceMs).unref());
      // A connection whose answer went out just now turns idle a little later: keep asking until all are gone.
      const sweep = setInterval(() => server.closeIdleConnections(), 20);
      await Promise.race([finished().then(() => closed), late]);
      clearInterval(sweep);
      server.closeAllConnections();
    },
  };
}
