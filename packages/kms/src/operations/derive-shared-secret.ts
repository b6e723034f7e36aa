/** DeriveSharedSecret: ECDH with a peer's public key. @spec KMS operations, DeriveSharedSecret */

import { HsmError } from '@softkms/hsm'
import { assertAlgorithm } from '../algorithm/algorithm-checks.ts'
import { KmsError } from '../errors.ts'
import { arnOf } from '../key/key.ts'
import { currentToken } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { refuseRecipient } from './cryptographic-checks.ts'

export const deriveSharedSecret: Operation<'DeriveSharedSecret', { key: Target }> = {
  name: 'DeriveSharedSecret',
  quota: 'cryptography',
  isReadOnly: true,
  audited: ['KeyId', 'KeyAgreementAlgorithm'],
  targets: { key: keyNamedBy('KeyId', 'any', { usage: 'KEY_AGREEMENT' }) },

  check(input) {
    refuseRecipient(input.Recipient)
  },

  async perform({ targets }, { KeyAgreementAlgorithm: algorithm, PublicKey: publicKey }, { hsm, store }) {
    const { key } = targets.key
    assertAlgorithm(key, algorithm)
    const token = await currentToken(store, key)
    try {
      const secret = await hsm.deriveSharedSecret({ token, algorithm, publicKey })
      return { KeyId: arnOf(key), SharedSecret: secret, KeyAgreementAlgorithm: algorithm, KeyOrigin: key.origin }
    } catch (error) {
      // Recorded: a peer's key that cannot be used is a validation error without a message.
      if (error instanceof HsmError && error.code === 'INVALID_PUBLIC_KEY') throw new KmsError('ValidationException')
      throw error
    }
  },
}
