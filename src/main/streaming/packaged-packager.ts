import { randomUUID } from 'node:crypto'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../base/errors.ts'
import { assertRoom, RESERVED_BYTES } from '../base/free-room.ts'
import type { Log } from '../base/log.ts'
import { composeFfmpeg, runFfmpeg } from '../media/ffmpeg.ts'
import type { Playable } from '../media/playable.ts'
import { soundsOf } from '../media/sounds.ts'
import { checkSource } from '../media/source.ts'
import type { Tools } from '../media/tools.ts'
import { entriesOf, finishFolder, nameFolder, readFacts, type PackagedFacts } from './packaged-folder.ts'
import type { MediaSegment, PackagedStream, Packager, StreamBody } from './packager.ts'
import { INIT_NAME, segmentName } from './playlist.ts'
import { TARGET_SEGMENT_S } from './segment-plan.ts'
import { pictureOf, soleRendition } from './variant.ts'

type PackagedDeps = {
  tools: Pick<Tools, 'ffmpeg'>
  packagedDir: string
  log: Log
  /** Hears of each content that is watched. */
  onWatched?: ((fingerprint: string) => void) | undefined
}

/** ffmpeg's own playlist: read for its durations, never served. */
const FFMPEG_PLAYLIST = 'ffmpeg.m3u8'

/** Unfinished folders end so; what a killed process left of them is removed at the next start. */
const UNFINISHED = '.tmp'

/** ffmpeg reports progress twice a second: silence for this long is a hang. */
const SILENCE_MS = 60_000

/** Wall time: a minute, and what a slow disk needs to read and write the bytes. */
const BASE_TIMEOUT_MS = 60_000
const SLOWEST_BYTES_PER_MS = 5_000

/** Packets that are copied take what they took, and little beside. */
const MOST_TIMES_COPIED = 2

/**
 * Makes the packager that copies a file's packets into HLS files once, with ffmpeg, for containers and key frames that
 * remux does not take. The folder gets its final name when it is whole, so a restart finds all of it or none.
 */
export function createPackagedPackager({ tools, packagedDir, log, onWatched }: PackagedDeps): Packager {
  const folderOf = ({ fingerprint }: Playable): string => {
    // It becomes a path: anything but a plain name is a bug of whoever made it.
    if (!/^[\w-]+$/.test(fingerprint)) throw new Error(`not a fingerprint: ${fingerprint}`)
    return join(packagedDir, fingerprint)
  }
  const swept = removeUnfinished(packagedDir).catch((error: unknown) =>
    log.warn({ err: error }, 'unfinished packages could not be removed'),
  )

  return {
    name: 'packaged',
    opensUnprepared: false,
    isReady: async (playable) => (await readFacts(folderOf(playable))) !== null,
    async prepare(playable, signal, progress) {
      signal.throwIfAborted()
      const folder = folderOf(playable)
      await swept
      if ((await readFacts(folder)) === null) {
        await checkSource(playable)
        await assertRoom(packagedDir, playable.identity.bytes, 'to prepare this file')
        const unfinished = `${folder}.${randomUUID()}${UNFINISHED}`
        await mkdir(unfinished, { recursive: true })
        try {
          await copyPackets(tools, playable, unfinished, signal, progress)
          await finishFolder(unfinished, FFMPEG_PLAYLIST, playable.index.endS - playable.index.startS)
          // A file that was written to meanwhile is not what the fingerprint says.
          await checkSource(playable)
          await nameFolder(unfinished, folder)
        } finally {
          await rm(unfinished, { recursive: true, force: true })
        }
      }
      progress(1)
    },
    async open(playable): Promise<PackagedStream> {
      await checkSource(playable)
      const folder = folderOf(playable)
      const facts = await readFacts(folder)
      if (!facts) throw new AppError('busy', 'This stream is still being prepared.')
      const segments = segmentsOf(facts, playable.index.startS)
      const rendition = {
        ...soleRendition(playable),
        ...{ codecs: facts.codecs, bandwidth: facts.bandwidth },
        segments,
        cacheable: false,
        init: () => fileBody(join(folder, INIT_NAME)),
        async segment(index: number, signal: AbortSignal): Promise<StreamBody> {
          signal.throwIfAborted()
          onWatched?.(playable.fingerprint)
          if (!segments[index]) throw new AppError('not_found', 'There is no such segment.')
          return fileBody(join(folder, segmentName(index, 'fmp4')))
        },
      }
      return { renditions: [rendition], picture: pictureOf(playable) }
    },
  }
}

