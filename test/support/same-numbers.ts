import { expect } from 'vitest'

/** Long lists are the same; says at once where they are not, and takes no longer than it must. */
export function expectSame(numbers: readonly number[], expected: readonly number[]): void {
  const at = numbers.findIndex((number, i) => number !== expected[i])
  if (at >= 0 || numbers.length !== expected.length) expect.fail(`number ${at}: ${numbers[at]}, not ${expected[at]}`)
}
