import type { MatineeBridge } from '../../shared/bridge.ts'

declare global {
  interface Window {
    readonly matinee?: MatineeBridge
  }
}

/** What the desktop shell offers; undefined in a browser. */
export const bridge = (): MatineeBridge | undefined => window.matinee

/** True on Apple's keyboards, where ⌘ stands for Ctrl. */
export const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** A key combination as this platform writes it. */
export const keys = (key: string): string => (isApple ? `⌘${key}` : `Ctrl ${key}`)
