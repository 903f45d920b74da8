import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { lendBytes } from '../base/lent-bytes.ts'

/** Bytes of each sample; the first is what `sniff` looks at too. */
const SAMPLE_BYTES = 64 * 1024
/** From the first to the last byte; each is a seek on a spinning disk. */
const SAMPLES = 4

/**
 * The identity of a file's content: its size, and SHA-256 over the size and four samples of 64 KiB, spread evenly from
 * its start to its end. So the cost is the same whatever the file's size. Two films of one size that differ only
 * between the samples would be taken for one; films differ in their first or last samples, where tags, times and
 * tables lie. Throws the system error.
 */
export async function readFingerprint(file: FileHandle): Promise<string> {
  const { size } = await file.stat()
  const hash = createHash('sha256').update(String(size))
  const last = Math.max(0, size - SAMPLE_BYTES)
  await lendBytes(SAMPLE_BYTES, async (buffer) => {
    for (let sample = 0; sample < SAMPLES; sample++) {
      const at = Math.floor((last * sample) / (SAMPLES - 1))
      const { bytesRead } = await file.read(buffer, 0, Math.min(SAMPLE_BYTES, size), at)
      hash.update(buffer.subarray(0, bytesRead))
      // A short file is one sample.
      if (last === 0) break
    }
  })
  return `${size.toString(36)}-${hash.digest('hex').slice(0, 32)}`
}
