import { readFingerprint } from '../media/fingerprint.ts'
import { openFile } from '../media/source.ts'

/** The identity of the content at a path. Throws the system error. */
export async function fingerprintOf(path: string): Promise<string> {
  const file = await openFile(path)
  try {
    return await readFingerprint(file)
  } finally {
    await file.close()
  }
}
