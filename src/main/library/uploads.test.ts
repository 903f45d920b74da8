import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { File } from '../../shared/api/file.ts'
import { refused, startLibrary, waitUntil, type LibraryUnderTest } from './testing.ts'

let it: LibraryUnderTest
beforeAll(async () => {
  it = await startLibrary()
})
afterAll(() => it.close())

const FILM = testMedia('h264-silent.mp4')
const never = new AbortController().signal
const folder = (): string => join(it.dataDir, 'uploads')
const names = (): string[] => readdirSync(folder()).sort()

/** Sends bytes, split as a network might. */
const send = (bytes: Uint8Array, filename: string, library = it.library): Promise<File> =>
  library.upload(Readable.from(pieces(bytes)), Promise.resolve({ filename }), {
    declaredBytes: bytes.length,
    signal: never,
  })
function* pieces(bytes: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 10_007) yield Buffer.from(bytes.subarray(at, at + 10_007))
}
const film = (): Buffer => Buffer.concat([readFileSync(FILM), free(randomUUID())])
/** A `free` box (ISO/IEC 14496-12 section 8.1.2): makes a film one of its own. */
const free = (text: string): Buffer => {
  const box = Buffer.alloc(8 + text.length)
  box.writeUInt32BE(box.length)
  box.write(`free${text}`, 4, 'latin1')
  return box
}

test('what is sent is kept byte for byte under a name of our own, and read like any other file', async () => {
  const bytes = film()
  const first = await it.library.upload(
    Readable.from(pieces(bytes)),
    Promise.resolve({ filename: 'Ridge walk.MP4', metadata: { tags: ['trip'] } }),
    { declaredBytes: undefined, signal: never },
  )
  expect(first).toMatchObject({ source: 'upload', filename: 'Ridge walk.MP4', metadata: { tags: ['trip'] } })
  expect(first.path).toBe(join(folder(), `${first.id}.mp4`))
  expect(readFileSync(first.path)).toEqual(bytes)
  expect(statSync(first.path).mode & 0o777).toBe(0o600)
  await waitUntil(() => it.library.get(first.id).status === 'completed')
  expect(it.settled).toContain(first.id)
  const file = it.library.get(first.id)
  expect(file).toMatchObject({ filename: 'Ridge walk.MP4', playable: true, missing: false })
  expect(file.folder_id).toBeUndefined()
  expect((await it.library.playable(file.id)).path).toBe(file.path)
})

test('the same bytes sent twice are two files, and forgetting one leaves the other', async () => {
  const bytes = film()
  const [one, two] = await Promise.all([send(bytes, 'a.mp4'), send(bytes, 'a.mp4')])
  expect(one.id).not.toBe(two.id)
  it.library.remove(one.id)
  await waitUntil(() => !existsSync(one.path))
  expect(readFileSync(two.path)).toEqual(bytes)
  await waitUntil(() => !names().includes(`${one.id}.gone`))
})

test('forgetting what lies where its owner keeps it deletes nothing, whatever its content', async () => {
  const path = join(it.media, 'own.mp4')
  const bytes = film()
  writeFileSync(path, bytes)
  const own = await it.read(path)
  const sent = await send(bytes, 'own.mp4')
  it.library.remove(own.id)
  it.library.remove(sent.id)
  await waitUntil(() => names().every((name) => !name.startsWith(sent.id)))
  expect(readFileSync(path)).toEqual(bytes)
})

test('a copy that somebody took away does not become the file of its owner that has the same content', async () => {
  const sent = await send(film(), 'sent.mp4')
  await waitUntil(() => it.library.get(sent.id).status === 'completed')
  const path = join(it.media, 'taken out.mp4')
  renameSync(sent.path, path)
  const own = await it.read(path)
  expect(own.id).not.toBe(sent.id)
  expect(own.source).toBe('local')
  await expect(it.library.playable(sent.id)).rejects.toThrow(refused('file_missing'))
  it.library.remove(sent.id)
  await waitUntil(() => names().every((name) => !name.startsWith(sent.id)))
  expect(existsSync(path)).toBe(true)
})

