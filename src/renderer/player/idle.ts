/** How long the controls stay after the last sign of a person. */
const IDLE_AFTER_MS = 2_500

/**
 * Hides the controls over a playing picture (`data-idle` on `root`) when nobody moves, and shows them again. A finger
 * on the picture does both, since it has no way to hover. Returns what ends it.
 */
export function hideWhenIdle(root: HTMLElement, media: HTMLMediaElement, isHeld: () => boolean): () => void {
  const ends = new AbortController()
  const { signal } = ends
  let timer: ReturnType<typeof setTimeout> | undefined

  const mayHide = (): boolean =>
    !media.paused &&
    !media.ended &&
    !isHeld() &&
    !root.hasAttribute('data-menu') &&
    !root.querySelector('.player__bar :focus-visible')
  const hide = (): void => {
    if (mayHide()) root.toggleAttribute('data-idle', true)
    else if (!media.paused) show()
  }
  const show = (): void => {
    clearTimeout(timer)
    root.toggleAttribute('data-idle', false)
    timer = setTimeout(hide, IDLE_AFTER_MS)
  }

  root.addEventListener('pointermove', (event) => event.pointerType === 'mouse' && show(), { signal })
  root.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && hide(), { signal })
  root.addEventListener('keydown', show, { signal })
  root.addEventListener('focusin', show, { signal })
  root.addEventListener(
    'click',
    (event) => {
      const onPicture = event.target instanceof Element && event.target.matches('.player__surface')
      if (onPicture && event.pointerType !== 'mouse' && !root.hasAttribute('data-idle')) hide()
      else show()
    },
    { signal },
  )
  for (const event of ['play', 'pause', 'ended', 'seeked']) media.addEventListener(event, show, { signal })
  return () => {
    clearTimeout(timer)
    ends.abort()
  }
}
