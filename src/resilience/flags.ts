// Switches that an operator turns at run time. In memory: a restart brings back what the environment says.

import type { Clock } from '../clock.ts';

export interface Flag {
  readonly enabled: boolean;
  /** When it turns back by itself, ISO time; null when it does not. */
  readonly until: string | null;
}

export interface Flags {
  /** True for a name that nobody knows: only what is known can be switched off. */
  enabled(name: string): boolean;
  /** Switches, for `forMs` only where given. False when there is no such flag. */
  set(name: string, enabled: boolean, forMs?: number): boolean;
  list(): Record<string, Flag>;
}

/** `initial` names every flag there is. */
export function createFlags(initial: Readonly<Record<string, boolean>>, clock: Clock): Flags {
  const set = new Map<string, { enabled: boolean; until: number | undefined }>();
  const current = (name: string) => {
    const own = set.get(name);
    if (own?.until !== undefined && clock.now() >= own.until) set.delete(name);
    return set.get(name);
  };
  const enabled = (name: string) => current(name)?.enabled ?? (!Object.hasOwn(initial, name) || initial[name] === true);
  return {
    enabled,
    set: (name, value, forMs) => {
      if (!Object.hasOwn(initial, name)) return false;
      set.set(name, { enabled: value, until: forMs === undefined ? undefined : clock.now() + forMs });
      return true;
    },
    list: () =>
      Object.fromEntries(
        Object.keys(initial).map((name) => {
          const until = current(name)?.until;
          const iso = until === undefined ? null : new Date(clock.wall() + until - clock.now()).toISOString();
          return [name, { enabled: enabled(name), until: iso }];
        }),
      ),
  };
}
