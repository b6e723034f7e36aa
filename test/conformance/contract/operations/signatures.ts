/** What both operations on signatures need, and how they refuse a message. */
import { createHash } from 'node:crypto'
import type { Kms } from 'softkms'
import type { ErrorCase } from '../contract.ts'
import type { World } from '../world.ts'
import { bytes, createKey } from './scenes.ts'

export const Message = bytes('message')
export const DIGEST = Uint8Array.from(createHash('sha256').update(Message).digest())
export const SigningAlgorithm = 'ECDSA_SHA_256'

export async function createSigningKey(setup: Kms): Promise<string> {
  return createKey(setup, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
}

/** @param request a request that succeeds */
export function messageRefusals<Input extends object>(request: (world: World) => Promise<Input>): ErrorCase<Input>[] {
  return [
    {
      when: 'the digest is of another length',
      provoke: async (world) => ({
        input: { ...(await request(world)), Message: DIGEST.subarray(1), MessageType: 'DIGEST' },
        message: `Digest is invalid length for algorithm ${SigningAlgorithm}.`,
      }),
    },
    {
      when: 'the algorithm does not take the type of message',
      provoke: async (world) => ({
        input: { ...(await request(world)), MessageType: 'EXTERNAL_MU' },
        message: `MessageType EXTERNAL_MU is not valid for algorithm ${SigningAlgorithm}.`,
      }),
    },
  ]
}
