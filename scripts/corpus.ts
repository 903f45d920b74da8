import { parseArgs } from 'node:util'
import { buildIfStale } from './build.mjs'
import { faultsOf, newFaultsOf, type Checked } from './corpus/check.ts'
import { CORPUS, shortName, TRIED_IN_ALL_BROWSERS, TRIED_WITH_OLD_FFMPEG } from './corpus/files.ts'
import { openFirefox } from './corpus/firefox.ts'
import { LEAST_RIGHTLY_TOLD, rightlyTold, rowOf, summaryOf, writeReport } from './corpus/report.ts'
import { runCorpus } from './corpus/run.ts'
import { openWebKit } from './corpus/webkit.ts'

/**
 * npm run corpus [-- NAME … --full --old-ffmpeg --report FILE]: plays every file of the corpus through, or those whose
 * name contains one of the words: in Chromium, a few also in Firefox and WebKitGTK where they are installed (`--full`:
 * all), and lays what ffmpeg gets of each stream beside its source. Some are done again with the old ffmpeg from npm
 * (`--old-ffmpeg`: nothing else, and all of them). Ends with 1 when something is wrong. `--report` writes the table
 * into a file, as Markdown or as JSON.
 */
const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    'old-ffmpeg': { type: 'boolean', default: false },
    report: { type: 'string' },
  },
})
const files = CORPUS.filter((it) => words.length === 0 || words.some((word) => shortName(it).includes(word)))
if (files.length === 0) {
  console.error(`No file of the corpus is called like ${words.join(', ')}.`)
  process.exit(2)
}

await buildIfStale(process.execPath)
const WIDTHS = [28, 10, 5, 6, 7, 28, 0]
const onChecked = (it: Checked): void => {
  const cells = rowOf(it).map((cell, at) => cell.padEnd(WIDTHS[at] ?? 0))
  const word = newFaultsOf(it).length > 0 ? 'WRONG' : faultsOf(it).length > 0 ? 'known' : 'ok   '
  console.log(`${word} ${cells.join(' ')}`.trimEnd())
}
const run = await runCorpus(files, {
  isOldFfmpeg: options['old-ffmpeg'],
  others: [
    { name: 'Firefox', open: openFirefox },
    { name: 'WebKitGTK', open: openWebKit },
  ],
  isForOthers: (it) => options.full || TRIED_IN_ALL_BROWSERS.includes(shortName(it)),
  onChecked,
})
const runs = [run]
const again = files.filter((it) => options.full || TRIED_WITH_OLD_FFMPEG.includes(shortName(it)))
if (!options['old-ffmpeg'] && again.length > 0) {
  console.log('again, with the ffmpeg that comes by npm:')
  runs.push(await runCorpus(again, { isOldFfmpeg: true, onChecked }))
}
for (const it of runs) console.log(['', ...summaryOf(it)].join('\n'))
if (options.report !== undefined) writeReport(runs, options.report)
const isRight = runs.every(
  (it) =>
    it.files.every((file) => newFaultsOf(file).length === 0) && rightlyTold(it.files) >= LEAST_RIGHTLY_TOLD,
)
if (!isRight) process.exitCode = 1
