import { readFileSync, writeFileSync } from 'node:fs'

/** Size of the window, in the system's points. Where it stands is left to the system. */
export type WindowSize = { width: number; height: number; isMaximized: boolean }

/** Smallest size at which every control of the file manager can be reached. */
export const SMALLEST = { width: 900, height: 600 }
const FIRST: WindowSize = { width: 1280, height: 800, isMaximized: false }

/** `saved`, or the first size when it makes no sense, kept inside a work area that may have shrunk since. */
export function fittingSize(saved: unknown, area: { width: number; height: number }): WindowSize {
  const { width, height, isMaximized } = isWindowSize(saved) ? saved : FIRST
  return {
    width: Math.max(SMALLEST.width, Math.min(Math.round(width), area.width)),
    height: Math.max(SMALLEST.height, Math.min(Math.round(height), area.height)),
    isMaximized,
  }
}

function isWindowSize(value: unknown): value is WindowSize {
  const { width, height, isMaximized } = (value ?? {}) as Partial<Record<string, unknown>>
  return Number.isFinite(width) && Number.isFinite(height) && typeof isMaximized === 'boolean'
}

/** What was kept in `file`; undefined when that is absent or broken. */
export function readSaved(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Keeps the size in `file`. Throws the system error. Not in the background: the app ends right after its last window,
 * and would not wait. A text cut short is read as none.
 */
export function saveSize(file: string, size: WindowSize): void {
  writeFileSync(file, JSON.stringify(size))
}
