/**
 * OAEP's decoding, by what is wrong with a block: its first byte alone, which would give plaintexts away (Manger 2001), or
 * all the rest. That something is wrong whoever asked is told anyway.
 */

import { kernelsProvider, systemEntropy } from '@softkms/hsm'
import { decryptOaep, encryptOaep } from '../../packages/hsm/src/algorithms/rsa/oaep.ts'
import type { LeakSubject } from './subject.ts'

const MODULUS_BYTES = 256
const HASH = 'SHA-256'

export async function createOaepSubjects(): Promise<readonly LeakSubject[]> {
  await kernelsProvider.prepare?.(['SHA'])
  const numbers = { modulus: new Uint8Array(MODULUS_BYTES), publicExponent: Uint8Array.of(1) }
  // The power is left out: what comes in is the block.
  const key = { compute: (input: Uint8Array) => input.slice(), zeroize: () => undefined }
  const right = encryptOaep(kernelsProvider, key, numbers, HASH, new Uint8Array(32), systemEntropy)
  const block = right.slice()
  const decode = () => decryptOaep(kernelsProvider, key, numbers, HASH, block)
  const subject = {
    secretBytes: MODULUS_BYTES,
    repeats: 1,
    prepare(secret: Uint8Array) {
      let any = 0
      for (let i = 1; i < MODULUS_BYTES; i++) {
        block[i] = (right[i] ?? 0) ^ (secret[i] ?? 0)
        any |= secret[i] ?? 0
      }
      // 1 for zeros, and 0 for every other secret.
      block[0] = ((any - 1) >> 8) & 1
    },
  }
  return [
    { ...subject, name: 'OAEP: decoding, by what is wrong', isControl: false, run: decode },
    {
      ...subject,
      name: 'control: OAEP, decoding that stops early',
      isControl: true,
      run: () => (block[0] === 0 ? decode() : undefined),
    },
  ]
}
