import type { Playback } from './api/share.ts'
import type { Moment } from './link-times.ts'

/** Id of the element in which the server writes `ShareFacts` as JSON. */
export const FACTS_ELEMENT_ID = 'share-facts'

/** What the share page is told by the server that wrote it. */
export type ShareFacts = {
  id: string
  title: string
  /** The page's best address, absolute, without parameters. */
  shareUrl: string
  /** True for `?layout=minimal`: the player alone. */
  minimal: boolean
  /** Of the clip alone when the address asks for one. */
  playback: Playback
  /** The clip that the page plays and nothing else. */
  clip?: Moment
  /** The sites that may frame the player and talk to it; any when absent. */
  embedOrigins?: readonly string[]
}
