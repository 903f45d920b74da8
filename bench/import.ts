import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startBuiltEngine, type RunningEngine } from '../e2e/engine.ts'
import { createLimit } from '../src/main/base/limit.ts'
import { run } from '../src/main/base/spawn.ts'
import { resolveTools } from '../src/main/media/tools.ts'
import type { ListOf } from '../src/shared/api/common.ts'
import type { File } from '../src/shared/api/file.ts'
import type { Folder } from '../src/shared/api/folder.ts'
import { compare, median, PeerMissing, timeMs, type Benchmark } from './measure.ts'
import { makeMixedFolder } from './mixed-folder.ts'

const PAIRS = 5
const FILES = 300
const PEER_AT_ONCE = 2
/** Time between two looks at the folder: shorter ones would be work of their own for the engine. */
const LOOK_EVERY_MS = 25

/**
 * A folder of 300 mixed files, from adding it until each file is `completed` or `failed`: fingerprints, tracks, key
 * tables, packagers; posters come after. The peer asks ffprobe for format and streams only, two processes at a time.
 */
export const importFolder: Benchmark = async ({ folder, log }) => {
  const ffprobe = await peerFfprobe()
  const library = join(folder, 'mixed')
  const paths = makeMixedFolder(library, FILES)
  const ours: number[] = []
  const peer: number[] = []
  for (let pair = 1; pair <= PAIRS; pair++) {
    ours.push(await timeImport(join(folder, 'import'), library, log))
    peer.push(await timeMs(() => probeAll(ffprobe, paths)))
    log(`${pair}/${PAIRS}: ${[ours, peer].map((it) => `${it.at(-1)?.toFixed(0) ?? ''} ms`).join(', ')}`)
  }
  rmSync(library, { recursive: true })
  log(`${((FILES / median(ours)) * 1000).toFixed(0)} files/s`)
  return [compare(`import of ${FILES} mixed files`, 10, ours, peer)]
}

async function timeImport(dataDir: string, library: string, log: (line: string) => void): Promise<number> {
  rmSync(dataDir, { recursive: true, force: true })
  const engine = await startBuiltEngine({ dataDir })
  try {
    const ms = await timeMs(() => importAll(engine, library))
    const of = async (status: string): Promise<number> =>
      (await engine.call<ListOf<File>>('GET', `/files?limit=1&status=${status}`)).total
    const [read, failed] = [await of('completed'), await of('failed')]
    if (read + failed !== FILES) throw new Error(`${read} + ${failed} of ${FILES} files were read`)
    log(`${read} read, ${failed} refused`)
    return ms
  } finally {
    await engine.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Adds a folder and waits until each file in it has been read. */
export async function importAll(engine: RunningEngine, library: string): Promise<void> {
  let folder = await engine.call<Folder>('POST', '/folders', { path: library })
  while (folder.status === 'scanning' || folder.pending_count > 0) {
    await wait(LOOK_EVERY_MS)
    folder = await engine.call<Folder>('GET', `/folders/${folder.id}`)
  }
}

async function peerFfprobe(): Promise<string> {
  try {
    return (await resolveTools(process.env)).ffprobe.path
  } catch (error) {
    throw new PeerMissing('there is no ffprobe to compare with', { cause: error })
  }
}

async function probeAll(ffprobe: string, paths: readonly string[]): Promise<void> {
  const limit = createLimit(PEER_AT_ONCE)
  const asked = ['-v', 'error', '-print_format', 'json', '-show_format', '-show_streams']
  await Promise.all(
    paths.map((path) =>
      // A file that cannot be read makes it end with 1.
      limit(() => run(ffprobe, [...asked, path], { timeoutMs: 60_000 }).catch(() => undefined)),
    ),
  )
}
