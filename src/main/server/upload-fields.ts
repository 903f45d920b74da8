import type { Metadata } from '../../shared/api/common.ts'
import { AppError } from '../base/errors.ts'
import { checkJson } from './validation.ts'

/** What a form of an upload says beside the file. */
export type FormFields = {
  metadata?: Metadata
  /** Asked for by clients of the hosted API; pictures of segments are made when somebody looks at them. */
  enableSegmentThumbnails?: boolean
}

/** Reads the fields of a form; those that nobody knows are ignored. Throws AppError `bad_request`. */
export function parseFields(texts: ReadonlyMap<string, string>): FormFields {
  const metadata = texts.get('metadata')
  const thumbnails = texts.get('enable_segment_thumbnails')
  return {
    ...(metadata === undefined ? {} : { metadata: parseMetadata(metadata) }),
    ...(thumbnails === undefined ? {} : { enableSegmentThumbnails: parseFlag(thumbnails) }),
  }
}

function parseMetadata(text: string): Metadata {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('bad_request', '"metadata" must be a JSON object.')
  }
  checkJson(value)
  return value as Metadata
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => {
      // As in JSON bodies: merged into another object it would become its prototype.
      if (key === '__proto__') throw new SyntaxError('a key named __proto__')
      return value
    })
  } catch (error) {
    throw new AppError('bad_request', '"metadata" is not valid JSON.', { cause: error })
  }
}

function parseFlag(text: string): boolean {
  const word = text.trim().toLowerCase()
  if (word === 'true' || word === '1') return true
  if (word === 'false' || word === '0' || word === '') return false
  throw new AppError('bad_request', '"enable_segment_thumbnails" must be true or false.')
}
