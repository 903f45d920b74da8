import { expect, test } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Job } from '../../shared/api/job.ts'
import type { Share } from '../../shared/api/share.ts'
import { isShareable, lineOf, progressText, verdictOf } from './file-state.ts'

const file = (more: Partial<File> = {}): File =>
  ({
    status: 'completed',
    missing: false,
    playable: true,
    bytes: 2_100_000_000,
    video_codec: 'H.264',
    audio_codec: 'AAC',
    media_info: { audio_tracks: [] },
    ...more,
  }) as unknown as File
const running = { status: 'running', progress: 0.64, seconds_left: 12 } as Job
const broken = { code: 'unsupported_media', message: 'The file is cut off.' }

test('a card tells what is wrong before what goes on, and that before what the file is', () => {
  expect(lineOf(file(), undefined, undefined)).toEqual({
    kind: 'facts',
    parts: ['H.264', '2.1 GB', 'plays everywhere'],
  })
  expect(lineOf(file(), { status: 'processing', progress: 0.64 } as Share, running)).toEqual({
    kind: 'preparing',
    progress: 0.64,
    text: 'Preparing, 64 %, 12 s left',
  })
  expect(lineOf(file({ status: 'pending' }), undefined, undefined)).toEqual({
    ...{ kind: 'reading', text: 'Waits to be read', progress: undefined },
  })
  expect(lineOf(file({ status: 'failed', failure: broken }), undefined, running)).toEqual({
    kind: 'failed',
    text: 'The file is cut off.',
  })
  expect(lineOf(file({ status: 'failed', missing: true }), undefined, undefined)).toEqual({ kind: 'missing' })
})

test('progress tells as much as is known', () => {
  expect(progressText('Preparing', undefined, undefined)).toBe('Preparing')
  expect(progressText('Preparing', 0.5, undefined)).toBe('Preparing, 50 %')
  expect(progressText('Preparing', 0, { status: 'queued' } as Job)).toBe('Preparing: waits for its turn')
})

test.each<[string, Partial<File>, string, boolean]>([
  ['plays as it is', {}, 'Plays everywhere', true],
  [
    'is prepared once',
    { delivery_reason: 'MPEG-TS files are prepared once.' },
    'Plays after preparing',
    true,
  ],
  ['has to be converted', { delivery: 'transcode', delivery_reason: 'HEVC.' }, 'Converts', true],
  ['has to get other sound', { delivery: 'audio', delivery_reason: 'AC-3.' }, 'Converts audio', true],
  ['holds nothing to play', { playable: false, delivery: 'transcode' }, 'Cannot be shared', false],
  ['is being read', { status: 'processing', playable: false }, 'Being read', true],
  ['cannot be read', { status: 'failed', playable: false, failure: broken }, 'Cannot be played', false],
  ['is missing', { missing: true, playable: false }, 'Not where it was', false],
])('a file that %s says so, and can be shared or not', (_, more, title, shareable) => {
  expect(verdictOf(file(more)).title).toBe(title)
  expect(isShareable(file(more))).toBe(shareable)
})

test('a file that plays as it is names its codecs, be there one or two', () => {
  expect(verdictOf(file()).text).toBe('H.264 and AAC. Sent as it is, nothing to convert.')
  const sound = { ...file(), video_codec: undefined } as unknown as File
  expect(verdictOf(sound).text).toBe('AAC. Sent as it is, nothing to convert.')
})

test('a film that plays without one of its tracks of sound says which', () => {
  const tracks = [
    { name: 'Deutsch', codec: 'AAC', streamed: true },
    { name: 'English', codec: 'AC-3', streamed: false },
  ]
  const { title, text } = verdictOf({ ...file(), media_info: { audio_tracks: tracks } } as unknown as File)
  expect(title).toBe('Plays everywhere')
  expect(text).toMatch(/nothing to convert\. Left out: English \(AC-3\), which browsers cannot play\.$/)
})

test('a card says in a word how its file gets to a browser', () => {
  const wordsOf = (more: Partial<File>) => lineOf(file(more), undefined, undefined)
  expect(wordsOf({ delivery: 'transcode' })).toMatchObject({ parts: ['H.264', '2.1 GB', 'converts'] })
  expect(wordsOf({ delivery: 'audio' })).toMatchObject({ parts: ['H.264', '2.1 GB', 'converts audio'] })
  expect(wordsOf({ delivery: 'transcode', playable: false })).toMatchObject({ parts: ['H.264', '2.1 GB'] })
})

test('work is called by what it does', () => {
  const converting = { ...running, kind: 'transcode' } as Job
  expect(lineOf(file(), undefined, converting)).toMatchObject({ text: 'Converting, 64 %, 12 s left' })
  expect(lineOf(file(), undefined, { ...running, kind: 'keep' })).toMatchObject({
    text: 'Keeping a copy, 64 %, 12 s left',
  })
  const reading = { ...running, kind: 'ingest', progress: 0.4 } as Job
  expect(lineOf(file({ status: 'processing' }), undefined, reading)).toEqual({
    ...{ kind: 'reading', text: 'Being read, 40 %', progress: 0.4 },
  })
})
