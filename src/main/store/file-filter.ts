import type { Database } from 'better-sqlite3'
import type {
  FileField,
  FileFilter,
  FilterCondition,
  FilterOperator,
  VideoField,
} from '../../shared/api/file-filter.ts'

/** A condition of a WHERE clause and what is bound to its names. */
export type Condition = { sql: string; values: Readonly<Record<string, string | number | null>> }

/** SQL of a value of `files f`; `@…_path` is bound where it stands. */
const FILE_VALUES: Readonly<Record<FileField, string>> = {
  id: 'f.id',
  uri: `'matinee://files/' || f.id`,
  filename: 'f.filename',
  bytes: 'f.bytes',
  created_at: 'f.created_at',
  status: 'f.status',
  media_type: 'f.media_type',
  source: 'f.source',
  path: 'f.path',
  folder_id: 'f.folder_id',
  missing: `iif(f.missing, 'true', 'false')`,
  delivery: 'f.delivery',
}
const VIDEO_VALUES: Readonly<Record<VideoField, string>> = {
  duration_seconds: `json_extract(f.media, '$.durationS')`,
  width: `json_extract(f.media, '$.video.width')`,
  height: `json_extract(f.media, '$.video.height')`,
  format: `json_extract(f.media, '$.container')`,
  has_audio: `iif(f.media IS NULL, NULL, iif(json_array_length(f.media, '$.audio') > 0, 'true', 'false'))`,
}

/** The conditions of a filter, over `files f`. Nothing of a client's text becomes SQL: all of it is bound. */
export function filterConditions({
  metadata = [],
  video_info: video = [],
  file = [],
}: FileFilter): Condition[] {
  return [
    ...metadata.map((it) => ({ it, ...ofMetadata(it.path) })),
    ...video.map((it) => ({ it, ...ofValue(VIDEO_VALUES[it.path]) })),
    ...file.map((it) => ({
      it: it.path === 'created_at' ? withTimes(it) : it,
      ...ofValue(FILE_VALUES[it.path]),
    })),
  ].map(({ it, value, elements, path }, index) => condition(`c${index}`, it, { value, elements, path }))
}

/** Where the values of a condition come from: one value, or the rows `type`, `value` of a list. */
type Operand = { value: string; elements: string; path: string | null }

const ofValue = (value: string): Operand => ({
  value,
  elements: `(SELECT typeof(x) AS type, x AS value FROM (SELECT ${value} AS x) WHERE x IS NOT NULL)`,
  path: null,
})

/** A field of the metadata; its path is bound. A list or an object is no single value. */
const ofMetadata = (path: string): Operand => ({
  value: `(CASE json_type(f.metadata, @path)
    WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'object' THEN NULL WHEN 'array' THEN NULL
    ELSE json_extract(f.metadata, @path) END)`,
  elements: `(SELECT type, CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE atom END AS value
    FROM json_each(f.metadata, @path)
    WHERE atom IS NOT NULL AND ifnull(json_type(f.metadata, @path), '') <> 'object')`,
  path: `$${path
    .split('.')
    .map((part) => `."${part}"`)
    .join('')}`,
})

/** One of the wanted values `w` is the value at hand: numbers by value, all else as text. */
const same = (value: string, type: string): string =>
  `CASE WHEN ${type} IN ('integer', 'real') THEN ${value} = w.value ->> 'number' ELSE ${value} = w.value ->> 'text' END`

const compared = (value: string, operator: '=' | '<' | '>'): string =>
  `ifnull(CASE WHEN typeof(${value}) IN ('integer', 'real') THEN ${value} ${operator} @number ELSE ${value} ${operator} @text END, 0)`

/** The SQL of each operator; every one is 0 or 1, never NULL. */
const SQL: Readonly<Record<FilterOperator, (operand: Operand) => string>> = {
  Equal: ({ value }) => compared(value, '='),
  NotEqual: ({ value }) => `NOT ${compared(value, '=')}`,
  LessThan: ({ value }) => compared(value, '<'),
  GreaterThan: ({ value }) => compared(value, '>'),
  Like: ({ value }) => `is_like(${value}, @text)`,
  In: ({ value }) => `EXISTS (SELECT 1 FROM json_each(@wanted) w WHERE ${same(value, `typeof(${value})`)})`,
  ContainsAny: ({ elements }) =>
    `EXISTS (SELECT 1 FROM ${elements} e, json_each(@wanted) w WHERE ${same('e.value', 'e.type')})`,
  ContainsAll: ({ elements }) =>
    `NOT EXISTS (SELECT 1 FROM json_each(@wanted) w
      WHERE NOT EXISTS (SELECT 1 FROM ${elements} e WHERE ${same('e.value', 'e.type')}))`,
}

/** Names of what is bound get `prefix`, which is ours, so that conditions do not share them. */
function condition(
  prefix: string,
  { operator, valueText = '', valueTextArray }: FilterCondition,
  operand: Operand,
): Condition {
  const all = {
    path: operand.path,
    text: valueText,
    number: numberOf(valueText),
    wanted: JSON.stringify((valueTextArray ?? [valueText]).map((text) => ({ text, number: numberOf(text) }))),
  }
  const sql = SQL[operator](operand).replace(/@(\w+)/g, `@${prefix}_$1`)
  const used = Object.entries(all).filter(([name]) => sql.includes(`@${prefix}_${name}`))
  return {
    sql: `(${sql})`,
    values: Object.fromEntries(used.map(([name, value]) => [`${prefix}_${name}`, value])),
  }
}

/** The number that a text is, null when it is none. */
function numberOf(text: string): number | null {
  const number = text.trim() === '' ? NaN : Number(text)
  return Number.isFinite(number) ? number : null
}

/** Times may be written as dates; what is kept are milliseconds. */
function withTimes(it: FilterCondition): FilterCondition {
  const inMs = (text: string): string =>
    /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text)) ? String(Date.parse(text)) : text
  return {
    ...it,
    ...(it.valueText === undefined ? {} : { valueText: inMs(it.valueText) }),
    ...(it.valueTextArray ? { valueTextArray: it.valueTextArray.map(inMs) } : {}),
  }
}

/** Gives SQL the `Like` of filters: SQLite's own knows case in ASCII alone, and has a second wildcard. */
export function addLike(db: Database): void {
  db.function('is_like', { deterministic: true }, (value: string | number | null, pattern: string) =>
    value === null ? 0 : Number(isLike(String(value), pattern)),
  )
}

/** True when the whole text is as the pattern, without case; `%` stands for any text. Takes linear time. */
export function isLike(text: string, pattern: string): boolean {
  const [first = '', ...rest] = plain(pattern).split('%')
  const whole = plain(text)
  const last = rest.pop()
  if (last === undefined) return whole === first
  if (!whole.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = whole.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return whole.length - at >= last.length && whole.endsWith(last)
}

const plain = (text: string): string => text.normalize('NFC').toLowerCase()
