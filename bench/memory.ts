import { copyFileSync, mkdirSync, openSync, closeSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { testMedia } from '../scripts/test-media.ts'
import { startBuiltEngine, type RunningEngine } from '../e2e/engine.ts'
import type { Folder } from '../src/shared/api/folder.ts'
import { type Benchmark, type Row } from './measure.ts'
import { longFilm } from './media.ts'
import { shareAndWait } from './player.ts'
import { startViewers } from './viewers.ts'

/** TARGETS.md, in MB of resident memory of the engine's process. */
const MOST_MB = { idle: 180, viewers: 400, indexing: 500 }
const VIEWERS = 20
/** Twice as fast as one watches: 10 segments of 2 MB each second for all of them. */
const SEGMENT_EVERY_MS = 2000
const WATCHED_MS = 30_000
/** Idle is an engine that has had nothing to do for a while. */
const IDLE_AFTER_MS = 40_000
const IDLE_MS = 5_000

/**
 * Files of the library that is read: real ones, each of other content, small sounds because a hundred thousand films have
 * no room on a disk to test with. Fewer with MATINEE_BENCH_FILES, and then the line says so.
 */
const FILES = Number(process.env['MATINEE_BENCH_FILES'] ?? 100_000)
const FILES_IN_FOLDER = 1000

/** Memory of the engine, headless: idle, with twenty viewers of a film of two hours, while it reads a large library. */
export const memory: Benchmark = async ({ folder, log }) => [
  await measure('headless, idle', MOST_MB.idle, join(folder, 'idle'), log, async (_, peak) => {
    await wait(IDLE_AFTER_MS)
    // Not the way there: what stays.
    peak.now()
    await wait(IDLE_MS)
  }),
  await measure(
    `${VIEWERS} viewers of a 2 h film`,
    MOST_MB.viewers,
    join(folder, 'viewers'),
    log,
    async (engine) => {
      const { id } = await engine.addFile(await longFilm(folder, log))
      const { stream_url } = await shareAndWait(engine, id)
      const viewers = await startViewers(stream_url, VIEWERS, SEGMENT_EVERY_MS)
      await wait(WATCHED_MS)
      const { segments } = await viewers.stop()
      log(`${segments} segments were watched`)
    },
  ),
  await measure(`reading ${FILES} files`, MOST_MB.indexing, join(folder, 'reading'), log, async (engine) => {
    const library = join(folder, 'library')
    log(`writing ${FILES} files …`)
    fillLibrary(library)
    const startedMs = Date.now()
    await readAll(engine, library)
    log(`${Math.round((FILES / (Date.now() - startedMs)) * 1000)} files/s`)
    rmSync(library, { recursive: true })
  }),
]

type Peak = { mb: () => number; now: () => void }

async function measure(
  what: string,
  mostMb: number,
  dataDir: string,
  log: (line: string) => void,
  work: (engine: RunningEngine, peak: Peak) => Promise<void>,
): Promise<Row> {
  rmSync(dataDir, { recursive: true, force: true })
  const engine = await startBuiltEngine({ dataDir })
  const peak = watchMemory(engine.process.pid ?? 0)
  try {
    await work(engine, peak)
  } finally {
    peak.stop()
    await engine.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  const mb = peak.mb()
  log(`${what}: ${mb.toFixed(0)} MB`)
  return {
    what: `memory, ${what}`,
    ours: `${mb.toFixed(0)} MB`,
    peer: `limit ${mostMb} MB`,
    ratio: mostMb / mb,
    must: 1,
  }
}

/** Looks at the resident memory of a process again and again; the most counts, since the start or the last `now`. */
function watchMemory(pid: number): Peak & { stop: () => void } {
  let most = 0
  const look = (): void => {
    most = Math.max(most, residentMb(pid))
  }
  const timer = setInterval(look, 50)
  return {
    mb: () => most,
    now() {
      most = 0
      look()
    },
    stop: () => clearInterval(timer),
  }
}

/** proc(5), VmRSS, in MB. Ends the benchmark where there is no /proc. */
function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kb === undefined) throw new Error('this system does not tell the memory of a process')
  return (Number(kb) * 1024) / 1e6
}

function fillLibrary(library: string): void {
  rmSync(library, { recursive: true, force: true })
  const source = testMedia('opus.ogg')
  const middle = Math.floor(readFileSync(source).length / 2)
  const number = Buffer.alloc(4)
  for (let file = 0; file < FILES; file++) {
    const home = join(library, String(Math.floor(file / FILES_IN_FOLDER)))
    if (file % FILES_IN_FOLDER === 0) mkdirSync(home, { recursive: true })
    const path = join(home, `${file}.ogg`)
    copyFileSync(source, path)
    const fd = openSync(path, 'r+')
    number.writeUInt32LE(file)
    writeSync(fd, number, 0, 4, middle)
    closeSync(fd)
  }
}

async function readAll(engine: RunningEngine, library: string): Promise<void> {
  let folder = await engine.call<Folder>('POST', '/folders', { path: library })
  while (folder.status === 'scanning' || folder.pending_count > 0) {
    await wait(1000)
    folder = await engine.call<Folder>('GET', `/folders/${folder.id}`)
  }
}
