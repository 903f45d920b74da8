import { api, sentenceOf } from '../api.ts'
import { toast } from '../state/toasts.ts'

/** Looks for new, moved and missing files of a folder now; the rail shows how it goes. */
export async function scanFolder(id: string): Promise<void> {
  try {
    await api.folders.scan(id)
  } catch (error) {
    toast(sentenceOf(error), { tone: 'fail' })
  }
}
