import { ArrowDownWideNarrow, FolderPlus, PanelRight, Plus, Search, X } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { Button as AriaButton, Input, SearchField } from 'react-aria-components'
import { Button, IconButton } from '../../ui/button.tsx'
import { MenuButton } from '../../ui/menu.tsx'
import { askForFiles, askForFolder } from '../actions/add.ts'
import { keys } from '../bridge.ts'
import { ALL_ORDERS, ORDERS } from '../state/order.ts'
import { orderBy, searchFor, setInspector, useUi } from '../state/ui.ts'
import { useNarrow, usePhone } from '../use-narrow.ts'

type TopBarProps = {
  title: string
  /** Of what is shown; nothing while it is not known. */
  count: string
  searchLabel: string
  /** Nothing is there to be put in order or looked at. */
  isEmpty: boolean
}

/** The bar over the middle: what is shown, search, order, and ways to add. */
export function TopBar({ title, count, searchLabel, isEmpty }: TopBarProps) {
  const isNarrow = useNarrow()
  const isPhone = usePhone()
  const isLibrary = useUi((state) => state.place.kind !== 'shares')
  const isInspectorOpen = useUi((state) => state.isInspectorOpen)
  return (
    <header className="top">
      <h1 className="cut" title={title}>
        {title}
      </h1>
      <span className="num t3 top__count">{count}</span>
      <SearchBox label={searchLabel} />
      {!isEmpty && <OrderMenu isNarrow={isNarrow} />}
      {isLibrary && (
        <>
          <TopButton label="Add folder" icon={FolderPlus} isNarrow={isNarrow} run={askForFolder} />
          <TopButton label="Add files" icon={Plus} isNarrow={isNarrow} run={askForFiles} />
          {!isEmpty && !isPhone && (
            <IconButton
              label="Inspector"
              icon={PanelRight}
              pressed={isInspectorOpen}
              onPress={() => setInspector(!isInspectorOpen)}
            />
          )}
        </>
      )}
    </header>
  )
}

function TopButton(props: { label: string; icon: typeof Plus; isNarrow: boolean; run: () => Promise<void> }) {
  const { label, icon, isNarrow, run } = props
  return isNarrow ? (
    <IconButton label={label} icon={icon} onPress={() => void run()} className="icon-btn--filled" />
  ) : (
    <Button size="s" icon={icon} onPress={() => void run()}>
      {label}
    </Button>
  )
}

function OrderMenu({ isNarrow }: { isNarrow: boolean }) {
  const order = useUi((state) => state.order)
  const { label } = ORDERS[order]
  return (
    <MenuButton
      label="Order"
      selected={order}
      commands={ALL_ORDERS.map((id) => ({ id, label: ORDERS[id].label, run: () => orderBy(id) }))}
    >
      {isNarrow ? (
        <AriaButton className="icon-btn" aria-label={`Order: ${label}`}>
          <ArrowDownWideNarrow className="icon" aria-hidden />
        </AriaButton>
      ) : (
        <Button look="quiet" size="s" icon={ArrowDownWideNarrow} aria-label={`Order: ${label}`}>
          {label}
        </Button>
      )}
    </MenuButton>
  )
}

/** Down or Enter leads from the search to what it has found, Escape too once the field is empty. */
function toList(event: KeyboardEvent<HTMLInputElement>): void {
  const isDone = event.key === 'Escape' && event.currentTarget.value === ''
  if (event.key !== 'ArrowDown' && event.key !== 'Enter' && !isDone) return
  const item = document.querySelector<HTMLElement>('.vgrid [tabindex="0"]')
  if (!item) return
  event.preventDefault()
  item.focus()
}

/** The most that the API takes of a search. */
const MOST_CHARACTERS = 500

function SearchBox({ label }: { label: string }) {
  const search = useUi((state) => state.search)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const open = (event: globalThis.KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'f' || event.altKey) return
      if (!input.current || input.current.closest('[aria-hidden="true"], [inert]')) return
      event.preventDefault()
      input.current.focus()
      input.current.select()
    }
    document.addEventListener('keydown', open)
    return () => document.removeEventListener('keydown', open)
  }, [])
  return (
    <SearchField className="search" aria-label={label} value={search} onChange={searchFor}>
      <Search className="icon" aria-hidden />
      <Input ref={input} placeholder="Search" maxLength={MOST_CHARACTERS} onKeyDown={toList} />
      {search === '' ? (
        <kbd className="kbd search__keys" aria-hidden>
          {keys('F')}
        </kbd>
      ) : (
        <AriaButton className="icon-btn icon-btn--s" aria-label="Clear search">
          <X className="icon icon--s" aria-hidden />
        </AriaButton>
      )}
    </SearchField>
  )
}
