import { BROKEN_FILES } from './broken-recipes.ts'
import { CONVERTED_FILES } from './converted-recipes.ts'
import { COPIED_FILES } from './copied-recipes.ts'
import type { CorpusFile } from './expected.ts'
import { SHAPED_FILES } from './shaped-recipes.ts'
import { SHARED_FILES } from './shared-files.ts'
import { SOUND_FILES } from './sound-recipes.ts'

/** Files that only the corpus needs lie in a folder of their own, so that the tests' own media stay few. */
const FOLDER = 'corpus/'

const OWN_FILES: readonly CorpusFile[] = [
  ...[...COPIED_FILES, ...SOUND_FILES, ...CONVERTED_FILES, ...SHAPED_FILES, ...BROKEN_FILES],
].map((it) => ({ ...it, name: FOLDER + it.name }))

/** Every file of the corpus, in the order of the table. */
export const CORPUS: readonly CorpusFile[] = [...SHARED_FILES, ...OWN_FILES]

/** The name of a file in tables and on the command line. */
export const shortName = ({ name }: Pick<CorpusFile, 'name'>): string => name.replace(FOLDER, '')

/** These files and all that they are made of. */
export function withSources(files: readonly CorpusFile[]): CorpusFile[] {
  const all = new Set(files)
  for (const { needs, args = [] } of all) {
    for (const it of CORPUS) if (it.name === needs || args.includes(`@${it.name}`)) all.add(it)
  }
  return [...all]
}
