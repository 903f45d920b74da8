import { describe, expect, test } from 'vitest'
import { isTaken, keyCommand } from './keyboard.ts'

const press = (key: string, more: object = {}) =>
  keyCommand({ key, ctrlKey: false, metaKey: false, altKey: false, ...more })

describe('the keys of the player', () => {
  test.each([
    [' ', { do: 'toggle' }],
    ['k', { do: 'toggle' }],
    ['K', { do: 'toggle' }],
    ['j', { do: 'seekBy', seconds: -10 }],
    ['l', { do: 'seekBy', seconds: 10 }],
    ['ArrowLeft', { do: 'seekBy', seconds: -5 }],
    ['ArrowRight', { do: 'seekBy', seconds: 5 }],
    ['0', { do: 'seekToPart', part: 0 }],
    ['9', { do: 'seekToPart', part: 0.9 }],
    ['m', { do: 'mute' }],
    ['f', { do: 'fullscreen' }],
    ['c', { do: 'captions' }],
    ['<', { do: 'speedBy', steps: -1 }],
    ['>', { do: 'speedBy', steps: 1 }],
  ])('%j', (key, command) => {
    expect(press(key)).toEqual(command)
  })

  test.each(['x', 'Tab', 'Escape', 'Enter', 'F5', '10', 'constructor'])('%j is not ours', (key) => {
    expect(press(key)).toBeNull()
  })

  test('keys with Ctrl, Command or Alt belong to the browser', () => {
    for (const modifier of ['ctrlKey', 'metaKey', 'altKey'])
      expect(press('f', { [modifier]: true })).toBeNull()
  })
})

describe('keys that the focused element needs itself', () => {
  const at = (tagName: string, isContentEditable = false) => ({ tagName, isContentEditable })
  test('fields and menus keep all of theirs, buttons and links keep space', () => {
    for (const it of ['INPUT', 'TEXTAREA', 'SELECT']) expect(isTaken(at(it), 'k')).toBe(true)
    expect(isTaken(at('DIV', true), 'k')).toBe(true)
    expect(isTaken(at('BUTTON'), ' ')).toBe(true)
    expect(isTaken(at('BUTTON'), 'k')).toBe(false)
    expect(isTaken(at('BODY'), ' ')).toBe(false)
  })
})
