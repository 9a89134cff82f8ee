// Field masks: parsing the three spellings, asking what a mask covers, picking what it covers. Knows no message.

/** A whole value, or the named fields of it; the name `*` stands for every field. */
export type Mask = true | ReadonlyMap<string, Mask>;

export const EVERYTHING: Mask = true;

/** No message of the API is nested deeper. */
const MAX_DEPTH = 50;

function merge(into: Map<string, Mask>, path: readonly string[], last: Mask): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  const present = into.get(head);
  if (present === true) return;
  if (rest.length > 0) {
    const child = new Map(present);
    merge(child, rest, last);
    into.set(head, child);
  } else if (last === true) into.set(head, true);
  else {
    const child = new Map(present);
    for (const [name, mask] of last) merge(child, [name], mask);
    into.set(head, child);
  }
}

/** `a.b`, `a/b`, `a(b,c)`, `*`, and snake_case names; undefined when the text is no mask. */
export function parseMask(text: string): Mask | undefined {
  let at = 0;
  const list = (depth: number): Mask | undefined => {
    if (depth > MAX_DEPTH) return undefined;
    const fields = new Map<string, Mask>();
    let all = false;
    do {
      const path: string[] = [];
      let star = false;
      do {
        const name = /^\s*(\*|[A-Za-z_][A-Za-z0-9_]*)\s*/.exec(text.slice(at, at + 256));
        if (!name?.[1]) return undefined;
        at += name[0].length;
        if (star) path.push('*');
        star = name[1] === '*';
        if (!star) path.push(name[1].replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
      } while ((text[at] === '.' || text[at] === '/') && ++at);
      let last: Mask = true;
      if (text[at] === '(') {
        at++;
        const inner = list(depth + 1);
        if (!inner || text[at++] !== ')') return undefined;
        last = inner;
      }
      if (path.length === 0 && last !== true) path.push('*');
      if (path.length === 0) all = true;
      else merge(fields, path, last);
      while (text[at] === ' ') at++;
    } while (text[at] === ',' && ++at);
    return all ? true : fields;
  };
  const mask = list(0);
  return at === text.length ? mask : undefined;
}

/** The part of the mask below a path; undefined when the mask does not reach it. */
export function below(mask: Mask, ...path: string[]): Mask | undefined {
  let here: Mask | undefined = mask;
  for (const name of path) {
    if (here === undefined || here === true) return here;
    here = here.get(name) ?? here.get('*');
  }
  return here;
}

/**
 * What the mask covers of a JSON value; lists keep their length, so that indices stay true. A scalar whose fields are
 * asked for (a wildcard reaches it) is left out.
 */
export function pick(mask: Mask, value: unknown): unknown {
  if (mask === true || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => pick(mask, item));
  const picked: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) {
    const inner = mask.get(name) ?? mask.get('*');
    if (inner === true || (inner !== undefined && isParted(part))) picked[name] = pick(inner, part);
  }
  return picked;
}

/**
 * The target with everything the mask covers taken from the source: what the source lacks is removed.
 * Neither argument is changed.
 */
export function apply<T extends object>(mask: Mask, target: T, source: Partial<T>): T {
  if (mask === true) return { ...source } as T;
  const result = { ...target } as Record<string, unknown>;
  const star = mask.get('*');
  const named =
    star === undefined ? mask : new Map([...Object.keys({ ...target, ...source })].map((name) => [name, star]));
  for (const [name, inner] of named) {
    const given = (source as Record<string, unknown>)[name];
    const present = result[name];
    if (inner === true || Array.isArray(given)) {
      if (given === undefined) delete result[name];
      else result[name] = given;
    } else result[name] = apply(inner, isObject(present) ? present : {}, isObject(given) ? given : {});
  }
  return result as T;
}

function isParted(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first path of a mask that `knows` refuses, spelled with dots. */
export function firstUnknown(mask: Mask, knows: (path: readonly string[]) => boolean): string | undefined {
  const walk = (here: Mask, path: readonly string[]): string | undefined => {
    if (path.length > 0 && !knows(path)) return path.join('.');
    if (here === true) return undefined;
    for (const [name, inner] of here) {
      const unknown = walk(inner, [...path, name]);
      if (unknown !== undefined) return unknown;
    }
    return undefined;
  };
  return walk(mask, []);
}
