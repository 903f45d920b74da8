import type { MediaInfo } from '../../shared/media.ts'
import { serveTasks } from '../base/worker-host.ts'
import { lookInto, type Look } from '../media/look.ts'
import { readDirectly } from '../media/source.ts'
import type { Tools } from '../media/tools.ts'
import type { ScanProgress } from './file-scan.ts'
import { buildMediaIndex } from './keyframes.ts'

/** Request of the task `look`. */
export type LookTask = { path: string; tools: Tools }

/** Request of the task `index`; `saved` is what an earlier run of it told to save, undefined when nobody wants that. */
export type IndexTask = { path: string; media: MediaInfo; tools: Tools; saved?: string | null }

/** What the task `index` tells on its way. */
export type IndexEvent = { kind: 'save'; state: string } | { kind: 'report'; fraction: number }

/** True for files whose key table stands in them: it is read before anybody could say whether it is known already. */
const isIndexedAtOnce = ({ demuxer }: MediaInfo): boolean => demuxer === 'mov'

readDirectly()
// The entry of the threads that read files: all parsing of what nobody has vouched for happens here.
serveTasks({
  async look({ path, tools }: LookTask, { signal }): Promise<Look> {
    const look = await lookInto(path, tools, signal)
    if (!isIndexedAtOnce(look.media)) return look
    return { ...look, index: await buildMediaIndex({ path, media: look.media, tools }, signal) }
  },
  index({ saved, ...request }: IndexTask, { signal, emit }) {
    const tell = (event: IndexEvent): void => emit(event)
    if (saved === undefined) return buildMediaIndex(request, signal)
    const progress: ScanProgress = {
      saved,
      save: (state) => tell({ kind: 'save', state }),
      report: (fraction) => tell({ kind: 'report', fraction }),
    }
    return buildMediaIndex({ ...request, progress }, signal)
  },
})
