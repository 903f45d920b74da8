import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { openDirectly } from './direct-file.ts'

const path = testMedia('h264-aac-gop2.mp4')

test('it reads what a FileHandle reads, at any place, also across the end', async () => {
  const direct = openDirectly(path, constants.O_RDONLY)
  const handle = await open(path)
  const { size } = await handle.stat()
  expect(await direct.stat({ bigint: true })).toEqual(await handle.stat({ bigint: true }))
  for (const at of [0, 1000, size - 10, size]) {
    const [ours, theirs] = [Buffer.alloc(64), Buffer.alloc(64)]
    const { bytesRead } = await direct.read(ours, 4, 60, at)
    expect(bytesRead).toBe((await handle.read(theirs, 4, 60, at)).bytesRead)
    expect(ours).toEqual(theirs)
  }
  await Promise.all([direct.close(), handle.close()])
})

test('what fails rejects, and closing twice closes once', async () => {
  expect(() => openDirectly(`${path}-`, constants.O_RDONLY)).toThrow(
    expect.objectContaining({ code: 'ENOENT' }),
  )
  const file = openDirectly(path, constants.O_RDONLY)
  await file.close()
  // The number may be another file's by now.
  const other = openDirectly(path, constants.O_RDONLY)
  await file.close()
  expect((await other.read(Buffer.alloc(8), 0, 8, 0)).bytesRead).toBe(8)
  await other.close()
  await expect(other.read(Buffer.alloc(8), 0, 8, 0)).rejects.toMatchObject({ code: 'EBADF' })
})
