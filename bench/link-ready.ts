import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { startBuiltEngine } from '../e2e/engine.ts'
import { run } from '../src/main/base/spawn.ts'
import type { File } from '../src/shared/api/file.ts'
import { compare, timeMs, type Benchmark } from './measure.ts'
import { longFilm, peerFfmpeg } from './media.ts'
import { receiveFirstSegment, shareAndWait } from './player.ts'

const PAIRS = 5

/**
 * From the wish for a link to the first segment in a player's hands, for a film of two hours: with the file known
 * already, and with reading it included. The peer makes the same film ready by `ffmpeg -c copy -f hls`.
 */
export const linkReady: Benchmark = async ({ folder, log }) => {
  const ffmpeg = await peerFfmpeg()
  const film = await longFilm(folder, log)
  const known = join(folder, 'known')
  // An earlier run may have been stopped in the middle.
  for (const left of ['known', 'cold', 'hls']) rmSync(join(folder, left), { recursive: true, force: true })
  const first = await startBuiltEngine({ dataDir: known })
  const { id } = await first.addFile(film)
  await first.stop()

  const indexed: number[] = []
  const cold: number[] = []
  const peer: number[] = []
  const written: number[] = []
  for (let pair = 1; pair <= PAIRS; pair++) {
    indexed.push(await timeIndexed(known, id, written))
    cold.push(await timeCold(join(folder, 'cold'), film))
    peer.push(await timePeer(ffmpeg, film, join(folder, 'hls')))
    log(
      `${pair}/${PAIRS}: ${[indexed, cold, peer].map((it) => `${it.at(-1)?.toFixed(0) ?? ''} ms`).join(', ')}`,
    )
  }
  rmSync(known, { recursive: true })
  log(`bytes of media written by a share: ${Math.max(...written)}`)
  return [
    compare('link ready, file known', 25, indexed, peer),
    compare('link ready, import included', 10, cold, peer),
  ]
}

/** An engine that has just started: it knows the file from its store, and has nothing of it in memory. */
async function timeIndexed(dataDir: string, fileId: string, written: number[]): Promise<number> {
  const engine = await startBuiltEngine({ dataDir })
  const before = mediaBytes(dataDir)
  let shareId = ''
  const ms = await timeMs(async () => {
    const share = await shareAndWait(engine, fileId)
    shareId = share.id
    await receiveFirstSegment(share.stream_url)
  })
  written.push(mediaBytes(dataDir) - before)
  await engine.call('DELETE', `/share/${shareId}`)
  await engine.stop()
  return ms
}

/** An engine that has never seen the file. A link may be asked for before the file has been read. */
async function timeCold(dataDir: string, film: string): Promise<number> {
  const engine = await startBuiltEngine({ dataDir })
  const ms = await timeMs(async () => {
    const file = await engine.call<File>('POST', '/files', { path: film })
    const share = await shareAndWait(engine, file.id)
    await receiveFirstSegment(share.stream_url)
  })
  await engine.stop()
  rmSync(dataDir, { recursive: true })
  return ms
}

async function timePeer(ffmpeg: string, film: string, folder: string): Promise<number> {
  mkdirSync(folder)
  const args = ['-nostdin', '-loglevel', 'error', '-i', film, '-c', 'copy', '-f', 'hls', '-hls_time', '4']
  const ms = await timeMs(() =>
    run(ffmpeg, [...args, '-hls_playlist_type', 'vod', join(folder, 'main.m3u8')], { timeoutMs: 600_000 }),
  )
  rmSync(folder, { recursive: true })
  return ms
}

/** Bytes in the data folder where copies of media could be. */
function mediaBytes(dataDir: string): number {
  const within = (path: string): number => {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (!stats?.isDirectory()) return stats?.size ?? 0
    return readdirSync(path).reduce((sum, name) => sum + within(join(path, name)), 0)
  }
  return within(join(dataDir, 'packaged')) + within(join(dataDir, 'cache'))
}
