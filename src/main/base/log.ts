import { pino, type Logger } from 'pino'

export type Log = Logger

/** Fields that may carry a secret; pino replaces their values before a line is written. */
const SECRET_PATHS = [
  'req.headers.authorization',
  'req.headers.cookie',
  'headers.authorization',
  'headers.cookie',
  'password',
  'token',
  'apiKey',
  '*.password',
  '*.token',
  '*.apiKey',
]

/** Replaces what opens something in a URL or path: stream and download tokens, launch tokens. */
export function withoutSecrets(url: string): string {
  return url
    .replace(/\/(stream|poster|download)\/(m1\.[^/?]*)/g, '/$1/[token]')
    .replace(/([?&](?:launch|token|key|password)=)[^&]*/gi, '$1[secret]')
}

/** Opens the log: JSON lines to `file`, warnings and worse also to stderr. Level `silent` writes nothing. */
export function createLog(options: { file?: string; level?: string }): Log {
  const { file, level = 'info' } = options
  if (level === 'silent') return pino({ level })
  const streams = [
    { level: 'warn' as const, stream: pino.destination(2) },
    ...(file
      ? [{ level: level as 'info', stream: pino.destination({ dest: file, mkdir: true, sync: false }) }]
      : []),
  ]
  return pino({ level, base: null, redact: SECRET_PATHS }, pino.multistream(streams))
}
