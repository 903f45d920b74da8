import type { ClipWindow, Playable } from '../media/playable.ts'
import type { ClipFileKind } from './clips/clip-file.ts'
import type { Streams } from './streams.ts'

const PREPARING_SHARE = 0.5

/** Past the end: nothing of the last frame is cut. */
const wholeOf = ({ index }: Playable): ClipWindow => ({ startS: 0, endS: index.endS - index.startS + 1 })

/**
 * Writes what is streamed of a playable, or of its window, as one file: copied, cut or converted, with its default track
 * of sound. What has to be prepared first is. Throws as `Streams.prepare` and `Streams.clipFile`.
 */
export async function writeFilm(
  streams: Pick<Streams, 'clipFile' | 'opensNow' | 'prepare'>,
  playable: Playable,
  path: string,
  signal: AbortSignal,
  progress: (fraction: number) => void,
): Promise<ClipFileKind> {
  const isReady = await streams.opensNow(playable)
  if (!isReady) await streams.prepare(playable, signal, (done) => progress(done * PREPARING_SHARE))
  const begunAt = isReady ? 0 : PREPARING_SHARE
  const film = { ...playable, window: playable.window ?? wholeOf(playable) }
  return streams.clipFile(film, path, signal, (done) => progress(begunAt + done * (1 - begunAt)))
}
