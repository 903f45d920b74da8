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

/**
 * Replaces what opens something in a URL or path: tokens of media, codes of invites, launch tokens. A token counts as one
 * wherever it stands and however it is escaped: also one that was refused for its spelling can be spelled right.
 */
export function withoutSecrets(url: string): string {
  return (
    url
      .replace(
        /(\/|%2f)(stream|poster|download|card-picture|card-film)(\/|%2f)([^/?&#]*)/gi,
        (all, ...parts: string[]) => {
          const [before = '', kind = '', after = '', key = ''] = parts
          return /^[\w-]*(\.jpg|\.mp4)?$/.test(key) ? all : `${before}${kind}${after}[token]`
        },
      )
      .replace(/(\/|%2f)invite(\/|%2f)[^/?&#]*/gi, '$1invite$2[code]')
      // An escaped slash ends in a letter, so there is no border of a word behind it.
      .replace(/(?:\b|(?<=2f))m1(\.|%2e)[^/?&#]*/gi, '[token]')
      .replace(/([?&](?:launch|token|key|password)=)[^&]*/gi, '$1[secret]')
  )
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
