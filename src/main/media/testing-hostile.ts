/** The film with the entry of its data reference box (ISO 14496-12 8.7.2) naming `url` instead of the file itself. */
export function withDataElsewhere(film: Buffer, url: string): Buffer {
  const at = film.indexOf('url ', 0, 'latin1') - 4
  const text = Buffer.from(`${url}\0`)
  const changed = Buffer.concat([film.subarray(0, at + 12), text, film.subarray(at + 12)])
  changed.writeUInt32BE(12 + text.length, at)
  // Flag 1 says "in this file"; without it the name counts.
  changed.writeUInt32BE(0, at + 8)
  for (const box of ['dref', 'dinf', 'minf', 'mdia', 'trak', 'moov']) {
    const start = changed.lastIndexOf(box, at, 'latin1') - 4
    changed.writeUInt32BE(changed.readUInt32BE(start) + text.length, start)
  }
  return changed
}

/**
 * The AVI with its sound made a track of subtitles whose first packet is `text` in the wrapping that ffmpeg unwraps and
 * reads with a demuxer of its own (GAB2, libavformat `read_gab2_sub`): the hole of 2016 that sent files of a server away.
 */
export function withSubtitle(avi: Buffer, text: string): Buffer {
  const changed = Buffer.from(avi)
  const header = changed.indexOf('auds', 0, 'latin1')
  changed.write('txts', header, 'latin1')
  const content = Buffer.from(text)
  const packet = Buffer.concat([Buffer.from('GAB2\0', 'latin1'), Buffer.alloc(6), Buffer.alloc(6), content])
  packet.writeUInt16LE(2, 5)
  packet.writeUInt16LE(4, 11)
  packet.writeUInt32LE(content.length, 13)
  const first = changed.indexOf('01wb', changed.indexOf('movi', 0, 'latin1'), 'latin1')
  const room = changed.readUInt32LE(first + 4)
  if (packet.length > room) throw new RangeError(`a packet of ${room} bytes has no room for ${packet.length}`)
  changed.write('01tx', first, 'latin1')
  changed.fill(0x0a, first + 8, first + 8 + room)
  packet.copy(changed, first + 8)
  return changed
}

/**
 * The MP3 with a tag that holds a picture of that type, ID3v2.3 section 4.15; for the type `-->` the picture is a URL.
 */
export function withCover(sound: Buffer, picture: Buffer, type = 'image/png'): Buffer {
  const body = Buffer.concat([Buffer.from(`\0${type}\0\x03\0`, 'latin1'), picture])
  const frame = Buffer.concat([Buffer.from('APIC\0\0\0\0\0\0', 'latin1'), body])
  frame.writeUInt32BE(body.length, 4)
  const size = [21, 14, 7, 0].map((shift) => (frame.length >> shift) & 127)
  return Buffer.concat([Buffer.from('ID3\x03\0\0', 'latin1'), Buffer.from(size), frame, sound])
}
