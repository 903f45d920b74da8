import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ListOf } from '../../../shared/api/common.ts'
import type { File, ListFiles } from '../../../shared/api/file.ts'
import type { Share } from '../../../shared/api/share.ts'
import { ApiError } from '../api.ts'
import { useEngine } from './engine.ts'
import type { EventListener } from './events.ts'
import { EVERYTHING, UNKNOWN_LIBRARY, useLibrary } from './library.ts'
import { UNKNOWN_SHARES, useShares } from './shares.ts'
import { allOf, startSync, type Sync, type SyncDeps } from './sync.ts'

const file = (id: string, more: Partial<File> = {}): File =>
  ({ id, filename: id, missing: false, media_type: 'video', ...more }) as File
const share = (id: string, more: Partial<Share> = {}): Share =>
  ({ id, file_id: 'a', status: 'completed', visibility: 'public', created_at: 0, ...more }) as Share
const page = <T>(data: T[], total = data.length): ListOf<T> => ({
  object: 'list',
  data,
  total,
  limit: 100,
  offset: 0,
})

/** An engine of a few files, whose answers can be held back. */
function fakeEngine() {
  const world = { files: [file('a'), file('b'), file('c')], shares: [share('s')] }
  const asked: Partial<ListFiles>[] = []
  let listener: EventListener | undefined
  const gates: (() => void)[] = []
  let isHeld = false
  const pass = (): Promise<void> =>
    isHeld ? new Promise((resolve) => gates.push(() => resolve())) : Promise.resolve()
  const deps: SyncDeps = {
    api: {
      health: async () => ({ share_url: 'http://127.0.0.1:4401' }) as never,
      files: {
        async list(query, signal) {
          asked.push(query)
          const found = world.files.filter((it) => it.filename.includes(query.q ?? ''))
          const answer = page(
            found.slice(query.offset, (query.offset ?? 0) + (query.limit ?? 50)),
            found.length,
          )
          await pass()
          signal?.throwIfAborted()
          return answer
        },
        async get(id) {
          const found = world.files.find((it) => it.id === id)
          if (!found) throw new ApiError('not_found', 'There is no such file.')
          return found
        },
      },
      folders: { list: async () => page([]) },
      segments: { list: async () => page([]) },
      segmentations: { list: async () => page([]) },
      shares: {
        async list() {
          const answer = page([...world.shares])
          await pass()
          return answer
        },
      },
      jobs: { list: async () => page([]) },
    },
    openEvents(it) {
      listener = it
      return { retry: vi.fn(), close: vi.fn() }
    },
    kept: () => new Set(),
    onSearched: vi.fn(),
    onGone: vi.fn(),
  }
  return {
    world,
    asked,
    deps,
    open: () => listener?.onOpen(),
    tell: (...events: Parameters<EventListener['onEvent']>[0][]) =>
      events.forEach((it) => listener?.onEvent(it)),
    hold: () => void (isHeld = true),
    release() {
      isHeld = false
      gates.splice(0).forEach((it) => it())
    },
  }
}

