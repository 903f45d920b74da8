import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { readHead } from './head.ts'
import { HEAD_BYTES, sniff } from './sniff.ts'
import { openInput } from './source.ts'
import { temporaryDir } from './testing.ts'

test('the head is the first 64 KiB, or all of a shorter file', async () => {
  const film = testMedia('h264-aac-gop2.mp4')
  expect(Buffer.compare(await readHead(film), readFileSync(film).subarray(0, HEAD_BYTES))).toBe(0)
  expect((await readHead(testMedia('concat.mp4'))).length).toBe(readFileSync(testMedia('concat.mp4')).length)
  expect((await readHead(testMedia('empty.mp4'))).length).toBe(0)
})

test('behind a tag that is longer than the head lies what tells a file', async () => {
  for (const name of ['mp3-tagged.mp3', 'aac-tagged.aac'].filter(hasTestMedia)) {
    const head = await readHead(testMedia(name))
    expect(
      readFileSync(testMedia(name))
        .subarray(0, HEAD_BYTES)
        .includes(Buffer.from(head.subarray(10, 200))),
    ).toBe(false)
    expect(sniff(head)).toMatchObject({ demuxer: name.endsWith('.mp3') ? 'mp3' : 'aac' })
  }
})

test('a file that is not there, and a folder, are told apart from media', async () => {
  const dir = temporaryDir()
  await expect(readHead(join(dir, 'gone.mp4'))).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(readHead(dir)).rejects.toMatchObject({ code: 'unsupported_media' })
})

test('S56: FIFO, socket, device and links to them are refused at once, and the file system stays usable', async () => {
  const dir = temporaryDir()
  const fifos = [1, 2, 3, 4, 5].map((it) => join(dir, `fifo-${it}.mp4`))
  execFileSync('mkfifo', fifos)
  const link = join(dir, 'link.mp4')
  symlinkSync(fifos[0] ?? '', link)
  const socket = join(dir, 'socket.mp4')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  onTestFinished(() => void server.close())

  for (const path of [...fifos, link, socket, '/dev/zero']) {
    await expect(readHead(path)).rejects.toMatchObject({ code: 'unsupported_media' })
  }
  // Past the look, as if a file had been swapped for a FIFO: five of them would stop all four threads of Node.
  const inputs = fifos.map((path) => openInput(path))
  const opened = await Promise.allSettled(inputs.map((it) => it.getTracks()))
  expect(opened.map((it) => it.status)).toEqual(fifos.map(() => 'rejected'))
  for (const input of inputs) input.dispose()
  writeFileSync(join(dir, 'after.txt'), 'still here')
  expect(await readFile(join(dir, 'after.txt'), 'utf8')).toBe('still here')
})
