import { Type, type TSchema } from 'typebox'
import { describe, expect, it } from 'vitest'
import { Paging } from '../../shared/api/common.ts'
import { ListFiles } from '../../shared/api/file.ts'
import { CreateShare, GetShare } from '../../shared/api/share.ts'
import { AppError } from '../base/errors.ts'
import { checkJson, validatorCompiler } from './validation.ts'

function check(schema: TSchema, httpPart: string, value: unknown): unknown {
  const result: unknown = validatorCompiler({ schema, httpPart, method: 'GET', url: '/' })(value)
  return result
}
const complaint = (schema: TSchema, httpPart: string, value: unknown): string => {
  const { error } = check(schema, httpPart, value) as { error?: Error }
  expect(error).toBeInstanceOf(AppError)
  return error?.message ?? ''
}

describe('a body', () => {
  it.each([
    [null, 'The body must be a JSON object.'],
    [[], 'The body must be a JSON object.'],
    ['text', 'The body must be a JSON object.'],
    [{}, '"file_id" is missing.'],
    [{ file_id: 7 }, '"file_id" must be text.'],
    [{ file_id: null }, '"file_id" must be text.'],
    [{ file_id: 'a', title: 'x'.repeat(501) }, '"title" must have at most 500 characters.'],
    [{ file_id: 'a', password: '' }, '"password" must not be empty.'],
    [{ file_id: 'a', visibility: 'secret' }, '"visibility" must be one of public, private.'],
    [{ file_id: 'a', expires_at: 1.5 }, '"expires_at" must be a whole number.'],
    [{ file_id: 'a', expires_at: '5' }, '"expires_at" must be a whole number.'],
    [{ file_id: 'a', keep_copy: 'true' }, '"keep_copy" must be true or false.'],
    [{ file_id: 'a', metadata: [] }, '"metadata" must be an object.'],
  ])('is refused with one sentence (%#)', (body, sentence) => {
    expect(complaint(CreateShare, 'body', body)).toBe(sentence)
  })

  it('may carry fields that nobody knows', () => {
    expect(check(CreateShare, 'body', { file_id: 'a', fileId: 1 })).toEqual({
      value: { file_id: 'a', fileId: 1 },
    })
  })

  it('names a field within a field', () => {
    const schema = Type.Object({ a: Type.Object({ b: Type.Number() }) })
    expect(complaint(schema, 'body', { a: {} })).toBe('"a.b" is missing.')
    expect(complaint(schema, 'body', { a: { b: 'x' } })).toBe('"a.b" must be a number.')
  })
})

describe('a query', () => {
  it('gets its defaults and its types', () => {
    expect(check(ListFiles, 'querystring', { offset: '20', missing: 'true', extra: 'x' })).toEqual({
      value: { limit: 50, offset: 20, order: 'created_at', sort: 'desc', missing: true, extra: 'x' },
    })
  })

  it.each([
    [{ limit: '0' }, '"limit" must be at least 1.'],
    [{ limit: '101' }, '"limit" must be at most 100.'],
    [{ limit: '1.5' }, '"limit" must be a whole number.'],
    [{ limit: '' }, '"limit" must be a whole number.'],
    [{ limit: 'Infinity' }, '"limit" must be a number.'],
    [{ limit: ['1', '2'] }, '"limit" must be a whole number.'],
    [{ offset: '-1' }, '"offset" must be at least 0.'],
  ])('%j is refused: %s', (query, sentence) => {
    expect(complaint(Type.Object(Paging), 'querystring', query)).toBe(sentence)
  })

  it.each(['NaN', 'Infinity', '-Infinity', '1e999', 'abc'])('has no number %s', (text) => {
    expect(complaint(GetShare, 'querystring', { clip_start: text })).toBe('"clip_start" must be a number.')
  })

  it('says what form a date has', () => {
    expect(complaint(ListFiles, 'querystring', { created_after: 'soon' })).toBe(
      '"created_after" must be YYYY-MM-DD, UTC.',
    )
  })
})

describe('JSON', () => {
  it('is refused with a number beyond the finite', () => {
    expect(() => checkJson(JSON.parse('{"a":[1e999]}'))).toThrow(AppError)
    expect(() => checkJson(JSON.parse('{"a":[1e308]}'))).not.toThrow()
  })

  it('is refused when it is nested without end', () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))
    expect(() => checkJson(nested(100))).not.toThrow()
    expect(() => checkJson(nested(102))).toThrow('nested too deeply')
    expect(() => checkJson(nested(100_000))).toThrow('nested too deeply')
  })
})
