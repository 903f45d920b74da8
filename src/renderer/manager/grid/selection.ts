/** What is selected in a list, where a range starts, and which item the keyboard stands on. */
export type Selection = {
  ids: ReadonlySet<string>
  anchor: string | null
  focus: string | null
}

/** Nothing is selected. */
export const NOTHING: Selection = { ids: new Set(), anchor: null, focus: null }

/** This one alone. */
export const only = (id: string): Selection => ({ ids: new Set([id]), anchor: id, focus: id })

/** One more, or one less. */
export function toggled({ ids }: Selection, id: string): Selection {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return { ids: next, anchor: id, focus: id }
}

/** The keyboard moves on; the selection stays. */
export const focused = (selection: Selection, id: string): Selection => ({ ...selection, focus: id })

/** A range from the anchor to `focus`, in place of what was selected. */
export const ranged = (selection: Selection, range: readonly string[], focus: string): Selection => ({
  ids: new Set(range),
  anchor: selection.anchor ?? focus,
  focus,
})

/** Nothing is selected; the keyboard stays where it is. */
export const cleared = ({ focus }: Selection): Selection => ({ ids: new Set(), anchor: focus, focus })

/** The selection without what is gone. */
export function without(selection: Selection, gone: ReadonlySet<string>): Selection {
  const { ids, anchor, focus } = selection
  const left = new Set([...ids].filter((id) => !gone.has(id)))
  const still = (id: string | null): string | null => (id !== null && gone.has(id) ? null : id)
  if (left.size === ids.size && still(anchor) === anchor && still(focus) === focus) return selection
  return { ids: left, anchor: still(anchor), focus: still(focus) }
}

/** The selection as far as it is among these. */
export function within(selection: Selection, there: ReadonlySet<string>): Selection {
  const all = [...selection.ids, selection.anchor, selection.focus].filter((id) => id !== null)
  return without(selection, new Set(all.filter((id) => !there.has(id))))
}

/**
 * The one item that the inspector is about: the one selected, or the one with the keyboard among several. Null when
 * there is none.
 */
export function chief({ ids, focus }: Selection): string | null {
  if (ids.size === 1) return [...ids][0] ?? null
  return focus !== null && ids.has(focus) ? focus : null
}
