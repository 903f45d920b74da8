/** Where the packets of a transport stream lie: the first sync byte, and bytes from one to the next. */
export type PacketGrid = { firstAt: number; strideBytes: 188 | 192 }

/** Bytes of a packet; what a stride has more is a time stamp in front of each (BDAV, "M2TS"). */
export const PACKET_BYTES = 188

export const SYNC_BYTE = 0x47

/** Ticks a second of every time in a transport stream. */
export const TRANSPORT_CLOCK = 90_000

/** Sync bytes that must agree: where the head begins with a packet, and where a recording begins inside of one. */
const SURE_PACKETS = 8
const SURE_PACKETS_AT_START = 3

/**
 * Finds the packets of MPEG-TS (ISO 13818-1 section 2.4.3.2): the sync byte at every 188th place, or every 192nd with a
 * time stamp before each packet. A recording may begin inside a packet; then more of them must agree.
 */
export function findPacketGrid(head: Uint8Array): PacketGrid | null {
  for (const strideBytes of [188, 192] as const) {
    for (let firstAt = 0; firstAt < strideBytes; firstAt++) {
      if (head[firstAt] !== SYNC_BYTE) continue
      const atPacket = firstAt === 0 || (strideBytes === 192 && firstAt === 4)
      const wanted = Math.min(SURE_PACKETS, Math.floor((head.length - firstAt) / strideBytes))
      if (wanted < (atPacket ? SURE_PACKETS_AT_START : SURE_PACKETS)) continue
      const places = Array.from({ length: wanted }, (_, i) => firstAt + i * strideBytes)
      if (places.every((at) => head[at] === SYNC_BYTE)) return { firstAt, strideBytes }
    }
  }
  return null
}
