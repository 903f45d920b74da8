import { expect, test } from 'vitest'
import type { Job } from '../../../shared/api/job.ts'
import { jobsOf, packagingOf, withJobs } from './jobs.ts'

const job = (id: string, more: Partial<Job> = {}): Job => ({
  id,
  object: 'job',
  kind: 'package',
  status: 'running',
  title: id,
  created_at: 0,
  ...more,
})

test('jobs that wait or run are kept, ended ones are not', () => {
  const state = jobsOf([
    job('a', { file_id: 'x' }),
    job('b', { status: 'completed' }),
    job('c', { kind: 'scan' }),
  ])
  expect([...state.jobs.keys()].toSorted()).toEqual(['a', 'c'])
  expect(packagingOf(state, 'x')?.id).toBe('a')
  const after = withJobs(state, [job('a', { file_id: 'x', status: 'completed' })])
  expect(packagingOf(after, 'x')).toBeUndefined()
})

test('why preparing failed is kept until it is tried again', () => {
  const failed = withJobs(jobsOf([]), [
    job('a', { file_id: 'x', status: 'failed', error: 'The disk is full.' }),
  ])
  expect(failed.failures.get('x')).toBe('The disk is full.')
  expect(withJobs(failed, [job('b', { file_id: 'x', status: 'queued' })]).failures.has('x')).toBe(false)
})

test('of a list that tells the newest first, the newest counts', () => {
  const state = jobsOf([
    job('b', { file_id: 'x', status: 'completed' }),
    job('a', { file_id: 'x', status: 'failed', error: 'no' }),
  ])
  expect(state.failures.size).toBe(0)
})
