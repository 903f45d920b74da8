import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { buildIfStale } from '../scripts/build.mjs'
import { bytes } from './bytes.ts'
import { eventLoop } from './event-loop.ts'
import { importFolder } from './import.ts'
import { clip } from './clip.ts'
import { linkReady } from './link-ready.ts'
import { list } from './list.ts'
import { PeerMissing, type Benchmark, type Row } from './measure.ts'
import { memory } from './memory.ts'
import { page } from './page.ts'
import { segment } from './segment.ts'
import { transcode } from './transcode.ts'

/**
 * npm run bench [-- NAME …] [--keep]: measures against the peers of each benchmark, prints one table, and adds it to
 * bench/results.md. Ends with 1 when a peer is missing or a must is missed. `--keep` leaves the big media for next time.
 */
const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  'link-ready': linkReady,
  page,
  segment,
  bytes,
  list,
  clip,
  transcode,
  import: importFolder,
  'event-loop': eventLoop,
  memory,
}

const ROOT = resolve(import.meta.dirname, '..')
const RESULTS = join(ROOT, 'bench/results.md')

const args = process.argv.slice(2)
const names = args.filter((it) => !it.startsWith('--'))
const unknown = names.filter((it) => !(it in BENCHMARKS))
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(BENCHMARKS).join(', ')}.`,
  )
  process.exit(2)
}

// Of its own, unless it is to be found again: two runs at once must not take each other's film away.
const keeps = args.includes('--keep')
const folder = keeps ? join(tmpdir(), 'matinee-bench') : mkdtempSync(join(tmpdir(), 'matinee-bench-'))
mkdirSync(folder, { recursive: true })
const load = [showLoad()]
const rows: Row[] = []
const problems: string[] = []
try {
  await buildIfStale(process.execPath)
  for (const [name, benchmark] of Object.entries(BENCHMARKS)) {
    if (names.length > 0 && !names.includes(name)) continue
    console.log(`${name} …`)
    try {
      rows.push(...(await benchmark({ folder, log: (line) => console.log(`  ${line}`) })))
    } catch (error) {
      if (!(error instanceof PeerMissing)) throw error
      problems.push(`${name}: ${error.message}`)
    }
  }
} finally {
  if (!keeps) rmSync(folder, { recursive: true, force: true })
}
load.push(showLoad())

const table = showTable(rows)
console.log(`\n${table}`)
if (rows.length > 0) keepResults(table)
problems.push(
  ...rows
    .filter((it) => it.ratio < it.must)
    .map((it) => `${it.what}: ${showRatio(it.ratio)}, must be ${showRatio(it.must)}`),
)
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1

function showTable(all: readonly Row[]): string {
  const lines = all.map(
    (it) =>
      `| ${it.what} | ${it.ours} | ${it.peer} | ${showRatio(it.ratio)} | ≥ ${showRatio(it.must)} | ${it.ratio >= it.must ? 'yes' : 'NO'} |`,
  )
  return [
    '| what | Matinee | peer | times better | must | reached |',
    '|---|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n')
}

function keepResults(text: string): void {
  if (!existsSync(RESULTS)) appendFileSync(RESULTS, '# Results of `npm run bench`, newest last\n')
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim()
  const edited = execFileSync('git', ['status', '--porcelain', 'src'], { cwd: ROOT, encoding: 'utf8' }).trim()
  const [cpu] = cpus()
  const machine = `${cpus().length} × ${cpu?.model ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}`
  appendFileSync(
    RESULTS,
    `\n## ${new Date().toISOString().slice(0, 16).replace('T', ' ')}, ${commit}${edited ? ' and edits' : ''}\n\n${machine}; load ${load.join(' → ')}\n\n${text}`,
  )
}

function showLoad(): string {
  return (loadavg()[0] ?? 0).toFixed(1)
}

function showRatio(ratio: number): string {
  return `${ratio.toFixed(ratio >= 100 ? 0 : ratio >= 10 ? 1 : 2)}×`
}
