/**
 * The reference provider and Node's OpenSSL give the same answers to the same questions.
 *
 * @covers SP 800-38D §7; FIPS 198-1
 */
import { type Provider, nobleProvider } from '@softkms/hsm'
import * as fc from 'fast-check'
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { flipBit, toHex } from '../support/bits.ts'
import { runs } from '../support/runs.ts'

/** The provider's questions, asked of Node. */
const nodeProvider: Provider = {
  ...nobleProvider,
  name: 'node',
  sealAesGcm(key, nonce, additionalData, plaintext) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
    cipher.setAAD(additionalData)
    return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
  },
  openAesGcm(key, nonce, additionalData, sealed) {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
    decipher.setAAD(additionalData)
    decipher.setAuthTag(sealed.subarray(-16))
    const opened = decipher.update(sealed.subarray(0, -16))
    try {
      return Buffer.concat([opened, decipher.final()])
    } catch {
      return undefined
    }
  },
  createHmac(_hash, key) {
    const kept = Uint8Array.from(key)
    return {
      compute: (message) => createHmac('sha256', kept).update(message).digest(),
      zeroize: () => kept.fill(0),
    }
  },
}

const exactly = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length })
const upTo = (maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ maxLength, size: 'max' }))

const question = fc.record({
  key: exactly(32),
  nonce: exactly(12),
  additionalData: upTo(2000),
  plaintext: upTo(4200),
})

test('AES-256-GCM seals to the same bytes, and each opens what the other sealed', () => {
  fc.assert(
    fc.property(question, ({ key, nonce, additionalData, plaintext }) => {
      const [ours, theirs] = [nobleProvider, nodeProvider].map((provider) =>
        provider.sealAesGcm(key, nonce, additionalData, plaintext),
      )
      expect(toHex(ours ?? plaintext)).toBe(toHex(theirs ?? key))
      for (const provider of [nobleProvider, nodeProvider]) {
        const opened = provider.openAesGcm(key, nonce, additionalData, ours ?? plaintext)
        expect(opened && toHex(opened)).toBe(toHex(plaintext))
      }
    }),
    { numRuns: runs(300, 10_000) },
  )
})

test('AES-256-GCM refuses the same: a bit changed in anything', () => {
  const changes = fc.tuple(question, fc.constantFrom('key', 'nonce', 'additionalData', 'sealed'), fc.nat())
  fc.assert(
    fc.property(changes, ([{ key, nonce, additionalData, plaintext }, what, place]) => {
      const asked = {
        key,
        nonce,
        additionalData,
        sealed: nobleProvider.sealAesGcm(key, nonce, additionalData, plaintext),
      }
      const changed = asked[what]
      fc.pre(changed.length > 0)
      const wrong = { ...asked, [what]: flipBit(changed, place % (8 * changed.length)) }
      for (const provider of [nobleProvider, nodeProvider]) {
        expect(provider.openAesGcm(wrong.key, wrong.nonce, wrong.additionalData, wrong.sealed)).toBeUndefined()
      }
    }),
    { numRuns: runs(300, 10_000) },
  )
})

test('HMAC-SHA-256 gives the same tags, for any key and many messages under one', () => {
  const messages = fc.array(upTo(1000), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(upTo(200), messages, (key, all) => {
      const ours = nobleProvider.createHmac('SHA-256', key)
      const theirs = nodeProvider.createHmac('SHA-256', key)
      for (const message of all) expect(toHex(ours.compute(message))).toBe(toHex(theirs.compute(message)))
    }),
    { numRuns: runs(300, 10_000) },
  )
})

test('the key that HMAC is prepared with may change afterwards, and zeroized it computes no more', () => {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i)
  const mac = nobleProvider.createHmac('SHA-256', key)
  const tag = toHex(mac.compute(Uint8Array.of(1)))
  key.fill(0)
  expect(toHex(mac.compute(Uint8Array.of(1)))).toBe(tag)
  mac.zeroize()
  expect(() => mac.compute(Uint8Array.of(1))).toThrow(Error)
})
