import { beforeEach, expect, it, vi } from 'vitest'
import type { OpenPreview } from '../state/preview.ts'
import { playStretch } from './play-stretch.ts'

/** A media element as far as it is looked at: its clock is moved by hand. */
class FakeMedia extends EventTarget {
  currentTime = 12
  seeking = false
  isConnected = true
  paused = true
  pause(): void {
    this.paused = true
    this.dispatchEvent(new Event('pause'))
  }
  seek(seconds: number): void {
    this.currentTime = seconds
    this.dispatchEvent(new Event('seeking'))
  }
  tick(seconds: number): void {
    this.currentTime = seconds
    this.dispatchEvent(new Event('timeupdate'))
  }
}

let media: FakeMedia
let preview: OpenPreview
beforeEach(() => {
  // No frame is drawn: the page is hidden, or the machine busy.
  vi.stubGlobal('requestAnimationFrame', () => 0)
  media = new FakeMedia()
  preview = {
    fileId: 'file',
    media: media as unknown as HTMLMediaElement,
    frames: { frameS: 0.04, shownS: () => media.currentTime, aimAt: (it) => it, stop: () => undefined },
    seek: (it) => media.seek(it),
    show: (it) => media.seek(it),
    play: () => {
      media.paused = false
      return Promise.resolve()
    },
  }
  return () => vi.unstubAllGlobals()
})

it('stops on the last picture of the part', async () => {
  await playStretch(preview, { startS: 2, endS: 4 })
  media.tick(3.9)
  expect(media.paused).toBe(false)
  media.tick(4.01)
  expect([media.paused, media.currentTime]).toEqual([true, 3.96])
})

it('stops there too when the clock is seen late, far behind the end', async () => {
  await playStretch(preview, { startS: 2, endS: 4 })
  media.tick(7)
  expect([media.paused, media.currentTime]).toEqual([true, 3.96])
})

it('begins behind a seek that was under way', async () => {
  const seeks: number[] = []
  preview.show = (it) => void seeks.push(it)
  await playStretch(preview, { startS: 2, endS: 4 })
  media.seek(12)
  media.tick(12.1)
  expect(media.paused).toBe(false)
  media.seek(2)
  media.tick(4.2)
  expect([media.paused, seeks]).toEqual([true, [2, 3.96]])
})

it.each([
  ['seeks away', () => media.seek(9)],
  ['pauses and plays', () => media.pause()],
])('who %s has the player for themselves', async (_, act) => {
  await playStretch(preview, { startS: 2, endS: 4 })
  act()
  media.paused = false
  media.tick(9.5)
  expect([media.paused, media.currentTime]).toEqual([false, 9.5])
})

it('a second part takes the place of the first', async () => {
  await playStretch(preview, { startS: 2, endS: 4 })
  await playStretch(preview, { startS: 1, endS: 9 })
  media.tick(5)
  expect(media.paused).toBe(false)
  media.tick(9)
  expect(media.paused).toBe(true)
})
