import { existsSync, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { startBuiltEngine, type RunningEngine } from '../e2e/engine.ts'
import { run } from '../src/main/base/spawn.ts'
import { compare, timeMs, type Benchmark } from './measure.ts'
import { peerFfmpeg } from './media.ts'

/** Seconds: of the film, of a clip, and from key frame to key frame. */
const FILM_S = 100
const CLIP_S = 60
const GOP_S = 10

/** Where clips begin: inside of a GOP, so that both ends have to be encoded. */
const STARTS_S = [13.4, 21.8, 34.9]

/**
 * A clip of 60 s out of a film with a key frame every 10 s, from the first request to its last byte, against encoding
 * all of it anew with libx264 `veryfast`.
 */
export const clip: Benchmark = async ({ folder, log }) => {
  const ffmpeg = await peerFfmpeg()
  const film = await filmOf(ffmpeg, folder, log)
  const dataDir = join(folder, 'clip')
  rmSync(dataDir, { recursive: true, force: true })
  const engine = await startBuiltEngine({ dataDir })
  try {
    const { id } = await engine.addFile(film)
    const ours: number[] = []
    const peer: number[] = []
    for (const startS of STARTS_S) {
      ours.push(await timeMs(() => readClip(engine, id, startS)))
      peer.push(await timeMs(() => encodeClip(ffmpeg, film, startS, join(folder, 'clip.mp4'))))
      log(`${ours.length}/${STARTS_S.length}`)
    }
    return [compare('exact clip of 60 s, 1080p30, key frame every 10 s', 6, ours, peer)]
  } finally {
    await engine.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Reads the whole stream of a window, as a player would that wants all of it. */
async function readClip({ apiUrl, key }: RunningEngine, id: string, startS: number): Promise<void> {
  const get = async (url: URL): Promise<Response> => {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } })
    if (!answer.ok) throw new Error(`${url.href}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  const query = `start=${startS}&end=${startS + CLIP_S}`
  const main = new URL(`${apiUrl}/v1/files/${id}/stream/main.m3u8?${query}`)
  const uriIn = (playlist: string): string[] =>
    playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const media = new URL(uriIn(await (await get(main)).text())[0] ?? '', main)
  const playlist = await (await get(media)).text()
  const init = /#EXT-X-MAP:URI="([^"]+)"/.exec(playlist)?.[1] ?? ''
  for (const uri of [init, ...uriIn(playlist)]) await (await get(new URL(uri, media))).arrayBuffer()
}

const QUIET = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y']

async function encodeClip(ffmpeg: string, film: string, startS: number, target: string): Promise<void> {
  const input = ['-ss', String(startS), '-i', film, '-t', String(CLIP_S)]
  const output = ['-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'copy', '-f', 'mp4', target]
  await run(ffmpeg, [...QUIET, ...input, ...output], { timeoutMs: 900_000 })
}

async function filmOf(ffmpeg: string, folder: string, log: (line: string) => void): Promise<string> {
  const film = join(folder, 'gop10.mp4')
  if (existsSync(film)) return film
  log(`making a film of ${FILM_S} s in 1080p …`)
  const partial = join(folder, 'gop10.partial.mp4')
  await run(
    ffmpeg,
    [
      ...[...QUIET, '-f', 'lavfi', '-i', `testsrc2=s=1920x1080:r=30:d=${FILM_S}`],
      ...['-f', 'lavfi', '-i', `sine=f=440:b=4:r=48000:d=${FILM_S}`],
      ...['-c:v', 'libx264', '-preset', 'superfast', '-pix_fmt', 'yuv420p', '-bf', '2'],
      ...['-g', String(GOP_S * 30), '-sc_threshold', '0', '-x264-params', 'open-gop=0', '-b:v', '5M'],
      ...['-c:a', 'aac', '-b:a', '128k', partial],
    ],
    { timeoutMs: 900_000 },
  )
  await rename(partial, film)
  return film
}
