import type { ListFiles } from '../../../shared/api/file.ts'

/** In what order a list stands. */
export type Order = 'newest' | 'oldest' | 'name' | 'name_down'

/** Each order by its name on the screen, and how the API calls it. */
export const ORDERS: Readonly<Record<Order, { label: string; query: Pick<ListFiles, 'order' | 'sort'> }>> = {
  newest: { label: 'Newest first', query: { order: 'created_at', sort: 'desc' } },
  oldest: { label: 'Oldest first', query: { order: 'created_at', sort: 'asc' } },
  name: { label: 'Name, A to Z', query: { order: 'filename', sort: 'asc' } },
  name_down: { label: 'Name, Z to A', query: { order: 'filename', sort: 'desc' } },
}

/** Every order, as a menu lists them. */
export const ALL_ORDERS = Object.keys(ORDERS) as Order[]
