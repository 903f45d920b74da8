import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createClipFiles, type ClipFiles } from './clip-files.ts'
import type { WindowPlayable } from './clips/clip-packager.ts'

let dir: string
let files: ClipFiles
let made: string[]
/** Ends the making of a clip; it hangs until then. */
let finish: (() => void)[]
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'matinee-clip-files-'))
  ;[made, finish] = [[], []]
  files = createClipFiles({
    dir,
    streams: {
      async clipFile(_playable, path, signal) {
        made.push(path)
        await new Promise<void>((resolve, reject) => {
          finish.push(resolve)
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        })
        writeFileSync(path, 'clip')
        return 'mp4'
      },
    },
  })
})
afterEach(async () => {
  vi.useRealTimers()
  await files.close()
  rmSync(dir, { recursive: true })
})

/** A part of a file; what the fake does not look at is left out. */
const part = (startS: number, endS: number): WindowPlayable =>
  ({ fingerprint: 'f', window: { startS, endS } }) as WindowPlayable
const begun = (count: number): Promise<unknown> => vi.waitUntil(() => finish.length === count)

test('a clip is made once for all who ask, and found again', async () => {
  const asked = [files.find(part(1, 2)), files.find(part(1, 2))]
  await begun(1)
  finish[0]?.()
  const [one, other] = await Promise.all(asked)
  expect(one).toEqual({ path: join(dir, 'f-1-2.mp4'), bytes: 4, kind: 'mp4' })
  expect(other).toEqual(one)
  expect(await files.find(part(1, 2))).toEqual(one)
  expect(made).toHaveLength(1)
  expect(readdirSync(dir)).toEqual(['f-1-2.mp4'])
})

test('who waits too long is told to come back, and finds it then', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const late = expect(files.find(part(1, 2))).rejects.toMatchObject({ code: 'busy' })
  await vi.waitFor(() => expect(finish).toHaveLength(1))
  await vi.advanceTimersByTimeAsync(20_000)
  await late
  finish[0]?.()
  vi.useRealTimers()
  expect((await files.find(part(1, 2))).bytes).toBe(4)
  expect(made).toHaveLength(1)
})

test('clips are made one by one, and a crowd of different ones is turned away', async () => {
  const asked = Array.from({ length: 8 }, (_, at) => files.find(part(at, at + 1)))
  await begun(1)
  await expect(files.find(part(8, 9))).rejects.toMatchObject({ code: 'busy' })
  for (let at = 0; at < 8; at += 1) {
    await begun(at + 1)
    finish[at]?.()
  }
  expect(await Promise.all(asked)).toHaveLength(8)
  expect(made).toHaveLength(8)
})
