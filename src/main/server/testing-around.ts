import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { File } from '../../shared/api/file.ts'
import type { TestMatinee } from './testing.ts'

/** Adds a test file under a name in the folder of the test, and waits until it has been read. */
export async function addTestMedia(matinee: TestMatinee, from: string, name = from): Promise<File> {
  const path = join(matinee.folder, name)
  copyFileSync(testMedia(from), path)
  const { json } = await matinee.v1('POST', '/files', { body: { path } })
  return vi.waitUntil(
    async () => {
      const file = (await matinee.v1('GET', `/files/${json.id}`)).json as unknown as File
      return file.status === 'completed' ? file : undefined
    },
    { timeout: 30_000, interval: 50 },
  )
}

/** Texts of WebVTT, and the times of each. */
export const cuesIn = (text: string): { times: string; text: string }[] =>
  text
    .split('\n\n')
    .filter((block) => block.includes('-->'))
    .map((block) => {
      const [times = '', ...rest] = block.trim().split('\n')
      return { times, text: rest.join('\n') }
    })
