import { resolve } from 'node:path'
import { findCircles, findWay, readModuleGraph, type Import, type ModuleGraph } from './module-graph.ts'

/**
 * The house. A file belongs to the longest name here that its path starts with, and may import its own floor and what
 * stands beside it. Imports only go down, and never to a neighbour on the same floor.
 */
const LOW = ['main/base', 'shared']
const ROOMS = ['main/media', 'main/store', 'main/jobs', 'main/tunnel', 'main/reach', ...LOW]
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  'main/version': ['package.json'],
  'main/base': ['shared'],
  'main/config': LOW,
  'main/store': LOW,
  'main/media': LOW,
  'main/jobs': LOW,
  'main/tunnel': LOW,
  'main/reach': LOW,
  'main/auth': ROOMS,
  'main/library': ROOMS,
  'main/shares': ROOMS,
  // Given a Playable; never looks one up.
  'main/streaming': ['main/media', 'main/jobs', ...LOW],
  // Neither the store nor media work: all of that goes through a service. The type that travels between them may pass.
  'main/server': [
    ...['main/library', 'main/shares', 'main/auth', 'main/streaming'],
    ...['main/media/playable', 'main/jobs', ...LOW],
  ],
  'main/engine': [
    ...['main/server', 'main/library', 'main/shares', 'main/auth', 'main/streaming'],
    ...['main/config', 'main/version', ...ROOMS],
  ],
  'main/electron': ['main/engine', 'main/config', 'main/version', ...LOW],
  'main/headless': ['main/engine', 'main/config', 'main/version', ...LOW],
  'main/index': ['main/electron', 'main/engine', 'main/config', 'main/version', ...LOW],
  preload: ['shared'],
  'renderer/ui': ['shared'],
  'renderer/player': ['renderer/ui', 'shared'],
  'renderer/share': ['renderer/player', 'renderer/ui', 'shared'],
  'renderer/manager': ['renderer/player', 'renderer/ui', 'shared'],
}

/** Where each package lives. One that src uses and that is not here has no home yet: decide, then write it down. */
export const HOMES: Readonly<Record<string, readonly string[]>> = {
  'node:*': ['main'],
  electron: ['main/electron', 'main/index', 'preload'],
  'better-sqlite3': ['main/store'],
  mediabunny: ['main/media', 'main/streaming'],
  'fluent-ffmpeg': ['main/media/ffmpeg'],
  'ffmpeg-static': ['main/media/tools'],
  '@ffmpeg-installer/ffmpeg': ['main/media/tools'],
  '@ffprobe-installer/ffprobe': ['main/media/tools'],
  sharp: ['main/media'],
  fastify: ['main/server'],
  '@fastify/*': ['main/server'],
  ajv: ['main/server'],
  typebox: ['shared', 'main/server'],
  pino: ['main/base/log'],
  localtunnel: ['main/tunnel'],
  '@parcel/watcher': ['main/library'],
  '@node-rs/argon2': ['main/auth'],
  'hls.js': ['renderer/player'],
  react: ['renderer/manager', 'renderer/ui'],
  'react-dom': ['renderer/manager', 'renderer/ui'],
  'react-aria-components': ['renderer/manager', 'renderer/ui'],
  'lucide-react': ['renderer/manager', 'renderer/ui'],
  zustand: ['renderer/manager', 'renderer/ui'],
  'wavesurfer.js': ['renderer/ui'],
}

/** What a part may not even reach through others: the share page has to stay light. */
export const NEVER_REACHES: Readonly<Record<string, readonly string[]>> = {
  'renderer/share': ['react', 'react-dom', 'react-aria-components', 'lucide-react', 'zustand'],
  'renderer/player': ['react', 'react-dom', 'react-aria-components', 'lucide-react', 'zustand'],
}

/** `index.ts` means entry, and these are the entries. */
export const ENTRIES: readonly string[] = ['src/main/index.ts', 'src/preload/index.ts']

