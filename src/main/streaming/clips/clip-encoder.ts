import { AppError } from '../../base/errors.ts'
import { readSequenceFacts } from '../../media/h264-parameters.ts'
import { writeFragment, type Sample } from '../fragment-writer.ts'
import type { InitSegment } from '../remux-init.ts'
import type { EncodedPictures } from './access-units.ts'
import { avcConfigurationIn, withAvcConfiguration } from './avc-entry.ts'
import type { EncoderSettings } from './encode-run.ts'
import type { EncodedRuns, EncodedStretch } from './encoded-runs.ts'
import {
  freeSequenceId,
  readAvcConfiguration,
  writeAvcConfiguration,
  type AvcConfiguration,
} from './parameter-sets.ts'

/** Encodes pictures of one source so that they fit between its copied ones. */
export interface ClipEncoder {
  /** The init segment for copied and encoded pictures alike. */
  readonly init: InitSegment
  /** `pictures`: the samples of a whole GOP, from its IDR on, whose times begin at 0. One access unit for each picture of the run. */
  encode(
    pictures: readonly Sample[],
    run: { first: number; count: number },
    signal: AbortSignal,
  ): Promise<EncodedStretch>
}

type EncoderRequest = {
  encode: EncodedRuns
  /** The init segment of the source; `gop` is one of its GOPs, to learn the encoder's parameter sets from. */
  init: InitSegment
  gop: readonly Sample[]
  frameRate: number
}

/** seq_parameter_set_id values are at most 31: one avcC holds as many. */
const MAX_SETS = 31

/**
 * Makes the encoder of a source's clips. Its parameter sets depend on its settings alone, so one picture encoded
 * beforehand tells them, and one `avcC` holds both the source's and its own: no second EXT-X-MAP, no discontinuity.
 * Throws AppError `unsupported_media` for what cannot be continued by an encoder, such as interlaced pictures.
 */
export async function createClipEncoder(
  { encode, init, gop, frameRate }: EncoderRequest,
  signal: AbortSignal,
): Promise<ClipEncoder> {
  const configuration = configurationOf(init)
  const source = readAvcConfiguration(configuration)
  const settings = settingsFor(source, frameRate)
  const run = (
    pictures: readonly Sample[],
    wanted: { first: number; count: number },
    runSignal: AbortSignal,
  ) => {
    const [head, gopBytes] = asFile(init, pictures)
    return encode(
      settings,
      { source: [head, gopBytes], told: [configuration, gopBytes], ...wanted },
      runSignal,
    )
  }
  const sample = await run(gop.slice(0, 1), { first: 0, count: 1 }, signal)
  const merged = writeAvcConfiguration({
    ...source,
    sequence: [...source.sequence, ...sample.sequence],
    picture: [...source.picture, ...sample.picture],
  })
  return {
    init: { ...init, bytes: withAvcConfiguration(Buffer.from(init.bytes), merged) },
    async encode(pictures, wanted, runSignal) {
      const encoded = await run(pictures, wanted, runSignal)
      if (!hasSameSets(encoded, sample)) throw cannotContinue()
      return encoded
    },
  }
}

/** Throws AppError `unsupported_media` when no encoder can go on from this source: told without encoding anything. */
export function assertContinuable(init: InitSegment): void {
  settingsFor(readAvcConfiguration(configurationOf(init)), 1)
}

function configurationOf(init: InitSegment): Buffer {
  const record = avcConfigurationIn(Buffer.from(init.bytes))
  if (!record) throw cannotContinue()
  return record
}

function settingsFor({ head, sequence, picture }: AvcConfiguration, frameRate: number): EncoderSettings {
  const facts = sequence.map((unit) => readSequenceFacts(Buffer.from(unit)))
  const sequenceId = freeSequenceId(facts.map((it) => it?.id ?? 0))
  const hasRoom = sequence.length < MAX_SETS && picture.length < 0xff
  if (sequenceId === null || !hasRoom || facts.some((it) => !it?.isProgressive)) throw cannotContinue()
  return {
    profile: head[1] ?? 0,
    level: head[3] ?? 0,
    sequenceId,
    lengthSize: ((head[4] ?? 3) & 3) + 1,
    rate: Math.max(1, Math.round(frameRate)),
  }
}

/** A GOP as a file for ffmpeg. */
export function asFile(
  init: InitSegment,
  pictures: readonly Sample[],
): [init: Uint8Array, fragment: Uint8Array] {
  if (!init.video) throw new Error('this source has no picture')
  return [init.bytes, writeFragment(1, [{ id: init.video.id, kind: 'video', samples: pictures }])]
}

function hasSameSets(one: EncodedPictures, other: EncodedPictures): boolean {
  const bytesOf = ({ sequence, picture }: EncodedPictures): Buffer => Buffer.concat([...sequence, ...picture])
  return bytesOf(one).equals(bytesOf(other))
}

/** What people are told of a picture that no cut to the frame is made of. */
export const cannotContinue = (): AppError =>
  new AppError(
    'unsupported_media',
    'The picture of this file cannot be cut to the frame without converting it.',
  )
