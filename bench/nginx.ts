import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { systemCode } from '../src/main/base/errors.ts'
import { PeerMissing } from './measure.ts'

/** A running nginx that serves a folder. */
export type Nginx = { url: string; stop: () => Promise<void> }

/**
 * Starts an nginx that serves the files of `root`, as fast as it is known to: sendfile, open files kept, no log. One
 * worker, since Matinee is one process. Its own files go into `folder`. Throws PeerMissing when there is none.
 */
export async function startNginx(root: string, folder: string): Promise<Nginx> {
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configuration(root, folder, port))
  const child = spawn('nginx', ['-c', file, '-p', folder], { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise<never>((_, reject) => {
    child.once('error', (error) =>
      reject(
        systemCode(error) === 'ENOENT'
          ? new PeerMissing('there is no nginx to compare with (Debian: apt-get install nginx-light)')
          : error,
      ),
    )
    child.once('exit', (code) => reject(new Error(`nginx ended with ${String(code)}`)))
  })
  const start = new AbortController()
  // After the start nobody waits for it any more.
  ended.catch(() => start.abort())
  await Promise.race([isListening(port, start.signal), ended])
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

function configuration(root: string, folder: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return [
    // Without it the worker of a root's nginx is somebody who may not read a temporary folder.
    ...(process.getuid?.() === 0 ? ['user root root;'] : []),
    'worker_processes 1;',
    'daemon off;',
    `pid ${join(folder, 'pid')};`,
    `error_log ${join(folder, 'error.log')};`,
    'events { worker_connections 1024; }',
    'http {',
    ...temporary.map((it) => `  ${it}_temp_path ${join(folder, it)};`),
    '  access_log off;',
    '  sendfile on;',
    '  tcp_nopush on;',
    '  open_file_cache max=100;',
    '  keepalive_requests 1000000000;',
    `  server { listen 127.0.0.1:${port}; root ${root}; }`,
    '}',
    '',
  ].join('\n')
}

/** It cannot choose a port by itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function isListening(port: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
