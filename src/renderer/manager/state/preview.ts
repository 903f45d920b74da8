import { create } from 'zustand'
import type { FrameClock } from '../clip/frames.ts'
import type { Stretch } from '../clip/marks.ts'

/** The player in the inspector, for what marks and plays parts of its file. */
export type OpenPreview = {
  fileId: string
  media: HTMLMediaElement
  /** The picture that is shown, and steps between pictures. */
  frames: FrameClock
  /** Goes to a second, wherever in a picture that is. */
  seek: (seconds: number) => void
  /** Goes to the picture that begins at a second. */
  show: (seconds: number) => void
  play: () => Promise<void>
}

/** The player that is open, and the part that the next one begins with. */
export type PreviewState = {
  preview: OpenPreview | null
  wanted: { fileId: string; stretch: Stretch } | null
}

/** The player of the inspector. */
export const usePreview = create<PreviewState>()(() => ({ preview: null, wanted: null }))
