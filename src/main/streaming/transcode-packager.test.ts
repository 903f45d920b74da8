import { createDiskCache } from '../base/disk-cache.ts'
import { createSources } from '../media/source.ts'
import { testPackager } from './packager.contract.ts'
import { decodingOf } from '../media/decoding.ts'
import { createSourceReadings } from './source-readings.ts'
import { testTools } from './testing.ts'
import { createTranscodePackager } from './transcode-packager.ts'
import { createPlaces } from './transcode-places.ts'
import { createTranscodeTracks } from './transcode-tracks.ts'
import { createTurns } from './transcode-turns.ts'
import { hasTestMedia } from '../../../scripts/test-media.ts'

testPackager(
  'transcode',
  async (dir) => {
    const tools = await testTools()
    const sources = createSources()
    const disk = createDiskCache({ dir, maxBytes: 1e9 })
    const closing = new AbortController()
    const tracks = createTranscodeTracks({
      ...{
        tools,
        disk,
        turns: createTurns(),
        places: createPlaces(),
        closing: closing.signal,
        stallMs: 60_000,
      },
      tablesDir: dir,
    })
    const packager = createTranscodePackager({
      ...{ sources, readings: createSourceReadings(), tracks, disk },
      canDecode: decodingOf(tools.decodable),
    })
    return {
      packager,
      async close() {
        closing.abort(new Error('the test is over'))
        await sources.close()
      },
    }
  },
  ['h264-opengop.mp4', 'h264-ac3.mkv'].filter(hasTestMedia),
)
