import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from '../store/store.ts'
import { createEmbedding } from './embedding.ts'

let dir: string
let store: Store
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'matinee-embedding-'))
  store = openStore(join(dir, 'matinee.db'))
})
afterEach(() => {
  store.close()
  rmSync(dir, { recursive: true })
})

test('any site may frame until sites are named; they are kept as browsers name them, each once', () => {
  const embedding = createEmbedding(store)
  expect(embedding.origins()).toEqual([])
  embedding.allowOnly([
    ' https://Blog.Example/ ',
    'https://blog.example:443',
    'http://localhost:8080',
    'http://10.0.0.5',
  ])
  const kept = ['https://blog.example', 'http://localhost:8080', 'http://10.0.0.5']
  expect(embedding.origins()).toEqual(kept)
  expect(createEmbedding(store).origins()).toEqual(kept)
  embedding.allowOnly([])
  expect(createEmbedding(store).origins()).toEqual([])
})

test.each([
  'blog.example',
  '',
  '*',
  'https://*.example',
  'https://blog.example/post',
  'https://blog.example?x',
  'https://me:secret@blog.example',
  'ftp://blog.example',
  'javascript:alert(1)',
  'https://a;script-src',
  "https://a'b",
  'https://a,b',
  'https://[::1]',
  'null',
])('S23: “%s” is no site that may frame, and what was set before stays', (site) => {
  const embedding = createEmbedding(store)
  embedding.allowOnly(['https://blog.example'])
  expect(() => embedding.allowOnly(['https://other.example', site])).toThrow(/is not a site/)
  expect(embedding.origins()).toEqual(['https://blog.example'])
})
