/** Memory that is given back, and memory that is not the caller's alone. */
import { releaseBytes } from '@softkms/hsm'
import { expect, test } from 'vitest'

test('bytes that are all of their buffer are gone', () => {
  const bytes = new Uint8Array(100).fill(1)
  releaseBytes(bytes)
  expect(bytes.length).toBe(0)
  releaseBytes(bytes)
})

test('bytes that are a part of a larger buffer stay, as does the rest of it', () => {
  const whole = new Uint8Array(100).fill(1)
  releaseBytes(whole.subarray(0, 50))
  expect(whole.length).toBe(100)
  expect(whole.every((byte) => byte === 1)).toBe(true)
})
