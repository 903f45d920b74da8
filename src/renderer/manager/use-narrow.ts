import { useSyncExternalStore } from 'react'

/** The same numbers stand in styles/. */
const NARROW = '(max-width: 1099px)'
const PHONE = '(max-width: 719px)'

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const media = matchMedia(query)
      media.addEventListener('change', onChange)
      return () => media.removeEventListener('change', onChange)
    },
    () => matchMedia(query).matches,
  )
}

/** True where the rail is folded to icons. */
export const useNarrow = (): boolean => useMedia(NARROW)

/** True where there is room for one thing at a time: the inspector is a sheet over the cards. */
export const usePhone = (): boolean => useMedia(PHONE)
