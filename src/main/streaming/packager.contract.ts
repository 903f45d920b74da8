import { copyFile, mkdtemp, readFile, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { Playable } from '../media/playable.ts'
import type { MediaSegment, Packager, PackagedStream, StreamBody } from './packager.ts'
import { readPlayable } from './testing.ts'

/** A packager under test, and what ends it. */
type Subject = { packager: Packager; close: () => Promise<void> }

const { signal } = new AbortController()

/** The bytes of a resource, wherever they are. */
export async function bytesOf(body: StreamBody): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body)
  const bytes = await readFile(body.path)
  expect(bytes.length).toBe(body.bytes)
  return bytes
}

/**
 * What every packager must do, with each of `names` (shared test files that it accepts). `make` gets a folder for what
 * it prepares.
 */
export function testPackager(
  name: string,
  make: (dir: string) => Promise<Subject>,
  names: readonly string[],
): void {
  describe.each(names)(`${name} with %s`, (file) => {
    let dir: string
    let subject: Subject
    let playable: Playable
    let stream: PackagedStream

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'matinee-packager-'))
      const path = join(dir, file)
      await copyFile(testMedia(file), path)
      playable = (await readPlayable(path)).playable
      subject = await make(join(dir, 'packaged'))
    })
    afterAll(async () => {
      await subject.close()
      await rm(dir, { recursive: true })
    })

    test('is called by its name', () => {
      expect(subject.packager.name).toBe(name)
    })

    test('is not prepared once the caller has left', async () => {
      const left = AbortSignal.abort(new Error('the caller left'))
      await expect(subject.packager.prepare(playable, left, () => undefined)).rejects.toThrow(
        'the caller left',
      )
    })

    test('is ready after preparing, as often as that is asked; progress ends at 1', async () => {
      const heard: number[] = []
      await subject.packager.prepare(playable, signal, (fraction) => heard.push(fraction))
      expect(await subject.packager.isReady(playable)).toBe(true)
      expect(heard.at(-1)).toBe(1)
      expect(heard).toEqual([...heard].sort((a, b) => a - b))
      await subject.packager.prepare(playable, signal, () => undefined)
      stream = await subject.packager.open(playable)
    })

    test('has renditions with an address and a name of their own, of which one is the default', () => {
      const { renditions } = stream
      for (const { id } of renditions) expect(id).toMatch(/^\d{1,3}$/)
      expect(new Set(renditions.map((it) => it.id)).size).toBe(renditions.length)
      const choices = renditions.slice(1)
      expect(new Set(choices.map((it) => it.name)).size).toBe(choices.length)
      for (const { kind } of choices) expect(kind).toBe('audio')
      if (choices.length > 0) expect(choices.filter((it) => it.isDefault)).toHaveLength(1)
      expect(renditions[0].kind).toBe(playable.media.video ? 'video' : 'audio')
    })

    test('has segments that adjoin from the first to the end', () => {
      for (const { segments } of stream.renditions) expectAdjoining(segments)
    })
    const expectAdjoining = (segments: readonly MediaSegment[]): void => {
      expect(segments.length).toBeGreaterThan(1)
      for (const [at, segment] of segments.entries()) {
        expect(segment.index).toBe(at)
        expect(segment.endS).toBeGreaterThan(segment.startS)
        if (at > 0) expect(segment.startS).toBeCloseTo(segments[at - 1]?.endS ?? -1, 9)
      }
      expect(segments.at(-1)?.endS).toBeCloseTo(playable.index.endS, 0)
    }

    test('tells what the variant needs', () => {
      const { video, audio } = playable.media
      const codecs = new Set(stream.renditions.flatMap((it) => it.codecs.split(',')))
      expect(codecs.size).toBe((video ? 1 : 0) + (audio.length > 0 ? 1 : 0))
      for (const { bandwidth } of stream.renditions) expect(bandwidth).toBeGreaterThan(1000)
      expect(stream.picture?.width ?? null).toBe(video?.width ?? null)
    })

    test('gives any segment, in any order, twice, at once, always the same', async () => {
      for (const { init, format, segments, ...rendition } of stream.renditions) {
        if (init) expect((await bytesOf(await init())).toString('latin1', 4, 8)).toBe('ftyp')
        expect(init === null).toBe(format === 'mp3')
        const order = [...segments.keys()].reverse()
        const first = await Promise.all(order.map(async (it) => bytesOf(await rendition.segment(it, signal))))
        for (const [at, index] of order.entries()) {
          const again = await bytesOf(await rendition.segment(index, signal))
          // Packed Audio says its time in an ID3 tag (RFC 8216 section 3.4).
          expect(again.includes(format === 'mp3' ? 'ID3' : 'moof', 0, 'latin1')).toBe(true)
          expect(again.equals(first[at] ?? Buffer.alloc(0))).toBe(true)
        }
      }
    })

    test('has no segment beyond the last', async () => {
      for (const rendition of stream.renditions) {
        for (const index of [-1, rendition.segments.length, 0.5, Number.NaN]) {
          await expect(rendition.segment(index, signal)).rejects.toMatchObject({ code: 'not_found' })
        }
      }
    })

    test('stops for a caller that left', async () => {
      const left = AbortSignal.abort(new Error('the viewer left'))
      await expect(stream.renditions[0].segment(0, left)).rejects.toThrow('the viewer left')
    })

    test('a source that was changed is not opened', async () => {
      await utimes(playable.path, new Date(), new Date(Date.now() + 5000))
      const opened = subject.packager.open(playable).then((it) => it.renditions[0].segment(0, signal))
      await expect(opened).rejects.toMatchObject({ code: 'file_missing' })
    })
  })
}
