/** What a key asks of the player. */
export type Command =
  | { do: 'toggle' }
  | { do: 'seekBy'; seconds: number }
  | { do: 'seekToPart'; part: number }
  | { do: 'volumeBy'; by: number }
  | { do: 'mute' }
  | { do: 'speedBy'; steps: 1 | -1 }
  | { do: 'fullscreen' }
  | { do: 'pip' }
  | { do: 'captions' }

/** The part of a KeyboardEvent that matters. */
export type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>

/** Keys and what they do, as on YouTube. `<` and `>` come with Shift on most keyboards, so Shift is not looked at. */
const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    ' ': { do: 'toggle' },
    k: { do: 'toggle' },
    j: { do: 'seekBy', seconds: -10 },
    l: { do: 'seekBy', seconds: 10 },
    arrowleft: { do: 'seekBy', seconds: -5 },
    arrowright: { do: 'seekBy', seconds: 5 },
    arrowup: { do: 'volumeBy', by: 0.05 },
    arrowdown: { do: 'volumeBy', by: -0.05 },
    home: { do: 'seekToPart', part: 0 },
    end: { do: 'seekToPart', part: 1 },
    m: { do: 'mute' },
    f: { do: 'fullscreen' },
    i: { do: 'pip' },
    c: { do: 'captions' },
    '<': { do: 'speedBy', steps: -1 },
    '>': { do: 'speedBy', steps: 1 },
  } satisfies Record<string, Command>),
)

/** Says what a key means; null for a key that is not ours, or one that belongs to the browser. */
export function keyCommand({ key, ctrlKey, metaKey, altKey }: Key): Command | null {
  if (ctrlKey || metaKey || altKey) return null
  if (/^[0-9]$/.test(key)) return { do: 'seekToPart', part: Number(key) / 10 }
  return COMMANDS.get(key.toLowerCase()) ?? null
}

/** True when the focused element has its own use for `key`, so that the player must leave it alone. */
export function isTaken(target: { tagName: string; isContentEditable: boolean }, key: string): boolean {
  if (target.isContentEditable) return true
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return true
  // Space and Enter press what has the focus.
  return /^(BUTTON|A|SUMMARY)$/.test(target.tagName) && (key === ' ' || key === 'Enter')
}
