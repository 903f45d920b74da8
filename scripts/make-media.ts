import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLimit } from '../src/main/base/limit.ts'
import { run } from '../src/main/base/spawn.ts'
import { resolveTools } from '../src/main/media/tools.ts'
import { RECIPES, type Recipe } from './media-recipes.ts'
import { TEST_MEDIA_DIR } from './test-media.ts'

/** What made a file: the same text means that it need not be made again. */
const stampOf = (recipe: Recipe, ffmpeg: string): string =>
  createHash('sha256')
    .update(JSON.stringify([ffmpeg, recipe.args ?? null, recipe.bytes?.toString() ?? null]))
    .digest('hex')

const at = (name: string): string => join(TEST_MEDIA_DIR, name)
const stampFile = (name: string): string => at(`.${name}.stamp`)

/**
 * Makes every test file that is not there yet, two at a time, each under a temporary name first: two processes that
 * make them at once do double work and no harm. A file whose encoder is missing is left out with a line that says so.
 */
export async function makeTestMedia(): Promise<void> {
  const tools = await resolveTools(process.env)
  await mkdir(TEST_MEDIA_DIR, { recursive: true })
  const { stdout } = await run(tools.ffmpeg.path, ['-hide_banner', '-encoders'], { timeoutMs: 20_000 })
  const encoders = stdout.toString()
  const limit = createLimit(2)
  const made = new Map<string, Promise<void>>()

  const make = (recipe: Recipe): Promise<void> => {
    const known = made.get(recipe.name)
    if (known) return known
    const making = makeOne(recipe)
    made.set(recipe.name, making)
    return making
  }

  const makeOne = async (recipe: Recipe): Promise<void> => {
    const missing = recipe.encoders?.find((it) => !new RegExp(`\\b${it}\\b`).test(encoders))
    if (missing) {
      process.stdout.write(`test media: ${recipe.name} left out, this ffmpeg has no ${missing}\n`)
      return
    }
    for (const name of sourcesOf(recipe)) {
      const source = RECIPES.find((it) => it.name === name)
      if (source) await make(source)
    }
    const stamp = stampOf(recipe, tools.ffmpeg.version)
    if (existsSync(at(recipe.name)) && (await readStamp(recipe.name)) === stamp) return
    await limit(() => write(recipe, tools.ffmpeg.path))
    await writeFile(stampFile(recipe.name), stamp)
  }

  await Promise.all(RECIPES.map(make))
}

async function write(recipe: Recipe, ffmpeg: string): Promise<void> {
  const temporary = at(`.${randomUUID()}-${recipe.name}`)
  try {
    if (recipe.bytes)
      await writeFile(
        temporary,
        recipe.bytes((name) => readFileSync(at(name))),
      )
    else {
      const args = (recipe.args ?? []).map((it) => (it.startsWith('@') ? at(it.slice(1)) : it))
      const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y']
      await run(ffmpeg, [...quiet, ...args, temporary], { timeoutMs: 120_000 })
    }
    await rename(temporary, at(recipe.name))
  } finally {
    await rm(temporary, { force: true })
  }
}

const sourcesOf = (recipe: Recipe): string[] => [
  ...(recipe.needs ? [recipe.needs] : []),
  ...(recipe.args ?? []).filter((it) => it.startsWith('@')).map((it) => it.slice(1)),
]

const readStamp = (name: string): Promise<string> => readFile(stampFile(name), 'utf8').catch(() => '')

if (import.meta.main) {
  const started = Date.now()
  await makeTestMedia()
  process.stdout.write(
    `test media: ${RECIPES.length} files in ${((Date.now() - started) / 1000).toFixed(1)} s\n`,
  )
}
