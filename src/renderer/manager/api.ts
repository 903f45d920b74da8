import type { ApiKey, CreateApiKey, NewApiKey } from '../../shared/api/api-key.ts'
import type { ListOf } from '../../shared/api/common.ts'
import type { Cut } from '../../shared/api/cut.ts'
import type { ErrorBody, ErrorCode } from '../../shared/api/error.ts'
import type { CreateExport } from '../../shared/api/export.ts'
import type { File, ListFiles } from '../../shared/api/file.ts'
import type { Folder } from '../../shared/api/folder.ts'
import type { Job } from '../../shared/api/job.ts'
import type { CreateInvite, CreateMember, Invite, Member, NewInvite } from '../../shared/api/member.ts'
import type {
  CreateSegment,
  CreateSegmentation,
  FileSegment,
  ListSegments,
  Segmentation,
  UpdateSegment,
} from '../../shared/api/segment.ts'
import type { Settings, UpdateSettings } from '../../shared/api/settings.ts'
import type { ShareCheck } from '../../shared/api/share-check.ts'
import type { CreateShare, ListShares, Share, UpdateShare } from '../../shared/api/share.ts'
import type { ClearStorage, Storage } from '../../shared/api/storage.ts'
import type { Health } from '../../shared/api/system.ts'
import { ERROR_TEXT, errorText } from '../ui/error-text.ts'

/** A call that failed. `unreachable`: there was no answer, so the engine does not run. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorCode | 'unreachable'
  /** The share in the way of a new one. */
  readonly shareId: string | undefined

  constructor(code: ErrorCode | 'unreachable', message: string, shareId?: string) {
    super(message)
    this.code = code
    this.shareId = shareId
  }
}

/** The sentence to show for anything that was thrown. */
export const sentenceOf = (error: unknown): string =>
  error instanceof ApiError ? error.message : errorText('internal', undefined)

type Query = Readonly<Record<string, string | number | boolean | undefined>>
type Paging = { limit: number; offset: number }
type Options = { query?: Query; body?: unknown; signal?: AbortSignal | undefined }

/** Path of the API on the listener that the page came from; the session cookie goes along by itself. */
const ROOT = '/v1'

