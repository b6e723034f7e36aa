/**
 * HMAC-SHA-256 against Wycheproof.
 *
 * @covers FIPS 198-1
 */
import { nobleProvider } from '@softkms/hsm'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../../support/bits.ts'
import { Tally, findWycheproof } from '../../support/wycheproof.ts'

interface Group {
  readonly tagSize: number
  readonly tests: readonly {
    readonly tcId: number
    readonly key: string
    readonly msg: string
    readonly tag: string
    readonly result: 'valid' | 'invalid' | 'acceptable'
  }[]
}

const { isMissing, summary, load } = findWycheproof<Group>('hmac_sha256_test.json')

describe.skipIf(isMissing)(`Wycheproof HMAC-SHA-256 (${summary})`, () => {
  test('each vector of ours is run, every other counted', () => {
    const { numberOfTests, testGroups } = load()
    const tally = new Tally()
    const results = { valid: 0, invalid: 0, acceptable: 0 }
    for (const { tagSize, tests } of testGroups) {
      if (tagSize !== 256) {
        tally.skip('a truncated tag', tests.length)
        continue
      }
      for (const { tcId, key, msg, tag, result } of tests) {
        tally.ran++
        results[result]++
        const computed = toHex(nobleProvider.createHmacSha256(fromHex(key)).compute(fromHex(msg)))
        expect(computed === tag, `vector ${tcId}`).toBe(result === 'valid')
      }
    }
    expect(tally.total).toBe(numberOfTests)
    expect(results.acceptable).toBe(0)
    expect(results.valid).toBeGreaterThan(20)
    expect(results.invalid).toBeGreaterThan(20)
    expect({ ran: tally.ran, ...tally.skipped }).toEqual({ ran: 87, 'a truncated tag': 87 })
  })
})
