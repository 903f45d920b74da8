import { ICONS, type IconName } from '../../shared/icons.ts'

/** Attributes of an element; false and undefined leave one out, true writes it empty. */
export type Attributes = Record<string, string | number | boolean | undefined>

/** Makes an element with attributes and children. Strings become text, never markup. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value)
  element.append(...children)
  return element
}

/** Writes an attribute, or takes it away for false and undefined. */
export function setAttribute(element: Element, name: string, value: Attributes[string]): void {
  if (value === undefined || value === false) element.removeAttribute(name)
  else element.setAttribute(name, value === true ? '' : String(value))
}

/** Icons that are drawn solid. */
const FILLED: readonly IconName[] = ['play', 'pause']

/** Draws one of our icons. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('class', FILLED.includes(name) ? 'icon icon--filled' : 'icon')
  // Constant markup of ours; nothing of a share comes near it.
  svg.innerHTML = ICONS[name]
  return svg
}

/** A button of one icon, with a name for those who do not see it. */
export type IconButton = {
  element: HTMLButtonElement
  /** Shows another icon and name; does nothing when they are the same. */
  show: (name: IconName, label: string) => void
}

/** Makes a button of one icon. */
export function iconButton(
  className: string,
  name: IconName,
  label: string,
  onClick: () => void,
): IconButton {
  const element = el(
    'button',
    { type: 'button', class: className, 'aria-label': label, title: label },
    icon(name),
  )
  element.addEventListener('click', onClick)
  let shown = { name, label }
  return {
    element,
    show(nextName, nextLabel) {
      if (shown.label !== nextLabel) {
        element.setAttribute('aria-label', nextLabel)
        element.title = nextLabel
      }
      if (shown.name !== nextName) element.replaceChildren(icon(nextName))
      shown = { name: nextName, label: nextLabel }
    },
  }
}
