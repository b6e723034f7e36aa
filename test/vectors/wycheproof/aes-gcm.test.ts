/**
 * AES-256-GCM against Wycheproof: seals to the same bytes, opens what is valid, refuses what is not.
 *
 * @covers SP 800-38D §7
 */
import { nobleProvider } from '@softkms/hsm'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../../support/bits.ts'
import { Tally, findWycheproof } from '../../support/wycheproof.ts'

interface Group {
  readonly keySize: number
  readonly ivSize: number
  readonly tagSize: number
  readonly tests: readonly {
    readonly tcId: number
    readonly key: string
    readonly iv: string
    readonly aad: string
    readonly msg: string
    readonly ct: string
    readonly tag: string
    readonly result: 'valid' | 'invalid' | 'acceptable'
  }[]
}

const { isMissing, summary, load } = findWycheproof<Group>('aes_gcm_test.json')

/** Why a group is none of ours: the boundary knows one size of each. */
function reasonToSkip({ keySize, ivSize, tagSize }: Group): string | undefined {
  if (keySize !== 256) return 'not a 256-bit key'
  if (ivSize !== 96) return 'not a 96-bit nonce'
  return tagSize === 128 ? undefined : 'not a 128-bit tag'
}

describe.skipIf(isMissing)(`Wycheproof AES-GCM (${summary})`, () => {
  test('each vector of ours is run, every other counted', () => {
    const { numberOfTests, testGroups } = load()
    const tally = new Tally()
    const results = { valid: 0, invalid: 0, acceptable: 0 }
    for (const group of testGroups) {
      const reason = reasonToSkip(group)
      if (reason !== undefined) {
        tally.skip(reason, group.tests.length)
        continue
      }
      for (const { tcId, key, iv, aad, msg, ct, tag, result } of group.tests) {
        tally.ran++
        results[result]++
        const sealed = nobleProvider.sealAesGcm(fromHex(key), fromHex(iv), fromHex(aad), fromHex(msg))
        const opened = nobleProvider.openAesGcm(fromHex(key), fromHex(iv), fromHex(aad), fromHex(ct + tag))
        expect(toHex(sealed) === ct + tag, `vector ${tcId} sealed`).toBe(result === 'valid')
        expect(opened && toHex(opened), `vector ${tcId} opened`).toBe(result === 'valid' ? msg : undefined)
      }
    }
    expect(tally.total).toBe(numberOfTests)
    expect(results.acceptable).toBe(0)
    expect(results.valid).toBeGreaterThan(30)
    expect(results.invalid).toBeGreaterThan(20)
    expect({ ran: tally.ran, ...tally.skipped }).toEqual({
      ran: 66,
      'not a 256-bit key': 211,
      'not a 96-bit nonce': 39,
    })
  })
})
