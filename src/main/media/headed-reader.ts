import type { BlockReader } from './block-reader.ts'

/** Another beginning of a file: `bytes` stand for its first `replaces` bytes, and what follows moves along. */
export type FileHead = { bytes: Buffer; replaces: number }

/** By how many bytes what follows a head lies later than in the file. */
export const shiftOf = ({ bytes, replaces }: FileHead): number => bytes.length - replaces

/** Makes of the reader of a file that of a file with another beginning. */
export function withHead(file: BlockReader, head: FileHead): BlockReader {
  const shift = shiftOf(head)
  return {
    read(start, end) {
      const { bytes, replaces } = head
      if (start >= bytes.length) return file.read(start - shift, end - shift)
      if (end <= bytes.length) return bytes.subarray(start, end)
      const rest = file.read(replaces, end - shift)
      const join = (it: Uint8Array): Uint8Array => Buffer.concat([bytes.subarray(start), it])
      return rest instanceof Promise ? rest.then(join) : join(rest)
    },
    release: () => file.release(),
    end: () => file.end(),
  }
}
