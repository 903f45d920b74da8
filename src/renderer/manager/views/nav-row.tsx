import type { LucideIcon } from 'lucide-react'
import { hashOf, isSamePlace, type Place } from '../place.ts'
import { useUi } from '../state/ui.ts'

type NavRowProps = {
  place: Place
  icon: LucideIcon
  label: string
  /** A count or a state, at the end of the row. */
  note?: string
  tone?: 'plain' | 'busy' | 'fail'
  /** More to say than fits. */
  title?: string
  onContextMenu?: (at: { x: number; y: number }) => void
}

/** A row of the rail: a link to what the middle shows. */
export function NavRow({ place, icon: Icon, label, note, tone, title, onContextMenu }: NavRowProps) {
  const isCurrent = useUi((state) => isSamePlace(state.place, place))
  return (
    <li>
      <a
        className="nav"
        href={hashOf(place)}
        title={title ?? label}
        aria-current={isCurrent ? 'page' : undefined}
        onContextMenu={(event) => {
          if (!onContextMenu) return
          event.preventDefault()
          const box = event.currentTarget.getBoundingClientRect()
          const isByKey = event.clientX <= 0 && event.clientY <= 0
          onContextMenu(
            isByKey ? { x: box.left + 16, y: box.bottom } : { x: event.clientX, y: event.clientY },
          )
        }}
      >
        <Icon className="icon" aria-hidden />
        <span className="cut grow">{label}</span>
        {note !== undefined && <span className={`num ${tone ?? ''}`}>{note}</span>}
      </a>
    </li>
  )
}
