import { Agent, request, type IncomingHttpHeaders } from 'node:http'

/** A request as it goes over the wire: nothing of the path is tidied, and any method is sent. */
export type PlainRequest = {
  method: string
  path: string
  headers?: Readonly<Record<string, string>>
  body?: object
}

/** What came: status 0 and `text` with the reason when there was no answer. Bytes are one character each. */
export type PlainAnswer = { status: number; headers: IncomingHttpHeaders; text: string }

/** Asks one listener, a few requests at a time. */
export interface PlainClient {
  /** Never throws: no answer is an answer, too. */
  ask(request: PlainRequest, signal?: AbortSignal): Promise<PlainAnswer>
  close(): void
}

/** What is read of one answer; more tells nothing new. */
const READ_BYTES = 64 * 1024
/** Time for one answer, in ms. */
const ANSWER_MS = 20_000

/** Makes a client of the listener at `base`, with `connections` to it at once. */
export function createPlainClient(base: string, connections: number): PlainClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { hostname, port } = new URL(base)
  return {
    ask: ({ method, path, headers, body }, signal) =>
      new Promise((resolve) => {
        const fail = (error: Error): void => resolve({ status: 0, headers: {}, text: error.message })
        const text = body && JSON.stringify(body)
        const options = {
          ...{ agent, hostname, port, method, path, timeout: ANSWER_MS },
          headers: { ...(text ? { 'content-type': 'application/json' } : {}), ...headers },
          ...(signal ? { signal } : {}),
        }
        try {
          const asked = request(options, (response) => {
            const { statusCode: status = 0, headers: told } = response
            let got = ''
            const done = (): void => resolve({ status, headers: told, text: got })
            response.setEncoding('latin1')
            response.on('data', (chunk: string) => {
              got += chunk
              if (got.length < READ_BYTES) return
              done()
              response.destroy()
            })
            response.on('end', done)
            response.on('error', fail)
          })
          asked.on('error', fail)
          asked.on('timeout', () => asked.destroy(new Error('no answer came in time')))
          asked.end(text)
        } catch (error) {
          // Node refuses to send some paths at all.
          fail(error as Error)
        }
      }),
    close: () => agent.destroy(),
  }
}
