import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createLimit } from '../src/main/base/limit.ts'
import { run } from '../src/main/base/spawn.ts'
import { resolveTools, type Tools } from '../src/main/media/tools.ts'
import { RECIPES } from './media-recipes.ts'
import type { Recipe } from './recipe-parts.ts'
import { TEST_MEDIA_DIR } from './test-media.ts'

const TIMEOUT_MS = 120_000

/** What became of one test file. */
type Made = { recipe: Recipe; state: 'there' | 'made' | 'left out' }

/**
 * Makes every test file that is not there yet, two at a time, each under a temporary name first: two processes that
 * make them at once do double work and no harm. A file whose encoder is missing is left out with a line that says so.
 * `recipes` may be made of one another and of the shared ones; a folder may stand before their names.
 */
export async function makeTestMedia(recipes: readonly Recipe[] = RECIPES): Promise<Made[]> {
  for (const { name } of recipes) await mkdir(dirname(at(name)), { recursive: true })
  const known = new Map([...RECIPES, ...recipes].map((it) => [it.name, it]))
  const sourcesOf = (recipe: Recipe): Recipe[] => namesOfSources(recipe).flatMap((it) => known.get(it) ?? [])
  const stampOf = (recipe: Recipe): string => stampFrom(recipe, sourcesOf(recipe).map(stampOf))
  const isThere = (recipe: Recipe): Promise<boolean> => hasStamp(recipe, stampOf(recipe))
  const stale = await Promise.all(recipes.map(async (it) => !(await isThere(it))))
  // Asking ffmpeg what it can do costs more than the rest of a run that has nothing to make.
  const tools = stale.includes(true) ? await resolveTools(process.env) : undefined
  const limit = createLimit(2)
  const made = new Map<string, Promise<Made>>()

  const make = (recipe: Recipe): Promise<Made> => {
    const making = made.get(recipe.name) ?? makeOne(recipe)
    made.set(recipe.name, making)
    return making
  }
  const makeOne = async (recipe: Recipe): Promise<Made> => {
    if (!tools || (await isThere(recipe))) return { recipe, state: 'there' }
    const missing = recipe.encoders?.find((it) => !tools.encoders.has(it))
    if (missing) {
      process.stdout.write(`test media: ${recipe.name} left out, this ffmpeg has no ${missing}\n`)
      return { recipe, state: 'left out' }
    }
    for (const source of sourcesOf(recipe)) await make(source)
    await limit(() => write(recipe, stampOf(recipe), tools))
    return { recipe, state: 'made' }
  }

  return Promise.all(recipes.map(make))
}

async function write(recipe: Recipe, stamp: string, tools: Tools): Promise<void> {
  const temporary = hidden(recipe.name, (it) => `${randomUUID()}-${it}`)
  try {
    if (recipe.bytes)
      await writeFile(
        temporary,
        recipe.bytes((name) => readFileSync(at(name))),
      )
    else await run(tools.ffmpeg.path, [...argsOf(recipe, tools), temporary], { timeoutMs: TIMEOUT_MS })
    // Another process may have been quicker, and its file may be open in a test that minds the inode.
    if (await hasStamp(recipe, stamp)) return
    await rename(temporary, at(recipe.name))
    await writeFile(stampFile(recipe), stamp)
  } finally {
    await rm(temporary, { force: true })
  }
}

const argsOf = (recipe: Recipe, tools: Tools): string[] => [
  ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-y'],
  ...(recipe.args ?? []).map((it) => (it.startsWith('@') ? at(it.slice(1)) : it)),
  ...(recipe.frameTimes ? [tools.hasFpsMode ? '-fps_mode' : '-vsync', recipe.frameTimes] : []),
]

/** True when the file was made by this very recipe. */
async function hasStamp(recipe: Recipe, stamp: string): Promise<boolean> {
  if (!existsSync(at(recipe.name))) return false
  return (await readFile(stampFile(recipe), 'utf8').catch(() => '')) === stamp
}

/** Stands for the recipe and those of the files it is made of. */
function stampFrom({ args, frameTimes, revision }: Recipe, sources: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([args ?? [], frameTimes ?? '', revision ?? 0, sources]))
    .digest('hex')
}

/** The files that a recipe is made of. */
function namesOfSources({ needs, args = [] }: Recipe): string[] {
  const inArgs = args.filter((it) => it.startsWith('@')).map((it) => it.slice(1))
  return [...new Set([...(needs ? [needs] : []), ...inArgs])]
}

const at = (name: string): string => join(TEST_MEDIA_DIR, name)
/** A file beside the named one that lists of files leave out. */
const hidden = (name: string, rename: (base: string) => string): string =>
  join(dirname(at(name)), `.${rename(basename(name))}`)
const stampFile = ({ name }: Recipe): string => hidden(name, (it) => `${it}.stamp`)

if (import.meta.main) {
  const started = Date.now()
  const states = (await makeTestMedia()).map((it) => it.state)
  const count = (state: Made['state']): number => states.filter((it) => it === state).length
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  process.stdout.write(
    `test media: ${count('made')} made, ${count('there')} there, ${count('left out')} left out, ${seconds} s\n`,
  )
}
