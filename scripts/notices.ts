import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** What of package-lock.json is read. */
type Lock = {
  packages: Record<string, { version: string; license?: string; dev?: boolean; devOptional?: boolean }>
}
type Package = { name: string; version: string; license: string }

/** Packages whose package.json names their licence in a form of its own; read from their LICENSE files. */
const READ_BY_HAND: Readonly<Record<string, string>> = {
  async: 'MIT',
  'parse-cache-control': 'BSD-3-Clause',
  '@ffmpeg-installer/darwin-arm64': 'GPL-3.0-or-later',
}

/** Licences that ask for nothing but their text. Another one needs its words in the part written by hand. */
const PLAIN = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
]
const TOLD = ['GPL-3.0', 'GPL-3.0-or-later', 'GPLv3', 'LGPL-2.1', 'LGPL-3.0-or-later', 'MPL-2.0']

const MARK = '<!-- The rest is written by scripts/notices.ts from package-lock.json. -->\n'

/** Every package that runs in the product, by name. */
export function productPackages(lock: Lock): Package[] {
  const found = new Map<string, Package>()
  for (const [path, { version, license, dev, devOptional }] of Object.entries(lock.packages)) {
    if (path === '' || dev || devOptional) continue
    const name = path.replace(/^.*node_modules\//, '')
    found.set(`${name}@${version}`, { name, version, license: READ_BY_HAND[name] ?? license ?? 'unknown' })
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** Packages under a licence that nobody has looked at. */
export function untold(packages: readonly Package[]): Package[] {
  const known = [...PLAIN, ...TOLD]
  return packages.filter(({ license }) => !license.split(/ AND | OR /).every((it) => known.includes(it)))
}

/** The table, one row per licence. */
export function noticesTable(packages: readonly Package[]): string {
  const byLicence = Map.groupBy(packages, (it) => it.license)
  const rows = [...byLicence]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([license, all]) => `| ${license} | ${all.map((it) => `${it.name} ${it.version}`).join(', ')} |`)
  return ['| licence | packages |', '|---|---|', ...rows, ''].join('\n')
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '..')
  const file = resolve(root, 'THIRD_PARTY_NOTICES.md')
  const packages = productPackages(
    JSON.parse(readFileSync(resolve(root, 'package-lock.json'), 'utf8')) as Lock,
  )
  for (const { name, license } of untold(packages)) {
    console.error(
      `${name}: the licence ${license} is new here; see what it asks for, then tell it in scripts/notices.ts`,
    )
    process.exitCode = 1
  }
  const text = readFileSync(file, 'utf8')
  const [byHand = ''] = text.split(MARK)
  const wanted = `${byHand}${MARK}\n${noticesTable(packages)}`
  if (!process.argv.includes('--check')) writeFileSync(file, wanted)
  else if (text !== wanted) {
    console.error('THIRD_PARTY_NOTICES.md is not up to date: node scripts/notices.ts')
    process.exitCode = 1
  }
}