describe('what is refused', () => {
  const noise = Buffer.from('no film at all '.repeat(30_000))
  test.each([
    ['text', 'film.mp4', noise, 'unsupported_media'],
    ['nothing', 'empty.mp4', Buffer.alloc(0), 'unsupported_media'],
    ['a playlist', 'list.mp4', Buffer.from('#EXTM3U\nother.mp4\n'), 'unsupported_media'],
    ['a few bytes', 'short.mp4', Buffer.from('ftyp'), 'unsupported_media'],
  ] as const)('%s leaves neither row nor file', async (_, name, bytes, code) => {
    const before = [names(), it.files().length]
    await expect(send(bytes, name)).rejects.toThrow(refused(code))
    expect([names(), it.files().length]).toEqual(before)
  })

  test('no more is read of it than it takes to know', async () => {
    let read = 0
    const endless = new Readable({
      highWaterMark: 16 * 1024,
      read() {
        read += 16 * 1024
        this.push(Buffer.alloc(16 * 1024, 'x'))
      },
    })
    const upload = it.library.upload(endless, Promise.resolve({ filename: 'x.mp4' }), {
      declaredBytes: undefined,
      signal: never,
    })
    await expect(upload).rejects.toThrow(refused('unsupported_media'))
    expect(read).toBeLessThan(256 * 1024)
    expect(endless.destroyed).toBe(true)
  })

  test('more than the limit, whether it says so before or not', async () => {
    const small = await startLibrary({ maxUploadBytes: 20_000 })
    const kept = (): string[] => readdirSync(join(small.dataDir, 'uploads'))
    const upload = (declaredBytes: number | undefined): Promise<File> =>
      small.library.upload(Readable.from(pieces(film())), Promise.resolve({ filename: 'a.mp4' }), {
        declaredBytes,
        signal: never,
      })
    await expect(upload(undefined)).rejects.toThrow(refused('too_large'))
    await expect(upload(5_000_000)).rejects.toThrow(/at most 20 kB/)
    expect(kept()).toEqual([])
    expect(await small.library.uploadRoom()).toBe(20_000)
    await small.close()
  })

  test('more than the disk has, before a byte of it is read', async () => {
    const room = await it.library.uploadRoom()
    const body = Readable.from(pieces(film()))
    const options = { declaredBytes: room * 2, signal: never }
    const upload = it.library.upload(body, Promise.resolve({ filename: 'a.mp4' }), options)
    await expect(upload).rejects.toThrow(refused('disk_full'))
    expect(body.readableDidRead).toBe(false)
    // What was promised to it is free again.
    expect(await it.library.uploadRoom()).toBeGreaterThan(room / 2)
  })

  test('what is told of it at the end is wrong: the copy goes', async () => {
    const before = [names(), it.files().length]
    const about = Promise.withResolvers<{ filename: string }>()
    const upload = it.library.upload(Readable.from(pieces(film())), about.promise, {
      declaredBytes: undefined,
      signal: never,
    })
    await waitUntil(() => names().some((name) => name.endsWith('.part')))
    about.reject(new Error('the form is wrong'))
    await expect(upload).rejects.toThrow('the form is wrong')
    expect([names(), it.files().length]).toEqual(before)
  })
})

test('an upload whose sender leaves is gone with what came of it', async () => {
  const before = names()
  const sender = new AbortController()
  const body = new PassThrough()
  const upload = it.library.upload(body, new Promise(() => undefined), {
    declaredBytes: 10_000_000,
    signal: sender.signal,
  })
  body.write(Buffer.concat([film(), Buffer.alloc(200_000)]))
  await waitUntil(() => names().length > before.length)
  sender.abort(new Error('gone'))
  await expect(upload).rejects.toThrow('gone')
  expect(names()).toEqual(before)
})

describe('names', () => {
  test.each([
    ['Ferien 日本 – 2024.mov', 'Ferien 日本 – 2024.mov', '.mov'],
    ['a"b.mp4', 'a"b.mp4', '.mp4'],
    ['two\nlines\u0000.mp4', 'two lines .mp4', '.mp4'],
    ['up/../..\\down.mkv', 'up_.._.._down.mkv', '.mkv'],
    ['  .hidden.mp4 ', '.hidden.mp4', '.mp4'],
    ['script.html', 'script.html', '.media'],
    ['..', 'Upload', '.media'],
    ['', 'Upload', '.media'],
    [`${'n'.repeat(300)}.webm`, `${'n'.repeat(250)}.webm`, '.webm'],
    [`${'n'.repeat(250)}😀.mp4`, `${'n'.repeat(250)}.mp4`, '.mp4'],
  ])('%j is shown as %j', async (given, shown, ending) => {
    const file = await send(film(), given)
    expect(file.filename).toBe(shown)
    expect(file.path).toBe(join(folder(), `${file.id}${ending}`))
    it.library.remove(file.id)
  })
})

