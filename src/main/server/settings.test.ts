import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, startTestMatinee, type Answer, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterAll(() => matinee.stop())

const put = (embed: object): Promise<Answer> => matinee.v1('PUT', '/settings', { body: { embed } })

test('S23: with a list of sites, these may frame the player and no others, from the moment it is set', async () => {
  const { id } = await matinee.share((await matinee.addFile('Framed.mp4')).id)
  const page = (query: string): Promise<Answer> => call('GET', matinee.at(`/share/${id}${query}`))
  const ancestors = async (query: string): Promise<string | undefined> =>
    /frame-ancestors [^;]*/.exec((await page(query)).headers.get('content-security-policy') ?? '')?.[0]
  const sites = ['https://blog.example', 'http://localhost:8080']

  expect((await put({ origins: ['https://blog.example/', 'http://localhost:8080'] })).json).toEqual({
    object: 'settings',
    embed: { origins: sites },
  })
  expect(await ancestors('?layout=minimal')).toBe(`frame-ancestors ${sites.join(' ')}`)
  expect(await ancestors('')).toBe("frame-ancestors 'none'")
  expect((await page('?layout=minimal')).text).toContain(`"embedOrigins":${JSON.stringify(sites)}`)
  expect((await page('')).text).not.toContain('embedOrigins')

  await put({ origins: [] })
  expect(await ancestors('?layout=minimal')).toBe('frame-ancestors *')
})

test('settings that are wrong change nothing; what is absent stays', async () => {
  const origins = ['https://blog.example']
  await put({ origins })
  for (const wrong of [
    ['blog.example'],
    [7],
    'https://other.example',
    Array(51).fill('https://other.example'),
  ]) {
    const { status, json } = await put({ origins: wrong })
    expect([status, json.code]).toEqual([400, 'bad_request'])
  }
  expect((await matinee.v1('PUT', '/settings', { body: {} })).json).toMatchObject({ embed: { origins } })
  expect((await matinee.v1('GET', '/settings')).json).toMatchObject({ embed: { origins } })
})
