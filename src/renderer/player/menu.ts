import { el, icon } from './dom.ts'

/** One of the values to choose from. */
export type MenuChoice = {
  value: string
  label: string
  /** Small, before the label. */
  note?: string
  /** Of the label, BCP 47: a voice reads it in that language. */
  language?: string
}

/** Values of which one holds, under a name. */
export type MenuSection = {
  label: string
  choices: () => readonly MenuChoice[]
  /** The one that holds. */
  value: () => string
  onChoose: (value: string) => void
}

/** A menu that a button opens. */
export interface Menu {
  /** Belongs beside the button. */
  readonly panel: HTMLElement
  close(): void
  destroy(): void
}

type MenuDeps = {
  root: HTMLElement
  button: HTMLButtonElement
  label: string
  sections: () => readonly MenuSection[]
}

/** Kept free between the menu and the edges of the page. */
const EDGE = 8
/** Narrower pages have the menu along their lower edge, where a thumb is. */
const SHEET_BELOW = 480

/**
 * Makes the menu of `button` (ARIA Authoring Practices, Menu Button). It stands in the browser's top layer: it works in
 * full screen and is not cut off by a player that is lower than the menu. Several sections are listed first, each with
 * the value that holds.
 */
export function createMenu({ root, button, label, sections }: MenuDeps): Menu {
  const panel = el('div', { class: 'player__menu', role: 'menu', popover: 'manual', tabindex: -1 })
  const ends = new AbortController()
  const { signal } = ends
  let isOpen = false
  /** A press outside closes the menu and does nothing else to the picture. */
  let swallow = false

  const items = (): HTMLElement[] => [...panel.querySelectorAll<HTMLElement>('[role^=menuitem]')]
  const focusOn = (item: HTMLElement | undefined): void => item?.focus({ preventScroll: false })

  const close = (): void => {
    if (!isOpen) return
    isOpen = false
    const hadFocus = panel.contains(document.activeElement)
    panel.hidePopover()
    button.setAttribute('aria-expanded', 'false')
    root.toggleAttribute('data-menu', false)
    if (hadFocus) button.focus({ preventScroll: true })
  }
  const place = (): void => {
    const isSheet = window.innerWidth < SHEET_BELOW
    panel.toggleAttribute('data-sheet', isSheet)
    const { left, right, bottom } = button.getBoundingClientRect()
    // Nothing of the bar is covered: it can be dragged while the menu is open.
    const { top } = (button.closest('.player__bar') ?? button).getBoundingClientRect()
    const isLeft = left + right < window.innerWidth
    const [above, below] = [top - 2 * EDGE, window.innerHeight - bottom - 2 * EDGE]
    const isAbove = above >= Math.min(panel.scrollHeight, 240) || above >= below
    Object.assign(panel.style, {
      maxHeight: isSheet ? '' : `${Math.round(Math.min(360, isAbove ? above : below))}px`,
      left: isSheet || !isLeft ? '' : `${Math.round(Math.max(EDGE, left))}px`,
      right: isSheet || isLeft ? '' : `${Math.round(Math.max(EDGE, window.innerWidth - right))}px`,
      bottom: isSheet || !isAbove ? '' : `${Math.round(window.innerHeight - top + EDGE)}px`,
      top: isSheet || isAbove ? '' : `${Math.round(bottom + EDGE)}px`,
    })
  }
  const show = (name: string, rows: HTMLElement[], focused: HTMLElement | undefined): void => {
    panel.setAttribute('aria-label', name)
    panel.replaceChildren(...rows)
    place()
    focusOn(focused ?? rows[0])
  }
  const showSection = (section: MenuSection, all: readonly MenuSection[]): void => {
    const held = section.value()
    const rows = section.choices().map(({ value, label: text, note, language }) => {
      const row = el(
        'button',
        {
          ...{ type: 'button', class: 'menu-row', role: 'menuitemradio', tabindex: -1 },
          'aria-checked': value === held ? 'true' : 'false',
        },
        icon('check'),
        ...(note === undefined ? [] : [el('span', { class: 'menu-row__note' }, note)]),
        el('span', { class: 'menu-row__text', lang: language }, text),
      )
      row.addEventListener('click', () => {
        section.onChoose(value)
        close()
      })
      return row
    })
    const checked = rows.find((it) => it.getAttribute('aria-checked') === 'true')
    if (all.length === 1) {
      show(section.label, rows, checked)
      return
    }
    const back = el(
      'button',
      { type: 'button', class: 'menu-row menu-row--back', role: 'menuitem', tabindex: -1, 'data-back': true },
      icon('chevron-left'),
      el('span', { class: 'menu-row__text' }, section.label),
    )
    back.addEventListener('click', () => showAll(all, section))
    show(section.label, [back, ...rows], checked)
  }
  const showAll = (all: readonly MenuSection[], from?: MenuSection): void => {
    const rows = all.map((section) => {
      const held = section.choices().find((it) => it.value === section.value())
      const row = el(
        'button',
        { type: 'button', class: 'menu-row', role: 'menuitem', tabindex: -1, 'data-on': true },
        el('span', { class: 'menu-row__text' }, section.label),
        el('span', { class: 'menu-row__value', lang: held?.language }, held?.label ?? ''),
        icon('chevron-right'),
      )
      row.addEventListener('click', () => showSection(section, all))
      return row
    })
    show(label, rows, rows[from ? all.indexOf(from) : 0])
  }
  const open = (): void => {
    isOpen = true
    panel.showPopover()
    button.setAttribute('aria-expanded', 'true')
    root.toggleAttribute('data-menu', true)
    const all = sections().filter((it) => it.choices().length > 1)
    const [only] = all
    if (only && all.length === 1) showSection(only, all)
    else showAll(all)
  }

  button.setAttribute('aria-haspopup', 'menu')
  button.setAttribute('aria-expanded', 'false')
  button.addEventListener('click', () => (isOpen ? close() : open()))
  panel.addEventListener('keydown', (event) => {
    const all = items()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const current = all[at]
    const moves: Partial<Record<string, () => void>> = {
      ArrowDown: () => focusOn(all[(at + 1) % all.length]),
      ArrowUp: () => focusOn(all.at(at - 1)),
      Home: () => focusOn(all[0]),
      End: () => focusOn(all.at(-1)),
      ArrowRight: () => current?.hasAttribute('data-on') && current.click(),
      ArrowLeft: () => all[0]?.hasAttribute('data-back') && all[0].click(),
      Escape: close,
      Tab: close,
    }
    const move = moves[event.key]
    if (!move) return
    // Tab goes on from the button, to what comes after it.
    if (event.key !== 'Tab') event.preventDefault()
    event.stopPropagation()
    move()
  })
  document.addEventListener(
    'pointerdown',
    ({ target }) => {
      swallow = false
      if (!isOpen || !(target instanceof Element) || panel.contains(target) || button.contains(target)) return
      swallow = target.matches('.player__surface')
      close()
    },
    { signal, capture: true },
  )
  root.addEventListener(
    'click',
    (event) => {
      if (swallow) event.stopPropagation()
      swallow = false
    },
    { signal, capture: true },
  )
  window.addEventListener('resize', close, { signal })
  return {
    panel,
    close,
    destroy() {
      close()
      ends.abort()
    },
  }
}
