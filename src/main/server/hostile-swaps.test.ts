import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Share } from '../../shared/api/share.ts'
import { failure, startTestMatinee, type TestMatinee } from './testing.ts'
import { createOpener } from './testing-opener.ts'

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterAll(() => matinee.stop())

const openerOf = () => createOpener({ apiUrl: matinee.api, shareUrl: matinee.shareBase, key: matinee.key })

describe.runIf(process.platform === 'linux')('what is put in the place of a shared file', () => {
  const shared = async (name: string): Promise<{ file: File; share: Share }> => {
    const file = await matinee.addFile(name)
    return { file, share: await matinee.share(file.id) }
  }
  const secret = (): string => {
    const path = join(matinee.folder, 'secret.txt')
    writeFileSync(path, 'not for anybody\n'.repeat(100_000))
    return path
  }
  const SWAPS: [id: string, what: string, put: (path: string) => void][] = [
    ['S57', 'a link to a file out of reach', (path) => symlinkSync(secret(), path)],
    ['S57', 'a link to /etc/passwd', (path) => symlinkSync('/etc/passwd', path)],
    ['S57', 'a link to itself', (path) => symlinkSync(path, path)],
    ['S57', 'a link to the root', (path) => symlinkSync('/', path)],
    ['S57', 'a folder', (path) => mkdirSync(path)],
    ['S56', 'a pipe', (path) => execFileSync('mkfifo', [path])],
    [
      'S56',
      'a link to a pipe',
      (path) => {
        execFileSync('mkfifo', [`${path}.pipe`])
        symlinkSync(`${path}.pipe`, path)
      },
    ],
    ['S56', 'a link to a device without end', (path) => symlinkSync('/dev/zero', path)],
    ['S56', 'a socket', (path) => void createServer().listen(path).unref()],
  ]
  it.each(SWAPS)('%s: %s gives nothing at any address, and holds nobody up', async (id, what, put) => {
    const { file, share } = await shared(`${what.replaceAll('/', ' ')}.mp4`)
    rmSync(file.path)
    put(file.path)
    // What was made before, as posters, is the file's own.
    const bodies = ['stream', 'download', '/content']
    const opener = openerOf()
    // Four pipes that are waited for would stop all file calls of Node.
    await Promise.all(Array.from({ length: id === 'S56' ? 5 : 1 }, () => opener.openAll(file)))
    const answers = await Promise.all(matinee.addresses(share.id).map((url) => fetch(url)))
    expect(answers.filter((it) => it.status >= 500).map((it) => it.url)).toEqual([])
    for (const { url, status, bytes } of opener.opened) {
      expect([0, 500].includes(status), `${status} ${url}`).toBe(false)
      if (bodies.some((it) => url.includes(it))) expect(status, url).toBeGreaterThanOrEqual(400)
      expect(/not for anybody|root:x:/.test(bytes.toString('latin1')), url).toBe(false)
    }
    const gone = await matinee.v1('GET', `/files/${file.id}/content`)
    expect([gone.status, gone.json]).toEqual([410, failure('file_missing')])
  })
})
