import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDir } from '../media/testing.ts'
import { runScan, type FileScan } from './file-scan.ts'

const INDEX = { keyTimesS: [], openGop: false, startS: 0, endS: 1, reorderS: 0, videoTimescale: 0 }
const MEGABYTE = 1024 * 1024

/** A scan that counts bytes and takes at most a megabyte at once. */
function countingScan(from = 0, onTake: (position: number) => void = () => undefined): FileScan {
  let position = from
  return {
    get position() {
      return position
    },
    take(bytes) {
      position += bytes.length
      onTake(position)
    },
    save: () => ({ position }),
    finish: () => ({ ...INDEX, endS: position }),
  }
}

function fileOf(bytes: number): string {
  const path = join(temporaryDir(), 'file')
  writeFileSync(path, Buffer.alloc(bytes))
  return path
}

test('a file is read to its end, and progress rises to 1', async () => {
  const heard: number[] = []
  const progress = { save: () => undefined, report: (it: number) => void heard.push(it) }
  const index = await runScan(fileOf(3.5 * MEGABYTE), countingScan(), progress, new AbortController().signal)
  expect(index.endS).toBe(3.5 * MEGABYTE)
  expect(heard).toEqual(heard.toSorted((a, b) => a - b))
  expect(heard.at(-1)).toBe(1)
})

test('who leaves half way finds what was read, and the rest is read from there', async () => {
  const path = fileOf(4 * MEGABYTE)
  const leaving = new AbortController()
  const saved: string[] = []
  const progress = { save: (state: string) => void saved.push(state), report: () => undefined }
  const first = countingScan(0, (position) => {
    if (position >= 2 * MEGABYTE) leaving.abort(new Error('left'))
  })
  await expect(runScan(path, first, progress, leaving.signal)).rejects.toThrow('left')
  expect(saved).toEqual([JSON.stringify({ position: 2 * MEGABYTE })])

  const read: number[] = []
  const second = countingScan(2 * MEGABYTE, (position) => void read.push(position))
  await runScan(path, second, progress, new AbortController().signal)
  expect(read).toEqual([3 * MEGABYTE, 4 * MEGABYTE])
})

test('a scan that stands still is a bug, not a hang', async () => {
  const still = { ...countingScan(), position: 0, take: () => undefined }
  await expect(runScan(fileOf(100), still, undefined, new AbortController().signal)).rejects.toThrow('still')
})
