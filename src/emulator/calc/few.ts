// A set that is mostly of one: dependents of a cell, ranges in a tile. Costs nothing beyond its one member then.

export type Few<T extends object> = T | Set<T> | undefined;

export function addTo<T extends object>(few: Few<T>, one: T): Few<T> {
  if (few === undefined || few === one) return one;
  if (few instanceof Set) return few.add(one);
  return new Set([few, one]);
}

export function removeFrom<T extends object>(few: Few<T>, one: T): Few<T> {
  if (!(few instanceof Set)) return few === one ? undefined : few;
  few.delete(one);
  return few.size === 0 ? undefined : few;
}

export function eachOf<T extends object>(few: Few<T>, visit: (one: T) => void): void {
  if (few instanceof Set) for (const one of few) visit(one);
  else if (few !== undefined) visit(few);
}
