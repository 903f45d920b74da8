import type { ListOf } from '../../shared/api/common.ts'

/** One page of items that are all in memory. */
export const pageOf = <Item>(
  items: readonly Item[],
  { limit, offset }: { limit: number; offset: number },
): ListOf<Item> => ({
  object: 'list',
  data: items.slice(offset, offset + limit),
  total: items.length,
  limit,
  offset,
})
