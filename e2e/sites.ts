import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A site of somebody else, on a port of its own: another origin than every Matinee. */
export type Site = {
  origin: string
  /** Paths that were asked for, in their order. */
  asked: string[]
  close(): void
}

/** Serves what `content` has for a path; 404 for the rest. */
export async function serveSite(
  content: (path: string) => { type: string; body: string | Buffer } | undefined,
): Promise<Site> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    asked.push(path)
    const found = content(path)
    response.writeHead(found ? 200 : 404, { 'content-type': found?.type ?? 'text/plain' }).end(found?.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
