import { existsSync, statSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../src/main/base/spawn.ts'
import { resolveTools } from '../src/main/media/tools.ts'
import { PeerMissing } from './measure.ts'

const LOOPS = 122
/** Bits of video a second: 2 h of it are 3.6 GB, and 4 s are 2 MB. */
const BITRATE = '4M'

/** Seconds of the long film. */
export const LONG_FILM_S = LOOPS * 60

/** Path of the ffmpeg to compare with: the very one that Matinee would use. */
export async function peerFfmpeg(): Promise<string> {
  try {
    return (await resolveTools(process.env)).ffmpeg.path
  } catch (error) {
    throw new PeerMissing('there is no ffmpeg to compare with', { cause: error })
  }
}

/**
 * A film of two hours and more than 3 GB (H.264 1080p30 with B-frames, a key frame every 2 s, AAC; index at the end),
 * made by repeating one of 60 s without encoding it again. It stays in `folder` for the next benchmark.
 */
export async function longFilm(folder: string, log: (line: string) => void): Promise<string> {
  const film = join(folder, 'long.mp4')
  if (existsSync(film)) return film
  const ffmpeg = await peerFfmpeg()
  log('making a film of 2 h and 3.6 GB …')
  const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y']
  const minute = join(folder, 'minute.mp4')
  await run(
    ffmpeg,
    [
      ...quiet,
      ...['-f', 'lavfi', '-i', 'testsrc2=s=1920x1080:r=30:d=60'],
      ...['-f', 'lavfi', '-i', 'sine=f=440:b=4:r=48000:d=60'],
      ...[
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-pix_fmt',
        'yuv420p',
        '-bf',
        '2',
        '-g',
        '60',
        '-sc_threshold',
        '0',
      ],
      ...[
        '-b:v',
        BITRATE,
        '-minrate',
        BITRATE,
        '-maxrate',
        BITRATE,
        '-bufsize',
        BITRATE,
        '-x264-params',
        'nal-hrd=cbr',
      ],
      ...['-c:a', 'aac', '-ac', '2', '-b:a', '128k', minute],
    ],
    { timeoutMs: 600_000 },
  )
  const partial = join(folder, 'partial.mp4')
  const loop = ['-stream_loop', String(LOOPS - 1), '-i', minute, '-c', 'copy', partial]
  await run(ffmpeg, [...quiet, ...loop], { timeoutMs: 600_000 })
  const { size } = statSync(partial)
  if (size < 3e9) throw new Error(`the film has ${size} bytes, less than 3 GB`)
  await rename(partial, film)
  return film
}
