// Where one HTTP/1.1 message ends and the next begins on a connection. Knows lengths and chunks, and nothing of meaning.

export interface Message {
  /** Start line and headers, without the empty line. */
  readonly head: string;
  /** As it came, to be passed on. */
  readonly bytes: Buffer;
  /** Decoded from chunks where it came in such. */
  readonly body: Buffer;
}

const HEAD_END = '\r\n\r\n';
const LINE_END = '\r\n';

/** Takes what a socket gives, in pieces of any size, and tells each whole message in order. */
export function createFraming(onMessage: (message: Message) => void): (piece: Buffer) => void {
  let kept: Buffer = Buffer.alloc(0);
  return (piece) => {
    kept = kept.length === 0 ? piece : Buffer.concat([kept, piece]);
    for (let message = first(kept); message !== undefined; message = first(kept)) {
      kept = kept.subarray(message.bytes.length);
      onMessage(message);
    }
  };
}

/** The message at the begin of the bytes; undefined while a part of it is missing. */
function first(bytes: Buffer): Message | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const start = headEnd + HEAD_END.length;
  if (/^transfer-encoding:\s*chunked\s*$/im.test(head)) {
    const chunks = chunksOf(bytes, start);
    return chunks && { head, bytes: bytes.subarray(0, chunks.end), body: Buffer.concat(chunks.parts) };
  }
  const end = start + Number(headerOf(head, 'content-length') ?? 0);
  return end > bytes.length ? undefined : { head, bytes: bytes.subarray(0, end), body: bytes.subarray(start, end) };
}

function chunksOf(bytes: Buffer, start: number): { parts: Buffer[]; end: number } | undefined {
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf(LINE_END, at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const from = lineEnd + LINE_END.length;
    const next = from + size + LINE_END.length;
    if (next > bytes.length) return undefined;
    if (size === 0) return { parts, end: next }; // nobody here sends trailers
    parts.push(bytes.subarray(from, from + size));
    at = next;
  }
}

/** The value of a header, whatever the case of its name. */
export function headerOf(head: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, 'im').exec(head)?.[1];
}

/** Status of a response's head. */
export function statusOf(head: string): number {
  return Number(head.split(' ', 2)[1]);
}
