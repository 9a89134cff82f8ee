// The surface of each tool as clients see it, one file per tool: a change of it is reviewed as a difference.

import { TOOLS } from '../src/tools/index.ts';

/** Path in the project -> text. */
export function goldenFiles(): Record<string, string> {
  return Object.fromEntries(
    TOOLS.map((tool) => {
      const { name, title, description, toolset, access, annotations, inputSchema, outputSchema, example } = tool;
      const surface = { name, title, description, toolset, access, annotations, inputSchema, outputSchema, example };
      return [`tests/golden/${name}.json`, `${JSON.stringify(surface, null, 2)}\n`];
    }),
  );
}
