import { AppError } from '../base/errors.ts'
import type { Store } from '../store/store.ts'

/** Which sites may show the minimal page of a public share in a frame. */
export interface Embedding {
  /** Origins as browsers name them; empty: any site may. */
  origins(): readonly string[]
  /** Allows these sites and no others; any when empty. Throws AppError `bad_request` for what is no site. */
  allowOnly(sites: readonly string[]): void
}

/** Makes the list of sites over the store; it is kept in memory, since every page asks for it. */
export function createEmbedding({ settings }: { settings: Store['settings'] }): Embedding {
  let allowed = settings.get('embed')?.origins ?? []
  return {
    origins: () => allowed,
    allowOnly(sites) {
      const origins = [...new Set(sites.map(originOf))]
      settings.set('embed', { origins })
      allowed = origins
    },
  }
}

/**
 * What may stand as a source in `frame-ancestors` (CSP Level 3, section 2.3.1): scheme, a host of letters, digits, dots
 * and hyphens, port. A URL's own rules let `;` into a host, which would end the directive.
 */
const HOST_SOURCE = /^https?:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?$/

/** The origin that somebody wrote, with or without a slash at its end. Throws AppError `bad_request`. */
function originOf(site: string): string {
  const text = site.trim()
  const url = URL.canParse(text) ? new URL(text) : null
  const isBare =
    url !== null && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password
  if (!isBare || !HOST_SOURCE.test(url.origin)) {
    throw new AppError('bad_request', `“${text}” is not a site. Write it like https://blog.example.`)
  }
  return url.origin
}
