import { create } from 'zustand'
import type { Share } from '../../../shared/api/share.ts'

/** A file that this window sends to Matinee, sends next, or has sent. */
export type Upload = {
  id: string
  name: string
  bytes: number
  /** A link is made when it is there. */
  isShared: boolean
  state: 'waiting' | 'sending' | 'done' | 'failed'
  /** Bytes that have left this window. */
  sent: number
  /** Speed of the last seconds; null while it is not known. */
  bytesPerS: number | null
  /** Why it failed, or why it is not shared. */
  reason?: string
  /** It may go well another time. */
  mayPass?: boolean
  /** The file of the library that it has become. */
  fileId?: string
  share?: Share
}

/** The uploads of this window, in the order in which they were asked for. */
export type UploadsState = { uploads: readonly Upload[]; isOpen: boolean }

/** The uploads; written by their queue alone, but for `isOpen`: whether the list is unfolded. */
export const useUploads = create<UploadsState>()(() => ({ uploads: [], isOpen: true }))

/** Folds or unfolds the list of uploads. */
export const openUploads = (isOpen: boolean): void => useUploads.setState({ isOpen })
