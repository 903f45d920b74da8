import { Type, type Static, type TSchema } from 'typebox'

/** A point in time: Unix milliseconds, integer. */
export const TimestampMs = Type.Integer({
  // The last time that a Date can hold (ECMA-262 section 21.4.1.1); a database's integers hold it as well.
  maximum: 8.64e15,
  description: 'Unix time in milliseconds.',
})

/** A date in a list filter: `YYYY-MM-DD`, UTC midnight. */
export const DateFilter = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'YYYY-MM-DD, UTC' })

/** Free JSON that a client keeps beside an object. */
export const Metadata = Type.Record(Type.String(), Type.Unknown())
/** Free JSON that a client keeps beside an object. */
export type Metadata = Static<typeof Metadata>

/** `limit` and `offset` of every list call; outside their bounds is a 400. */
export const Paging = {
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  offset: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
}

/** Path parameters of a call on one object. A malformed id answers as an unknown one. */
export const IdParams = Type.Object({ id: Type.String() })

/** The shape of every list answer around items of `item`. */
export const List = <Item extends TSchema>(item: Item) =>
  Type.Object({
    object: Type.Literal('list'),
    data: Type.Array(item),
    total: Type.Integer(),
    limit: Type.Integer(),
    offset: Type.Integer(),
  })

/** A page of items with the count of all that match. */
export type ListOf<Item> = { object: 'list'; data: Item[]; total: number; limit: number; offset: number }
