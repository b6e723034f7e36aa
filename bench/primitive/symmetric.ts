/** AES-256-GCM, digests, HMAC, what derives a message's key from it, and random bytes, of one provider. */

import { createCtrDrbg, nobleProvider } from '@softkms/hsm'
import { deriveKey } from '../../packages/hsm/src/algorithms/kbkdf/kbkdf.ts'
import type { OwnProvider } from '../providers.ts'
import { type Run, type Subject, assertRight } from '../row.ts'
import {
  ADDITIONAL_DATA,
  DIGESTS,
  KEY,
  MAC_HASHES,
  MESSAGE,
  NONCE,
  SIZES,
  areEqual,
  macKeyOf,
  plaintextOf,
} from './inputs.ts'

const LABEL = new TextEncoder().encode('softkms bench')
const RANDOM_LENGTH = 32

export function symmetricSubjects({ provider, computes }: OwnProvider): readonly Subject[] {
  return [
    ...(computes('AES-256-GCM') ? SIZES.flatMap(sealAndOpen) : []),
    ...(computes('HMAC') ? [...MAC_HASHES.map(mac), derivation()] : []),
    ...(computes('HMAC', 'AES-256-GCM') ? [dataKeyPath()] : []),
    ...(computes('SHA') ? DIGESTS.map(digest) : []),
    ...(computes('AES-256') ? [random()] : []),
  ]

  function sealAndOpen(size: number): readonly Subject[] {
    const plaintext = plaintextOf(size)
    const sealed = (): Uint8Array => nobleProvider.sealAesGcm(KEY, NONCE, ADDITIONAL_DATA, plaintext)
    const seal = () => provider.sealAesGcm(KEY, NONCE, ADDITIONAL_DATA, plaintext)
    return [
      checked(`AES-256-GCM seal ${size} B`, () => ({ run: seal, isRight: areEqual(seal(), sealed()) })),
      checked(`AES-256-GCM open ${size} B`, () => {
        const given = sealed()
        const open = () => provider.openAesGcm(KEY, NONCE, ADDITIONAL_DATA, given)
        return { run: open, isRight: areEqual(open(), plaintext) }
      }),
    ]
  }

  function mac(hash: (typeof MAC_HASHES)[number]): Subject {
    return checked(`HMAC-${hash} 32 B`, () => {
      const key = provider.createHmac(hash, macKeyOf(hash))
      const expected = nobleProvider.createHmac(hash, macKeyOf(hash)).compute(MESSAGE)
      return { run: () => key.compute(MESSAGE), isRight: areEqual(key.compute(MESSAGE), expected) }
    })
  }

  /** As a message's key is derived: from a MAC key that is there, for a nonce. @spec SP 800-108r1 §4.1 */
  function derivation(): Subject {
    return checked('KBKDF 32 B', () => {
      const key = provider.createHmac('SHA-256', KEY)
      const expected = deriveKey(nobleProvider.createHmac('SHA-256', KEY), LABEL, MESSAGE)
      const derive = () => deriveKey(key, LABEL, MESSAGE)
      return { run: derive, isRight: areEqual(derive(), expected) }
    })
  }

  /** What a data key costs besides its random bytes. */
  function dataKeyPath(): Subject {
    return checked('KBKDF and AES-256-GCM seal 32 B', () => {
      const reference = deriveKey(nobleProvider.createHmac('SHA-256', KEY), LABEL, MESSAGE)
      const expected = nobleProvider.sealAesGcm(reference, NONCE, ADDITIONAL_DATA, MESSAGE)
      const key = provider.createHmac('SHA-256', KEY)
      const run = () => provider.sealAesGcm(deriveKey(key, LABEL, MESSAGE), NONCE, ADDITIONAL_DATA, MESSAGE)
      return { run, isRight: areEqual(run(), expected) }
    })
  }

  function digest(hash: (typeof DIGESTS)[number]): Subject {
    const input = plaintextOf(4096)
    return checked(`${hash} 4096 B`, () => ({
      run: () => provider.digest(hash, input),
      isRight: areEqual(provider.digest(hash, input), nobleProvider.digest(hash, input)),
    }))
  }

  function random(): Subject {
    return checked(`CTR_DRBG ${RANDOM_LENGTH} B`, () => {
      const generator = createCtrDrbg(provider)
      const [first, second] = [new Uint8Array(RANDOM_LENGTH), new Uint8Array(RANDOM_LENGTH)]
      generator.fill(first)
      const run = () => generator.fill(second)
      run()
      return { run, isRight: !areEqual(first, second) }
    })
  }
}

/** A subject whose answer is compared with what the reference gives. */
export function checked(name: string, prepare: () => { readonly run: Run; readonly isRight: boolean }): Subject {
  return {
    name,
    prepare() {
      const { run, isRight } = prepare()
      assertRight(isRight, name)
      return run
    },
  }
}
