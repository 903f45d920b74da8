import { noise, type Recipe } from './recipe-parts.ts'

/** Files that are called films and are none, or only a part of one. */
export const DAMAGED_RECIPES: readonly Recipe[] = [
  { name: 'empty.mp4', trait: 'no byte', bytes: () => Buffer.alloc(0) },
  { name: 'random.mp4', trait: 'noise', bytes: () => noise(300_000) },
  { name: 'zeros.mp4', trait: 'a download that never began', bytes: () => Buffer.alloc(200_000) },
  {
    name: 'truncated.mp4',
    trait: 'a copy that stopped at 40 %: its index is missing',
    needs: 'h264-aac-gop10.mp4',
    bytes: (read) => {
      const whole = read('h264-aac-gop10.mp4')
      return whole.subarray(0, Math.floor(whole.length * 0.4))
    },
  },
  {
    name: 'playlist.mp4',
    trait: 'an HLS playlist under a film name, which names a neighbour',
    bytes: () =>
      Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nh264-aac-gop2.mp4\n#EXT-X-ENDLIST\n'),
  },
  {
    name: 'concat.mp4',
    trait: 'an ffconcat list under a film name',
    bytes: () => Buffer.from('ffconcat version 1.0\nfile h264-aac-gop2.mp4\n'),
  },
]
