import { composeFfmpeg } from '../media/ffmpeg.ts'
import type { Playable } from '../media/playable.ts'
import type { Tools } from '../media/tools.ts'
import { seekOptions, takenS } from './decoded-span.ts'
import type { SourceLook } from './source-look.ts'
import { deviceOptions, encoderOptions, handingFilters, type PictureEncoder } from './transcode-encoder.ts'
import { deinterlaced, shownAnywhere } from './transcode-filters.ts'
import {
  AAC_FRAME,
  LEAD_S,
  leadTicksOf,
  PICTURE_TIMESCALE,
  slotStartS,
  SOUND_BPS,
  SOUND_RATE,
  type PicturePlan,
  type TranscodePlan,
} from './transcode-plan.ts'

/** What is made of a source's picture, and by which encoder. */
export type PictureWork = {
  plan: TranscodePlan
  picture: PicturePlan
  look: SourceLook
  encoder: PictureEncoder
}

/** A source; `path` null: what the run gets as its `input`. */
type Source = { path: string | null; media: Pick<Playable['media'], 'demuxer'> }

type ArgumentTools = Pick<Tools, 'hasFpsMode' | 'filters'>

const ticksOf = (seconds: number): number => Math.round(seconds * PICTURE_TIMESCALE)

/** Slots of one run: Windows takes 32,767 characters of arguments, and key frames are told one by one. */
const MAX_SLOTS = 3000

/** The slot after the last that a run from slot `first` makes. */
export const endOfRun = ({ slots }: TranscodePlan, first: number): number =>
  Math.min(slots.length, first + MAX_SLOTS)

/**
 * The arguments that encode the picture from slot `first` to `endOfRun`, as fragmented MP4 on stdout, a fragment for
 * each picture. Times are absolute (`-copyts`), so runs that begin anywhere give the same pictures the same times: `-t`
 * and shifted times would round by the clock of the source. So are those of key frames: an expression would be given
 * times since the first picture. Every option is known to ffmpeg 4.1 and to 8.
 */
export function pictureArguments(
  tools: ArgumentTools,
  source: Source,
  work: PictureWork,
  first: number,
): string[] {
  const { plan } = work
  const end = endOfRun(plan, first)
  const toS = end < plan.slots.length ? slotStartS(end) : takenS(plan)
  const range = `trim=start_pts=${ticksOf(LEAD_S + slotStartS(first))}:end_pts=${ticksOf(LEAD_S + toS)}`
  const keysS = plan.slots.slice(first + 1, end).map(({ startS }) => LEAD_S + startS)
  const options = [
    ...pictureOptions(tools, work, [range]),
    ...(keysS.length > 0 ? ['-force_key_frames', keysS.join(',')] : []),
  ]
  return fragments(source, plan.fromS + slotStartS(first), options, deviceOptions(work.encoder))
}

/**
 * The arguments that encode one picture, at whatever time: what is seen when slot `index` begins. That is the last one
 * before it, or the first one of all.
 */
export function stillArguments(
  tools: ArgumentTools,
  playable: Playable,
  work: PictureWork,
  index: number,
): string[] {
  const { plan } = work
  const atTicks = ticksOf(LEAD_S + slotStartS(index))
  // ffmpeg cannot be told to keep the last one only: it goes on until it is wanted.
  const goesOn = [
    'fps=10',
    `tpad=stop_mode=clone:stop_duration=${LONGEST_SHOWN_S}`,
    `settb=1/${PICTURE_TIMESCALE}`,
  ]
  const from = `trim=start_pts=${atTicks}`
  const choice = index === 0 ? [from] : [`trim=end_pts=${atTicks}`, ...goesOn, from]
  return fragments(playable, plan.fromS + slotStartS(index), [
    ...pictureOptions(tools, work, choice),
    ...['-frames:v', '1'],
  ])
}

/** A picture is shown for so long at most, in seconds; a longer rest of the film is shown without one. */
const LONGEST_SHOWN_S = 600

