import { mkdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../base/log.ts'
import { createDiskCache } from '../base/disk-cache.ts'
import { AppError } from '../base/errors.ts'
import { groupedRuns } from '../base/grouped-runs.ts'
import { createLimit } from '../base/limit.ts'
import { createLru } from '../base/lru.ts'
import { sharedRuns } from '../base/shared-runs.ts'
import { decodingOf } from '../media/decoding.ts'
import type { PackagerName, Playable } from '../media/playable.ts'
import { checkSource, createSources, readIdentity } from '../media/source.ts'
import type { Tools } from '../media/tools.ts'
import { createPackagedPackager } from './packaged-packager.ts'
import { createClipCheck } from './clips/clip-check.ts'
import { conversionCost, type ClipCost } from './clips/clip-cost.ts'
import { writeClipFile, type ClipFileKind } from './clips/clip-file.ts'
import { createClipPackager, type WindowPlayable } from './clips/clip-packager.ts'
import { createCutSources } from './clips/cut-source.ts'
import { createEncodedRuns } from './clips/encoded-runs.ts'
import { createHardwareSearch } from './hardware-encoders.ts'
import type { PackagedRendition, PackagedStream, Packager, SegmentFormat, StreamBody } from './packager.ts'
import { mainPlaylist, mediaPlaylist, type SubtitleFacts } from './playlist.ts'
import { createRemuxPackager } from './remux-packager.ts'
import { createSegmentCache } from './segment-cache.ts'
import { withoutHiddenStart } from './shown-window.ts'
import { createSourceReadings } from './source-readings.ts'
import { createTranscodePackager } from './transcode-packager.ts'
import { createPlaces } from './transcode-places.ts'
import { createTranscodeTracks } from './transcode-tracks.ts'
import { createTurns } from './transcode-turns.ts'
import { createWindowRoutes } from './window-routes.ts'

/**
 * HLS of playables. URLs below a stream: `main.m3u8` (multivariant), `<rendition>/media.m3u8`,
 * `<rendition>/init.mp4`, `<rendition>/<n>.m4s` or, of Packed Audio, `<n>.mp3`, all relative.
 * An unknown rendition, index or format throws AppError `not_found`; a source that is gone or has other content than
 * `playable.identity` throws `file_missing`; a packaged playable that is not prepared throws `busy`.
 */
export interface Streams {
  /** `subtitles`: those that a viewer may choose, at `s<index>/media.m3u8`. */
  mainPlaylist(playable: Playable, subtitles?: readonly SubtitleFacts[]): Promise<string>
  mediaPlaylist(playable: Playable, rendition: string): Promise<string>
  init(playable: Playable, rendition: string): Promise<StreamBody>
  /** Equal requests share one run; finished segments stay in a 64 MiB memory LRU. */
  segment(playable: Playable, rendition: string, wanted: SegmentRef, signal: AbortSignal): Promise<StreamBody>
  /** What the clip of a window will take, before it is made. Throws AppError `bad_request` when nothing lies in it. */
  clipCost(playable: WindowPlayable, signal: AbortSignal): Promise<ClipCost>
  /**
   * Writes the clip of a window as one file, MP4 with its index in front, or MP3 of a file that is that: exact as its
   * stream, with the default track of sound. A file at `path` is replaced when the new one is whole.
   */
  clipFile(
    playable: WindowPlayable,
    path: string,
    signal: AbortSignal,
    progress: (fraction: number) => void,
  ): Promise<ClipFileKind>
  /** True when segments can be served now, made if need be. */
  opensNow(playable: Playable): Promise<boolean>
  /** True when nothing is left to prepare. */
  isReady(playable: Playable): Promise<boolean>
  prepare(playable: Playable, signal: AbortSignal, progress: (fraction: number) => void): Promise<void>
  close(): Promise<void>
}

/** The name of a segment in a rendition. */
export type SegmentRef = { index: number; format: SegmentFormat }

/** Opened streams remembered: a plan of a 2 h film is a few hundred numbers. */
const MAX_OPENED_STREAMS = 64

/** Segments made at the same time: a crowd waits some ms in line instead of filling the memory. */
const SEGMENTS_AT_ONCE = 4

type StreamsDeps = {
  tools: Tools
  packagedDir: string
  clipsDir: string
  transcodedDir?: string
  encoderStallMs?: number | undefined
  /** True: pictures are encoded by hardware where that works. */
  hardwareEncoding?: boolean
  log: Log
  /** Hears of each content that is watched and was repacked. */
  onWatched?: (fingerprint: string) => void
}

/** Converted films: a share of the disk that is free at the start, and never more than this. */
const MAX_TRANSCODED_BYTES = 20e9
const TRANSCODED_SHARE = 0.25

/** An encoder at work that gives no segment for so long hangs, in ms. */
const ENCODER_STALL_MS = 120_000

/**
 * Makes the one way to HLS. `packagedDir` keeps what `packaged` prepares, by fingerprint; `clipsDir` the encoded ends of
 * clips, `transcodedDir` what is converted, as caches.
 */
export function createStreams({
  tools,
  packagedDir,
  clipsDir,
  transcodedDir = join(clipsDir, 'transcoded'),
  encoderStallMs = ENCODER_STALL_MS,
  hardwareEncoding = false,
  log,
  onWatched,
}: StreamsDeps): Streams {
  const sources = createSources()
  const closing = new AbortController()
  const readings = createSourceReadings()
  const transcoded = createDiskCache({ dir: transcodedDir, maxBytes: roomForTranscoded(transcodedDir) })
  const tracks = createTranscodeTracks({
    ...{ tools, disk: transcoded, turns: createTurns(), places: createPlaces(), closing: closing.signal },
    tablesDir: join(transcodedDir, 'colours'),
    stallMs: encoderStallMs,
    hardware: hardwareEncoding ? createHardwareSearch({ tools, log, closing: closing.signal }) : undefined,
  })
  const canDecode = decodingOf(tools.decodable)
  const transcode = createTranscodePackager({ sources, readings, tracks, disk: transcoded, canDecode })
  const packagers: Readonly<Record<PackagerName, Packager>> = {
    remux: createRemuxPackager({ sources, readings }),
    packaged: createPackagedPackager({ tools, packagedDir, log, onWatched }),
    transcode,
  }
  const clips = createClipPackager({
    ...{ tools, sources, readings, log, closing: closing.signal },
    cutSources: createCutSources({
      ...{ tools, packaged: packagers.packaged, closing: closing.signal },
      dir: join(clipsDir, 'joined'),
    }),
    encode: createEncodedRuns(tools, { dir: join(clipsDir, 'ends') }),
    check: createClipCheck(tools, { dir: join(clipsDir, 'checked') }),
  })
  const routes = createWindowRoutes({ clips, canDecode })
  type Way = Pick<Packager, 'isReady' | 'prepare' | 'open'>
  const isCut = ({ window, packager }: Playable): boolean => window !== undefined && packager !== 'transcode'
  const packagerOf = (playable: Playable): Way => (isCut(playable) ? clips : packagers[playable.packager])
  const isReady = (playable: Playable): Promise<boolean> => packagerOf(playable).isReady(playable)
  const opened = createLru<Promise<PackagedStream>>({ max: MAX_OPENED_STREAMS })
  const finished = createSegmentCache()
  const making = createLimit(SEGMENTS_AT_ONCE)
  // Those of clips may wait for an encoder, which must not keep others from being copied.
  const cutting = createLimit(SEGMENTS_AT_ONCE)
  const segmentRuns = sharedRuns<Uint8Array>()
  const prepareRuns = sharedRuns<undefined>()
  const look = groupedRuns(readIdentity)

  const open = async (playable: Playable): Promise<PackagedStream> => {
    // At each request, so that a cached segment does not outlive its source's withdrawal.
    await checkSource(playable, look)
    const key = openKey(playable)
    const known = opened.get(key)
    if (known) return known
    const stream = openNow(playable)
    opened.set(key, stream)
    stream.catch(() => opened.delete(key))
    return stream
  }
  const openNow = async (playable: Playable): Promise<PackagedStream> => {
    const shown = withoutHiddenStart(playable)
    try {
      return await packagerOf(shown).open(shown)
    } catch (error) {
      if (!isCutInVain(shown, error)) throw error
      // Better with the pictures that an edit list hides than not at all; a window is exact or converted.
      return shown === playable
        ? transcode.open(routes.convert(playable))
        : packagerOf(playable).open(playable)
    }
  }
  const isCutInVain = (playable: Playable, error: unknown): boolean =>
    isCut(playable) && error instanceof AppError && error.code === 'unsupported_media'
  const openRendition = async (playable: Playable, id: string): Promise<PackagedRendition> => {
    const { renditions, lower = [] } = await open(playable)
    const rendition = [...renditions, ...lower.map((it) => it.rendition)].find((it) => it.id === id)
    if (!rendition) throw new AppError('not_found', 'There is no such rendition.')
    return rendition
  }

  return {
    async mainPlaylist(playable, subtitles = []) {
      return mainPlaylist({ ...(await open(await routes.of(playable))), subtitles })
    },
    async mediaPlaylist(playable, id) {
      const { segments, format } = await openRendition(await routes.of(playable), id)
      return mediaPlaylist(segments, format)
    },
    async init(playable, id) {
      const { init } = await openRendition(await routes.of(playable), id)
      if (!init) throw new AppError('not_found', 'This rendition has no init segment.')
      return init()
    },
    async segment(asked, id, { index, format }, signal): Promise<StreamBody> {
      const playable = await routes.of(asked)
      const rendition = await openRendition(playable, id)
      if (!rendition.segments[index] || rendition.format !== format) {
        throw new AppError('not_found', 'There is no such segment.')
      }
      signal.throwIfAborted()
      if (!rendition.cacheable) return rendition.segment(index, signal)
      const key = `${contentKey(playable)}/${id}/${index}`
      const known = finished.get(key)
      if (known) return known
      return segmentRuns(key, signal, async (runSignal) => {
        // One that is encoded waits for its own turn, and must not keep others from being copied.
        const make = (): Promise<StreamBody> => rendition.segment(index, runSignal)
        const bytes = await (
          playable.packager === 'transcode' ? make() : (playable.window ? cutting : making)(make)
        ).catch((error: unknown) => {
          // Whoever asks for this clip next is given all of it encoded.
          if (isCutInVain(playable, error)) routes.convert(playable)
          throw error
        })
        if (!(bytes instanceof Uint8Array)) throw new Error('a cacheable segment is bytes')
        finished.set(key, bytes)
        return bytes
      })
    },
    async clipCost(playable, signal) {
      await checkSource(playable, look)
      const { packager } = await routes.of(playable)
      return packager === 'transcode' ? conversionCost(playable) : clips.cost(playable, signal)
    },
    async clipFile(playable, path, signal, progress) {
      await checkSource(playable, look)
      const routed = await routes.of(playable)
      try {
        if (isCut(routed)) return await clips.file(playable, path, signal, progress)
      } catch (error) {
        if (!isCutInVain(playable, error)) throw error
      }
      const rendition = await transcode.openWhole(routes.convert(playable))
      return writeClipFile(tools, { rendition, path, signal, progress })
    },
    async opensNow(playable) {
      const routed = await routes.of(playable)
      return (!isCut(routed) && packagers[routed.packager].opensUnprepared) || isReady(routed)
    },
    isReady: async (playable) => isReady(await routes.of(playable)),
    async prepare(playable, signal, progress) {
      const routed = await routes.of(playable)
      // Of callers that overlap, the first hears the progress.
      await prepareRuns(contentKey(routed), signal, async (runSignal) => {
        await packagerOf(routed).prepare(routed, runSignal, progress)
        return undefined
      })
    },
    async close() {
      closing.abort(new AppError('busy', 'Matinee is stopping.'))
      finished.clear()
      opened.clear()
      await sources.close()
    },
  }
}

function roomForTranscoded(dir: string): number {
  mkdirSync(dir, { recursive: true })
  const { bavail, bsize } = statfsSync(dir)
  return Math.min(MAX_TRANSCODED_BYTES, bavail * bsize * TRANSCODED_SHARE)
}

/** What is streamed, wherever the file is. */
const contentKey = ({ packager, fingerprint, window }: Playable): string =>
  [packager, fingerprint, ...(window ? [window.startS, window.endS] : [])].join('/')

const openKey = (playable: Playable): string =>
  [contentKey(playable), playable.identity.inode, playable.identity.mtimeMs, playable.path].join('/')
