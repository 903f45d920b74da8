import { ERROR_STATUS, type ErrorCode } from '../../shared/api/error.ts'

/** A failure we expect and can name. Anything else that is thrown is a bug: 500, logged, never shown. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  /** Fields that the answer carries beside `error` and `code`, such as `share_id` on a conflict. */
  readonly extra: Readonly<Record<string, string>>
  /** Seconds after which trying again makes sense, where that is known. */
  readonly retryAfterS: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options?: ErrorOptions & { extra?: Record<string, string>; retryAfterS?: number },
  ) {
    super(message, options)
    this.code = code
    this.extra = options?.extra ?? {}
    this.retryAfterS = options?.retryAfterS
  }

  /** HTTP status of this failure. */
  get status(): number {
    return ERROR_STATUS[this.code]
  }
}

/** The code of a Node system error (`ENOENT`, `EACCES`, …), or undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** A message to log or keep for a value somebody threw. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
