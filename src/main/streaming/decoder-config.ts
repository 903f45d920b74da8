import type { InputAudioTrack, InputVideoTrack } from 'mediabunny'

/** The parts of WebCodecs' decoder configurations that are used; their types are the DOM's, which Node has not. */
type DecoderConfig = { codec: string; sampleRate?: number; description?: ArrayBuffer | ArrayBufferView }

/** The decoder configuration of a track; null when its codec is unknown. */
export async function readDecoderConfig(
  track: InputVideoTrack | InputAudioTrack,
): Promise<DecoderConfig | null> {
  const config: unknown = await track.getDecoderConfig()
  return config as DecoderConfig | null
}

/** The out-of-band configuration of a codec: for H.264 the AVCDecoderConfigurationRecord; null for a codec without. */
export async function readCodecDescription(
  track: InputVideoTrack | InputAudioTrack,
): Promise<Uint8Array | null> {
  const description = (await readDecoderConfig(track))?.description
  if (!description) return null
  return ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description)
}
