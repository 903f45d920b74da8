import type { FileHandle } from 'node:fs/promises'
import type { Input, InputAudioTrack, InputVideoTrack } from 'mediabunny'
import type { FramesIndex, MediaIndex, TransportIndex } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { readPlainMp4, type PlainMp4 } from '../media/plain-mp4.ts'
import type { Playable } from '../media/playable.ts'
import type { OpenSource } from '../media/source.ts'
import { openTrackHeaders, readTrackHeaders } from '../media/track-headers.ts'
import { readCodecDescription } from './decoder-config.ts'
import { createFrameReader } from './frame-samples.ts'
import { openPlainSamples } from './plain-samples.ts'
import { writeInit, type InitSegment } from './remux-init.ts'
import { createPacketReader, type SampleReader } from './remux-samples.ts'
import {
  framesFormat,
  pictureFormat,
  soundFormat,
  transportPictureFormat,
  transportSoundFormat,
  type PictureFormat,
  type SoundFormat,
} from './track-formats.ts'
import { createTransportReader } from './transport-samples.ts'
import type { RenditionPlan } from './variant.ts'
import { withoutBroken } from './whole-pictures.ts'

/** A rendition of an open source as remux sees it. */
export type Reading = { init: InitSegment; reader: SampleReader }

/** Opens the reading of each rendition of one source; what they have in common is read once. */
export type Readings = (plan: RenditionPlan) => Promise<Reading>

/**
 * Opens a source for remux by the way that suits it: the places that a scan has found, the tables of plain MP4, else
 * mediabunny. Throws AppError `unsupported_media` for codecs that fMP4 has no sample entry for.
 */
export function openReadings(source: OpenSource, playable: Playable): Readings {
  const { index } = playable
  const { scan } = index
  if (scan?.kind === 'transport') return (plan) => openTransport(source.file, index, scan, plan)
  if (scan?.kind === 'frames') return () => openFrames(source.file, scan)
  const opening = filmOf(source, playable)
  // Whoever awaits it hears of a failure; until then it is nobody's.
  opening.catch(() => undefined)
  return (plan) => openTracks(source, opening, index, plan)
}

/** The tables of a plain file; null for any other, and for tables that lead outside of themselves. */
async function filmOf({ file }: OpenSource, { media }: Playable): Promise<PlainMp4 | null> {
  if (media.demuxer !== 'mov') return null
  try {
    return await readPlainMp4(file)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

async function openTracks(
  { input, file }: OpenSource,
  opening: Promise<PlainMp4 | null>,
  { videoTimescale, reorderS }: MediaIndex,
  plan: RenditionPlan,
): Promise<Reading> {
  const film = await opening
  const plain = film && openPlainSamples(file, film, plan)
  const headers = film && plain ? await readHeaders(film, file, plan) : null
  if (plain && headers)
    return {
      init: await writeInit({ ...headers, ...madeSound(plan), videoTimescale, reorderS }),
      reader: withoutBroken(plain, headers.video),
    }
  const tracks = await tracksOf(input, plan)
  const formats = await formatsOf(tracks)
  return {
    init: await writeInit({ ...formats, ...madeSound(plan), videoTimescale, reorderS }),
    reader: withoutBroken(plain ?? createPacketReader(tracks.video, tracks.audio), formats.video),
  }
}

/** What the headers of a plain film say of its tracks; null where a codec says what it needs in its packets only. */
async function readHeaders(film: PlainMp4, file: FileHandle, plan: RenditionPlan): Promise<Formats | null> {
  const input = openTrackHeaders(await readTrackHeaders(film, file))
  try {
    const tracks = await tracksOf(input, plan)
    for (const track of [tracks.video, tracks.audio]) {
      if (track && !(await readCodecDescription(track))) return null
    }
    return await formatsOf(tracks)
  } finally {
    input.dispose()
  }
}

/** Sound that comes from elsewhere is in the init segment all the same. */
const madeSound = ({ madeSound: audio }: RenditionPlan): { audio?: SoundFormat } => (audio ? { audio } : {})

type Tracks = { video: InputVideoTrack | null; audio: InputAudioTrack | null }
type Formats = { video: PictureFormat | null; audio: SoundFormat | null }

const tracksOf = async (input: Input, plan: RenditionPlan): Promise<Tracks> => ({
  video: plan.picture ? await input.getPrimaryVideoTrack() : null,
  audio: plan.sound === null ? null : ((await input.getAudioTracks())[plan.sound] ?? null),
})

const formatsOf = async ({ video, audio }: Tracks): Promise<Formats> => ({
  video: video && (await pictureFormat(video)),
  audio: audio && (await soundFormat(audio)),
})

async function openTransport(
  file: FileHandle,
  index: MediaIndex,
  places: TransportIndex,
  plan: RenditionPlan,
): Promise<Reading> {
  const picture = plan.picture ? places.video : null
  const sound = plan.sound === null ? null : (places.audio[plan.sound] ?? null)
  if (plan.sound !== null && !sound) throw new AppError('internal', 'A track of sound is not in the index.')
  const { videoTimescale, reorderS } = index
  const formats = {
    video: picture && transportPictureFormat(picture),
    audio: sound && transportSoundFormat(sound),
  }
  return {
    init: await writeInit({ ...formats, ...madeSound(plan), videoTimescale, reorderS }),
    reader: createTransportReader(file, index, places, { picture, sound }),
  }
}

async function openFrames(file: FileHandle, places: FramesIndex): Promise<Reading> {
  const init = await writeInit({ video: null, audio: framesFormat(places), videoTimescale: 0, reorderS: 0 })
  return { init, reader: createFrameReader(file, places) }
}
