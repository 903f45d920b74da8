import type { FileHandle } from 'node:fs/promises'
import type { ClustersIndex } from '../../shared/media.ts'
import { headerOf, unsigned, vint } from '../media/ebml.ts'
import { MATROSKA_ID as ID } from '../media/matroska-ids.ts'
import { ScanFault } from '../media/scan-fault.ts'
import type { FileScan } from './file-scan.ts'
import { kindIn, type KindReader, type PictureKind } from './picture-kind.ts'

/** What a scan has found: places of the key frames, and what kind each of those is that its container calls one. */
export type ClusterFindings = { places: ClustersIndex; kinds: PictureKind[] }

/** The track whose key frames are looked for; without `kindOf` it is a sound, of which any place will do. */
type Target = { track: number; kindOf: KindReader | null; unitsPerS: number }

/** A BlockGroup whose end is not reached yet (RFC 9559 section 5.1.3.5). */
type Group = { end: number; refers: boolean; time: number | null; kind: PictureKind }

const VERSION = 'clusters-1'

type State = {
  /** Raised when it comes to mean something else. */
  version: typeof VERSION
  position: number
  cluster: { at: number; time: number | null } | null
  group: Group | null
  places: ClustersIndex
  kinds: PictureKind[]
}

/** Longest header of an element, and of a block. */
const HEADER_BYTES = 32

/** What lies before the first cluster is held in memory with the file: covers and fonts are smaller. */
const MAX_HEAD_BYTES = 64 * 1024 * 1024

/** Bytes of a frame that tell its kind. */
const FRAME_HEAD_BYTES = 4096

/** Elements that hold others, and are gone into. */
const CONTAINERS: ReadonlySet<number> = new Set([ID.segment, ID.cluster, ID.blockGroup])

/** Elements of segments, clusters and block groups that are passed over (RFC 9559 section 5.1). */
const PASSED_OVER: ReadonlySet<number> = new Set([
  ...[ID.seekHead, ID.info, ID.tracks, ID.cues, ID.tags, ID.attachments, ID.chapters, ID.void, ID.checksum],
  ...[ID.timestamp, ID.position, ID.previousSize, ID.silentTracks, ID.simpleBlock, ID.block],
  ...[ID.blockDuration, ID.blockAdditions, ID.referencePriority, ID.referenceBlock, ID.codecState],
  ...[ID.discardPadding],
])

/**
 * Opens the walk through the clusters of a Matroska file that has no Cues, or none that help. `saved` is what an
 * earlier one of the same content had come to. Throws `ScanFault`, now or while it takes, for what Matroska allows and
 * hardly anybody writes: several segments, laced pictures, elements without an end in the middle.
 */
export async function openClusterScan(
  file: FileHandle,
  target: Target,
  saved: unknown,
): Promise<FileScan<ClusterFindings>> {
  const state = isState(saved) ? saved : await newState(file, target.track)
  return createClusterScan(state, target)
}

const isState = (saved: unknown): saved is State =>
  typeof saved === 'object' && saved !== null && 'version' in saved && saved.version === VERSION

async function newState(file: FileHandle, track: number): Promise<State> {
  const bytes = Buffer.alloc(HEADER_BYTES)
  const headerAt = async (at: number): Promise<{ id: number; start: number; size: number }> => {
    const { bytesRead } = await file.read(bytes, 0, HEADER_BYTES, at)
    const header = headerOf(bytes.subarray(0, bytesRead), 0)
    if (!header) throw new ScanFault('there is no element where one should be')
    return { ...header, start: at + header.start }
  }
  const ebml = await headerAt(0)
  const segment = await headerAt(ebml.start + ebml.size)
  if (ebml.id !== ID.ebml || segment.id !== ID.segment) throw new ScanFault('there is no segment')
  let at = segment.start
  for (let element = await headerAt(at); element.id !== ID.cluster; element = await headerAt(at)) {
    if (element.size === Infinity) throw new ScanFault('an element has no end')
    at = element.start + element.size
    if (at > MAX_HEAD_BYTES) throw new ScanFault('the first cluster is too far off')
  }
  return {
    ...{ version: VERSION, position: at, cluster: null, group: null, kinds: [] },
    places: { kind: 'clusters', segmentAt: segment.start, firstAt: at, track, times: [], at: [] },
  }
}

