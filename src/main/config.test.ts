import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

const read = (argv: string[], env: NodeJS.ProcessEnv = {}) => readConfig(argv, env, '/pages')

test('without options the ports are 4400 and 4401 and nothing is in the library', () => {
  expect(read([])).toMatchObject({ port: 4400, sharePort: 4401, libraries: [], rendererDir: '/pages' })
  expect(read([]).publicUrl).toBeUndefined()
})

test('the command line wins over the environment', () => {
  const env = {
    MATINEE_PORT: '5000',
    MATINEE_SHARE_PORT: '5001',
    MATINEE_DATA_DIR: '/from-env',
    MATINEE_API_KEY: 'k',
  }
  expect(read([], env)).toMatchObject({
    port: 5000,
    sharePort: 5001,
    dataDir: resolve('/from-env'),
    apiKey: 'k',
  })
  const argv = [
    '--port',
    '0',
    '--share-port=6001',
    '--data-dir',
    '/from-argv',
    '--library',
    'a',
    '--library',
    '/b',
  ]
  expect(read(argv, env)).toMatchObject({
    port: 0,
    sharePort: 6001,
    dataDir: resolve('/from-argv'),
    libraries: [resolve('a'), resolve('/b')],
  })
})

test('a public address loses its last slash and must be http', () => {
  expect(read(['--public-url', 'https://video.example.org/m/']).publicUrl).toBe('https://video.example.org/m')
  for (const bad of ['video.example.org', 'ftp://x', 'https://x/?a=1', 'https://user@x']) {
    expect(() => read(['--public-url', bad])).toThrow('--public-url takes an address')
  }
})

test('what is wrong is named', () => {
  expect(() => read(['--port', 'abc'])).toThrow('--port takes a port from 0 to 65535, not "abc".')
  expect(() => read(['--share-port', '65536'])).toThrow('--share-port')
  expect(() => read(['--nonsense'])).toThrow('--nonsense')
})

test('uploads have no limit but the disk, unless one is set', () => {
  expect(read([])).not.toHaveProperty('maxUploadBytes')
  expect(read([], { MATINEE_MAX_UPLOAD_BYTES: '' })).not.toHaveProperty('maxUploadBytes')
  expect(read([], { MATINEE_MAX_UPLOAD_BYTES: '5000000000' }).maxUploadBytes).toBe(5e9)
  for (const bad of ['5 GB', '-1', '0', '1.5', '9'.repeat(20)]) {
    expect(() => read([], { MATINEE_MAX_UPLOAD_BYTES: bad })).toThrow(
      'MATINEE_MAX_UPLOAD_BYTES takes a number',
    )
  }
})

test('hardware encodes only where that is turned on', () => {
  expect(read([], { MATINEE_HARDWARE_ENCODING: '1' }).hardwareEncoding).toBe(true)
  for (const off of ['', '0']) {
    expect(read([], { MATINEE_HARDWARE_ENCODING: off })).not.toHaveProperty('hardwareEncoding')
  }
  expect(() => read([], { MATINEE_HARDWARE_ENCODING: 'yes' })).toThrow('takes 1 or 0, not "yes"')
})

test('--lan and --tunnel answer that they come later', () => {
  for (const option of ['--lan', '--tunnel']) {
    expect(() => read([option])).toThrow(expect.objectContaining({ code: 'not_available' }))
  }
})
