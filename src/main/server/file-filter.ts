import { Type } from 'typebox'
import { FileFilter, type FilterCondition, type FilterOperator } from '../../shared/api/file-filter.ts'
import { AppError } from '../base/errors.ts'
import { validatorCompiler } from './validation.ts'

/** Within the query, so that failures name it. Strict as a body: its types are those of JSON. */
const check = validatorCompiler({
  schema: Type.Object({ filter: FileFilter }),
  httpPart: 'body',
  method: 'GET',
  url: '/v1/files',
})

const LIST_OPERATORS: readonly FilterOperator[] = ['In', 'ContainsAny', 'ContainsAll']

/** The filter that a query carries as JSON. Throws AppError `bad_request` with what is wrong and where. */
export function parseFileFilter(text: string): FileFilter {
  let filter: unknown
  try {
    filter = JSON.parse(text)
  } catch (error) {
    throw new AppError('bad_request', '"filter" is not valid JSON.', { cause: error })
  }
  const result = check({ filter }) as { error?: Error; value?: { filter: FileFilter } }
  if (!result.value) throw result.error ?? new AppError('bad_request', '"filter" is not valid.')
  for (const part of ['metadata', 'video_info', 'file'] as const) {
    const conditions: readonly FilterCondition[] = result.value.filter[part] ?? []
    for (const [index, condition] of conditions.entries()) {
      const value = LIST_OPERATORS.includes(condition.operator) ? 'valueTextArray' : 'valueText'
      if (condition[value] !== undefined) continue
      throw new AppError(
        'bad_request',
        `"filter.${part}.${index}.${value}" is missing, which ${condition.operator} compares with.`,
      )
    }
  }
  return result.value.filter
}