/** Tests, and the helpers that only tests import, may build anything out of anything. */
const isTest = (file: string): boolean => /\.(test|contract)\.tsx?$|\/testing(-[\w-]+)?\.tsx?$/.test(file)

/** Everything in `root`'s src that breaks the house's rules, one line each; empty when all is well. */
export function checkFloors(root: string): string[] {
  const graph = readModuleGraph(root, 'src')
  const problems: string[] = []
  for (const [file, imports] of graph) {
    if (/(^|\/)index\.tsx?$/.test(file) && !ENTRIES.includes(file)) {
      problems.push(`${file}: index.ts means an entry; name the file after what it does`)
    }
    if (!isTest(file)) problems.push(...imports.flatMap((it) => complaints(file, it)))
    problems.push(
      ...imports.filter((it) => !it.isFound).map((it) => `${at(file, it)}: there is no ${it.specifier}`),
    )
  }
  for (const circle of findCircles(withoutTests(graph))) {
    problems.push(`${circle[0] ?? ''}: imports itself in a circle: ${[...circle, circle[0]].join(' → ')}`)
  }
  return [...problems, ...heavyWays(graph)]
}

function complaints(file: string, it: Import): string[] {
  const floor = floorOf(file)
  if (floor === undefined) return [`${at(file, it)}: ${file} stands on no floor of scripts/check-floors.ts`]
  if (it.target === undefined) return packageComplaints(file, it)
  const found: string[] = []
  if (it.isReExport)
    found.push(`${at(file, it)}: re-exports ${it.specifier}; import the file itself (no barrels)`)
  if (isTest(it.target)) found.push(`${at(file, it)}: product code imports the test helper ${it.target}`)
  const target = it.target.startsWith('src/') ? floorOf(it.target) : it.target
  if (target !== floor && !mayImport(floor, it.target)) {
    found.push(`${at(file, it)}: ${floor} may not import ${target ?? it.target} (${it.specifier})`)
  }
  return found
}

const mayImport = (floor: string, target: string): boolean =>
  (MAY_IMPORT[floor] ?? []).some((allowed) => target === allowed || isWithin(target, allowed))

function packageComplaints(file: string, it: Import): string[] {
  const name = packageOf(it.specifier)
  const key = [name, `${name.split('/')[0] ?? ''}/*`].find((each) => each in HOMES)
  if (key === undefined) return [`${at(file, it)}: ${name} has no home in scripts/check-floors.ts`]
  const homes = HOMES[key] ?? []
  if (homes.some((home) => isWithin(file, home))) return []
  return [`${at(file, it)}: ${it.specifier} may only be imported in ${homes.join(', ')}`]
}

const packageOf = (specifier: string): string =>
  specifier.startsWith('node:') ? 'node:*' : specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

/** True when a file below src is, or lies in, what `name` names: `main/engine` is src/main/engine.ts. */
const isWithin = (file: string, name: string): boolean =>
  file.startsWith(`src/${name}/`) || new RegExp(`^src/${name}\\.[cm]?tsx?$`).test(file)

const floorOf = (file: string): string | undefined =>
  Object.keys(MAY_IMPORT)
    .filter((name) => isWithin(file, name))
    .sort((a, b) => b.length - a.length)[0]

const withoutTests = (graph: ModuleGraph): ModuleGraph =>
  new Map([...graph].filter(([file]) => !isTest(file)))

function heavyWays(graph: ModuleGraph): string[] {
  const light = withoutTests(graph)
  return [...light.keys()].flatMap((file) => {
    const [, heavy] = Object.entries(NEVER_REACHES).find(([name]) => isWithin(file, name)) ?? []
    if (!heavy) return []
    const way = findWay(
      light,
      file,
      (it) => it.target === undefined && heavy.includes(packageOf(it.specifier)),
    )
    return way ? [`${file}: reaches ${way.at(-1) ?? ''} by ${way.join(' → ')}`] : []
  })
}

const at = (file: string, it: Import): string => `${file}:${it.line}`

if (import.meta.main) {
  const problems = checkFloors(resolve(import.meta.dirname, '..'))
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}
