import { ICONS, type IconName } from '../../shared/icons.ts'
import { markup, trusted, type Markup } from './markup.ts'

/** One of our icons, for pages that are written here. */
export const iconOf = (name: IconName): Markup =>
  markup`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${trusted(ICONS[name])}</svg>`
