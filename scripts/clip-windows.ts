import { mkdtempSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { faultsOf, repeated, tryRandomWindows } from '../src/main/streaming/clips/testing-random.ts'
import { longestGopS } from '../src/main/streaming/segment-plan.ts'
import { readPlayable, testTools } from '../src/main/streaming/testing.ts'
import { TEST_MEDIA_DIR } from './test-media.ts'

/**
 * npm run clips [-- COUNT [SEED [NAME …]]]: makes clips of random windows of every H.264 test file, 300 unless told
 * otherwise, and lays each beside its source: every picture, every packet of sound. The seed is printed: it makes the
 * same windows again. Ends with 1 when one is not exact. FFMPEG_PATH chooses the ffmpeg.
 */
const [count = '300', seedText, ...names] = process.argv.slice(2)
const seed = seedText === undefined ? Math.floor(Math.random() * 1e9) : Number(seedText)
console.log(`${count} windows, seed ${seed}`)

const tools = await testTools()
const folder = mkdtempSync(join(tmpdir(), 'matinee-clips-'))
let tried = 0
const faults: string[] = []
try {
  const files = names.length > 0 ? names.map((it) => join(TEST_MEDIA_DIR, it)) : await cuttable()
  // Clips over 30 s need a film that is longer than the test media are.
  const long = await repeated(tools, join(TEST_MEDIA_DIR, 'h264-aac-gop2.mp4'), 9, join(folder, 'long.mp4'))
  if (names.length === 0) files.push(long)
  const gopsS = new Map<string, number>()
  for (const file of files) gopsS.set(file, longestGopS((await readPlayable(file)).playable.index))
  await tryRandomWindows({
    ...{ tools, files, seed, count: Number(count) },
    onTried(it) {
      const wrong = faultsOf(it, gopsS.get(it.file) ?? Infinity)
      faults.push(...wrong)
      tried += 1
      const { window, result } = it
      console.log(
        [
          wrong.length === 0 ? 'exact' : 'WRONG',
          it.file.split('/').at(-1),
          `${window.startS.toFixed(4)}-${window.endS.toFixed(4)}`,
          `${result.pictures} pictures, ${result.copiedPictures} copied`,
          `${(result.copiedShare * 100).toFixed(1)} % of the bytes`,
          ...wrong.slice(0, 3),
        ].join('  '),
      )
    },
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${tried} windows, ${faults.length === 0 ? 'all exact' : `${faults.length} faults`}`)
if (faults.length > 0) process.exitCode = 1

/** The H.264 test files that can be streamed without converting them. */
async function cuttable(): Promise<string[]> {
  const found: string[] = []
  for (const name of (await readdir(TEST_MEDIA_DIR)).sort()) {
    if (!name.startsWith('h264-')) continue
    const path = join(TEST_MEDIA_DIR, name)
    const { choice } = await readPlayable(path)
    if (choice.packager === 'remux' || choice.packager === 'packaged') found.push(path)
    else console.log(`not cut: ${name}`)
  }
  return found
}
