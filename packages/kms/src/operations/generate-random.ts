/** GenerateRandom: bytes from the HSM's generator. @spec KMS operations, GenerateRandom */

import { KmsError } from '../errors.ts'
import { keyStoreNotFound } from '../key-store/key-store.ts'
import type { NoTargets, Operation } from '../operation.ts'
import type { ValidInput } from '../shape/valid.ts'
import { refuseRecipient } from './cryptographic-checks.ts'

export const generateRandom: Operation<'GenerateRandom', NoTargets> = {
  name: 'GenerateRandom',
  quota: 'symmetricCryptography',
  isReadOnly: true,
  audited: ['NumberOfBytes', 'CustomKeyStoreId'],
  targets: {},

  check(input) {
    numberOfBytes(input)
    refuseRecipient(input.Recipient)
  },

  async perform(_permit, input, { hsm }) {
    if (input.CustomKeyStoreId !== undefined) throw keyStoreNotFound(input.CustomKeyStoreId)
    return { Plaintext: await hsm.random(numberOfBytes(input)) }
  },
}

function numberOfBytes({ NumberOfBytes }: ValidInput<'GenerateRandom'>): number {
  if (NumberOfBytes === undefined) throw new KmsError('ValidationException', 'NumberOfBytes is required.')
  return NumberOfBytes
}
