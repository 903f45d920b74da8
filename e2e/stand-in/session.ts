import type { OnBeforeRequestListenerDetails, WebContents } from 'electron'

type OnBeforeRequest = (
  details: Pick<OnBeforeRequestListenerDetails, 'url'>,
  answer: (response: { cancel?: boolean }) => void,
) => void
type OnRequest = (
  contents: WebContents | null,
  permission: string,
  answer: (granted: boolean) => void,
  details: { requestingUrl: string; isMainFrame: boolean },
) => void
type OnCheck = (contents: WebContents | null, permission: string, requestingOrigin: string) => boolean

/** Chromium's names for the permissions that Electron asks about. */
export const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  media: ['camera', 'microphone'],
  geolocation: ['geolocation'],
  notifications: ['notifications'],
  midi: ['midi'],
  'clipboard-read': ['clipboard-read'],
  'clipboard-sanitized-write': ['clipboard-write'],
  'idle-detection': ['idle-detection'],
  'window-management': ['window-management'],
  'storage-access': ['storage-access'],
}

/** What pages may load and do, as the app's handlers decide. */
export class StandInSession {
  #onBeforeRequest: OnBeforeRequest | null = null
  #onRequest: OnRequest | null = null
  #onCheck: OnCheck | null = null

  readonly webRequest = {
    onBeforeRequest: (listener: OnBeforeRequest | null): void => {
      this.#onBeforeRequest = listener
    },
  }

  setPermissionRequestHandler(handler: OnRequest | null): void {
    this.#onRequest = handler
  }

  setPermissionCheckHandler(handler: OnCheck | null): void {
    this.#onCheck = handler
  }

  /** True when a page may fetch `url`. */
  async mayLoad(url: string): Promise<boolean> {
    const listener = this.#onBeforeRequest
    if (!listener) return true
    return new Promise((resolve) => {
      listener({ url }, ({ cancel }) => {
        resolve(cancel !== true)
      })
    })
  }

  /**
   * True when a page of `origin` may have `permission`. Electron asks one handler when a page looks and the other when
   * it asks; Chromium has one answer for both. Throws when the app's two handlers do not agree therefore.
   */
  async mayUse(permission: string, origin: string): Promise<boolean> {
    const [onRequest, onCheck] = [this.#onRequest, this.#onCheck]
    const onAsking = onRequest
      ? await new Promise<boolean>((resolve) => {
          onRequest(null, permission, resolve, { requestingUrl: `${origin}/`, isMainFrame: true })
        })
      : true
    const onLooking = onCheck ? onCheck(null, permission, origin) : true
    if (onAsking !== onLooking) throw new Error(`the permission handlers disagree about ${permission}`)
    return onAsking
  }
}
