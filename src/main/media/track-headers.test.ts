import { afterAll, expect, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { Input } from 'mediabunny'
import { readPlainMp4 } from './plain-mp4.ts'
import { openFile, openInput } from './source.ts'
import { openTrackHeaders, readTrackHeaders, withoutSamples } from './track-headers.ts'

const ends: (() => unknown)[] = []
afterAll(() => Promise.all(ends.map((end) => end())))

async function open(name: string) {
  const file = await openFile(testMedia(name))
  const film = await readPlainMp4(file)
  if (!film) throw new Error(`${name} is not plain`)
  const [whole, headers] = [openInput(testMedia(name)), openTrackHeaders(await readTrackHeaders(film, file))]
  ends.push(() => {
    whole.dispose()
    headers.dispose()
    return file.close()
  })
  return { film, whole, headers }
}

/** All that is told of the tracks, copied: bytes are of one kind then. */
async function told(input: Input): Promise<unknown> {
  const video = (await input.getVideoTracks()).map(async (track) => [
    ...[track.id, await track.getCodec(), await track.getDecoderConfig(), await track.getRotation()],
    ...[await track.getDisplayWidth(), await track.getDisplayHeight(), await track.getTimeResolution()],
  ])
  const audio = (await input.getAudioTracks()).map(async (track) => [
    ...[track.id, await track.getCodec(), await track.getDecoderConfig(), await track.getLanguageCode()],
    ...[await track.getName(), await track.getDisposition(), await track.getTimeResolution()],
  ])
  return structuredClone(await Promise.all([...video, ...audio]))
}

test.each([
  ...['h264-aac-gop2.mp4', 'h264-aac.mov', 'h264-rotated.mp4', 'h264-anamorphic.mp4', 'h264-two-audio.mp4'],
  ...['h264-editlist.mp4', 'h264-silent.mp4', 'h264-10bit.mp4', 'hevc-aac.mp4', 'aac.m4a', 'two-audio.m4a'],
])('the headers of %s tell the same as the whole file', async (name) => {
  const { whole, headers } = await open(name)
  const facts = await told(whole)
  expect(facts).not.toEqual([])
  expect(await told(headers)).toEqual(facts)
})

test('no sample is left, however many there were', async () => {
  const { film, headers } = await open('h264-aac-gop10.mp4')
  expect(withoutSamples(film.moov).length).toBeLessThan(3000)
  expect(film.moov.length).toBeGreaterThan(10_000)
  expect(await (await headers.getPrimaryVideoTrack())?.computeDuration()).toBe(0)
})
