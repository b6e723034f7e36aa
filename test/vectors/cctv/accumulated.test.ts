/**
 * ML-DSA and ML-KEM against accumulated vectors: inputs are read from one SHAKE128, results written to another.
 *
 * @covers FIPS 203 §7, FIPS 204 §5
 */

import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { MlDsaParameters } from '../../../packages/hsm/src/asymmetric-primitives.ts'
import type { Entropy } from '../../../packages/hsm/src/entropy.ts'
import { CCTV_COUNTS } from '../../../tools/docs/vector-counts.ts'
import { DETERMINISTIC } from '../../support/providers.ts'
import { isSlow, runs } from '../../support/runs.ts'

const COUNT = runs(100, 10_000)
const ZEROS: Entropy = { fill: (bytes) => void bytes.fill(0) }

/** SHAKE128 of nothing, read piece by piece. */
function createStream(length: number): (length: number) => Uint8Array {
  const bytes = createHash('shake128', { outputLength: length }).digest()
  let at = 0
  return (taken) => Uint8Array.from(bytes.subarray(at, (at += taken)))
}

function createAccumulator() {
  return createHash('shake128', { outputLength: 32 })
}

/** For 100 keys, and for 10,000. */
const ML_DSA: Readonly<Record<MlDsaParameters, readonly [string, string]>> = {
  'ML-DSA-44': [
    'd51148e1f9f4fa1a723a6cf42e25f2a99eb5c1b378b3d2dbbd561b1203beeae4',
    'e7fd21f6a59bcba60d65adc44404bb29a7c00e5d8d3ec06a732c00a306a7d143',
  ],
  'ML-DSA-65': [
    '8358a1843220194417cadbc2651295cd8fc65125b5a5c1a239a16dc8b57ca199',
    '5ff5e196f0b830c3b10a9eb5358e7c98a3a20136cb677f3ae3b90175c3ace329',
  ],
  'ML-DSA-87': [
    '8c3ad714777622b8f21ce31bb35f71394f23bc0fcf3c78ace5d608990f3b061b',
    '80a8cf39317f7d0be0e24972c51ac152bd2a3e09bc0c32ce29dd82c4e7385e60',
  ],
}

describe('accumulated', () => {
  test('the fast run has as many as the documents tell', () => {
    for (const { tests } of Object.values(CCTV_COUNTS)) expect(tests).toBe(100)
  })

  describe.each(DETERMINISTIC)('$name', (provider) => {
    test.each(Object.keys(ML_DSA) as MlDsaParameters[])(`%s: ${COUNT} keys`, { timeout: 3_600_000 }, (parameters) => {
      const read = createStream(32 * COUNT)
      const accumulator = createAccumulator()
      for (let i = 0; i < COUNT; i++) {
        const key = provider.createMlDsaKey(parameters, read(32))
        const mu = provider.computeMlDsaMu(key.publicKey, new Uint8Array(0))
        const signature = key.sign(mu, ZEROS)
        if (!provider.verifyMlDsa(parameters, key.publicKey, mu, signature)) expect.fail(`key ${i}`)
        accumulator.update(key.publicKey).update(signature)
      }
      expect(accumulator.digest('hex')).toBe(ML_DSA[parameters][isSlow ? 1 : 0])
    })

    test(`ML-KEM-768: ${COUNT} keys`, { timeout: 3_600_000 }, () => {
      const read = createStream((64 + 32 + 1088) * COUNT)
      const accumulator = createAccumulator()
      for (let i = 0; i < COUNT; i++) {
        const key = provider.createMlKemKey('ML-KEM-768', read(64))
        const message = read(32)
        const made = provider.encapsulate('ML-KEM-768', key.encapsulationKey, {
          fill: (bytes) => bytes.set(message),
        })
        if (made === undefined) return expect.fail(`key ${i}`)
        expect(key.decapsulate(made.ciphertext)).toEqual(made.sharedSecret)
        accumulator.update(key.encapsulationKey).update(made.ciphertext).update(made.sharedSecret)
        accumulator.update(key.decapsulate(read(1088)))
      }
      expect(accumulator.digest('hex')).toBe(
        isSlow
          ? '8a518cc63da366322a8e7a818c7a0d63483cb3528d34a4cf42f35d5ad73f22fc'
          : '1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415',
      )
    })
  })
})
