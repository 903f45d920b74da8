import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { addTestMedia, cuesIn } from './testing-around.ts'
import { call, startTestMatinee, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterAll(() => matinee.stop())

describe('S57: what lies beside a film and is no file of subtitles', () => {
  const SECRET = '1\n00:00:01,000 --> 00:00:05,000\nnobody may read this\n'

  it('gives nothing: a link, a link to a folder, a folder, a film that was swapped for a link', async () => {
    const outside = join(matinee.folder, 'outside')
    mkdirSync(outside)
    writeFileSync(join(outside, 'secret.srt'), SECRET)
    const file = await addTestMedia(matinee, 'h264-aac-gop2.mp4', 'linked.mp4')
    symlinkSync(join(outside, 'secret.srt'), join(matinee.folder, 'linked.en.srt'))
    symlinkSync(outside, join(matinee.folder, 'linked.fr.srt'))
    mkdirSync(join(matinee.folder, 'linked.de.srt'))
    const { id } = await matinee.share(file.id)
    for (const index of [0, 1, 2, 3]) {
      const { status, text } = await call('GET', matinee.stream(id, `s${index}/0.vtt`))
      expect(status, text).toBe(404)
      expect(text).not.toContain('nobody')
    }
    rmSync(join(matinee.folder, 'linked.mp4'))
    symlinkSync(testMedia('around.mp4'), join(matinee.folder, 'linked.mp4'))
    for (const name of ['s0/0.vtt', 's0/media.m3u8', 'storyboard.vtt', 'waveform.json', 'main.m3u8']) {
      expect((await call('GET', matinee.stream(id, name))).status, name).toBe(410)
    }
  })

  it('S46: a playlist under the name of subtitles is text without a cue', async () => {
    const file = await addTestMedia(matinee, 'h264-aac-gop2.mp4', 'list.mp4')
    const names = ['list.srt', 'list.en.vtt', 'list.de.ass']
    const text = `#EXTM3U\n#EXTINF:5,\nfile://${join(matinee.folder, 'outside', 'secret.srt')}\n`
    for (const name of names) writeFileSync(join(matinee.folder, name), text)
    for (const index of [0, 1, 2]) {
      const answer = await matinee.v1('GET', `/files/${file.id}/subtitles/${index}.vtt`)
      expect([answer.status, cuesIn(answer.text)]).toEqual([200, []])
    }
  })
})
