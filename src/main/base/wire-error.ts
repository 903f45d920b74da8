import type { ErrorCode } from '../../shared/api/error.ts'
import { AppError, messageOf, systemCode } from './errors.ts'

/** A failure as it travels between threads, where a class and its fields would be lost. */
export type WireError =
  | { kind: 'app'; code: ErrorCode; message: string; extra: Record<string, string>; cause?: string }
  | { kind: 'other'; name: string; message: string; code?: string; stack?: string }

/** Packs what was thrown. */
export function toWire(error: unknown): WireError {
  if (error instanceof AppError) {
    const { code, message, extra, cause } = error
    return {
      ...{ kind: 'app', code, message, extra: { ...extra } },
      ...(cause === undefined ? {} : { cause: messageOf(cause) }),
    }
  }
  const code = systemCode(error)
  return {
    ...{ kind: 'other', name: error instanceof Error ? error.name : 'Error', message: messageOf(error) },
    ...(code === undefined ? {} : { code }),
    ...(error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}),
  }
}

/** Unpacks it: an AppError is one again, a system error has its code. */
export function fromWire(wire: WireError): Error {
  if (wire.kind === 'app') {
    const { code, message, extra, cause } = wire
    return new AppError(code, message, { extra, ...(cause === undefined ? {} : { cause: new Error(cause) }) })
  }
  const error = new Error(wire.message)
  error.name = wire.name
  if (wire.stack !== undefined) error.stack = wire.stack
  return wire.code === undefined ? error : Object.assign(error, { code: wire.code })
}
