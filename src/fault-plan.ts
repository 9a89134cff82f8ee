// EMULATOR_FAULTS as JSON, from its text or the file that it names. What the plan may say is the embedded backend's to check.

import type { Backend } from './backend.ts';

/** Undefined when there is none, or when `refuse` was told why. */
export function decodeFaultPlan(
  value: string | undefined,
  { kind, why }: Backend,
  readText: (path: string) => string,
  refuse: (problem: string) => void,
): unknown {
  if (value === undefined) return undefined;
  if (kind === 'google') return refuse(`the backend is google (${why})`);
  let json = value;
  if (!value.startsWith('{')) {
    try {
      json = readText(value);
    } catch {
      return refuse('it does not begin with {, and no file of that name can be read');
    }
  }
  try {
    return JSON.parse(json);
  } catch (error) {
    return refuse(`no valid JSON: ${error instanceof Error ? error.message : ''}`);
  }
}
