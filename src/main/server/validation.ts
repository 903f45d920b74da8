import { Ajv, type ErrorObject } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { AppError } from '../base/errors.ts'

/** Deepest nesting of a JSON body. Deeper ones are attacks on code that walks or writes them recursively. */
const MAX_DEPTH = 100

const shared = { useDefaults: true, allErrors: false, strictTypes: false, verbose: true } as const
/** Bodies are taken as they are: `{"file_id": 7}` is wrong, not "7". */
const strict = new Ajv({ ...shared, coerceTypes: false })
/** Query strings and paths carry text only: "50" is the number 50 there. */
const coercing = new Ajv({ ...shared, coerceTypes: true })

/** Compiles the schema of one part of a request; what fails is told as AppError `bad_request`. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart, contentType }) => {
  // A form is checked as it comes, by the route that reads it; its schema stands for the document.
  if (contentType === 'multipart/form-data') return () => true
  const isBody = httpPart === 'body'
  const validate = (isBody ? strict : coercing).compile(schema)
  return (value: unknown) => {
    if (validate(value)) {
      const infinite = isBody ? undefined : nameOfInfinite(value)
      if (infinite === undefined) return { value }
      return { error: new AppError('bad_request', `"${infinite}" must be a number.`) }
    }
    return { error: new AppError('bad_request', sentence(validate.errors?.[0], isBody)) }
  }
}

/** ajv coerces the text "Infinity" and does not look at the outcome again. */
function nameOfInfinite(query: unknown): string | undefined {
  return Object.entries(query as object).find(([, it]) => typeof it === 'number' && !Number.isFinite(it))?.[0]
}

/**
 * Refuses what `JSON.parse` lets through and nothing later can bear: numbers beyond the finite (`1e999`) and nesting
 * so deep that writing it again would overflow the stack. Throws AppError `bad_request`.
 */
export function checkJson(value: unknown): void {
  const todo: { value: unknown; depth: number }[] = [{ value, depth: 0 }]
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { value, depth } = next
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new AppError('bad_request', 'The body holds a number that is too large.')
    }
    if (typeof value !== 'object' || value === null) continue
    if (depth === MAX_DEPTH) throw new AppError('bad_request', 'The body is nested too deeply.')
    for (const child of Object.values(value) as unknown[]) todo.push({ value: child, depth: depth + 1 })
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
}

/** One sentence that names the field and what is wrong with it. */
function sentence(error: ErrorObject | undefined, isBody: boolean): string {
  if (!error) return 'The request is not valid.'
  const field = fieldOf(error)
  if (field === '') {
    return isBody ? 'The body must be a JSON object.' : 'The query string is not valid.'
  }
  return `"${field}" ${complaint(error)}.`
}

function fieldOf({ instancePath, keyword, params }: ErrorObject): string {
  const path = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')
  if (keyword !== 'required') return path
  const missing = String((params as { missingProperty: unknown }).missingProperty)
  return path === '' ? missing : `${path}.${missing}`
}

function complaint({ keyword, params, schema, parentSchema }: ErrorObject): string {
  const { type, limit, allowedValues } = params as {
    type?: string
    limit?: number
    allowedValues?: unknown[]
  }
  switch (keyword) {
    case 'required':
      return 'is missing'
    case 'type':
      return `must be ${TYPE_WORDS[type ?? ''] ?? String(type)}`
    case 'minimum':
      return `must be at least ${limit}`
    case 'maximum':
      return `must be at most ${limit}`
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`
    case 'maxLength':
      return `must have at most ${limit} characters`
    case 'minItems':
      return 'must not be empty'
    case 'maxItems':
      return `must have at most ${limit} entries`
    case 'enum':
      return `must be one of ${(allowedValues ?? (schema as unknown[])).map(String).join(', ')}`
    case 'pattern':
      return `must be ${(parentSchema as { description?: string }).description ?? 'of the right form'}`
    default:
      return 'is not valid'
  }
}
