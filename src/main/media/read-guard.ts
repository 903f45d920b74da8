import { AppError } from '../base/errors.ts'
import { boxes } from './isobmff-boxes.ts'

/**
 * Reads from memory that mediabunny may do before the event loop turns. Following a healthy film takes some thousand;
 * whoever needs more goes in a circle: a Matroska element whose id is whole and whose size is not is looked for, found,
 * and looked for again, and no timer or abort would ever be heard (S54, mediabunny 1.61 `resync`).
 */
const MAX_READS_PER_TURN = 200_000

/** Samples in one fragment: a `trun` without fields of its own may claim four thousand million of them. */
const MAX_FRAGMENT_SAMPLES = 1_000_000

/** Watches the reads of one file; each call throws AppError `unsupported_media` when the file is not to be followed. */
export type ReadGuard = {
  /** Counts a read. */
  count(): void
  /** Looks at what was read. */
  check(bytes: Uint8Array): void
}

/**
 * Makes the guard of one file. mediabunny has no limits of its own, so a damaged or hostile file could stop the whole
 * program; with this it fails.
 */
export function createReadGuard(): ReadGuard {
  let reads = 0
  let willTurn = false
  return {
    count() {
      if (!willTurn) {
        willTurn = true
        setImmediate(() => {
          willTurn = false
          reads = 0
        })
      }
      reads += 1
      if (reads > MAX_READS_PER_TURN) throw damaged()
    },
    check(bytes) {
      if (isFragment(bytes) && samplesOf(bytes) > MAX_FRAGMENT_SAMPLES) throw damaged()
    },
  }
}

/** True for a whole `moof`, which is how mediabunny reads it (ISO 14496-12 section 8.8.4). */
function isFragment(bytes: Uint8Array): boolean {
  // "moof"
  return bytes[4] === 0x6d && bytes[5] === 0x6f && bytes[6] === 0x6f && bytes[7] === 0x66
}

/** The samples that the runs of a fragment claim (section 8.8.8). */
function samplesOf(bytes: Uint8Array): number {
  const moof = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return [...boxes(moof, 8, moof.length)]
    .filter((box) => box.type === 'traf')
    .flatMap((traf) => [...boxes(moof, traf.start, traf.end)])
    .filter((box) => box.type === 'trun' && box.end - box.start >= 8)
    .reduce((samples, trun) => samples + moof.readUInt32BE(trun.start + 4), 0)
}

function damaged(): AppError {
  return new AppError('unsupported_media', 'This file is damaged: reading it leads in a circle or to no end.')
}
