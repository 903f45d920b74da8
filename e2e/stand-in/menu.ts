import type { MenuItemConstructorOptions } from 'electron'

/** One entry of a menu. */
class MenuItem {
  readonly id: string | undefined
  readonly label: string | undefined
  readonly role: string | undefined
  readonly submenu: Menu | undefined
  readonly #options: MenuItemConstructorOptions

  constructor(options: MenuItemConstructorOptions) {
    this.#options = options
    this.id = options.id
    this.label = options.label
    this.role = options.role
    this.submenu = Array.isArray(options.submenu) ? Menu.buildFromTemplate(options.submenu) : undefined
  }

  click(): void {
    // None of ours looks at who clicked.
    ;(this.#options.click as (() => void) | undefined)?.()
  }
}

/** A menu that nobody sees. */
export class Menu {
  static #ofApp: Menu | null = null
  readonly items: readonly MenuItem[]

  constructor(items: readonly MenuItem[]) {
    this.items = items
  }

  static buildFromTemplate(template: readonly MenuItemConstructorOptions[]): Menu {
    return new Menu(template.map((it) => new MenuItem(it)))
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#ofApp = menu
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#ofApp
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
}
