/** The symmetric primitives as a provider has them, with no command of the HSM around them. */

import { type Provider, equalBytes, nobleProvider } from '@softkms/hsm'
import { deriveKey } from '../../packages/hsm/src/algorithms/kbkdf/kbkdf.ts'
import type { Subject } from '../row.ts'

/** They take about a microsecond, so that many are timed at once. */
const OPERATIONS = 64
const SIZES = [32, 4096] as const

const KEY = Uint8Array.from({ length: 32 }, (_, i) => 3 * i + 1)
const NONCE = new Uint8Array(12).fill(9)
const ADDITIONAL_DATA = new Uint8Array(32).fill(4)

/** What a message key is derived from: 77 bytes with counter, separator and length. */
const LABEL = new TextEncoder().encode('softkms message key')
const CONTEXT = [new Uint8Array(33).fill(1), new Uint8Array(16).fill(2)]

type Operation = () => Uint8Array | undefined

/** @param provider ready: it is asked at once */
export function createSymmetricSubjects(provider: Provider): readonly Subject[] {
  const sized = SIZES.flatMap((size) => {
    const plaintext = new Uint8Array(size).fill(7)
    const sealed = nobleProvider.sealAesGcm(KEY, NONCE, ADDITIONAL_DATA, plaintext)
    return [
      subjectOf(
        provider,
        `AES-256-GCM seal ${size} B`,
        (by) => () => by.sealAesGcm(KEY, NONCE, ADDITIONAL_DATA, plaintext),
      ),
      subjectOf(
        provider,
        `AES-256-GCM open ${size} B`,
        (by) => () => by.openAesGcm(KEY, NONCE, ADDITIONAL_DATA, sealed),
      ),
      subjectOf(provider, `SHA-256 ${size} B`, (by) => () => by.digest('SHA-256', plaintext)),
    ]
  })
  return [
    ...sized,
    subjectOf(provider, 'HMAC-SHA-256 32 B', (by) => {
      const mac = by.createHmac('SHA-256', KEY)
      return () => mac.compute(ADDITIONAL_DATA)
    }),
    subjectOf(provider, 'KBKDF 32 B', (by) => {
      const mac = by.createHmac('SHA-256', KEY)
      return () => deriveKey(mac, LABEL, ...CONTEXT)
    }),
  ]
}

/** @param prepare what is not timed; right is what the reference answers */
function subjectOf(provider: Provider, name: string, prepare: (by: Provider) => Operation): Subject {
  const operation = prepare(provider)
  return {
    name,
    operations: OPERATIONS,
    async check() {
      const [answer, expected] = [operation(), prepare(nobleProvider)()]
      const isRight = answer !== undefined && expected !== undefined && equalBytes(answer, expected)
      if (!isRight) throw new Error(`${name}: the answer is wrong, so it is not timed`)
    },
    async run() {
      for (let i = 0; i < OPERATIONS; i++) operation()
    },
  }
}
