import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBuiltEngine } from '../../e2e/engine.ts'
import { servePlayers } from '../../e2e/play-through.ts'
import { createLimit } from '../../src/main/base/limit.ts'
import { resolveTools } from '../../src/main/media/tools.ts'
import { makeTestMedia } from '../make-media.ts'
import { hasTestMedia } from '../test-media.ts'
import { openChromium, type PlayingBrowser } from './browsers.ts'
import { checkFile, type Checked } from './check.ts'
import type { CorpusFile } from './expected.ts'
import { withSources } from './files.ts'
import type { CorpusRun } from './report.ts'

/** How a run goes. */
export type RunOptions = {
  /** The engine works with the ffmpeg 4.1 that comes by npm; ffmpeg as a client stays the machine's. */
  isOldFfmpeg?: boolean
  /** Opens another browser beside Chromium: undefined when there is none. */
  others?: readonly { name: string; open: () => Promise<PlayingBrowser | undefined> }[]
  /** Which files the others play as well. */
  isForOthers?: (file: CorpusFile) => boolean
  onChecked?: (checked: Checked) => void
}

/** Files that are checked at the same time: playing waits more than it works. */
const AT_ONCE = 3

const require = createRequire(import.meta.url)

/** The old programs that are npm packages. */
export const oldPrograms = (): NodeJS.ProcessEnv => {
  const pathOf = (name: string): string => (require(`@${name}-installer/${name}`) as { path: string }).path
  return { FFMPEG_PATH: pathOf('ffmpeg'), FFPROBE_PATH: pathOf('ffprobe') }
}

/**
 * Makes the files, starts an engine and the browsers, and checks one file after the other. A file that this ffmpeg
 * cannot make is left out, which `makeTestMedia` says. Throws when the engine or Chromium does not start.
 */
export async function runCorpus(files: readonly CorpusFile[], options: RunOptions = {}): Promise<CorpusRun> {
  const { others = [], isForOthers = () => false, onChecked } = options
  const startedMs = performance.now()
  await makeTestMedia(withSources(files))
  const env = options.isOldFfmpeg ? oldPrograms() : {}
  const [tools, used] = await Promise.all([
    resolveTools(process.env),
    resolveTools({ ...process.env, ...env }),
  ])
  const dir = mkdtempSync(join(tmpdir(), 'matinee-corpus-'))
  const stops: (() => unknown)[] = [() => rmSync(dir, { recursive: true, force: true })]
  try {
    const site = await servePlayers()
    stops.unshift(() => site.close())
    const engine = await startBuiltEngine({ env })
    stops.unshift(() => engine.stop())
    const chromium = await openChromium()
    stops.unshift(() => chromium.close())
    const missing: string[] = []
    const opened: PlayingBrowser[] = []
    for (const { name, open } of files.some(isForOthers) ? others : []) {
      const browser = await open()
      if (browser) opened.push(browser)
      else missing.push(`${name} was not tried: it is not installed here`)
    }
    stops.unshift(...opened.map((it) => () => it.close()))

    const limit = createLimit(AT_ONCE)
    const checked = await Promise.all(
      files
        .filter(({ name }) => hasTestMedia(name))
        .map((file) =>
          limit(async () => {
            const browsers = [chromium, ...(isForOthers(file) ? opened : [])]
            const it = await checkFile({ engine, tools, browsers, site: site.origin, dir }, file)
            onChecked?.(it)
            return it
          }),
        ),
    )
    return {
      programs: [
        `ffmpeg ${used.ffmpeg.version}`,
        ...[chromium, ...opened].map(({ name, version }) => `${name} ${version}`),
      ],
      missing,
      files: checked,
      seconds: (performance.now() - startedMs) / 1000,
    }
  } finally {
    for (const stop of stops) await stop()
  }
}
