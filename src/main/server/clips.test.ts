import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cut } from '../../shared/api/cut.ts'
import type { File } from '../../shared/api/file.ts'
import { failure, startTestMatinee, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
let file: File
beforeAll(async () => {
  matinee = await startTestMatinee()
  file = await matinee.addFile('film.mp4')
})
afterAll(() => matinee.stop())

const cut = async (query: string) => {
  const { status, json } = await matinee.v1('GET', `/files/${file.id}/cut?${query}`)
  return { status, json: json as unknown as Cut }
}

describe('what a clip takes', () => {
  it('is told before it is made', async () => {
    // A key frame every 2 s.
    const { status, json } = await cut('start=1&end=7')
    expect(status).toBe(200)
    expect(json).toMatchObject({ exact: true, first_keyframe: 2 })
    expect(json.encoded_seconds).toBeGreaterThanOrEqual(1)
    expect(json.copied_seconds + json.encoded_seconds).toBeCloseTo(6, 5)
    expect(json.estimate_seconds).toBeGreaterThan(0)
  })

  it('is nothing where both ends are clean', async () => {
    expect((await cut('start=2&end=6')).json).toMatchObject({
      ...{ exact: true, encoded_seconds: 0, estimate_seconds: 0, first_keyframe: 2 },
    })
    expect((await cut('start=2.5&end=3')).json.first_keyframe).toBeNull()
  })

  it('is asked for with a start and an end that lie in the file', async () => {
    for (const query of [
      'start=2',
      'end=2',
      'start=3&end=3',
      'start=4&end=3',
      'start=-1&end=3',
      'start=900&end=901',
    ]) {
      const { status, json } = await cut(query)
      expect([query, status]).toEqual([query, 400])
      expect(json).toMatchObject(failure('bad_request'))
    }
  })
})

describe("the owner's preview of a window", () => {
  const preview = (path: string) => matinee.v1('GET', `/files/${file.id}/stream/${path}`)
  const addresses = (playlist: string): string[] =>
    playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

  it('is a stream of its own: each address of it names the window', async () => {
    const main = await preview('main.m3u8?start=1.5&end=7')
    expect(main.status).toBe(200)
    expect(addresses(main.text)).toEqual(['0/media.m3u8?start=1.5&end=7'])
    const media = await preview('0/media.m3u8?start=1.5&end=7')
    expect(media.text).toContain('#EXT-X-MAP:URI="init.mp4?start=1.5&end=7"')
    const lengths = [...media.text.matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds))
    expect(lengths.reduce((sum, it) => sum + it, 0)).toBeCloseTo(5.5, 1)
    const init = await preview('0/init.mp4?start=1.5&end=7')
    expect(init.status).toBe(200)
    for (const name of addresses(media.text)) expect((await preview(`0/${name}`)).status).toBe(200)
    // The whole file's are other bytes of the same name.
    const whole = await preview('0/0.m4s')
    const clip = await preview('0/0.m4s?start=1.5&end=7')
    expect(clip.headers.get('etag')).not.toBe(whole.headers.get('etag'))
    expect((await preview('0/media.m3u8')).text).not.toContain('start=')
  })

  it('goes forward from a start to an end', async () => {
    for (const query of ['start=1', 'end=1', 'start=2&end=1', 'start=900&end=901']) {
      expect([query, (await preview(`main.m3u8?${query}`)).status]).toEqual([query, 400])
    }
  })
})
