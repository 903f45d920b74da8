import type { CreateSegmentation } from '../../shared/api/segment.ts'
import { AppError } from '../base/errors.ts'

const CONFIG_OF = {
  manual: 'manual_config',
  uniform: 'uniform_config',
  'shot-detector': 'shot_detector_config',
  chapters: null,
} as const

const CONFIGS = ['manual_config', 'uniform_config', 'shot_detector_config', 'narrative_config'] as const

/** Refuses a segmentation that has not exactly the config of its strategy. Throws AppError. */
export function checkSegmentation(body: CreateSegmentation): void {
  if (body.strategy === 'narrative') {
    throw new AppError(
      'not_available',
      'Segmenting by narrative needs a language model, not available locally.',
    )
  }
  const wanted = CONFIG_OF[body.strategy]
  if (wanted && body[wanted] === undefined) {
    throw new AppError('bad_request', `"${wanted}" is missing: the strategy is ${body.strategy}.`)
  }
  const other = CONFIGS.find((name) => name !== wanted && body[name] !== undefined)
  if (other) throw new AppError('bad_request', `"${other}" does not go with the strategy ${body.strategy}.`)
  const { min_seconds: minS, max_seconds: maxS } = body.shot_detector_config ?? {}
  if (minS !== undefined && minS > (maxS ?? DEFAULT_SHOT.maxS)) {
    throw new AppError('bad_request', '"min_seconds" must not be greater than "max_seconds".')
  }
}

/** What is taken where a shot detector's config says nothing: 0..100, and seconds. */
export const DEFAULT_SHOT = { threshold: 27, minS: 0.6, maxS: 300 } as const