async function copyPackets(
  tools: Pick<Tools, 'ffmpeg'>,
  { path, media, index, identity }: Playable,
  folder: string,
  signal: AbortSignal,
  progress: (fraction: number) => void,
): Promise<void> {
  const args = composeFfmpeg(
    { path, demuxer: media.demuxer },
    { options: hlsOptions(media), target: FFMPEG_PLAYLIST },
    [
      ...['-v', 'error', '-nostats', '-progress', 'pipe:1'],
      // MPEG program streams leave out times that follow from others.
      ...['-fflags', '+genpts'],
    ],
  )
  const lengthS = Math.max(index.endS - index.startS, 1)
  await runFfmpeg(tools, args, {
    signal,
    // Names in it are relative: a `%` in the data folder's path would be taken for a pattern.
    cwd: folder,
    timeoutMs: BASE_TIMEOUT_MS + identity.bytes / SLOWEST_BYTES_PER_MS,
    silenceMs: SILENCE_MS,
    maxFolderBytes: RESERVED_BYTES + MOST_TIMES_COPIED * identity.bytes,
    onLine: (line) => {
      const doneS = progressS(line)
      if (doneS !== null) progress(Math.min(Math.max(doneS / lengthS, 0), 0.99))
    },
  })
}

/**
 * Packets as they are, in fMP4 segments that begin at key frames: the picture and the default track of sound. Every
 * option is known to ffmpeg 4.1 and to 8.
 */
function hlsOptions(media: Playable['media']): string[] {
  const sound = soundsOf(media).find((it) => it.isDefault)
  return [
    ...['-map', '0:v:0?', '-map', `0:a:${sound?.at ?? 0}?`],
    ...['-c', 'copy', '-map_metadata', '-1', '-map_chapters', '-1'],
    // FLAC in MP4 is an experiment to ffmpeg up to 6.
    ...(sound?.track.codec === 'flac' ? ['-strict', '-2'] : []),
    // MPEG-TS and ADTS carry AAC with headers that MP4 has no place for; without them the filter passes packets on.
    ...(sound?.track.codec === 'aac' ? ['-bsf:a', 'aac_adtstoasc'] : []),
    ...[
      '-f',
      'hls',
      '-hls_time',
      String(TARGET_SEGMENT_S),
      '-hls_playlist_type',
      'vod',
      '-hls_list_size',
      '0',
    ],
    ...['-hls_segment_type', 'fmp4', '-hls_fmp4_init_filename', INIT_NAME],
    ...['-hls_segment_filename', '%d.m4s', '-hls_flags', 'independent_segments'],
  ]
}

/** Seconds from a line of `-progress`; `out_time_ms` means microseconds too, in every version (ffmpeg trac 7345). */
export function progressS(line: string): number | null {
  const microseconds = /^out_time_(?:us|ms)=(-?\d+)/.exec(line)?.[1]
  return microseconds === undefined ? null : Number(microseconds) / 1e6
}

function segmentsOf({ durationsS }: PackagedFacts, startS: number): MediaSegment[] {
  let atS = startS
  return durationsS.map((durationS, index) => {
    const segment = { index, startS: atS, endS: atS + durationS }
    atS = segment.endS
    return segment
  })
}

async function fileBody(path: string): Promise<StreamBody> {
  try {
    return { path, bytes: (await stat(path)).size }
  } catch (error) {
    // Somebody emptied the data folder: the next preparing makes it again.
    throw new AppError('busy', 'This stream must be prepared again.', { cause: error })
  }
}

async function removeUnfinished(packagedDir: string): Promise<void> {
  const names = (await entriesOf(packagedDir)).filter((name) => name.endsWith(UNFINISHED))
  await Promise.all(names.map((name) => rm(join(packagedDir, name), { recursive: true, force: true })))
}
