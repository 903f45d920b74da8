import { packetsOf, type Recipe } from './recipe-parts.ts'

/** Transport streams: each is another one's packets, so all are made in no time. */
export const TRANSPORT_RECIPES: readonly Recipe[] = [
  { name: 'h264-aac.ts', trait: 'MPEG transport stream', args: ['-i', '@h264-aac-gop2.mp4', '-c', 'copy'] },
  {
    name: 'h264-wrap.ts',
    trait: 'a transport stream whose clock of 33 bits begins anew in the middle',
    args: ['-i', '@h264-2997.mp4', '-c', 'copy', '-output_ts_offset', '95437'],
  },
  {
    name: 'h264-two-audio.ts',
    trait: 'a transport stream with two tracks of sound',
    args: ['-i', '@h264-two-audio.mp4', '-map', '0', '-c', 'copy'],
  },
  { name: 'aac.ts', trait: 'radio: a transport stream of sound', args: ['-i', '@aac.m4a', '-c', 'copy'] },
  {
    name: 'h264-aac.m2ts',
    trait: 'a camera: a time stamp before each packet of the transport stream',
    needs: 'h264-aac.ts',
    bytes: (read) => Buffer.concat(packetsOf(read('h264-aac.ts')).flatMap((it) => [Buffer.alloc(4), it])),
  },
  {
    name: 'h264-tuned-in.ts',
    trait: 'a recording that begins inside a packet and inside a GOP',
    needs: 'h264-aac.ts',
    bytes: (read) => read('h264-aac.ts').subarray(100 * 188 + 77),
  },
  {
    name: 'h264-opengop-idr.ts',
    trait: 'open GOPs with an IDR every 4 s, as some broadcasters do',
    args: ['-i', '@h264-opengop-idr.mp4', '-c', 'copy'],
  },
  {
    name: 'h264-lost.ts',
    trait: 'a recording with a lost packet: no exact copy can be made on request',
    needs: 'h264-aac.ts',
    bytes: (read) => Buffer.concat(packetsOf(read('h264-aac.ts')).filter((_, at) => at !== 1943)),
  },
]
