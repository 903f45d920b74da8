import type { MediaIndex, MediaInfo, TransportIndex } from '../../shared/media.ts'
import { readSequenceFacts, writeAvcConfiguration } from '../media/h264-parameters.ts'
import { isCopyableSound } from '../media/sounds.ts'
import { readTransportHead } from '../media/transport-facts.ts'
import { findPacketGrid, PACKET_BYTES, TRANSPORT_CLOCK, type PacketGrid } from '../media/transport-grid.ts'
import { createPesReader, type Pes } from '../media/transport-pes.ts'
import { ScanFault } from '../media/scan-fault.ts'
import {
  ADTS_STREAM,
  H264_STREAM,
  namesOtherStreams,
  readTransportProgram,
  type TransportProgram,
} from '../media/transport-program.ts'
import { unwrapTicks } from '../media/unwrap.ts'
import type { FileScan } from './file-scan.ts'
import { REORDER_SAMPLE_PACKETS, reorderDelayS } from './reorder-delay.ts'
import { TARGET_SEGMENT_S } from './segment-plan.ts'
import { largestSegmentBytes } from './transport-samples.ts'
import { readPictureFacts } from './transport-pictures.ts'
import { addSound, endSound, newSound, settleSound, type SoundState } from './transport-sounds.ts'

/** A larger step of time is a cut in a recording: times before and after it do not belong together. */
const LARGEST_STEP_TICKS = 10 * TRANSPORT_CLOCK

/** A segment is in memory whole: 16 s of 100 Mbit/s. */
const LARGEST_SEGMENT_BYTES = 200 * 1024 * 1024

/** What a scan knows of the picture so far; plain JSON, as all that is saved. */
type PictureState = {
  pid: number
  /** Parameter sets, base64. */
  sequence: string | null
  parameters: string | null
  keyTicks: number[]
  keyAt: number[]
  openGop: boolean
  /** Pictures before the first key picture: nobody can decode them. */
  lostAtStart: number
  headTicks: number[]
  lastTicks: number | null
  /** The two latest times: their distance is how long the last picture lasts. */
  latestTicks: number[]
}

const VERSION = 'transport-1'

type State = {
  /** Raised when it comes to mean something else. */
  version: typeof VERSION
  position: number
  /** PES packets of a PID that begin before this place were counted. */
  countedTo: Record<string, number>
  nearTicks: number | null
  video: PictureState | null
  sounds: SoundState[]
  /** Times that sound is found for: those of the key pictures, or one every 4 s. */
  marksS: number[]
}

/**
 * Opens the scan of a transport stream: times and places of its IDR pictures, and where the sound of each is. `saved`
 * is what an earlier one of the same content had come to. Throws `ScanFault`, now or while it takes, where a copy
 * would not be exact: several programs, lost packets, jumps of time, pictures or frames that do not begin with a PES
 * packet, parameters that change.
 */
export async function openTransportScan(path: string, media: MediaInfo, saved: unknown): Promise<FileScan> {
  const head = await readTransportHead(path)
  const grid = findPacketGrid(head)
  const program = grid && readTransportProgram(head, grid)
  if (!grid || !program) throw new ScanFault('there is not one program')
  const videos = pidsOf(program, H264_STREAM)
  const sounds = pidsOf(program, ADTS_STREAM)
  const copied = media.audio.filter((it) => isCopyableSound(it.codec, media))
  // Opus may be in there too, in a wrapping of its own.
  const isAdts = copied.length === sounds.length && copied.every((it) => it.codec === 'aac')
  if (videos.length !== (media.video ? 1 : 0) || !isAdts) {
    throw new ScanFault('the streams are not those that probing found')
  }
  const state = isState(saved) ? saved : newState(grid, videos[0] ?? null, sounds)
  return createTransportScan(state, grid, program, media)
}

const pidsOf = ({ streams }: TransportProgram, type: number): number[] =>
  streams.filter((it) => it.type === type).map((it) => it.pid)

const newState = ({ firstAt }: PacketGrid, videoPid: number | null, soundPids: number[]): State => ({
  ...{ version: VERSION, position: firstAt, countedTo: {}, nearTicks: null, marksS: [] },
  video: videoPid === null ? null : newPicture(videoPid),
  sounds: soundPids.map(newSound),
})

const newPicture = (pid: number): PictureState => ({
  ...{ pid, sequence: null, parameters: null, keyTicks: [], keyAt: [], openGop: false },
  ...{ lostAtStart: 0, headTicks: [], lastTicks: null, latestTicks: [] },
})

const isState = (saved: unknown): saved is State =>
  typeof saved === 'object' && saved !== null && 'version' in saved && saved.version === VERSION

