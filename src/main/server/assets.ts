import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AppError, systemCode } from '../base/errors.ts'

/** A file of a built page, in memory. */
export type Asset = { body: Buffer; gzip: Buffer | null; type: string; etag: string }

/** A built page and the files it may load. Nothing else of the folder can be asked for. */
export type PageAssets = {
  /** The page's HTML as vite wrote it. */
  html: string
  /** By URL path, such as `/assets/manager-Cx1.js`. */
  files: ReadonlyMap<string, Asset>
}

/** One chunk of vite's manifest (`build.manifest`). */
type Chunk = {
  file: string
  css?: string[]
  assets?: string[]
  imports?: string[]
  dynamicImports?: string[]
}
type Manifest = Readonly<Record<string, Chunk>>

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}
const WORTH_ZIPPING: readonly string[] = ['.js', '.css', '.svg', '.webmanifest']
/** Folders of static files that vite copies as they are and its manifest does not name. */
const STATIC_FOLDERS: readonly string[] = ['.', 'fonts']

/**
 * Reads the page `name` (`index.html`, `share.html`) of the built renderer with every file it can load: the allow-list
 * is vite's manifest, followed from the page's entry and from `more` of them, and the static files. All of it is small
 * and stays in memory, so no request ever becomes a path (S35). Undefined when the renderer has not been built.
 */
export async function loadPage(
  rendererDir: string,
  name: string,
  ...more: string[]
): Promise<PageAssets | undefined> {
  try {
    const html = await readFile(join(rendererDir, name), 'utf8')
    const manifest = JSON.parse(
      await readFile(join(rendererDir, '.vite', 'manifest.json'), 'utf8'),
    ) as Manifest
    const loaded = [name, ...more].flatMap((entry) => [...filesOf(manifest, entry)])
    const names = new Set([...loaded, ...(await staticFiles(rendererDir))])
    const files = await Promise.all(
      [...names].map(async (it) => [`/${it}`, await readAsset(join(rendererDir, it))] as const),
    )
    return { html, files: new Map(files) }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Serves the files of a page. Names carry a hash of the content, so a browser need never ask again. */
export const assetRoutes =
  ({ files }: PageAssets): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const [path, asset] of files) {
      app.get(path, { schema: { hide: true } }, async (request, reply) => {
        void reply.headers({
          etag: asset.etag,
          'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        })
        if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send()
        void reply.type(asset.type)
        if (!asset.gzip) return reply.send(asset.body)
        void reply.header('vary', 'accept-encoding')
        if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(asset.body)
        return reply.header('content-encoding', 'gzip').send(asset.gzip)
      })
    }
  }

/** Every file that the chunk `entry` loads, at once or later. */
function filesOf(manifest: Manifest, entry: string): Set<string> {
  const found = new Set<string>()
  const visited = new Set<string>()
  const visit = (key: string): void => {
    const chunk = manifest[key]
    if (!chunk || visited.has(key)) return
    visited.add(key)
    for (const it of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) found.add(it)
    for (const it of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) visit(it)
  }
  if (!manifest[entry]) throw new AppError('internal', `The build has no page ${entry}.`)
  visit(entry)
  return found
}

async function staticFiles(rendererDir: string): Promise<string[]> {
  const lists = await Promise.all(
    STATIC_FOLDERS.map(async (folder) => {
      const entries = await readdir(join(rendererDir, folder), { withFileTypes: true }).catch(() => [])
      return entries
        .filter((it) => it.isFile() && extname(it.name) in TYPES)
        .map((it) => join(folder, it.name))
    }),
  )
  return lists.flat()
}

async function readAsset(path: string): Promise<Asset> {
  const body = await readFile(path)
  const extension = extname(path)
  return {
    body,
    gzip: WORTH_ZIPPING.includes(extension) ? await promisify(gzip)(body, { level: 9 }) : null,
    type: TYPES[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  }
}
