// Statements on what writes have replaced, kept so that they can be undone: bounded in bytes and in age. Each does one
// thing inside a transaction that is its caller's.

import type { DatabaseSync } from 'node:sqlite';

export type ImageStatements = ReturnType<typeof prepareImages>;

export interface ImageLimits {
  /** Of all images together; the oldest go first. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

export function prepareImages(db: DatabaseSync) {
  const put = db.prepare('INSERT OR REPLACE INTO images (id, body, sizeBytes, wall, mono) VALUES (?, ?, ?, ?, ?)');
  const body = db.prepare('SELECT body FROM images WHERE id = ?');
  const remove = db.prepare('DELETE FROM images WHERE id = ?');
  const total = db.prepare('SELECT bytes FROM image_bytes');
  const oldest = db.prepare('SELECT id FROM images ORDER BY wall, id LIMIT 1');
  // Ages as in ageMs: never overrated.
  const purge = db.prepare(`DELETE FROM images WHERE iif(mono > ?2, wall < ?1, mono < ?3) OR
    id NOT IN (SELECT id FROM writes)`);

  return {
    /** Makes room first: what is over the bound goes, oldest first. One that is larger than that is not kept. */
    put: (id: string, text: string, { wall, mono }: { wall: number; mono: number }, maxBytes: number) => {
      const sizeBytes = Buffer.byteLength(text);
      remove.run(id);
      if (sizeBytes > maxBytes) return;
      while ((total.get() as { bytes: number }).bytes + sizeBytes > maxBytes) {
        remove.run((oldest.get() as { id: string }).id);
      }
      put.run(id, text, sizeBytes, wall, mono);
    },
    get: (id: string) => (body.get(id) as { body: string } | undefined)?.body,
    remove: (id: string) => void remove.run(id),
    purge: (now: { wall: number; mono: number }, olderThanMs: number) =>
      Number(purge.run(now.wall - olderThanMs, now.mono, now.mono - olderThanMs).changes),
  };
}
