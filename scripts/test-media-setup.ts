import { makeTestMedia } from './make-media.ts'
import { openRunFolder } from './run-folder.ts'

/** Makes the shared test media once before any test runs; what tests leave behind goes when all have run. */
export default async function setup(): Promise<() => void> {
  await makeTestMedia()
  return openRunFolder()
}
