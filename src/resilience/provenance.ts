// Where a reply came from, kept beside the reply and not in it: policies note it, whoever presents the answer asks.

export interface Provenance {
  readonly source: 'cache' | 'stale';
  readonly ageMs: number;
}

export interface ProvenanceNotes {
  /** A copy of the reply (its top level) of which it is noted where it came from. */
  mark(reply: unknown, provenance: Provenance): unknown;
  /** Undefined for what came from Google just now. */
  of(reply: unknown): Provenance | undefined;
}

export function createProvenance(): ProvenanceNotes {
  const notes = new WeakMap<object, Provenance>();
  return {
    mark: (reply, provenance) => {
      if (typeof reply !== 'object' || reply === null) return reply;
      const copy = { ...reply };
      notes.set(copy, provenance);
      return copy;
    },
    of: (reply) => (typeof reply === 'object' && reply !== null ? notes.get(reply) : undefined),
  };
}
