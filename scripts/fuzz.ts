import { buildIfStale } from './build.mjs'
import { fuzz } from './fuzzing.ts'
import { makeTestMedia } from './make-media.ts'

/**
 * npm run fuzz [-- COUNT [SEED [FIRST]]]: damages test media in ways that the seed decides, and has a Matinee read them,
 * stream them, cut and convert them. Two minutes of it unless COUNT tells how many. The seed is printed; with it and the
 * number of a file, `npm run fuzz -- 1 SEED NUMBER` makes that file again. Ends with 1 when anything went wrong.
 */
const DEFAULT_MS = 110_000

const [count, seedText, first = '0'] = process.argv.slice(2)
const seed = seedText === undefined ? Math.floor(Math.random() * 1e9) : Number(seedText)
console.log(`seed ${seed}`)
await makeTestMedia()
await buildIfStale(process.execPath)
const { faults, peakMiB, ...counts } = await fuzz({
  ...{ seed, count: Number(count ?? 1e6), first: Number(first), all: true },
  ...(count === undefined ? { untilMs: Date.now() + DEFAULT_MS } : {}),
  onFile: (line) => console.log(line),
})
const { count: tried, refused, failed, read } = counts
console.log(
  `\n${tried} files: ${refused} refused, ${failed} failed, ${read} read; at most ${peakMiB ?? '?'} MiB`,
)
for (const fault of faults) console.error(fault)
process.exitCode = faults.length > 0 ? 1 : 0
