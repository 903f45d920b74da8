import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockDataFolder } from './lock.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'matinee-lock-'))

test('S74: a data folder has one owner at a time, and is free again after it', () => {
  const dir = folder()
  const release = lockDataFolder(dir)
  expect(() => lockDataFolder(dir)).toThrow(expect.objectContaining({ code: 'conflict' }))
  release()
  lockDataFolder(dir)()
})

test('S74: a killed owner leaves no lock behind', async () => {
  const dir = folder()
  const script = `
    const Database = require('better-sqlite3')
    new Database(${JSON.stringify(join(dir, 'lock'))}).exec('BEGIN EXCLUSIVE')
    process.stdout.write('held')
    setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(owner.stdout, 'data')
  expect(() => lockDataFolder(dir)).toThrow(expect.objectContaining({ code: 'conflict' }))
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  lockDataFolder(dir)()
})
