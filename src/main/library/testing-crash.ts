/**
 * A program that a test kills: opens the library in the folder argv[2], adds the folder argv[3] on its first run, and
 * writes the path of each file that was read, a line each.
 */
import { openLibrary } from './testing.ts'

const [, , dataDir = '', media = ''] = process.argv
const { library, store } = await openLibrary(dataDir, {
  emit: () => undefined,
  onSettled: (id) => process.stdout.write(`${store.files.byId(id)?.path ?? ''}\n`),
})
if (library.folders().length > 0) library.start()
else await library.addFolder({ path: media })
