import { writeFileSync } from 'node:fs'
import { faultsOf, newFaultsOf, type Checked } from './check.ts'

/** One run of the corpus: with which programs, and what came of each file. */
export type CorpusRun = {
  /** `Chromium 156.0`, `ffmpeg 5.1`, … */
  programs: string[]
  /** Why a browser was not there, in words. */
  missing: string[]
  files: Checked[]
  seconds: number
}

/** What a file of the table says beside its name. */
export type Row = [
  name: string,
  delivery: string,
  pictures: string,
  worst: string,
  sound: string,
  browsers: string,
  faults: string,
]

const HEAD: Row = ['file', 'delivery', 'pictures', 'least dB', 'A/V ms', 'plays in', 'what is wrong']

/** Short forms of browsers that played a file without fault. */
const playedIn = ({ browsers }: Checked): string =>
  browsers
    .filter(({ faults }) => faults.length === 0)
    .map(({ name }) => name)
    .join(', ')

/** A row of the table; also of one file while others are still checked. */
export function rowOf(it: Checked): Row {
  const { client } = it
  const decibels = client?.worstDb
  return [
    it.name,
    it.delivery,
    client ? String(client.pictures) : '',
    decibels === null || decibels === undefined
      ? ''
      : Number.isFinite(decibels)
        ? decibels.toFixed(1)
        : 'equal',
    client?.soundOffsetS === null || client === null ? '' : (client.soundOffsetS * 1000).toFixed(1),
    playedIn(it),
    faultsOf(it).join('; '),
  ]
}

/** How many of all files must be told rightly, 0 to 1. */
export const LEAST_RIGHTLY_TOLD = 0.99

/** The share of files whose delivery was told rightly, 0 to 1. */
export const rightlyTold = (files: readonly Checked[]): number =>
  files.filter((it) => it.delivery === it.wanted).length / Math.max(1, files.length)

/** The last lines of a run, for people. */
export function summaryOf({ files, programs, missing, seconds }: CorpusRun): string[] {
  const wrong = files.filter((it) => newFaultsOf(it).length > 0)
  const known = files.filter((it) => faultsOf(it).length > 0 && !wrong.includes(it))
  const count = (delivery: string): number => files.filter((it) => it.delivery === delivery).length
  return [
    `${files.length} files in ${Math.round(seconds)} s: ${count('remux')} copied, ${count('audio')} with converted sound, ${count('transcode')} converted, ${count('refused')} refused`,
    `with ${programs.join(', ')}`,
    ...missing,
    `delivery rightly told for ${(rightlyTold(files) * 100).toFixed(1)} %`,
    ...(known.length === 0 ? [] : [`known to be wrong: ${known.map(({ name }) => name).join(', ')}`]),
    wrong.length === 0
      ? 'nothing is wrong'
      : `${wrong.length} files are wrong: ${wrong.map(({ name }) => name).join(', ')}`,
  ]
}

/** Writes runs into a file: as JSON, or as tables of Markdown where the name ends so. */
export function writeReport(runs: readonly CorpusRun[], path: string): void {
  const text = path.endsWith('.md') ? runs.map(markdownOf).join('\n') : JSON.stringify(runs, null, 2)
  writeFileSync(path, text)
}

function markdownOf(run: CorpusRun): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((it) => it.replaceAll('|', '\\|')).join(' | ')} |`
  const lines = [
    ...summaryOf(run).map((it) => `- ${it}`),
    ...['', line(HEAD), line(HEAD.map(() => '---'))],
    ...run.files.map((it) => line(rowOf(it))),
  ]
  return `${lines.join('\n')}\n`
}
