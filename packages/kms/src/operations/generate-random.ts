/** GenerateRandom: bytes from the HSM's generator. @spec KMS operations, GenerateRandom */

import { KmsError } from '../errors.ts'
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
    if (input.CustomKeyStoreId !== undefined) {
      throw new KmsError('CustomKeyStoreNotFoundException', `Custom key store ${input.CustomKeyStoreId} is not found.`)
    }
  },

  async perform(_permit, input, { hsm }) {
    return { Plaintext: await hsm.random(numberOfBytes(input)) }
  },
}

function numberOfBytes({ NumberOfBytes }: ValidInput<'GenerateRandom'>): number {
  if (NumberOfBytes === undefined) throw new KmsError('ValidationException', 'NumberOfBytes is required.')
  return NumberOfBytes
}