function pictureOptions(
  tools: ArgumentTools,
  { plan, picture, look, encoder }: PictureWork,
  choice: readonly string[],
): string[] {
  const { width, height } = picture
  const filters = [
    ...deinterlaced(tools),
    `settb=1/${PICTURE_TIMESCALE}`,
    `setpts=PTS+${leadTicksOf(picture) - ticksOf(plan.fromS + look.zeroS)}`,
    ...choice,
    ...shownAnywhere(look, { width, height }),
    ...handingFilters(encoder),
  ]
  return [
    ...['-map', '0:V:0', '-an', '-sn', '-dn', '-vf', filters.join(',')],
    ...encoderOptions(encoder, picture, look.colours),
    ...[tools.hasFpsMode ? '-fps_mode' : '-vsync', 'passthrough'],
    // Without it the encoder's clock is one picture, and of 29.97 a second some fall together (3 of 1199).
    ...['-enc_time_base', `1:${PICTURE_TIMESCALE}`, '-video_track_timescale', String(PICTURE_TIMESCALE)],
    ...['-movflags', 'empty_moov+default_base_moof+frag_discont', '-frag_duration', '1'],
  ]
}

/** Frames before the first that is wanted: an AAC encoder's first ones stand for silence before the sound. */
const AAC_PREROLL_FRAMES = 8

/**
 * The arguments that encode one track of sound from slot `first` on: stereo, gaps filled, on one grid of frames for every
 * run, so that those of two runs adjoin.
 */
export function soundArguments(
  playable: Playable,
  { plan, look, track }: { plan: TranscodePlan; look: SourceLook; track: number },
  first: number,
): string[] {
  const leadSamples = LEAD_S * SOUND_RATE
  const wantedFrame = Math.floor((slotStartS(first) * SOUND_RATE) / AAC_FRAME) - AAC_PREROLL_FRAMES
  const startSample = leadSamples + Math.max(0, first === 0 ? 0 : wantedFrame) * AAC_FRAME
  const endS = LEAD_S + takenS(plan)
  const filters = [
    `asetpts=PTS+${LEAD_S - plan.fromS - look.zeroS}/TB`,
    `atrim=start=${startSample / SOUND_RATE}:end=${endS}`,
    `aresample=${SOUND_RATE}`,
    'aformat=sample_fmts=fltp:channel_layouts=stereo',
    // It counts in samples as they come in, so their rate must be that of ours by now.
    `aresample=async=1:first_pts=${startSample}`,
  ]
  const startS = plan.fromS + startSample / SOUND_RATE - LEAD_S
  return fragments(playable, startS, [
    ...['-map', `0:a:${track}`, '-vn', '-sn', '-dn', '-af', filters.join(',')],
    ...['-c:a', 'aac', '-b:a', String(SOUND_BPS), '-ac', '2'],
    ...['-frag_duration', '2000000', '-movflags', 'empty_moov+default_base_moof+frag_discont'],
  ])
}

/**
 * AVI tells when pictures are decoded. Of that a decoder makes an even rhythm, the same wherever it begins; times that
 * are guessed beforehand (`+genpts`) give some pictures another one's place.
 */
function fragments(
  { path, media }: Source,
  fromS: number,
  options: readonly string[],
  device: readonly string[] = [],
): string[] {
  return composeFfmpeg(
    { path, demuxer: media.demuxer },
    {
      options: [
        ...options,
        ...['-map_metadata', '-1', '-map_chapters', '-1'],
        // Decode times as they are: nothing is shifted, and no edit list says otherwise.
        ...['-use_editlist', '0', '-avoid_negative_ts', 'disabled', '-f', 'mp4'],
      ],
      target: '-',
    },
    [
      ...device,
      ...['-v', 'error', ...(media.demuxer === 'avi' ? [] : ['-fflags', '+genpts'])],
      ...['-noaccurate_seek', '-copyts', ...seekOptions(media.demuxer, fromS)],
    ],
  )
}
