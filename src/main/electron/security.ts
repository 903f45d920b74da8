import { shell, type IpcMainInvokeEvent, type Session, type WebContents } from 'electron'
import { AppError } from '../base/errors.ts'
import { mayLoad, mayNavigate, mayUse, outsideAddress } from './decisions.ts'

/** Where our own pages are. */
export type Origins = {
  /** Origin of the private listener. */
  manager: string
  /** Origins under which our share pages are known. */
  shares: readonly string[]
}

/** Holds every page of `session` to the private listener, and to two harmless permissions. */
export function guardSession(session: Session, { manager }: Origins): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
    answer(mayUse(permission, requestingUrl, manager))
  })
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    mayUse(permission, requestingOrigin, manager),
  )
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !mayLoad(url, manager) })
  })
}

/** Keeps `contents` on the private listener: no other page, no second window, no frame of elsewhere, no webview. */
export function guardContents(contents: WebContents, origins: Origins): void {
  const refuseForeign = (event: { url: string; preventDefault(): void }): void => {
    if (!mayNavigate(event.url, origins.manager)) event.preventDefault()
  }
  contents.on('will-navigate', refuseForeign)
  contents.on('will-redirect', refuseForeign)
  contents.on('will-frame-navigate', refuseForeign)
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
  })
  contents.setWindowOpenHandler(({ url }) => {
    const address = outsideAddress(url, origins.shares)
    if (address !== undefined) void shell.openExternal(address)
    return { action: 'deny' }
  })
}

/** Throws AppError `forbidden` when a call of the bridge does not come from a page of the file manager. */
export function assertOwnPage(event: Pick<IpcMainInvokeEvent, 'senderFrame'>, origins: Origins): void {
  // Null when the page has gone away since.
  if (event.senderFrame && mayNavigate(event.senderFrame.url, origins.manager)) return
  throw new AppError('forbidden', 'Only the file manager may ask for this.')
}
