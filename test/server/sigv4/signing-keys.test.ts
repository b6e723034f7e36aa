/** The signing keys that are kept: derived once, never more of them than there is room for, overwritten when they go. */
import { createHmac } from 'node:crypto'
import { type MacPrimitives, nobleProvider } from '@softkms/hsm'
import { expect, test } from 'vitest'
import { SigningKeys } from '../../../packages/server/src/protocol/sigv4/signing-keys.ts'

/** The real thing, which counts. */
function createCounting() {
  const seen = { made: 0, live: 0 }
  const primitives: MacPrimitives = {
    createHmac(hash, key) {
      const made = nobleProvider.createHmac(hash, key)
      seen.made += 1
      seen.live += 1
      return {
        compute: (message) => made.compute(message),
        zeroize() {
          seen.live -= 1
          made.zeroize()
        },
      }
    },
  }
  return { seen, primitives }
}

const credential = (region: string) => ({ accessKeyId: 'AKIAEXAMPLEEXAMPLE01', date: '20260102', region })

test('a key is the one that node:crypto derives', () => {
  const keys = new SigningKeys(nobleProvider)
  const message = new TextEncoder().encode('message')
  const mac = (key: string | Uint8Array, data: string | Uint8Array): Uint8Array =>
    createHmac('sha256', key).update(data).digest()
  const parts = ['20260102', 'eu-west-1', 'kms', 'aws4_request']
  const expected = mac(parts.reduce<string | Uint8Array>(mac, 'AWS4secret'), message)
  expect(Buffer.from(keys.get(credential('eu-west-1'), 'secret').compute(message))).toEqual(expected)
})

test('keys are derived once, kept up to a bound, and overwritten when they make room or their secret changes', () => {
  const { seen, primitives } = createCounting()
  const keys = new SigningKeys(primitives, 3)
  const derive = 5
  for (const region of ['a', 'b', 'c', 'a', 'b', 'c']) keys.get(credential(region), 'secret')
  expect(seen).toEqual({ made: 3 * derive, live: 3 })
  keys.get(credential('a'), 'secret')
  keys.get(credential('d'), 'secret')
  expect(seen).toEqual({ made: 4 * derive, live: 3 })
  // What was used last is still there; what was used longest ago is not.
  keys.get(credential('a'), 'secret')
  expect(seen.made).toBe(4 * derive)
  keys.get(credential('b'), 'secret')
  expect(seen).toEqual({ made: 5 * derive, live: 3 })
  keys.get(credential('b'), 'another secret')
  expect(seen).toEqual({ made: 6 * derive, live: 3 })
})
