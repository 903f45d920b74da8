import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { importAll } from './import.ts'
import { startProbedEngine, type LoopDelay } from './loop-delay.ts'
import { percentile, showMs, type Benchmark } from './measure.ts'
import { longFilm } from './media.ts'
import { makeMixedFolder } from './mixed-folder.ts'
import { shareAndWait } from './player.ts'
import { startViewers } from './viewers.ts'

const ROUNDS = 5
const FILES = 300
const VIEWERS = 5
/** Eight times as fast as one watches: 10 segments of 2 MB each second for the five of them. */
const SEGMENT_EVERY_MS = 500
/** Posters are made after the files were read; the beginning of that is measured too. */
const POSTERS_MS = 5_000
/** TARGETS.md and issue 3, point 8. */
const MOST_MS = 50

/**
 * By how much the engine's event loop is late while five viewers stream a film of two hours and a folder of 300 files is
 * imported. There is no peer: what stands there is the limit.
 */
export const eventLoop: Benchmark = async ({ folder, log }) => {
  const film = await longFilm(folder, log)
  const library = join(folder, 'mixed')
  const delays: LoopDelay[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    makeMixedFolder(library, FILES)
    const delay = await measure(join(folder, 'loop'), film, library, log)
    delays.push(delay)
    log(
      `${round}/${ROUNDS}: p50 ${showMs(delay.p50)}, p99 ${showMs(delay.p99)}, longest ${showMs(delay.max)}`,
    )
  }
  rmSync(library, { recursive: true })
  const p99 = percentile(
    delays.map((it) => it.p99),
    0.5,
  )
  return [
    {
      what: `event loop late, p99, ${VIEWERS} viewers and an import of ${FILES}`,
      ours: showMs(p99),
      peer: `limit ${MOST_MS} ms`,
      ratio: MOST_MS / p99,
      must: 1,
    },
  ]
}

async function measure(
  dataDir: string,
  film: string,
  library: string,
  log: (line: string) => void,
): Promise<LoopDelay> {
  rmSync(dataDir, { recursive: true, force: true })
  const engine = await startProbedEngine(dataDir)
  try {
    const { id } = await engine.addFile(film)
    const { stream_url } = await shareAndWait(engine, id)
    const viewers = await startViewers(stream_url, VIEWERS, SEGMENT_EVERY_MS)
    await engine.loopDelay()
    await importAll(engine, library)
    await wait(POSTERS_MS)
    const delay = await engine.loopDelay()
    const { segments, bytes } = await viewers.stop()
    log(`${segments} segments, ${(bytes / 1e6).toFixed(0)} MB were watched meanwhile`)
    return delay
  } finally {
    await engine.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
