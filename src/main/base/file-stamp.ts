import type { BigIntStats } from 'node:fs'

/** Tells a file from any other, and from itself after it was written to: device, inode, size, time in nanoseconds. */
export const fileStamp = ({ dev, ino, size, mtimeNs }: BigIntStats): string =>
  `${dev}/${ino}/${size}/${mtimeNs}`
