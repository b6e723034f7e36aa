/**
 * Nonces of ECDSA, from the private scalar, the digest and fresh bytes: neither a bad generator nor a fault that is
 * repeated on one message gives the key away.
 *
 * @spec RFC 6979 §3.2, with the additional input of §3.6
 */

import { concatBytes } from '../../bytes.ts'
import type { MacHash, MacPrimitives } from '../../symmetric-primitives.ts'
import { HMAC_LENGTHS } from '../hmac/hmac.ts'

export interface Nonces {
  /** @returns bits of which the leftmost, as many as n has, are the next candidate; the caller zeroizes them */
  next(): Uint8Array
  zeroize(): void
}

const ZERO = Uint8Array.of(0)
const ONE = Uint8Array.of(1)

/**
 * @param scalar as long as n
 * @param digest reduced modulo n, as long as n
 */
export function createNonces(
  macs: MacPrimitives,
  hash: MacHash,
  scalar: Uint8Array,
  digest: Uint8Array,
  extraEntropy: Uint8Array,
): Nonces {
  const { length } = scalar
  let mac = macs.createHmac(hash, new Uint8Array(HMAC_LENGTHS[hash]))
  let value: Uint8Array = new Uint8Array(HMAC_LENGTHS[hash]).fill(1)
  const compute = (...parts: readonly Uint8Array[]): Uint8Array => {
    const message = concatBytes(value, ...parts)
    const tag = mac.compute(message)
    message.fill(0)
    return tag
  }
  const moveOn = (): void => {
    const next = mac.compute(value)
    value.fill(0)
    value = next
  }
  const update = (separator: Uint8Array, ...seed: readonly Uint8Array[]): void => {
    const key = compute(separator, ...seed)
    mac.zeroize()
    mac = macs.createHmac(hash, key)
    key.fill(0)
    moveOn()
  }

  const seed = [scalar, digest, extraEntropy]
  update(ZERO, ...seed)
  update(ONE, ...seed)
  let isFirst = true
  return {
    next() {
      if (!isFirst) update(ZERO)
      isFirst = false
      const candidate = new Uint8Array(Math.ceil(length / value.length) * value.length)
      for (let at = 0; at < length; at += value.length) {
        moveOn()
        candidate.set(value, at)
      }
      return candidate
    },
    zeroize() {
      mac.zeroize()
      value.fill(0)
    },
  }
}
