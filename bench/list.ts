import { mkdirSync, rmSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { startBuiltEngine, type RunningEngine } from '../e2e/engine.ts'
import { openStore } from '../src/main/store/store.ts'
import { aFile, aShare } from '../src/main/store/testing.ts'
import type { ListOf } from '../src/shared/api/common.ts'
import type { Job } from '../src/shared/api/job.ts'
import { percentile, showMs, timeMs, type Benchmark, type Row } from './measure.ts'

const FILES = 100_000
const SHARES = 10_000
const ROUNDS = 60
/** Rows written in one transaction. */
const BATCH = 1_000

/** What people ask of lists, each group with the most that TARGETS.md allows its p99, in ms. */
const GROUPS = [
  {
    what: `file list, 100 of ${FILES}`,
    mostMs: 20,
    paths: [
      '/files?limit=100',
      `/files?limit=100&offset=${FILES - 200}`,
      '/files?limit=100&order=filename&sort=asc',
      '/files?limit=100&order=filename&sort=asc&offset=50000',
      '/files?limit=100&media_type=video',
    ],
  },
  {
    what: `search as you type in ${FILES} files`,
    mostMs: 50,
    // As it is typed, letter by letter; then what nearly all, few and no names hold.
    paths: ['r', 'ri', 'rid', 'ridg', 'ridge', 'ridge w', 'ridge wal', 'mp4', 'img_2041', 'nothing'].map(
      (q) => `/files?limit=100&q=${encodeURIComponent(q)}`,
    ),
  },
  {
    what: `share list, 100 of ${SHARES}`,
    mostMs: 40,
    paths: [
      '/share?limit=100',
      `/share?limit=100&offset=${SHARES - 100}`,
      '/share?limit=100&visibility=public',
    ],
  },
] as const

/** TARGETS.md: the middle answer of the share list takes at most this many times that of health. */
const MOST_TIMES_HEALTH = 20

/** Lists and searches over HTTP on one connection, interleaved with `GET /v1/health`, in a library of 100 000 files. */
export const list: Benchmark = async ({ folder, log }) => {
  const dataDir = join(folder, 'list')
  rmSync(dataDir, { recursive: true, force: true })
  mkdirSync(dataDir)
  log(`writing ${FILES} files and ${SHARES} shares …`)
  fillStore(join(dataDir, 'matinee.db'))
  const engine = await startBuiltEngine({ dataDir })
  try {
    await isQuiet(engine)
    return await measure(engine, log)
  } finally {
    await engine.stop()
    rmSync(dataDir, { recursive: true })
  }
}

async function measure(engine: RunningEngine, log: (line: string) => void): Promise<Row[]> {
  const ask = asker(engine)
  const health: number[] = []
  const times = GROUPS.map((): number[] => [])
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, group] of GROUPS.entries()) {
      for (const path of group.paths) {
        const [ours, peer] = [await timeMs(() => ask(path)), await timeMs(() => ask('/health'))]
        // The first round fills caches and compiles.
        if (round === 0) continue
        times[index]?.push(ours)
        health.push(peer)
      }
    }
  }
  log(`health: p50 ${showMs(percentile(health, 0.5))}, p99 ${showMs(percentile(health, 0.99))}`)
  const rows = GROUPS.map(({ what, mostMs }, index): Row => {
    const all = times[index] ?? []
    log(`${what}: p50 ${showMs(percentile(all, 0.5))}, p99 ${showMs(percentile(all, 0.99))}`)
    const p99 = percentile(all, 0.99)
    return {
      what: `${what}, p99`,
      ours: showMs(p99),
      peer: `${mostMs} ms allowed`,
      ratio: mostMs / p99,
      must: 1,
    }
  })
  const [share, peer] = [percentile(times.at(-1) ?? [], 0.5), percentile(health, 0.5)]
  rows.push({
    what: `share list against ${MOST_TIMES_HEALTH} × health, median`,
    ours: showMs(share),
    peer: showMs(peer * MOST_TIMES_HEALTH),
    ratio: (peer * MOST_TIMES_HEALTH) / share,
    must: 1,
  })
  return rows
}

/** Asks over one connection that stays open; resolves when the whole answer is there. */
function asker({ apiUrl, key }: RunningEngine): (path: string) => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const headers = { authorization: `Bearer ${key}` }
  return (path) =>
    new Promise((resolve, reject) => {
      get(`${apiUrl}/v1${path}`, { agent, headers }, (answer) => {
        answer.resume()
        answer.once('error', reject)
        answer.once('end', () => {
          if (answer.statusCode === 200) resolve()
          else reject(new Error(`${path}: ${answer.statusCode ?? 0}`))
        })
      }).once('error', reject)
    })
}

/** At its start the engine looks for every file on the disk. */
async function isQuiet(engine: RunningEngine): Promise<void> {
  for (;;) {
    const { data } = await engine.call<ListOf<Job>>('GET', '/jobs')
    if (data.every((job) => job.status !== 'queued' && job.status !== 'running')) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const WORDS =
  'ridge walk stream rain morning harbour snow winter summer beach sunset forest train market city night concert birthday wedding garden river mountain lake storm kitchen interview lecture planning rehearsal camera family school match travel Übung Straße museum castle bridge tower festival parade desert canyon'.split(
    ' ',
  )
const word = (seed: number): string => WORDS[seed % WORDS.length] ?? ''
const NAMES: readonly ((at: number) => string)[] = [
  (at) => `IMG_${at % 10_000}.MOV`,
  (at) => `PXL_20240${(at % 9) + 1}12_${at}.mp4`,
  (at) => `${word(at)}-${word(at >> 3)} ${at % 100}.mp4`,
  (at) => `${word(at >> 2)}.${word(at >> 5)}.S0${at % 8}E${at % 24}.1080p.mkv`,
  (at) => `${word(at)} ${word(at >> 4)} ${word(at >> 7)} take ${at % 40}.mp4`,
]

/** Rows without files behind them: lists never look at the disk. They are missing already, so nothing finds that out. */
function fillStore(file: string): void {
  const store = openStore(file)
  const ids: string[] = []
  for (let start = 0; start < FILES; start += BATCH) {
    store.transactionUnsynced(() => {
      for (let at = start; at < start + BATCH; at++) {
        const filename = NAMES[at % NAMES.length]?.(at) ?? ''
        const made = aFile({
          filename,
          path: `/not-there/${word(at >> 6)}/${at}/${filename}`,
          fingerprint: `f${at}`,
          missing: true,
          mediaType: at % 5 === 0 ? 'audio' : 'video',
          metadata: at % 10 === 0 ? { tags: [word(at >> 1), word(at >> 8)] } : null,
          createdAt: 1_700_000_000_000 + at * 1_000,
        })
        store.files.insert(made)
        if (ids.length < SHARES) ids.push(made.id)
      }
    })
  }
  store.transactionUnsynced(() => {
    for (const [at, id] of ids.entries()) {
      store.shares.insert(aShare(id, { title: `Share ${at}`, createdAt: 1_700_000_000_000 + at }))
    }
  })
  store.close()
}