describe('a start', () => {
  const gone = (id: string): string => join(folder(), `${id}.gone`)

  test('takes up an upload that was whole, and clears away what was not', async () => {
    const whole = await send(film(), 'whole.mp4')
    const half = randomUUID()
    await it.restart()
    // As if it had been stopped between the row and the renaming, and in the middle of another upload.
    renameSync(whole.path, join(folder(), `${whole.id}.part`))
    writeFileSync(join(folder(), `${half}.part`), 'half')
    await it.restart()
    expect(existsSync(whole.path)).toBe(true)
    await waitUntil(() => !existsSync(join(folder(), `${half}.part`)))
    await waitUntil(() => it.library.get(whole.id).status === 'completed')
    expect(it.library.get(whole.id).missing).toBe(false)
  })

  test('ends deletions, and keeps what was not deleted after all', async () => {
    const kept = await send(film(), 'kept.mp4')
    const removed = randomUUID()
    writeFileSync(gone(kept.id), '')
    writeFileSync(gone(removed), '')
    writeFileSync(join(folder(), `${removed}.mp4`), 'a copy without a row')
    await it.restart()
    await waitUntil(() => names().every((name) => !name.endsWith('.gone')))
    expect(existsSync(kept.path)).toBe(true)
    expect(names()).not.toContain(`${removed}.mp4`)
  })

  test('touches nothing that it has not put there, nor a copy whose row it does not know', async () => {
    const strangers = ['notes.part', 'film.mp4', `${randomUUID()}.mp4`, 'x.gone']
    for (const name of strangers) writeFileSync(join(folder(), name), 'not ours')
    await it.restart()
    await send(film(), 'later.mp4')
    expect(names()).toEqual(expect.arrayContaining(strangers))
    for (const name of strangers) rmSync(join(folder(), name))
  })

  test('finds the copies again when the data folder was moved', async () => {
    const sent = await send(film(), 'moved.mp4')
    await waitUntil(() => it.library.get(sent.id).status === 'completed')
    const row = it.store.files.byId(sent.id)
    if (row) it.store.files.update({ ...row, path: join('/elsewhere/uploads', `${sent.id}.mp4`) })
    await it.restart()
    expect(it.library.get(sent.id)).toMatchObject({ path: sent.path, missing: false })
    expect(await it.library.playable(sent.id)).toMatchObject({ path: sent.path })
  })
})

test('a folder of the library around the uploads does not take them in, nor away when it is forgotten', async () => {
  const other = await startLibrary()
  const sent = await send(film(), 'around.mp4', other.library)
  await waitUntil(() => other.library.get(sent.id).status === 'completed')
  // Its owner keeps them on another disk.
  const elsewhere = join(other.media, 'sent')
  renameSync(join(other.dataDir, 'uploads'), elsewhere)
  symlinkSync(elsewhere, join(other.dataDir, 'uploads'))
  copyFileSync(FILM, join(other.media, 'own.mp4'))
  await other.restart()
  const { path } = other.library.get(sent.id)
  expect(path).toBe(join(elsewhere, `${sent.id}.mp4`))
  const scanned = await other.scan(other.media)
  expect(scanned.file_count).toBe(1)
  other.library.removeFolder(scanned.id)
  expect(other.files().map((file) => file.id)).toEqual([sent.id])
  expect(existsSync(path)).toBe(true)
  await other.close()
})

test('a stop breaks off what is coming and leaves nothing of it', async () => {
  const other = await startLibrary()
  const kept = (): string[] => readdirSync(join(other.dataDir, 'uploads'))
  const body = new PassThrough()
  const upload = other.library.upload(body, new Promise(() => undefined), {
    declaredBytes: undefined,
    signal: never,
  })
  const end = expect(upload).rejects.toThrow(refused('busy'))
  body.write(Buffer.concat([film(), Buffer.alloc(200_000)]))
  await waitUntil(() => kept().length === 1)
  await other.library.close()
  await end
  expect(kept()).toEqual([])
  await other.close()
})
