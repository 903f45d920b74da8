import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { findNode, isNewEnough } from './node.mjs'

test('Node from 22.12 on is new enough', () => {
  for (const version of ['22.12.0', 'v22.20.1', '24.0.0', 'v30.1.2'])
    expect(isNewEnough(version), version).toBe(true)
  for (const version of ['22.11.9', 'v20.20.2', '18.0.0', '21.99.0'])
    expect(isNewEnough(version), version).toBe(false)
})

test('the Node that is found runs, and is new enough', () => {
  const { stdout } = spawnSync(findNode() ?? '', ['--version'], { encoding: 'utf8' })
  expect(isNewEnough(stdout.trim())).toBe(true)
})
