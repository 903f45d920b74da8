import { basename } from 'node:path'
import { serveTasks } from '../base/worker-host.ts'
import { lookInto } from '../media/look.ts'
import { buildMediaIndex } from './keyframes.ts'
import type { IndexTask, LookTask } from './reading-worker.ts'

// Readers that fall for two files by their names, as a parser falls for what is in them.
serveTasks({
  look({ path, tools }: LookTask, { signal }) {
    if (basename(path).startsWith('circle')) for (;;);
    if (basename(path).startsWith('crash')) process.exit(1)
    return lookInto(path, tools, signal)
  },
  index: (request: IndexTask, { signal }) => buildMediaIndex(request, signal),
})
