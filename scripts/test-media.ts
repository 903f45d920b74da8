import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Where the made test media lie; git does not know them. */
export const TEST_MEDIA_DIR = resolve(import.meta.dirname, '../test-media')

/** True when the file was made; one whose encoder this ffmpeg lacks is not. */
export const hasTestMedia = (name: string): boolean => existsSync(join(TEST_MEDIA_DIR, name))

/** The names of all that were made, in order; those of the corpus lie in a folder of their own. */
export const testMediaNames = (): string[] =>
  readdirSync(TEST_MEDIA_DIR, { withFileTypes: true })
    .filter((it) => it.isFile() && !it.name.startsWith('.'))
    .map((it) => it.name)
    .sort()

/** Absolute path of a made test file. Throws when it is not there, with how to make it. */
export function testMedia(name: string): string {
  if (hasTestMedia(name)) return join(TEST_MEDIA_DIR, name)
  throw new Error(
    `There is no test file ${name}. \`node scripts/make-media.ts\` makes them, or says which encoder is missing.`,
  )
}
