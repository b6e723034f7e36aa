/**
 * The messages over which the bench times ML-DSA: all of them are signed and verified, and no file is passed over.
 *
 * @covers FIPS 204 §5
 */

import { type MlDsaParameters, kernelsProvider, nobleProvider } from '@softkms/hsm'
import { expect, test } from 'vitest'
import type { Entropy } from '../../../packages/hsm/src/entropy.ts'
import { runs } from '../../support/runs.ts'
import { listVectors, testVectors } from '../../support/vectors.ts'

const ZEROS: Entropy = { fill: (bytes) => void bytes.fill(0) }
// Before it is ready, noble would be held to itself.
await kernelsProvider.prepare?.(['ML-DSA'])
if (kernelsProvider.servedBy['ML-DSA'] !== 'kernels') throw new Error('this runtime has no kernel')

const LEVELS = [44, 65, 87] as const

for (const level of LEVELS) {
  for (const file of [`ML-DSA-${level}.json`, `ML-DSA-${level}.alt.json`]) {
    testVectors(`cctv/${file}`, (parsed) => {
      const messages = parsed as readonly string[]
      expect(new Set(messages).size).toBe(messages.length)
      expect(messages.length).toBeGreaterThan(100)
      const parameters: MlDsaParameters = `ML-DSA-${level}`
      // noble signs as many as there is time for, and verifies them all.
      const key = kernelsProvider.createMlDsaKey(parameters, new Uint8Array(32))
      const slowKey = nobleProvider.createMlDsaKey(parameters, new Uint8Array(32))
      for (const [i, message] of messages.entries()) {
        const mu = nobleProvider.computeMlDsaMu(key.publicKey, new TextEncoder().encode(message))
        const signature = key.sign(mu, ZEROS)
        expect(nobleProvider.verifyMlDsa(parameters, key.publicKey, mu, signature)).toBe(true)
        if (i < runs(10, messages.length)) expect(slowKey.sign(mu, ZEROS)).toEqual(signature)
      }
    })
  }
}

test('every file of the collection is read by a test', () => {
  const messages = LEVELS.flatMap((level) => [`ML-DSA-${level}.alt.json`, `ML-DSA-${level}.json`])
  // Candidates of RSA primes: test/hsm/rsa/generate.test.ts.
  const candidates = [2048, 3072, 4096].map((bits) => `rsa.bench.${bits}.txt`)
  expect([...messages, ...candidates]).toEqual(expect.arrayContaining([...listVectors('cctv')]))
})
