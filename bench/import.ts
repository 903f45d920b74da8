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
/** Time between two looks at the folder: more of them would be work of their own for the engine. */
const LOOK_EVERY_MS = 25

/**
 * A folder of 300 mixed files in a Matinee that runs, from adding it until each file is `completed` or `failed`:
 * fingerprints, tracks, key tables, packagers; posters come after. The peer asks ffprobe for format and streams only, two
 * processes at a time. A first round, which is not counted, has both sides read their programs from the disk.
 */
export const importFolder: Benchmark = async ({ folder, log }) => {
  const ffprobe = await peerFfprobe()
  const library = join(folder, 'mixed')
  const dataDir = join(folder, 'import')
  rmSync(dataDir, { recursive: true, force: true })
  const engine = await startBuiltEngine({ dataDir })
  const ours: number[] = []
  const peer: number[] = []
  try {
    for (let pair = 0; pair <= PAIRS; pair++) {
      const paths = makeMixedFolder(library, FILES, pair)
      ours.push(await timeImport(engine, library, log))
      peer.push(await timeMs(() => probeAll(ffprobe, paths)))
      log(`${pair}/${PAIRS}: ${[ours, peer].map((it) => `${it.at(-1)?.toFixed(0) ?? ''} ms`).join(', ')}`)
    }
  } finally {
    await engine.stop()
    for (const left of [library, dataDir]) rmSync(left, { recursive: true, force: true })
  }
  const counted = ours.slice(1)
  log(`${((FILES / median(counted)) * 1000).toFixed(0)} files/s`)
  return [compare(`import of ${FILES} mixed files`, 10, counted, peer.slice(1))]
}

async function timeImport(
  engine: RunningEngine,
  library: string,
  log: (line: string) => void,
): Promise<number> {
  const total = async (status?: string): Promise<number> => {
    const filter = status ? `&status=${status}` : ''
    return (await engine.call<ListOf<File>>('GET', `/files?limit=1${filter}`)).total
  }
  let id = ''
  const ms = await timeMs(async () => {
    id = await importAll(engine, library)
  })
  const [read, failed] = [await total('completed'), await total('failed')]
  if (read + failed !== FILES) throw new Error(`${read} + ${failed} of ${FILES} files were read`)
  log(`${read} read, ${failed} refused`)
  // Or it would make posters while the peer is measured.
  await engine.call('DELETE', `/folders/${id}`)
  while ((await total()) > 0) await wait(LOOK_EVERY_MS)
  return ms
}

/** Adds a folder and waits until each file in it has been read; its id. */
export async function importAll(engine: RunningEngine, library: string): Promise<string> {
  let folder = await engine.call<Folder>('POST', '/folders', { path: library })
  while (folder.status === 'scanning' || folder.pending_count > 0) {
    await wait(LOOK_EVERY_MS)
    folder = await engine.call<Folder>('GET', `/folders/${folder.id}`)
  }
  return folder.id
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
