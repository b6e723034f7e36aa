/**
 * The operations that are timed, over anything that performs them: the engine in this process, or a client of a server.
 */

import { DOCUMENTED_RATES } from '../documented-rates.ts'
import type { Subject } from '../row.ts'

/** The part of KMS that the bench calls. */
export interface BenchedKms {
  encrypt(plaintext: Uint8Array): Promise<Uint8Array>
  decrypt(ciphertextBlob: Uint8Array): Promise<Uint8Array>
  generateDataKey(): Promise<{ readonly plaintext: Uint8Array; readonly ciphertextBlob: Uint8Array }>
}

const SIZES = [32, 4096] as const

export async function createSubjects(kms: BenchedKms): Promise<readonly Subject[]> {
  const subjects: Subject[] = [
    {
      name: 'GenerateDataKey AES_256',
      documentedRate: DOCUMENTED_RATES.GenerateDataKey,
      async check() {
        const { plaintext, ciphertextBlob } = await kms.generateDataKey()
        assertEqual(await kms.decrypt(ciphertextBlob), plaintext)
      },
      run: () => kms.generateDataKey(),
    },
  ]
  for (const size of SIZES) {
    const plaintext = Uint8Array.from({ length: size }, (_, i) => i & 0xff)
    const ciphertextBlob = await kms.encrypt(plaintext)
    subjects.push(
      {
        name: `Encrypt ${size} B`,
        documentedRate: DOCUMENTED_RATES.Encrypt,
        check: async () => assertEqual(await kms.decrypt(await kms.encrypt(plaintext)), plaintext),
        run: () => kms.encrypt(plaintext),
      },
      {
        name: `Decrypt ${size} B`,
        documentedRate: DOCUMENTED_RATES.Decrypt,
        check: async () => assertEqual(await kms.decrypt(ciphertextBlob), plaintext),
        run: () => kms.decrypt(ciphertextBlob),
      },
    )
  }
  return subjects
}

function assertEqual(actual: Uint8Array, expected: Uint8Array): void {
  if (actual.length === expected.length && actual.every((byte, i) => byte === expected[i])) return
  throw new Error('the answer is wrong, so it is not timed')
}