describe('sync', () => {
  let engine: ReturnType<typeof fakeEngine>
  let sync: Sync
  const settle = () => vi.advanceTimersByTimeAsync(2_000)
  const shown = () =>
    useLibrary
      .getState()
      .ids.map((id) => id ?? '?')
      .join('')

  beforeEach(async () => {
    vi.useFakeTimers()
    useLibrary.setState(UNKNOWN_LIBRARY, true)
    useShares.setState(UNKNOWN_SHARES, true)
    useEngine.setState({ connection: 'connecting', health: null })
    engine = fakeEngine()
    sync = startSync(engine.deps)
    engine.open()
    await settle()
  })
  afterEach(() => {
    sync.stop()
    vi.useRealTimers()
  })

  test('reads everything when the line opens', () => {
    expect(useEngine.getState().connection).toBe('live')
    expect(shown()).toBe('abc')
    expect([...useShares.getState().byId.keys()]).toEqual(['s'])
    expect(useLibrary.getState().counts?.all).toBe(3)
  })

  test('writes what the engine tells, and asks for the list again only when it may have changed', async () => {
    engine.asked.length = 0
    engine.tell({ type: 'file.updated', file: file('b', { status: 'processing' }) })
    await settle()
    expect(useLibrary.getState().files.get('b')?.status).toBe('processing')
    expect(engine.asked).toEqual([])

    engine.world.files.unshift(file('new'))
    engine.tell({ type: 'file.updated', file: file('new') })
    await settle()
    expect(shown()).toBe('newabc')
  })

  test('a hundred new files in a moment are not a hundred lists', async () => {
    engine.asked.length = 0
    for (let index = 0; index < 100; index++) {
      engine.world.files.push(file(`n${index}`))
      engine.tell({ type: 'file.updated', file: file(`n${index}`) })
    }
    await settle()
    expect(useLibrary.getState().total).toBe(103)
    expect(engine.asked.filter((it) => it.limit === 100).length).toBeLessThan(5)
  })

  test('an answer that is older than an event does not undo it', async () => {
    engine.hold()
    engine.open()
    await vi.advanceTimersByTimeAsync(10)
    engine.tell(
      { type: 'share.updated', share: share('s', { view_count: 7 }) },
      { type: 'share.deleted', id: 'gone' },
    )
    engine.world.files[0] = file('a', { missing: true })
    engine.tell({ type: 'file.updated', file: file('a', { missing: true }) })
    await vi.advanceTimersByTimeAsync(100)
    engine.release()
    await vi.advanceTimersByTimeAsync(0)
    expect(useShares.getState().byId.get('s')?.view_count).toBe(7)
    expect(useLibrary.getState().files.get('a')?.missing).toBe(true)
  })

  test('a list that changed while it was on its way is asked for once more', async () => {
    engine.hold()
    engine.open()
    await vi.advanceTimersByTimeAsync(10)
    engine.world.files.unshift(file('late'))
    engine.tell({ type: 'file.updated', file: file('late') })
    await vi.advanceTimersByTimeAsync(600)
    engine.release()
    await settle()
    expect(shown()).toBe('lateabc')
  })

  test('what is gone leaves the list, and is told', async () => {
    engine.world.files.splice(1, 1)
    engine.tell({ type: 'file.deleted', id: 'b' })
    await vi.advanceTimersByTimeAsync(60)
    expect(shown()).toBe('ac')
    expect(engine.deps.onGone).toHaveBeenCalledWith(new Set(['b']))
  })

  test('what was deleted and came back within a moment is not gone', async () => {
    engine.tell({ type: 'share.deleted', id: 's' }, { type: 'share.updated', share: share('s') })
    await settle()
    expect(useShares.getState().byId.has('s')).toBe(true)
    expect(engine.deps.onGone).not.toHaveBeenCalled()
  })

  test('another view stays out of sight until its first page is there', async () => {
    engine.hold()
    sync.show({ ...EVERYTHING, search: 'b' })
    await vi.advanceTimersByTimeAsync(100)
    expect(shown()).toBe('abc')
    engine.release()
    await vi.advanceTimersByTimeAsync(0)
    expect(shown()).toBe('b')
    expect(useLibrary.getState().view.search).toBe('b')
  })

  test('the answer to a search that nobody waits for any more is not shown', async () => {
    engine.hold()
    sync.show({ ...EVERYTHING, search: 'b' })
    sync.show({ ...EVERYTHING, search: 'c' })
    engine.release()
    await settle()
    expect(shown()).toBe('c')
  })

  test('what a search has found is told once, when its first page is there', async () => {
    const { onSearched } = engine.deps
    engine.hold()
    sync.show({ ...EVERYTHING, search: 'a' })
    sync.show({ ...EVERYTHING, search: 'b' })
    await vi.advanceTimersByTimeAsync(50)
    expect(onSearched).not.toHaveBeenCalled()
    engine.release()
    await settle()
    expect(onSearched).toHaveBeenCalledExactlyOnceWith(new Set(['b']))
    sync.show({ ...EVERYTHING, search: 'b', order: 'name_down' })
    await settle()
    expect(onSearched).toHaveBeenCalledOnce()
    expect(engine.asked.at(-1)).toMatchObject({ q: 'b', order: 'filename', sort: 'desc' })
  })

  test('a view that takes long shows its skeleton', async () => {
    engine.hold()
    sync.show({ ...EVERYTHING, filter: 'audio' })
    await vi.advanceTimersByTimeAsync(250)
    expect(useLibrary.getState().total).toBeNull()
    engine.release()
    await settle()
    expect(useLibrary.getState().total).toBe(3)
  })

  test('files that shares name are read one by one, once', async () => {
    engine.world.files.push(file('far'))
    sync.needFiles(['far', 'a', 'nowhere'])
    sync.needFiles(['far', 'a', 'nowhere'])
    await settle()
    expect(useLibrary.getState().files.has('far')).toBe(true)
    expect(useLibrary.getState().files.has('nowhere')).toBe(false)
  })

  test('a range over files that are not known is asked for', async () => {
    engine.world.files = Array.from({ length: 250 }, (_, at) => file(`f${at}`))
    engine.open()
    await settle()
    expect(useLibrary.getState().ids[150]).toBeUndefined()
    const range = await sync.idsBetween(98, 202)
    expect(range).toHaveLength(105)
    expect(range[0]).toBe('f98')
    expect(range.at(-1)).toBe('f202')
  })
})

test('a list that changes between its pages is read anew, so that nothing is left out', async () => {
  let items = Array.from({ length: 150 }, (_, at) => at)
  let calls = 0
  const all = await allOf(async ({ limit, offset }) => {
    const answer = page(items.slice(offset, offset + limit), items.length)
    calls += 1
    if (calls === 1) items = items.slice(1)
    return answer
  })
  expect(all).toEqual(items)
  expect(await allOf(async () => page([], 7))).toEqual([])
})
