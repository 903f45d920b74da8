/** A chunk of a RIFF file: its word, and where its content lies. Of a LIST, `word` is that of the list. */
export type RiffChunk = { isList: boolean; word: string; start: number; end: number }

const HEADER_BYTES = 8

/**
 * The chunks that begin in [from, to) of the first bytes of a file, one behind the other (Multimedia Programming
 * Interface 1.0, "Resource Interchange File Format"). Their ends may lie behind those bytes.
 */
export function* riffChunks(bytes: Buffer, from: number, to: number): Generator<RiffChunk> {
  const last = Math.min(to, bytes.length) - HEADER_BYTES
  for (let at = from; at <= last;) {
    const word = bytes.toString('latin1', at, at + 4)
    const start = at + HEADER_BYTES
    const end = start + bytes.readUInt32LE(at + 4)
    yield word === 'LIST'
      ? { isList: true, word: bytes.toString('latin1', start, start + 4), start: start + 4, end }
      : { isList: false, word, start, end }
    at = end + (end % 2)
  }
}
