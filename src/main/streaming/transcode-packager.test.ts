import { hasTestMedia } from '../../../scripts/test-media.ts'
import { testPackager } from './packager.contract.ts'
import { createConverter } from './testing-conversion.ts'
import { testTools } from './testing.ts'

testPackager(
  'transcode',
  async () => createConverter(await testTools()),
  ['h264-opengop.mp4', 'h264-ac3.mkv'].filter(hasTestMedia),
)
