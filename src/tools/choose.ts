// Which tools a server offers: the one place where toolsets, read-only mode and a caller's scopes narrow the list.

import type { Tool } from './tool.ts';

export interface Choice {
  /** Toolsets by name. */
  readonly toolsets: readonly Tool['toolset'][];
  readonly readOnly: boolean;
}

/** The setting that keeps a tool from being offered; undefined when none does. */
export function hiddenBy(tool: Tool, { toolsets, readOnly }: Choice): 'TOOLSETS' | 'READ_ONLY' | undefined {
  if (readOnly && tool.access !== 'read') return 'READ_ONLY';
  return toolsets.includes(tool.toolset) ? undefined : 'TOOLSETS';
}

/** The tools of a choice, in the order of the list. */
export function chooseTools(tools: readonly Tool[], choice: Choice): readonly Tool[] {
  return tools.filter((tool) => hiddenBy(tool, choice) === undefined);
}
