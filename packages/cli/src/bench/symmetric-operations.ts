/** The operations of symmetric encryption keys and of HMAC keys. */

import { algorithmsOf } from '@softkms/hsm'
import {
  type BenchedKey,
  type BenchedOperation,
  type CallKms,
  EncryptionContext,
  MESSAGE,
  type Members,
  areEqual,
  benched,
} from './operation.ts'
import { ratesOf } from './request-rates.ts'

/** That of a data key, and the most that Encrypt takes. */
const SIZES = [32, 4096] as const

export function symmetricOperations(call: CallKms, { spec, find }: BenchedKey): readonly BenchedOperation[] {
  const decrypt = async ({ CiphertextBlob }: Members) =>
    (await call('Decrypt', { CiphertextBlob, EncryptionContext }))['Plaintext']
  const dataKey = benched('GenerateDataKey AES_256', ratesOf('GenerateDataKey', spec), async () => {
    const input = { KeyId: await find(), KeySpec: 'AES_256', EncryptionContext }
    return {
      run: () => call('GenerateDataKey', input),
      isRight: async (answer) => areEqual(await decrypt(answer), answer['Plaintext']),
    }
  })
  const sized = SIZES.flatMap((size) => {
    const Plaintext = Uint8Array.from({ length: size }, (_, i) => i & 0xff)
    const inputOf = async () => ({ KeyId: await find(), Plaintext, EncryptionContext })
    return [
      benched(`Encrypt ${size} B`, ratesOf('Encrypt', spec), async () => {
        const input = await inputOf()
        const isRight = async (answer: Members) => areEqual(await decrypt(answer), Plaintext)
        return { run: () => call('Encrypt', input), isRight }
      }),
      benched(`Decrypt ${size} B`, ratesOf('Decrypt', spec), async () => {
        const { CiphertextBlob } = await call('Encrypt', await inputOf())
        const input = { CiphertextBlob, EncryptionContext }
        return { run: () => call('Decrypt', input), isRight: (answer) => areEqual(answer['Plaintext'], Plaintext) }
      }),
    ]
  })
  const reencrypt = benched('ReEncrypt 32 B', ratesOf('ReEncrypt', spec), async () => {
    const KeyId = await find()
    const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext: MESSAGE, EncryptionContext })
    const contexts = { SourceEncryptionContext: EncryptionContext, DestinationEncryptionContext: EncryptionContext }
    const input = { CiphertextBlob, DestinationKeyId: KeyId, ...contexts }
    const isRight = async (answer: Members) => areEqual(await decrypt(answer), MESSAGE)
    return { run: () => call('ReEncrypt', input), isRight }
  })
  const random = benched('GenerateRandom 32 B', ratesOf('GenerateRandom', spec), async () => ({
    run: () => call('GenerateRandom', { NumberOfBytes: 32 }),
    isRight: ({ Plaintext }) => Plaintext instanceof Uint8Array && Plaintext.length === 32,
  }))
  return [dataKey, ...sized, reencrypt, random]
}

export function macOperations(call: CallKms, { spec, find }: BenchedKey): readonly BenchedOperation[] {
  const [MacAlgorithm] = algorithmsOf(spec, 'GENERATE_VERIFY_MAC')
  const inputOf = async () => ({ KeyId: await find(), MacAlgorithm, Message: MESSAGE })
  return [
    benched(`GenerateMac ${spec}`, ratesOf('GenerateMac', spec), async () => {
      const input = await inputOf()
      const isRight = async ({ Mac }: Members) => (await call('VerifyMac', { ...input, Mac }))['MacValid'] === true
      return { run: () => call('GenerateMac', input), isRight }
    }),
    benched(`VerifyMac ${spec}`, ratesOf('VerifyMac', spec), async () => {
      const input = await inputOf()
      const { Mac } = await call('GenerateMac', input)
      const verifyInput = { ...input, Mac }
      return { run: () => call('VerifyMac', verifyInput), isRight: ({ MacValid }) => MacValid === true }
    }),
  ]
}
