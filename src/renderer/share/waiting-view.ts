import type { Playback } from '../../shared/api/share.ts'
import { durationText } from '../../shared/media-text.ts'
import { el, icon } from '../player/dom.ts'
import { roughly, secondsLeft, withSample, type Sample } from './time-left.ts'

/** Shows in `place` how far getting ready has come. The server has drawn the first state already. */
export function createWaitingView(place: HTMLElement): { show: (playback: Playback) => void } {
  let samples: Sample[] = []
  const box = (...content: Node[]): void =>
    place.querySelector('.sp__wait')?.replaceWith(wrap(el('div', { role: 'status' }, ...content)))
  const heading = el('h2', {}, 'Getting ready')
  const bar = el('progress', { max: 1, 'aria-label': 'Getting ready' })
  const hint = el('p', {}, 'It plays here by itself.')
  box(heading, bar, hint)

  return {
    show({ status, progress, failure }) {
      if (status === 'failed') {
        box(
          icon('circle-alert'),
          el('h2', {}, 'It can’t be played'),
          el('p', {}, failure?.message ?? 'Getting it ready has failed.'),
        )
        return
      }
      if (progress === undefined) return
      samples = withSample(samples, { progress, atMs: Date.now() })
      const left = secondsLeft(samples)
      heading.textContent = progress > 0.5 ? 'Almost ready' : 'Getting ready'
      bar.value = progress
      const leftText = left === null ? '' : `About ${durationText(roughly(left))} left. `
      bar.setAttribute('aria-valuetext', `${Math.round(progress * 100)} percent. ${leftText}`.trim())
      hint.textContent = `${leftText}It plays here by itself.`
    },
  }
}

const wrap = (content: HTMLElement): HTMLElement => el('div', { class: 'sp__wait' }, content)
