import { create } from 'zustand'

/** A short message at the foot of the window. */
export type Toast = {
  id: number
  text: string
  tone: 'plain' | 'ok' | 'fail'
  /** What can be done about it, e.g. Undo. */
  action?: { label: string; run: () => void }
  lifeMs: number
}

/** The messages that are shown, oldest first. */
export const useToasts = create<{ toasts: readonly Toast[] }>()(() => ({ toasts: [] }))

const LIFE_MS = { plain: 4_000, ok: 4_000, fail: 8_000 }
/** More than these at once would be a wall. */
const MOST = 3

let nextId = 1

/** Shows a message; one that says the same is not shown twice. Returns its id. */
export function toast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
  const id = nextId++
  const tone = options.tone ?? 'plain'
  const shown: Toast = { ...options, id, text, tone, lifeMs: options.lifeMs ?? LIFE_MS[tone] }
  useToasts.setState(({ toasts }) => ({
    toasts: [...toasts.filter((it) => it.text !== text), shown].slice(-MOST),
  }))
  return id
}

/** Takes a message away. */
export const dismiss = (id: number): void =>
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((it) => it.id !== id) }))
