import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBuiltEngine } from '../e2e/engine.ts'
import { servePlayers } from '../e2e/play-through.ts'
import { createLimit } from '../src/main/base/limit.ts'
import { resolveTools } from '../src/main/media/tools.ts'
import { buildIfStale } from './build.mjs'
import { openChromium } from './corpus/browsers.ts'
import { checkFile, faultsOf, type Checked } from './corpus/check.ts'
import { CORPUS, shortName, withSources } from './corpus/files.ts'
import { makeTestMedia } from './make-media.ts'
import { hasTestMedia } from './test-media.ts'

const names = process.argv.slice(2).filter((it) => !it.startsWith('-'))
const files = CORPUS.filter((it) => names.length === 0 || names.some((name) => shortName(it).includes(name)))
await buildIfStale(process.execPath)
await makeTestMedia(withSources(files))
const tools = await resolveTools(process.env)
const dir = mkdtempSync(join(tmpdir(), 'matinee-corpus-'))
const site = await servePlayers()
const engine = await startBuiltEngine()
const browser = await openChromium()
const limit = createLimit(2)
const all: Checked[] = []
try {
  await Promise.all(
    files
      .filter(({ name }) => hasTestMedia(name))
      .map((file) =>
        limit(async () => {
          const startedMs = performance.now()
          const checked = await checkFile(
            { engine, tools, browsers: [browser], site: site.origin, dir },
            file,
          ).catch((error: unknown): string => String(error))
          const s = ((performance.now() - startedMs) / 1000).toFixed(1)
          if (typeof checked === 'string') return console.log('ERROR', shortName(file), checked)
          all.push(checked)
          const faults = faultsOf(checked)
          console.log(
            faults.length === 0 ? 'ok   ' : 'WRONG',
            checked.name.padEnd(28),
            checked.delivery.padEnd(9),
            `${checked.client?.pictures ?? '-'} pictures`,
            checked.client?.worstDb?.toFixed(1) ?? '',
            checked.client?.soundOffsetS?.toFixed(4) ?? '',
            `${s} s`,
            faults.join('; '),
          )
        }),
      ),
  )
} finally {
  await browser.close()
  await engine.stop()
  site.close()
  rmSync(dir, { recursive: true })
}
