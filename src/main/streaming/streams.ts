import type { Log } from '../base/log.ts'
import { AppError } from '../base/errors.ts'
import { createLimit } from '../base/limit.ts'
import { createLru } from '../base/lru.ts'
import { sharedRuns } from '../base/shared-runs.ts'
import type { PackagerName, Playable } from '../media/playable.ts'
import { checkSource, createSources } from '../media/source.ts'
import type { Tools } from '../media/tools.ts'
import { createPackagedPackager } from './packaged-packager.ts'
import type { PackagedStream, Packager, StreamBody } from './packager.ts'
import { mainPlaylist, mediaPlaylist, RENDITION } from './playlist.ts'
import { createRemuxPackager } from './remux-packager.ts'
import { createSegmentCache } from './segment-cache.ts'

/**
 * HLS of playables. URLs below a stream: `main.m3u8` (multivariant), `<rendition>/media.m3u8`,
 * `<rendition>/init.mp4`, `<rendition>/<n>.m4s`, all relative; the one rendition there is now is `0`.
 * An unknown rendition or index throws AppError `not_found`; a source that is gone or has other content than
 * `playable.identity` throws `file_missing`; a packaged playable that is not prepared throws `busy`.
 */
export interface Streams {
  mainPlaylist(playable: Playable): Promise<string>
  mediaPlaylist(playable: Playable, rendition: string): Promise<string>
  init(playable: Playable, rendition: string): Promise<StreamBody>
  /** Equal requests share one run; finished segments stay in a 64 MiB memory LRU. */
  segment(playable: Playable, rendition: string, index: number, signal: AbortSignal): Promise<StreamBody>
  isReady(playable: Playable): Promise<boolean>
  prepare(playable: Playable, signal: AbortSignal, progress: (fraction: number) => void): Promise<void>
  close(): Promise<void>
}

/** Opened streams remembered: a plan of a 2 h film is a few hundred numbers. */
const MAX_OPENED_STREAMS = 64

/** Segments made at the same time: a crowd waits some ms in line instead of filling the memory. */
const SEGMENTS_AT_ONCE = 4

type StreamsDeps = { tools: Tools; packagedDir: string; log: Log }

/** Makes the one way to HLS. `packagedDir` keeps what `packaged` prepares, by fingerprint. */
export function createStreams({ tools, packagedDir, log }: StreamsDeps): Streams {
  const sources = createSources()
  const packagers: Readonly<Record<PackagerName, Packager>> = {
    remux: createRemuxPackager({ sources }),
    packaged: createPackagedPackager({ tools, packagedDir, log }),
  }
  const opened = createLru<Promise<PackagedStream>>({ max: MAX_OPENED_STREAMS })
  const finished = createSegmentCache()
  const making = createLimit(SEGMENTS_AT_ONCE)
  const segmentRuns = sharedRuns<Uint8Array>()
  const prepareRuns = sharedRuns<undefined>()

  const open = async (playable: Playable, rendition: string): Promise<PackagedStream> => {
    if (rendition !== RENDITION) throw new AppError('not_found', 'There is no such rendition.')
    // At each request, so that a cached segment does not outlive its source's withdrawal.
    await checkSource(playable)
    const key = openKey(playable)
    const known = opened.get(key)
    if (known) return known
    const stream = packagers[playable.packager].open(playable)
    opened.set(key, stream)
    stream.catch(() => opened.delete(key))
    return stream
  }

  return {
    mainPlaylist: async (playable) => mainPlaylist((await open(playable, RENDITION)).variant),
    mediaPlaylist: async (playable, rendition) => mediaPlaylist((await open(playable, rendition)).segments),
    init: async (playable, rendition) => (await open(playable, rendition)).init(),
    async segment(playable, rendition, index, signal): Promise<StreamBody> {
      const stream = await open(playable, rendition)
      if (!stream.segments[index]) throw new AppError('not_found', 'There is no such segment.')
      signal.throwIfAborted()
      if (!stream.cacheable) return stream.segment(index, signal)
      const key = `${playable.packager}/${playable.fingerprint}/${rendition}/${index}`
      const known = finished.get(key)
      if (known) return known
      return segmentRuns(key, signal, async (runSignal) => {
        const bytes = await making(() => stream.segment(index, runSignal))
        if (!(bytes instanceof Uint8Array)) throw new Error('a cacheable segment is bytes')
        finished.set(key, bytes)
        return bytes
      })
    },
    isReady: (playable) => packagers[playable.packager].isReady(playable),
    async prepare(playable, signal, progress) {
      // Of callers that overlap, the first hears the progress.
      await prepareRuns(`${playable.packager}/${playable.fingerprint}`, signal, async (runSignal) => {
        await packagers[playable.packager].prepare(playable, runSignal, progress)
        return undefined
      })
    },
    async close() {
      finished.clear()
      opened.clear()
      await sources.close()
    },
  }
}

function openKey({ packager, fingerprint, path, identity }: Playable): string {
  return [packager, fingerprint, identity.inode, identity.mtimeMs, path].join('/')
}
