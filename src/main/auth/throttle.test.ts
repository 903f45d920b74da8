import { beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../base/errors.ts'
import { createThrottle, type Throttle } from './throttle.ts'

const TUNNEL = 1
const HOME = 2

describe('S30: the throttle', () => {
  let clock: number
  let waited: number[]
  let throttle: Throttle
  beforeEach(() => {
    clock = 1_700_000_000_000
    waited = []
    throttle = createThrottle({
      now: () => clock,
      wait: async (ms) => {
        waited.push(ms)
      },
    })
  })
  /** One try: `wrong`, `right`, or the seconds to wait. */
  const attempt = async (subject: string, isRight = false, ingress = TUNNEL): Promise<string> => {
    try {
      const found = await throttle.attempt(subject, ingress, async () => (isRight ? subject : null))
      return found === null ? 'wrong' : 'right'
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'too_many_requests') throw error
      return `wait ${error.retryAfterS}`
    }
  }
  const fail = async (times: number, subject: string, ingress = TUNNEL): Promise<string[]> => {
    const answers = []
    for (let it = 0; it < times; it += 1) answers.push(await attempt(subject, false, ingress))
    return answers
  }

  it('refuses a sixth wrong password, and takes the right one after the pause', async () => {
    expect(await fail(7, 'ada')).toEqual([...Array<string>(5).fill('wrong'), 'wait 1', 'wait 1'])
    clock += 500
    expect(await attempt('ada', true)).toBe('right')
    // With that, what was before is forgotten.
    expect(await fail(5, 'ada')).toEqual(Array(5).fill('wrong'))
  })

  it('doubles the pause up to 25 s, which tries in the pause do not prolong', async () => {
    const pauses: string[] = []
    await fail(4, 'ada')
    for (let it = 0; it < 8; it += 1) {
      expect(await attempt('ada')).toBe('wrong')
      const [told = ''] = await fail(50, 'ada')
      pauses.push(told)
      clock += Number(told.split(' ')[1]) * 1000
    }
    expect(pauses).toEqual([
      'wait 1',
      'wait 1',
      'wait 2',
      'wait 4',
      'wait 8',
      'wait 16',
      'wait 25',
      'wait 25',
    ])
    expect(await attempt('ada', true)).toBe('right')
  })

  it('keeps nobody out but who was tried, and that one not by another ingress', async () => {
    await fail(20, 'ada')
    expect(await attempt('ada', true)).toMatch(/^wait/)
    expect(await attempt('ben', true)).toBe('right')
    expect(await attempt('ada', true, HOME)).toBe('right')
  })

  it('makes an ingress slow at which many names are tried, never shut, and no other', async () => {
    for (let it = 0; it < 40; it += 1) await attempt(`name ${it}`)
    expect(waited.at(0)).toBe(100)
    expect(waited.at(-1)).toBe(2_000)
    expect(Math.max(...waited)).toBe(2_000)
    expect(await attempt('ada', true)).toBe('right')
    waited.length = 0
    expect(await attempt('ada', true, HOME)).toBe('right')
    expect(waited).toEqual([])
    clock += 10 * 60_000
    expect(await attempt('ada', true)).toBe('right')
    expect(waited).toEqual([])
  })

  it('counts tries that come at once before the first of them has failed', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => attempt('ada')))
    expect(answers.filter((it) => it === 'wrong')).toHaveLength(5)
  })

  it('lets so many tries of an ingress be under way and no more', async () => {
    let release: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const slow = createThrottle({ now: () => clock, wait: () => gate })
    const tries = Array.from({ length: 70 }, async (_, it) =>
      slow.attempt(`name ${it}`, TUNNEL, async () => {
        await gate
        return null
      }),
    )
    const settled = Promise.allSettled(tries)
    release()
    expect((await settled).filter((it) => it.status === 'rejected')).toHaveLength(6)
    expect(await slow.attempt('ada', TUNNEL, async () => 'in')).toBe('in')
  })
})
