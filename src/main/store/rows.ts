import type { Failure } from '../../shared/api/error.ts'

/** The two columns of a failure as one value. */
export function failureFromRow(row: {
  failure_code: string | null
  failure_message: string | null
}): Failure | null {
  return row.failure_code === null ? null : { code: row.failure_code, message: row.failure_message ?? '' }
}

/** Text of a JSON column, NULL for null. */
export const toJson = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))

/** Value of a JSON column; only this store writes them, so their shape is the column's type. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the column's type
export const fromJson = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T))

/** A WHERE clause from the conditions that are there, with their named values. */
export function where(conditions: readonly (string | false | undefined)[]): string {
  const given = conditions.filter((condition) => condition !== false && condition !== undefined)
  return given.length === 0 ? '' : `WHERE ${given.join(' AND ')}`
}
