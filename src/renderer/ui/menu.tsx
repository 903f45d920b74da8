import { Check, type LucideIcon } from 'lucide-react'
import { useRef, type ReactNode } from 'react'
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components'

/** One command of a menu; `null` in a list of them is a line between groups. */
export type Command = {
  id: string
  label: string
  icon?: LucideIcon
  /** Keys that do the same. */
  keys?: string
  danger?: boolean
  isDisabled?: boolean
  run: () => void
}

type Commands = readonly (Command | null)[]

type ItemsProps = {
  label: string
  commands: Commands
  /** Of a choice: the one that is on. */
  selected?: string
  onClose?: () => void
}

function Items({ label, commands, selected, onClose }: ItemsProps) {
  return (
    <AriaMenu
      className="menu"
      aria-label={label}
      autoFocus="first"
      {...(onClose ? { onClose } : {})}
      {...(selected === undefined
        ? {}
        : { selectionMode: 'single' as const, selectedKeys: [selected], disallowEmptySelection: true })}
      onAction={(id) => commands.find((it) => it?.id === id)?.run()}
    >
      {commands.map((it, index) =>
        it === null ? (
          <Separator key={`line-${index}`} className="menu__line" />
        ) : (
          <MenuItem
            key={it.id}
            id={it.id}
            textValue={it.label}
            isDisabled={it.isDisabled === true}
            className={it.danger ? 'menu__item menu__item--danger' : 'menu__item'}
          >
            {it.icon && <it.icon className="icon" aria-hidden />}
            <span className="grow">{it.label}</span>
            {it.id === selected && <Check className="icon" aria-hidden />}
            {it.keys && <kbd className="kbd">{it.keys}</kbd>}
          </MenuItem>
        ),
      )}
    </AriaMenu>
  )
}

/** A button (the child) that opens a menu. */
export function MenuButton({ children, ...menu }: Omit<ItemsProps, 'onClose'> & { children: ReactNode }) {
  return (
    <MenuTrigger>
      {children}
      <Popover className="popover" placement="bottom end" offset={4}>
        <Items {...menu} />
      </Popover>
    </MenuTrigger>
  )
}

type PointMenuProps = ItemsProps & { at: { x: number; y: number }; onClose: () => void }

/** A menu at a point of the window, open while it is rendered. */
export function PointMenu({ at, onClose, ...menu }: PointMenuProps) {
  const anchor = useRef<HTMLSpanElement>(null)
  return (
    <>
      <span ref={anchor} className="point" style={{ left: at.x, top: at.y }} />
      <Popover
        className="popover"
        aria-label={menu.label}
        triggerRef={anchor}
        placement="bottom start"
        offset={2}
        isOpen
        onOpenChange={(isOpen) => {
          if (!isOpen) onClose()
        }}
      >
        <Items {...menu} onClose={onClose} />
      </Popover>
    </>
  )
}
