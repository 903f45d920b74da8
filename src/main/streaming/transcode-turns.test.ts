import { expect, test } from 'vitest'
import { createTurns, type Encoding, type Turn } from './transcode-turns.ts'

const { signal } = new AbortController()

/** Takes turns and writes down who has one. */
function line(max: number): {
  begun: string[]
  turns: ReturnType<typeof createTurns>
  join: (name: string, encoding: Encoding) => Promise<Turn>
} {
  const turns = createTurns(max)
  const begun: string[] = []
  const join = async (name: string, encoding: Encoding): Promise<Turn> => {
    const turn = await turns.take(encoding, signal)
    begun.push(name)
    return turn
  }
  return { begun, turns, join }
}

const of = (urgency: number, isLight = false): Encoding => ({ urgency: () => urgency, isLight })

test('of those that wait the one that is needed most is next, among equals who came first', async () => {
  const { begun, join } = line(1)
  const first = await join('first', of(0))
  const others = [join('little', of(1)), join('much', of(3)), join('as much', of(3))].map((it) =>
    it.then((turn) => turn()),
  )
  first()
  await Promise.all(others)
  expect(begun).toEqual(['first', 'much', 'as much', 'little'])
})

test('what takes little is done beside others, and only waits for who is needed more', async () => {
  const { begun, turns, join } = line(1)
  const picture = await join('picture', of(2))
  const sound = await join('its sound', of(2, true))
  expect(turns.isWanted(of(2, true))).toBe(false)
  expect(turns.isWanted(of(1, true))).toBe(true)
  const background = join('sound in the background', of(1, true))
  sound()
  await Promise.resolve()
  expect(begun).toEqual(['picture', 'its sound'])
  picture()
  ;(await background)()
  expect(begun).toHaveLength(3)
})

test('an encoder is wanted when one of its kind waits that is needed more', async () => {
  const { turns, join } = line(1)
  const turn = await join('first', of(1))
  const waits = join('second', of(2))
  expect(turns.isWanted(of(1))).toBe(true)
  expect(turns.isWanted(of(2))).toBe(false)
  turn()
  ;(await waits)()
  expect(turns.isWanted(of(0))).toBe(false)
})
