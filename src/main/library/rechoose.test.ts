import { expect, onTestFinished, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { decodingOf } from '../media/decoding.ts'
import { resolveTools } from '../media/tools.ts'
import { choosePackager } from '../streaming/packagers.ts'
import { startLibrary, waitUntil } from './testing.ts'

test('what an older version did not take is chosen for at the next start, without reading it again', async () => {
  const { decodable } = await resolveTools(process.env)
  let isOld = true
  let reads = 0
  const it = await startLibrary({
    choosePackager(media, index) {
      const choice = choosePackager(media, index, decodingOf(decodable))
      return isOld && choice.packager === 'transcode' ? { ...choice, packager: null } : choice
    },
    onSettled: (id) => it.settled.push(id),
    emit(event) {
      if (event.type === 'file.updated' && event.file.status === 'processing') reads += 1
    },
  })
  onTestFinished(() => it.close())
  const [old, plain, lost] = [
    await it.read(testMedia('h264-opengop.mp4')),
    await it.read(testMedia('h264-aac-gop2.mp4')),
    await it.read(testMedia('h264-opengop-idr.mp4')),
  ]
  expect([old, plain, lost].map((file) => file.playable)).toEqual([false, true, false])
  expect(reads).toBe(3)

  isOld = false
  it.settled.length = 0
  it.store.mediaIndexes.remove(it.store.files.byId(lost.id)?.fingerprint ?? '')
  await it.restart()
  await waitUntil(() => it.files().every((file) => file.playable))
  expect(it.library.get(old.id)).toMatchObject({ delivery: 'transcode', status: 'completed' })
  expect(await it.library.playable(old.id)).toMatchObject({ packager: 'transcode' })
  // Only the one whose key table was lost is read.
  expect(reads).toBe(4)
  expect(it.settled.toSorted()).toEqual([old.id, lost.id].toSorted())
})
