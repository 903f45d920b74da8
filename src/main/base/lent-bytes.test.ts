import { expect, test } from 'vitest'
import { lendBytes } from './lent-bytes.ts'

test('a buffer serves again when its work has ended, and no two at once have the same', async () => {
  const gate = Promise.withResolvers<undefined>()
  const first = lendBytes(100, async (buffer) => {
    await gate.promise
    return buffer
  })
  const second = await lendBytes(100, (buffer) => Promise.resolve(buffer))
  expect(await lendBytes(100, (buffer) => Promise.resolve(buffer))).toBe(second)
  gate.resolve(undefined)
  expect(await first).not.toBe(second)
  expect((await first).length).toBe(100)
})

test('work that fails gives its buffer back too', async () => {
  const lent: Buffer[] = []
  const failing = lendBytes(200, (buffer) => {
    lent.push(buffer)
    return Promise.reject(new Error('no'))
  })
  await expect(failing).rejects.toThrow('no')
  expect(await lendBytes(200, (buffer) => Promise.resolve(buffer))).toBe(lent[0])
})
