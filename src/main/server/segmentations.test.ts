import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ListOf } from '../../shared/api/common.ts'
import type { File } from '../../shared/api/file.ts'
import type { Segmentation, SegmentationWithSegments } from '../../shared/api/segment.ts'
import { failure, startTestMatinee, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
let film: File
beforeAll(async () => {
  matinee = await startTestMatinee()
  film = await matinee.addFile('film.mp4')
})
afterAll(() => matinee.stop())

const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
  const { status, text, json } = await matinee.v1(method, path, body ? { body } : {})
  expect(status, text).toBe(200)
  return json as unknown as T
}
const cut = (body: object): Promise<Segmentation> => call('POST', `/files/${film.id}/segmentations`, body)
const segmentsOf = async (id: string): Promise<[number, number][]> => {
  const { segments } = await call<SegmentationWithSegments>('GET', `/segmentations/${id}?limit=100`)
  return segments.data.map((it) => [it.start_time, it.end_time])
}

describe('segmentations', () => {
  it('of windows that were marked keep them, with their names, as far as the file goes', async () => {
    const made = await cut({
      strategy: 'manual',
      manual_config: {
        segments: [
          { start_time: 5, end_time: 100 },
          { start_time: 1.25, end_time: 3, name: 'Jump', metadata: { rating: 5 } },
        ],
      },
    })
    expect(made).toMatchObject({
      ...{ object: 'segmentation', file_id: film.id, status: 'completed' },
      ...{ criteria: 'manual', total_segments: 2 },
    })
    const durationS = film.media_info.duration_seconds ?? 0
    expect(await segmentsOf(made.id)).toEqual([
      [1.25, 3],
      [5, durationS],
    ])
    const { segments } = await call<SegmentationWithSegments>('GET', `/segmentations/${made.id}?limit=1`)
    expect(segments).toMatchObject({ total: 2, limit: 1, offset: 0 })
    expect(segments.data[0]).toMatchObject({
      ...{ object: 'file_segment', segmentation_id: made.id, metadata: { name: 'Jump', rating: 5 } },
      thumbnail_url: expect.stringContaining('/thumbnail.jpg') as string,
    })
    expect(await call('GET', `/segmentations/${made.id}`)).toMatchObject({ segments: { limit: 10 } })
  })

  it('of one length cover the stretch that was asked for', async () => {
    const config = (more: object) => ({ strategy: 'uniform', ...more })
    const plain = await cut(config({ uniform_config: { window_seconds: 3 }, end_time_seconds: 8 }))
    expect(await segmentsOf(plain.id)).toEqual([
      [0, 3],
      [3, 6],
      [6, 8],
    ])
    const hopping = await cut(
      config({
        uniform_config: { window_seconds: 2, hop_seconds: 1 },
        ...{ start_time_seconds: 1, end_time_seconds: 4.5 },
        thumbnails_config: { enable_segment_thumbnails: false },
      }),
    )
    expect(await segmentsOf(hopping.id)).toEqual([
      [1, 3],
      [2, 4],
      [3, 4.5],
    ])
    const thumbnails = `/segmentations/${hopping.id}/thumbnails`
    expect(await call(`GET`, thumbnails)).toMatchObject({ total: 0 })
    expect(await call(`GET`, `/segmentations/${plain.id}/thumbnails`)).toMatchObject({ total: 3 })
    const list = await call<ListOf<Segmentation>>('GET', `/files/${film.id}/segmentations?limit=2`)
    expect(list.data.map((it) => it.id)).toEqual([hopping.id, plain.id])
  })

  it('of shots are looked for behind the answer, and begin at the cuts', async () => {
    const path = join(matinee.folder, 'shots.mp4')
    makeShots(path)
    const { json } = await matinee.v1('POST', '/files', { body: { path } })
    const file = await until<File>(`/files/${json.id}`, (it) => it.status === 'completed')
    const make = async (detector: string, more: object = {}): Promise<[number, number][]> => {
      const made = await call<Segmentation>('POST', `/files/${file.id}/segmentations`, {
        strategy: 'shot-detector',
        shot_detector_config: { detector, ...more },
      })
      expect(['pending', 'processing']).toContain(made.status)
      await until<Segmentation>(`/segmentations/${made.id}`, (it) => it.status === 'completed')
      return segmentsOf(made.id)
    }
    const shots = [
      [0, 2],
      [2, 3],
      [3, 6],
    ]
    expect(await make('content')).toEqual(shots)
    expect(await make('adaptive', { min_seconds: 0.6 })).toEqual(shots)
    expect(await make('content', { min_seconds: 1.5 })).toEqual([
      [0, 3],
      [3, 6],
    ])
    expect(await make('content', { min_seconds: 1.5, fill_gaps: false, max_seconds: 2 })).toEqual([
      [0, 2],
      [3, 4.5],
      [4.5, 6],
    ])
    const jobs = await call<ListOf<{ kind: string; status: string }>>('GET', '/jobs')
    expect(jobs.data).toContainEqual(expect.objectContaining({ kind: 'segments', status: 'completed' }))
  })

  it.each([
    ['narrative', { strategy: 'narrative', narrative_config: {} }, 'not_available'],
    ['no config', { strategy: 'manual' }, 'bad_request'],
    ['the config of another', { strategy: 'manual', uniform_config: { window_seconds: 2 } }, 'bad_request'],
    [
      'two configs',
      {
        strategy: 'uniform',
        uniform_config: { window_seconds: 2 },
        shot_detector_config: { detector: 'content' },
      },
      'bad_request',
    ],
    ['a window of 0', { strategy: 'uniform', uniform_config: { window_seconds: 0 } }, 'bad_request'],
    ['a window of 121', { strategy: 'uniform', uniform_config: { window_seconds: 121 } }, 'bad_request'],
    [
      'min over max',
      {
        strategy: 'shot-detector',
        shot_detector_config: { detector: 'content', min_seconds: 10, max_seconds: 5 },
      },
      'bad_request',
    ],
    [
      'a start behind the end',
      { strategy: 'uniform', uniform_config: { window_seconds: 2 }, start_time_seconds: 100 },
      'bad_request',
    ],
    [
      'an end before the start',
      {
        ...{ strategy: 'uniform', uniform_config: { window_seconds: 2 } },
        ...{ start_time_seconds: 4, end_time_seconds: 4 },
      },
      'bad_request',
    ],
    ['no segments', { strategy: 'manual', manual_config: { segments: [] } }, 'bad_request'],
  ])('%s is refused', async (_, body, code) => {
    const answer = await matinee.v1('POST', `/files/${film.id}/segmentations`, { body })
    expect(answer.status, answer.text).toBe(400)
    expect(answer.json).toEqual(failure(code as 'bad_request'))
    if (code === 'not_available') {
      expect(answer.json.error).toContain('needs a language model, not available locally')
    }
  })

  const ATTACKS = ['-f', ';', '|', '[out]', 'movie=/etc/passwd', '0,drawtext=text=x', '1:2', 'NaN', '', null]
  it('S51: what goes to ffmpeg is a number or a word of the list, nothing else', async () => {
    const strings = ATTACKS.flatMap((evil): [string, object][] => [
      [`/files/${film.id}/segments`, { start_time: evil, end_time: 2 }],
      [`/files/${film.id}/segments`, { start_time: 0, end_time: evil }],
      ...(
        [
          { detector: evil },
          { detector: 'content', threshold: evil },
          { detector: 'content', min_seconds: evil },
        ] as object[]
      ).map((config): [string, object] => [
        `/files/${film.id}/segmentations`,
        { strategy: 'shot-detector', shot_detector_config: config },
      ]),
      [
        `/files/${film.id}/segmentations`,
        {
          strategy: 'shot-detector',
          ...{ shot_detector_config: { detector: 'content' }, start_time_seconds: evil },
        },
      ],
    ])
    for (const [path, body] of strings) {
      const answer = await matinee.v1('POST', path, { body })
      expect(answer.status, JSON.stringify(body)).toBe(400)
      expect(answer.json).toEqual(failure('bad_request'))
    }
    const share = await matinee.share((await matinee.addFile('s51.mp4')).id)
    for (const evil of ATTACKS.filter((it) => it !== null && it !== '')) {
      const query = `clip_start=0&clip_end=${encodeURIComponent(String(evil))}`
      expect((await matinee.v1('GET', `/share/${share.id}?${query}`)).status, query).toBe(400)
    }
  })
})

async function until<T>(path: string, done: (it: T) => boolean): Promise<T> {
  return vi.waitUntil(
    async () => {
      const it = await call<T>('GET', path)
      return done(it) ? it : undefined
    },
    { timeout: 30_000, interval: 50 },
  )
}

/** Three shots: 2 s, 1 s and 3 s, of moving pictures in other colours. */
function makeShots(path: string): void {
  const shot = (hue: number, seconds: number) => [
    ...['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=25:d=${seconds},hue=h=${hue}:b=${hue / 20 - 4}`],
  ]
  execFileSync('ffmpeg', [
    ...['-v', 'error', ...shot(0, 2), ...shot(160, 1), ...shot(20, 3)],
    ...[
      '-filter_complex',
      '[0][1][2]concat=n=3',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
    ],
    ...['-g', '25', path],
  ])
}