async function call<T>(method: string, path: string, { query, body, signal }: Options = {}): Promise<T> {
  let answer: Response
  try {
    answer = await fetch(`${ROOT}${path}${queryText(query)}`, {
      method,
      ...(signal ? { signal } : {}),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  } catch {
    signal?.throwIfAborted()
    throw unreachable()
  }
  if (!answer.ok) throw await failureOf(answer)
  return (await answer.json()) as T
}

const unreachable = (): ApiError => new ApiError('unreachable', 'Matinee is not running.')

function queryText(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return text === '' ? '' : `?${text}`
}

/** The failure that an answer tells; one without our body is a bug or another program on the port. */
export async function failureOf(answer: Response): Promise<ApiError> {
  const body = (await answer.json().catch(() => ({}))) as Partial<ErrorBody>
  const code = body.code !== undefined && body.code in ERROR_TEXT ? body.code : 'internal'
  return new ApiError(code, errorText(code, body.error), body.share_id)
}

const at = (path: string, id: string): string => `${path}/${encodeURIComponent(id)}`
const segmentsOf = (fileId: string): string => `${at('/files', fileId)}/segments`

/** The calls of `/v1` that the file manager makes. Each throws `ApiError`; an aborted one throws the signal's reason. */
export const api = {
  files: {
    list: (query: Partial<ListFiles>, signal?: AbortSignal) =>
      call<ListOf<File>>('GET', '/files', { query, signal }),
    get: (id: string) => call<File>('GET', at('/files', id)),
    register: (path: string) => call<File>('POST', '/files', { body: { path } }),
    remove: (id: string) => call<unknown>('DELETE', at('/files', id)),
    cut: (id: string, query: { start: number; end: number }, signal?: AbortSignal) =>
      call<Cut>('GET', `${at('/files', id)}/cut`, { query, signal }),
    export: (id: string, body: CreateExport) => call<Job>('POST', `${at('/files', id)}/export`, { body }),
  },
  segments: {
    list: (fileId: string, query: Partial<ListSegments>) =>
      call<ListOf<FileSegment>>('GET', segmentsOf(fileId), { query }),
    add: (fileId: string, body: CreateSegment) => call<FileSegment>('POST', segmentsOf(fileId), { body }),
    update: (fileId: string, id: string, body: UpdateSegment) =>
      call<FileSegment>('PUT', at(segmentsOf(fileId), id), { body }),
    remove: (fileId: string, id: string) => call<unknown>('DELETE', at(segmentsOf(fileId), id)),
  },
  segmentations: {
    list: (fileId: string, query: Paging) =>
      call<ListOf<Segmentation>>('GET', `${at('/files', fileId)}/segmentations`, { query }),
    add: (fileId: string, body: CreateSegmentation) =>
      call<Segmentation>('POST', `${at('/files', fileId)}/segmentations`, { body }),
    remove: (id: string) => call<unknown>('DELETE', at('/segmentations', id)),
  },
  folders: {
    list: (query: Paging) => call<ListOf<Folder>>('GET', '/folders', { query }),
    add: (path: string) => call<Folder>('POST', '/folders', { body: { path } }),
    remove: (id: string) => call<unknown>('DELETE', at('/folders', id)),
    scan: (id: string) => call<Folder>('POST', `${at('/folders', id)}/scan`),
  },
  shares: {
    list: (query: Partial<ListShares>) => call<ListOf<Share>>('GET', '/share', { query }),
    get: (id: string) => call<Share>('GET', at('/share', id)),
    create: (body: CreateShare) => call<Share>('POST', '/share', { body }),
    update: (id: string, body: UpdateShare) => call<Share>('PUT', at('/share', id), { body }),
    remove: (id: string) => call<unknown>('DELETE', at('/share', id)),
    restore: (id: string) => call<Share>('POST', `${at('/share', id)}/restore`),
    check: (id: string, signal: AbortSignal) =>
      call<ShareCheck>('POST', `${at('/share', id)}/check`, { signal }),
  },
  jobs: {
    list: (query: Paging) => call<ListOf<Job>>('GET', '/jobs', { query }),
    cancel: (id: string) => call<Job>('POST', `${at('/jobs', id)}/cancel`),
  },
  members: {
    list: (query: Paging) => call<ListOf<Member>>('GET', '/members', { query }),
    create: (body: CreateMember) => call<Member>('POST', '/members', { body }),
    remove: (id: string) => call<unknown>('DELETE', at('/members', id)),
    signOut: (id: string) => call<Member>('POST', `${at('/members', id)}/sign-out`),
  },
  invites: {
    list: (query: Paging) => call<ListOf<Invite>>('GET', '/invites', { query }),
    create: (body: CreateInvite) => call<NewInvite>('POST', '/invites', { body }),
    remove: (id: string) => call<unknown>('DELETE', at('/invites', id)),
  },
  apiKeys: {
    list: (query: Paging) => call<ListOf<ApiKey>>('GET', '/api-keys', { query }),
    create: (body: CreateApiKey) => call<NewApiKey>('POST', '/api-keys', { body }),
    remove: (id: string) => call<unknown>('DELETE', at('/api-keys', id)),
  },
  settings: {
    get: () => call<Settings>('GET', '/settings'),
    update: (body: UpdateSettings) => call<Settings>('PUT', '/settings', { body }),
  },
  storage: {
    get: () => call<Storage>('GET', '/storage'),
    clear: (what: ClearStorage['what']) => call<Storage>('POST', '/storage/clear', { body: { what } }),
  },
  health: () => call<Health>('GET', '/health'),
}

/** The calls of `/v1` that the file manager makes. */
export type Api = typeof api

/** Where the owner's preview of a file plays from. */
export const previewUrl = (fileId: string): string => `${at(`${ROOT}/files`, fileId)}/stream/main.m3u8`

/**
 * Asks whether the preview of a file can play: `preparing` when that has to be made first, which begins by asking.
 * Throws `ApiError` with the reason when it cannot.
 */
export async function askPreview(fileId: string, signal: AbortSignal): Promise<'ready' | 'preparing'> {
  try {
    const answer = await fetch(previewUrl(fileId), { signal })
    if (answer.ok) return 'ready'
    const failure = await failureOf(answer)
    if (failure.code === 'busy') return 'preparing'
    throw failure
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof ApiError ? error : unreachable()
  }
}

/** The poster of a file on our own listener, whatever name of this computer the page was opened by. */
export const posterUrl = (file: File): string | undefined =>
  file.thumbnail_url === undefined
    ? undefined
    : `${at(`${ROOT}/files`, file.id)}/thumbnails/poster.jpg?v=${file.bytes}`

/** The picture of a segment on our own listener; undefined when it has none. */
export const segmentPosterUrl = ({ id, file_id, thumbnail_url }: FileSegment): string | undefined =>
  thumbnail_url === undefined ? undefined : `${ROOT}${at(segmentsOf(file_id), id)}/thumbnail.jpg`

/** Where the result of an export is fetched from. */
export const exportResultUrl = (jobId: string): string => `${at(`${ROOT}/jobs`, jobId)}/result`

/** The small pictures of a film over its length, as WebVTT. */
export const storyboardUrl = (fileId: string): string => `${at(`${ROOT}/files`, fileId)}/storyboard.vtt`

/** Subtitles of a file as WebVTT. */
export const subtitleUrl = (fileId: string, index: number): string =>
  `${at(`${ROOT}/files`, fileId)}/subtitles/${index}.vtt`

/** Where the engine tells changes. */
export const EVENTS_URL = `${ROOT}/events`
