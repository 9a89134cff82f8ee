// The MCP face on standard input and output. Nothing else may write to standard output.

import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createMcpFactory, type McpOptions } from './mcp.ts';

/** Serves until the client closes its end; `close` ends it from here. */
export function startStdio(options: McpOptions): { close(): Promise<void> } {
  return serveStdio(createMcpFactory(options), {
    onerror: (error) => options.log.debug('mcp protocol error', { error: error.message }),
  });
}