function createTransportScan(
  state: State,
  { strideBytes, firstAt }: PacketGrid,
  program: TransportProgram,
  media: MediaInfo,
): FileScan {
  const { video, sounds, marksS } = state
  const pids = [...(video ? [video.pid] : []), ...sounds.map((it) => it.pid)]

  const timeOf = ({ ptsTicks }: Pes): number => {
    if (ptsTicks === null) throw new ScanFault('a PES packet has no time')
    state.nearTicks = unwrapTicks(ptsTicks, state.nearTicks ?? ptsTicks)
    return state.nearTicks
  }
  const settle = (): void => {
    for (const sound of sounds) {
      if (sound.from.length < marksS.length || sound.to.length < marksS.length) settleSound(sound, marksS)
    }
  }
  const onPes = (pes: Pes): void => {
    if (pes.at < (state.countedTo[pes.pid] ?? 0)) return
    if (pes.pid === video?.pid) {
      if (addPicture(video, pes, timeOf(pes))) marksS.push((video.keyTicks.at(-1) ?? 0) / TRANSPORT_CLOCK)
      settle()
      return
    }
    const sound = sounds.find((it) => it.pid === pes.pid)
    if (!sound) return
    addSound(sound, pes, timeOf(pes))
    if (!video) {
      const startS = marksS[0] ?? sound.firstS ?? 0
      while (startS + marksS.length * TARGET_SEGMENT_S <= sound.endS) {
        marksS.push(startS + marksS.length * TARGET_SEGMENT_S)
      }
    }
    settle()
  }
  const reader = createPesReader(strideBytes, pids, onPes, {
    pid: program.mapPid,
    take(packet) {
      if (namesOtherStreams(packet, program)) throw new ScanFault('the streams change')
    },
  })

  let position = state.position
  return {
    get position() {
      return position
    },
    take(bytes, isLast) {
      const whole = Math.floor((bytes.length + strideBytes - PACKET_BYTES) / strideBytes) * strideBytes
      reader.take(bytes, position)
      position += isLast ? bytes.length : whole
    },
    save() {
      const open = pids.map((pid) => [pid, reader.openAt(pid) ?? position] as const)
      state.position = Math.min(...open.map(([, at]) => at))
      state.countedTo = Object.fromEntries(open)
      return state
    },
    finish() {
      reader.end()
      const endAt = position
      const copied = sounds.map((sound) => endSound(sound, marksS, endAt))
      const audio = media.audio.map((it) => (it.codec === 'aac' ? (copied.shift() ?? null) : null))
      const places: TransportIndex = {
        ...{ kind: 'transport', strideBytes, firstAt, endAt, audio },
        video: video && pictureIndex(video),
      }
      const index = indexOf(state, places)
      if (largestSegmentBytes(index, places) > LARGEST_SEGMENT_BYTES)
        throw new ScanFault('a segment is too large')
      return index
    },
  }
}

/** Takes a picture in; true when it is an IDR picture. */
function addPicture(state: PictureState, pes: Pes, ticks: number): boolean {
  const facts = readPictureFacts(pes.payload)
  if (Math.abs(ticks - (state.lastTicks ?? ticks)) > LARGEST_STEP_TICKS) throw new ScanFault('the time jumps')
  state.lastTicks = ticks
  state.sequence = sameSet(state.sequence, facts.sequence)
  state.parameters = sameSet(state.parameters, facts.picture)
  if (facts.isIdr) {
    if (ticks <= (state.keyTicks.at(-1) ?? -Infinity)) throw new ScanFault('key pictures go back in time')
    state.keyTicks.push(ticks)
    state.keyAt.push(pes.at)
  } else {
    state.openGop ||= facts.isRecoveryPoint || pes.isRandomAccess
  }
  if (state.keyTicks.length === 0) {
    state.lostAtStart += 1
    return false
  }
  if (state.headTicks.length < REORDER_SAMPLE_PACKETS) state.headTicks.push(ticks)
  state.latestTicks = [...state.latestTicks, ticks].sort((a, b) => b - a).slice(0, 2)
  return facts.isIdr
}

/** Sets of parameters that change would need a decoder that is told so. */
function sameSet(known: string | null, found: Buffer | null): string | null {
  const text = found?.toString('base64') ?? known
  if (known !== null && text !== known) throw new ScanFault('the parameters of the picture change')
  return text
}

function pictureIndex({ pid, sequence, parameters, keyAt }: PictureState): TransportIndex['video'] {
  if (sequence === null || parameters === null) throw new ScanFault('the picture has no parameters')
  const nal = Buffer.from(sequence, 'base64')
  const facts = readSequenceFacts(nal)
  if (!facts) throw new ScanFault('the parameters of the picture make no sense')
  const configuration = writeAvcConfiguration(nal, Buffer.from(parameters, 'base64')).toString('base64')
  return { pid, configuration, ...facts, keyAt }
}

function indexOf({ video, sounds, marksS }: State, scan: TransportIndex): MediaIndex {
  const soundStartsS = sounds.flatMap(({ firstS }) => firstS ?? [])
  const [last = 0, before = last] = video?.latestTicks ?? []
  const keysS = video ? marksS : []
  const endsS = [(2 * last - before) / TRANSPORT_CLOCK, ...sounds.map((it) => it.endS)]
  // Sound before the first picture that can be shown is cut off with the pictures that cannot.
  const isCutOff = (video?.lostAtStart ?? 0) > 0
  return {
    keyTimesS: keysS,
    openGop: video?.openGop ?? false,
    startS: video ? Math.min(marksS[0] ?? 0, ...(isCutOff ? [] : soundStartsS)) : (marksS[0] ?? 0),
    endS: Math.max(...endsS),
    reorderS: reorderDelayS((video?.headTicks ?? []).map((ticks) => ticks / TRANSPORT_CLOCK)),
    videoTimescale: video ? TRANSPORT_CLOCK : 0,
    scan,
  }
}
