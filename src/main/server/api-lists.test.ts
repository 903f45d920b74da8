import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { StoredFile } from '../store/files.ts'
import { aFile } from '../store/testing.ts'
import { failure, rawGet, startTestMatinee, statusOf, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterAll(() => matinee.stop())

const v1: TestMatinee['v1'] = (...it) => matinee.v1(...it)
const query = (values: Record<string, string>): string => `/files?${new URLSearchParams(values).toString()}`
const names = async (values: Record<string, string>): Promise<string[]> => {
  const { status, text, json } = await v1('GET', query({ order: 'filename', sort: 'asc', ...values }))
  expect(status, text).toBe(200)
  return (json.data as unknown as File[]).map((file) => file.filename)
}
/** Rows without files behind them: lists never look at the disk. */
const put = (...files: Partial<StoredFile>[]): void => {
  for (const file of files) matinee.store.files.insert(aFile({ source: 'upload', ...file }))
}

describe('a search', () => {
  it('S42: is taken literally, or refused in a sentence, never a failure of ours', async () => {
    put({ filename: 'Ridge walk.mp4' }, { filename: `a"b'c*(d):e^{f}.mp4` }, { filename: '100%.mp4' })
    const hostile = [
      ...[`'; DROP TABLE files; --`, '%', '_', '"', '*', '^', '{', '(', ')', ':', '\\', '+', '-', "''", '""'],
      ...[
        'NEAR(',
        'NEAR(a b, 2)',
        'AND',
        'a OR b',
        'NOT',
        'search_text:walk',
        'col:x',
        'walk*',
        '"walk',
        'rank',
      ],
      ...[
        '\u0000',
        'walk\u0000"',
        '\ud800',
        '\udfff\ud800',
        '\ufffe\uffff',
        '🎬',
        '\u202e',
        '?1',
        '@match',
        '$x',
        ':limit',
      ],
      ...['x '.repeat(250), 'a'.repeat(500), '"'.repeat(500), '\ufdfa'.repeat(500), '\u0301'.repeat(500)],
    ]
    for (const q of hostile) {
      const { status, text } = await v1('GET', query({ q }))
      expect(status, `${JSON.stringify(q)} ${text}`).toBe(200)
    }
    for (const q of ['x'.repeat(501), 'walk '.repeat(2_000)]) {
      const refused = await v1('GET', query({ q }))
      expect(refused.status).toBe(400)
      expect(refused.json).toEqual(failure('bad_request'))
    }
    // What no encoder would write: bytes that are no UTF-8, a lone surrogate, half an escape.
    for (const q of ['%ff%fe', '%ed%a0%80', '%', '%u0041', '%00']) {
      const path = `/v1/files?q=${q}`
      expect([200, 400]).toContain(
        statusOf(await rawGet(matinee.api, path, [`Authorization: Bearer ${matinee.key}`])),
      )
    }
    expect(await names({ q: 'ridge' })).toEqual(['Ridge walk.mp4'])
    expect(await names({ q: '%' })).toEqual(['100%.mp4'])
    expect(await names({ q: `b'c*(d):e^{f}` })).toEqual([`a"b'c*(d):e^{f}.mp4`])
    expect(matinee.log()).not.toContain('a request failed by a bug')
  })

  it('finds what was registered, and by the tags that a client sets', async () => {
    const file = await matinee.addFile('Gipfel Übergang.mp4')
    expect(await names({ q: 'ubergang gip' })).toEqual([file.filename])
    await v1('PUT', `/files/${file.id}`, {
      body: { metadata: { tags: ['Alps', 'Snow'] }, filename: 'renamed.mp4' },
    })
    expect(await names({ q: 'gipfel' })).toEqual([])
    expect(await names({ q: 'snow alp renamed' })).toEqual(['renamed.mp4'])
    await v1('DELETE', `/files/${file.id}`)
    expect(await names({ q: 'alps' })).toEqual([])
  })
})

describe('a filter', () => {
  const condition = (over: object): string =>
    JSON.stringify({ metadata: [{ path: 'a', operator: 'Equal', valueText: 'x', ...over }] })

  it.each([
    ['{', '"filter" is not valid JSON.'],
    ['', '"filter" is not valid JSON.'],
    ['[]', '"filter" must be an object.'],
    ['null', '"filter" must be an object.'],
    ['7', '"filter" must be an object.'],
    ['{"metadata": {}}', '"filter.metadata" must be a list.'],
    ['{"metadata": [7]}', '"filter.metadata.0" must be an object.'],
    ['{"file": [{"operator": "Equal", "valueText": "x"}]}', '"filter.file.0.path" is missing.'],
    ['{"file": [{"path": "bytes", "valueText": "x"}]}', '"filter.file.0.operator" is missing.'],
    [
      '{"file": [{"path": "secret", "operator": "Equal", "valueText": "x"}]}',
      '"filter.file.0.path" must be one of id, uri, filename, bytes, created_at, status, media_type, source, path, folder_id, missing, delivery.',
    ],
    [
      '{"video_info": [{"path": "bitrate", "operator": "Equal", "valueText": "x"}]}',
      '"filter.video_info.0.path" must be one of duration_seconds, width, height, format, has_audio.',
    ],
    [
      condition({ operator: 'equal' }),
      '"filter.metadata.0.operator" must be one of Equal, NotEqual, LessThan, GreaterThan, Like, In, ContainsAny, ContainsAll.',
    ],
    [condition({ valueText: 7 }), '"filter.metadata.0.valueText" must be text.'],
    [condition({ operator: 'In' }), '"filter.metadata.0.valueTextArray" is missing, which In compares with.'],
    [
      condition({ operator: 'In', valueTextArray: [] }),
      '"filter.metadata.0.valueTextArray" must not be empty.',
    ],
    [
      condition({ operator: 'In', valueTextArray: [1] }),
      '"filter.metadata.0.valueTextArray.0" must be text.',
    ],
    [
      condition({ valueText: undefined, valueTextArray: ['x'] }),
      '"filter.metadata.0.valueText" is missing, which Equal compares with.',
    ],
    [
      condition({ operator: 'In', valueTextArray: Array(101).fill('x') }),
      '"filter.metadata.0.valueTextArray" must have at most 100 entries.',
    ],
    [
      condition({ valueText: 'x'.repeat(1_001) }),
      '"filter.metadata.0.valueText" must have at most 1000 characters.',
    ],
    ...[
      '',
      '.',
      'a..b',
      'a.',
      '$',
      '$.a',
      'a[0]',
      'a"',
      "a'b",
      'a\\',
      'a\u0000',
      'a)--',
      '*',
      Array(11).fill('a').join('.'),
    ].map((path) => [
      condition({ path }),
      '"filter.metadata.0.path" must be a field of the metadata, like rating or place.city.',
    ]),
    [
      JSON.stringify({ file: Array(21).fill({ path: 'bytes', operator: 'Equal', valueText: '1' }) }),
      '"filter.file" must have at most 20 entries.',
    ],
    [condition({ more: 'x'.repeat(8_000) }).slice(0, 8_001), '"filter" must have at most 8000 characters.'],
  ])('like %.60s is refused: %s', async (filter, sentence) => {
    const { status, json } = await v1('GET', query({ filter }))
    expect(json).toEqual({ error: sentence, code: 'bad_request' })
    expect(status).toBe(400)
  })

  it('of a megabyte is refused before it is read', async () => {
    const path = `/v1/files?filter=${'x'.repeat(1_000_000)}`
    const answer = await rawGet(matinee.api, path, [`Authorization: Bearer ${matinee.key}`])
    expect([431, 0]).toContain(statusOf(answer))
    expect((await v1('GET', '/health')).status).toBe(200)
  })

  it('narrows a list together with everything else', async () => {
    const media = aFile().media
    put(
      {
        filename: 'trip 1.mp4',
        metadata: { trip: { year: 2024 } },
        media: media && { ...media, durationS: 50 },
      },
      {
        filename: 'trip 2.mp4',
        metadata: { trip: { year: 2025 } },
        media: media && { ...media, durationS: 300 },
      },
      {
        filename: 'trip 10.m4a',
        mediaType: 'audio',
        metadata: { trip: { year: 2025 } },
        createdAt: Date.UTC(2020, 1, 2),
      },
    )
    const filter = JSON.stringify({
      metadata: [{ path: 'trip.year', operator: 'GreaterThan', valueText: '2024' }],
    })
    expect(await names({ filter })).toEqual(['trip 2.mp4', 'trip 10.m4a'])
    expect(await names({ filter, q: 'trip 10' })).toEqual(['trip 10.m4a'])
    expect(await names({ filter, media_type: 'video', status: 'completed', missing: 'false' })).toEqual([
      'trip 2.mp4',
    ])
    expect(await names({ filter, created_before: '2020-02-03', created_after: '2020-02-02' })).toEqual([
      'trip 10.m4a',
    ])
    expect(await names({ filter, folder_id: 'nowhere' })).toEqual([])
    const long = JSON.stringify({
      video_info: [{ path: 'duration_seconds', operator: 'GreaterThan', valueText: '60' }],
    })
    expect(await names({ filter: long, q: 'trip', sort: 'desc', limit: '1' })).toEqual(['trip 10.m4a'])
    expect((await v1('GET', query({ filter: long, q: 'trip', limit: '1' }))).json.total).toBe(2)
  })

  it('is told in the machine-readable contract, field by field', async () => {
    const { text } = await v1('GET', '/openapi.json')
    for (const it of ['ContainsAll', 'valueTextArray', 'duration_seconds', 'Unix milliseconds or a date']) {
      expect(text).toContain(it)
    }
  })
})

describe('S43: pages', () => {
  it('of a search hold each file once in one order, also while others come at its end', async () => {
    put(
      ...Array.from({ length: 25 }, (_, at) => ({
        filename: `paged ${at}.mp4`,
        createdAt: 1_000 + (at % 3),
      })),
    )
    for (const order of [
      { order: 'filename', sort: 'asc' },
      { order: 'created_at', sort: 'asc' },
    ]) {
      const ids: string[] = []
      for (let offset = 0; ; offset += 10) {
        const { json } = await v1('GET', query({ q: 'paged', limit: '10', offset: String(offset), ...order }))
        ids.push(...json.data.map((it) => it.id))
        if (json.data.length < 10) break
        if (offset === 10) put({ filename: 'paged 99999.mp4', createdAt: 2_000 })
      }
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.length).toBeGreaterThanOrEqual(26)
    }
    const beyond = await v1('GET', query({ q: 'paged', offset: '1000000000000' }))
    expect(beyond.json).toMatchObject({ data: [], total: 27 })
  })
})
