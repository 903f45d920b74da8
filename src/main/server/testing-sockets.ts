import { readdirSync, readlinkSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { expect } from 'vitest'

/** A connection to the server at `base`, open. */
export const opened = (base: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
  })

/** Waits until a connection has ended, whichever side ended it. */
export const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.on('error', () => undefined)
    socket.resume()
    if (socket.closed) resolve()
    else socket.once('close', () => resolve())
  })

/** Waits for the first byte of an answer and reads no more. */
export const firstByte = (socket: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('data', () => {
      socket.pause()
      resolve()
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed before the first byte')))
  })

/** What has come over a connection until now. */
export function textOf(socket: Socket): () => string {
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  return () => text
}

/** The text of a GET of this very path, with the given header lines. */
export const request = (base: string, path: string, headers: readonly string[] = []): string =>
  [`GET ${path} HTTP/1.1`, ...withHost(base, headers), '', ''].join('\r\n')

const withHost = (base: string, headers: readonly string[]): readonly string[] =>
  headers.some((it) => /^host:/i.test(it)) ? headers : [`Host: ${new URL(base).host}`, ...headers]

/** Descriptors that this process has open, of the file at `path` or of all; Linux only. */
export const descriptors = (path?: string): number =>
  readdirSync('/proc/self/fd').filter((fd) => path === undefined || targetOf(fd) === path).length

function targetOf(fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return undefined
  }
}

/** Waits for a condition that is bound to come true. */
export const until = async (condition: () => boolean): Promise<void> => {
  await expect.poll(condition, { timeout: 10_000, interval: 20 }).toBe(true)
}
