import {
  EncodedPacketSink,
  type AudioCodec,
  type EncodedPacket,
  type InputAudioTrack,
  type InputVideoTrack,
  type VideoCodec,
} from 'mediabunny'
import type { FramesIndex, TransportIndex, TransportSound } from '../../shared/media.ts'
import { adtsChannels, adtsRate, audioSpecificConfig } from '../media/adts.ts'
import { readCodecDescription } from './decoder-config.ts'

/** What an init segment says of a picture: how it is decoded and turned. */
export type PictureFormat = {
  codec: VideoCodec
  rotationDeg: 0 | 90 | 180 | 270
  decoderConfig?: NonNullable<Awaited<ReturnType<InputVideoTrack['getDecoderConfig']>>>
  /** The first packet, where the configuration stands in it and nowhere else. */
  primingPacket?: EncodedPacket
}

/** What an init segment says of a sound. */
export type SoundFormat = {
  codec: AudioCodec
  decoderConfig?: NonNullable<Awaited<ReturnType<InputAudioTrack['getDecoderConfig']>>>
  primingPacket?: EncodedPacket
}

/** The format of a track that mediabunny reads; null when it does not know the codec. */
export async function pictureFormat(track: InputVideoTrack): Promise<PictureFormat | null> {
  const codec = await track.getCodec()
  if (!codec) return null
  const config = await track.getDecoderConfig()
  // Reading a packet makes mediabunny build all its tables: only for codecs that say nothing beforehand.
  const first = (await readCodecDescription(track))
    ? null
    : await new EncodedPacketSink(track).getFirstKeyPacket()
  return {
    ...{ codec, rotationDeg: await track.getRotation() },
    ...(config ? { decoderConfig: config } : {}),
    ...(first ? { primingPacket: first } : {}),
  }
}

/** The same of a track of sound. */
export async function soundFormat(track: InputAudioTrack): Promise<SoundFormat | null> {
  const codec = await track.getCodec()
  if (!codec) return null
  const config = await track.getDecoderConfig()
  const first = (await readCodecDescription(track))
    ? null
    : await new EncodedPacketSink(track).getFirstPacket()
  return { codec, ...(config ? { decoderConfig: config } : {}), ...(first ? { primingPacket: first } : {}) }
}

/** The format of a transport stream's picture, as its scan found it. */
export function transportPictureFormat(video: NonNullable<TransportIndex['video']>): PictureFormat {
  const { codecString, width, height, configuration } = video
  const [sampleX, sampleY] = video.sampleAspect
  return {
    codec: 'avc',
    rotationDeg: 0,
    decoderConfig: {
      ...{ codec: codecString, codedWidth: width, codedHeight: height },
      ...(sampleX === sampleY
        ? {}
        : { displayAspectWidth: width * sampleX, displayAspectHeight: height * sampleY }),
      description: Buffer.from(configuration, 'base64'),
    },
  }
}

/** The format of a transport stream's sound. */
export function transportSoundFormat(sound: TransportSound): SoundFormat {
  return {
    codec: 'aac',
    decoderConfig: {
      codec: `mp4a.40.${sound.objectType}`,
      sampleRate: adtsRate(sound),
      numberOfChannels: adtsChannels(sound),
      description: audioSpecificConfig(sound),
    },
  }
}

/** The format of the sound in a file of bare ADTS or FLAC frames. */
export function framesFormat({ format, sampleRate, channels, configuration }: FramesIndex): SoundFormat {
  const description = Buffer.from(configuration, 'base64')
  const isFlac = format === 'flac'
  // The object type stands in the first five bits.
  const codec = isFlac ? 'flac' : `mp4a.40.${(description[0] ?? 0) >> 3}`
  return {
    codec: isFlac ? 'flac' : 'aac',
    decoderConfig: { codec, sampleRate, numberOfChannels: channels, description },
  }
}