function createClusterScan(state: State, { track, kindOf, unitsPerS }: Target): FileScan<ClusterFindings> {
  const { places, kinds } = state
  const addPlace = (time: number, kind: PictureKind): void => {
    const { cluster } = state
    if (!cluster) throw new ScanFault('a block is in no cluster')
    places.times.push(time)
    places.at.push(cluster.at)
    kinds.push(kind)
  }
  const endGroup = (): void => {
    const { group } = state
    if (group && group.time !== null && !group.refers) addPlace(group.time, group.kind)
    state.group = null
  }
  const onCluster = (at: number): void => {
    state.cluster = { at, time: null }
  }
  const onTime = (time: number): void => {
    if (!state.cluster) throw new ScanFault('a time is in no cluster')
    state.cluster.time = time
    // Of sound alone, the cluster itself is a place, one for each second.
    const lastTime = places.times.at(-1)
    if (!kindOf && (lastTime === undefined || time - lastTime >= unitsPerS)) addPlace(time, 'idr')
  }
  const onBlock = (bytes: Buffer, isSimple: boolean): void => {
    const number = vint(bytes, 0, true)
    if (!kindOf || number?.value !== track) return
    const clusterTime = state.cluster?.time
    if (clusterTime === null || clusterTime === undefined) throw new ScanFault('a cluster has no time')
    const flags = bytes[number.end + 2] ?? 0
    if ((flags & 0x06) !== 0) throw new ScanFault('pictures are laced')
    const time = clusterTime + bytes.readInt16BE(number.end)
    const kind = (): PictureKind => kindIn(bytes.subarray(number.end + 3), kindOf)
    if (!isSimple && state.group) Object.assign(state.group, { time, kind: kind() })
    if (isSimple && (flags & 0x80) !== 0) addPlace(time, kind())
  }

  /** Takes the element at `at`; where the next one is, or null when more bytes are needed. */
  const takeElement = (bytes: Buffer, at: number, isLast: boolean): number | null => {
    if (!isLast && at + HEADER_BYTES + FRAME_HEAD_BYTES > bytes.length) return null
    if (state.group && state.position + at >= state.group.end) endGroup()
    const element = headerOf(bytes, at)
    if (!element) {
      // Zeros at the end are what a program had reserved and did not come to fill.
      if (isLast && bytes.subarray(at).every((byte) => byte === 0)) return bytes.length
      throw new ScanFault('there is no element where one should be')
    }
    const { id, start, size } = element
    if (id === ID.ebml) throw new ScanFault('there are several segments')
    if (id === ID.cluster) onCluster(state.position + at)
    if (id === ID.blockGroup) {
      state.group = { end: state.position + start + size, refers: false, time: null, kind: 'other' }
    }
    if (CONTAINERS.has(id)) return start
    if (!PASSED_OVER.has(id)) throw new ScanFault('there is no element where one should be')
    if (size === Infinity) throw new ScanFault('an element has no end')
    const content = bytes.subarray(start, Math.min(start + size, start + FRAME_HEAD_BYTES))
    if (id === ID.timestamp) onTime(unsigned(content, 0, size))
    if (id === ID.referenceBlock && state.group) state.group.refers = true
    // A last block that was cut off is none.
    const isWhole = !isLast || start + size <= bytes.length
    if ((id === ID.simpleBlock || id === ID.block) && isWhole && size > 4)
      onBlock(content, id === ID.simpleBlock)
    return start + size
  }

  return {
    get position() {
      return state.position
    },
    take(bytes, isLast) {
      let at = 0
      while (at < bytes.length) {
        const next = takeElement(bytes, at, isLast)
        if (next === null) break
        at = next
      }
      state.position += at
    },
    save: () => state,
    finish() {
      endGroup()
      return { places, kinds }
    },
  }
}
