import { makeTestMedia } from './make-media.ts'

/** Makes the shared test media once before any test runs. */
export default async function setup(): Promise<void> {
  await makeTestMedia()
}
