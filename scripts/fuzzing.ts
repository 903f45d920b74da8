import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startBuiltEngine, type RunningEngine } from '../e2e/engine.ts'
import { createOpener, type Opener } from '../src/main/server/testing-opener.ts'
import { mutate } from './mutations.ts'
import { TEST_MEDIA_DIR, testMediaNames } from './test-media.ts'

/** What a run of damaged files came to. */
export type Fuzzed = {
  count: number
  /** Files that were refused at once, read and failed, or read and found playable. */
  refused: number
  failed: number
  read: number
  /** Everything that must not be, with the seed's number and the file that it came of. */
  faults: string[]
  /** The most memory that the engine held, in MiB; null where the system does not tell (not Linux). */
  peakMiB: number | null
}

/** How much is done: `all` has every file opened in every way, else only its preview. */
export type FuzzOptions = {
  seed: number
  count: number
  first?: number
  all: boolean
  /** Stops before the next file then. */
  untilMs?: number
  onFile?: (line: string) => void
}

/** Files that are read at the same time. */
const AT_ONCE = 3
/** Larger ones would cost time and hold nothing more to be damaged. */
const LARGEST_SOURCE_BYTES = 900_000
/** Threads that read may take 512 MiB before they are ended; the engine itself has less. */
const MOST_MEMORY_MIB = 1200
/** Time for what was left running to end by itself, in ms. */
const CALM_MS = 15_000

/**
 * Has a built Matinee of its own read and stream damaged copies of the test media. What counts as a fault: an end of
 * the process, an answer of 500 or none, something that stays as it is for too long, a bug in the log, too much memory,
 * processes or temporary files that are left.
 */
export async function fuzz(options: FuzzOptions): Promise<Fuzzed> {
  const { seed, count, first = 0, untilMs = Infinity, onFile } = options
  const folder = mkdtempSync(join(tmpdir(), 'matinee-fuzz-'))
  const [media, temporary, dataDir] = ['media', 'tmp', 'data'].map((it) => join(folder, it)) as [
    string,
    string,
    string,
  ]
  for (const dir of [media, temporary]) mkdirSync(dir)
  const sources = readSources()
  const result: Fuzzed = { count: 0, refused: 0, failed: 0, read: 0, faults: [], peakMiB: null }
  const engine = await startBuiltEngine({ dataDir, env: { TMPDIR: temporary } })
  try {
    let next = first
    const worker = async (): Promise<void> => {
      while (next < first + count && Date.now() < untilMs && engine.process.exitCode === null) {
        const number = next++
        const { from, mutation, bytes } = mutate(seed, number, sources)
        const path = join(media, `${number}-${mutation}${extname(from)}`)
        writeFileSync(path, bytes)
        const name = `#${number} ${mutation} of ${from}`
        const { outcome, faults } = await tryFile(engine, path, options.all)
        result.count += 1
        result[outcome] += 1
        result.faults.push(...faults.map((it) => `${name}: ${it}`))
        onFile?.(`${name}: ${outcome}${faults.map((it) => `; ${it}`).join('')}`)
        rmSync(path)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    result.peakMiB = peakOf(engine)
    result.faults.push(...(await leftRunning(engine)))
  } finally {
    const code = await engine.stop()
    if (code !== 0) result.faults.push(`the engine ended with ${code ?? String(engine.process.signalCode)}`)
    result.faults.push(...bugsIn(dataDir), ...leftFiles(temporary, dataDir))
    if ((result.peakMiB ?? 0) > MOST_MEMORY_MIB) result.faults.push(`it took ${result.peakMiB ?? 0} MiB`)
    rmSync(folder, { recursive: true, force: true })
  }
  return result
}

function readSources(): Map<string, Buffer> {
  const small = testMediaNames().filter((it) => {
    const { size } = statSync(join(TEST_MEDIA_DIR, it))
    return size > 0 && size < LARGEST_SOURCE_BYTES
  })
  return new Map(small.map((it) => [it, readFileSync(join(TEST_MEDIA_DIR, it))]))
}

type Outcome = 'refused' | 'failed' | 'read'

async function tryFile(
  engine: RunningEngine,
  path: string,
  all: boolean,
): Promise<{ outcome: Outcome; faults: string[] }> {
  const opener = createOpener(engine)
  try {
    const file = await opener.add(path)
    if (file && all) await opener.openAll(file)
    else if (file?.status === 'completed') await opener.openPreview(file, false)
    const outcome = !file ? 'refused' : file.status === 'completed' ? 'read' : 'failed'
    return { outcome, faults: faultsIn(opener) }
  } catch (error) {
    return { outcome: 'failed', faults: [...faultsIn(opener), String(error)] }
  }
}

const faultsIn = ({ opened }: Opener): string[] =>
  opened
    .filter(({ status }) => status === 0 || status === 500)
    .map(({ url, status }) => `${status} of ${url}`)

/** Peak resident memory, from the system's own account of the process. */
function peakOf({ process: { pid } }: RunningEngine): number | null {
  try {
    const kib = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1]
    return kib === undefined ? null : Math.round(Number(kib) / 1024)
  } catch {
    return null
  }
}

/** Programs that the engine started and that do not end, though nobody waits for them any more. */
async function leftRunning(engine: RunningEngine): Promise<string[]> {
  const untilMs = Date.now() + CALM_MS
  for (;;) {
    const left = childrenOf(engine.process.pid ?? 0)
    if (left.length === 0 || Date.now() > untilMs) return left.map((it) => `left running: ${it}`)
    await wait(100)
  }
}

function childrenOf(pid: number): string[] {
  try {
    return readdirSync('/proc').flatMap((it) => {
      try {
        const [, name = '', parent] =
          /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${it}/stat`, 'utf8')) ?? []
        return Number(parent) === pid ? [name] : []
      } catch {
        // No process, or one that has just ended.
        return []
      }
    })
  } catch {
    return []
  }
}

/** What the engine itself called a bug. */
function bugsIn(dataDir: string): string[] {
  const lines = readFileSync(join(dataDir, 'logs/matinee.log'), 'utf8').split('\n')
  const ERROR_LEVEL = 50
  return lines.flatMap((line) => {
    const level = Number(/"level":(\d+)/.exec(line)?.[1] ?? 0)
    return level >= ERROR_LEVEL ? [`in the log: ${line.slice(0, 1000)}`] : []
  })
}

/** What nobody will ever ask for again. */
function leftFiles(temporary: string, dataDir: string): string[] {
  const kept = readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
  return [...readdirSync(temporary), ...kept.filter((it) => /\.(tmp|part)$/.test(it))].map(
    (it) => `left behind: ${it}`,
  )
}
