import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  copiedShare,
  faultsOf,
  longSource,
  tryRandomWindows,
} from '../src/main/streaming/clips/testing-random.ts'
import { readPlayable, testTools } from '../src/main/streaming/testing.ts'
import { CORPUS, shortName, withSources } from './corpus/files.ts'
import { makeTestMedia } from './make-media.ts'
import { hasTestMedia, testMedia } from './test-media.ts'

/**
 * npm run clips [-- COUNT [SEED [NAME …]]]: makes clips of random windows of every H.264 test file, 300 unless told
 * otherwise, and lays each beside its source: every picture, every packet of sound. The files are those of the corpus
 * that are streamed without converting them. The seed is printed: it makes the same windows again. Ends with 1 when one
 * is not exact. FFMPEG_PATH chooses the ffmpeg.
 */
const [count = '300', seedText, ...names] = process.argv.slice(2)
const seed = seedText === undefined ? Math.floor(Math.random() * 1e9) : Number(seedText)
console.log(`${count} windows, seed ${seed}`)

const tools = await testTools()
const folder = mkdtempSync(join(tmpdir(), 'matinee-clips-'))
const faults: string[] = []
/** Of clips over 30 s out of a film with a key frame every 2 s. */
const LEAST_COPIED_SHARE = 0.95
try {
  const files = await cuttable()
  // Clips over 30 s need a film that is longer than the test media are.
  const long = await longSource(tools, 90, join(folder, 'long.mp4'))
  if (names.length === 0) files.push(long)
  const tried = await tryRandomWindows({
    ...{ tools, files, seed, count: Number(count) },
    onTried(it) {
      const wrong = faultsOf(it)
      faults.push(...wrong)
      const { window, result } = it
      console.log(
        [
          wrong.length === 0 ? 'exact' : 'WRONG',
          it.file.split('/').at(-1),
          `${window.startS.toFixed(4)}-${window.endS.toFixed(4)}`,
          `${result.pictures} pictures, ${result.copiedPictures} copied`,
          `${((result.copiedBytes / Math.max(1, result.bytes)) * 100).toFixed(1)} % of the bytes`,
          ...wrong.slice(0, 3),
        ].join('  '),
      )
    },
  })
  const share = copiedShare(tried, long)
  if (share !== null) {
    console.log(`${(share * 100).toFixed(1)} % of the bytes of clips over 30 s are copied`)
    if (share < LEAST_COPIED_SHARE) faults.push('too little of long clips is copied')
  }
  console.log(`${tried.length} windows, ${faults.length === 0 ? 'all exact' : `${faults.length} faults`}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (faults.length > 0) process.exitCode = 1

/** The H.264 files of the corpus that can be streamed without converting them, or those that were named. */
async function cuttable(): Promise<string[]> {
  const wanted = CORPUS.filter((it) =>
    names.length > 0
      ? names.includes(shortName(it))
      : shortName(it).startsWith('h264-') && it.expected.delivery === 'remux',
  )
  await makeTestMedia(withSources(wanted))
  const found: string[] = []
  for (const { name } of wanted.filter((it) => hasTestMedia(it.name))) {
    const path = testMedia(name)
    const { choice } = await readPlayable(path)
    if (choice.packager === 'remux' || choice.packager === 'packaged') found.push(path)
    else console.log(`not cut: ${name}`)
  }
  return found
}
