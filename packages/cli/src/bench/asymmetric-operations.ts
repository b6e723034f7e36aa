/** The operations of keys with a public half. */

import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto'
import { type DataKeyPairSpec, KEY_SPECS, algorithmsOf } from '@softkms/hsm'
import {
  type BenchedKey,
  type BenchedOperation,
  type CallKms,
  EncryptionContext,
  type FindKey,
  MESSAGE,
  type Members,
  areEqual,
  benched,
} from './operation.ts'
import { pairRatesOf, ratesOf } from './request-rates.ts'

/** ML-DSA rejects and tries again, for some messages more often than for others. */
const ML_DSA_MESSAGES = 16

export function rsaOperations(call: CallKms, { spec, find }: BenchedKey): readonly BenchedOperation[] {
  const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256'
  const prepare = async () => {
    const KeyId = await find()
    const encryptInput = { KeyId, EncryptionAlgorithm, Plaintext: MESSAGE }
    const open = (CiphertextBlob: unknown) => call('Decrypt', { KeyId, EncryptionAlgorithm, CiphertextBlob })
    return { encrypt: () => call('Encrypt', encryptInput), open }
  }
  return [
    benched(`Encrypt ${spec}`, ratesOf('Encrypt', spec), async () => {
      const { encrypt, open } = await prepare()
      const isRight = async (answer: Members) => areEqual((await open(answer['CiphertextBlob']))['Plaintext'], MESSAGE)
      return { run: encrypt, isRight }
    }),
    benched(`Decrypt ${spec}`, ratesOf('Decrypt', spec), async () => {
      const { encrypt, open } = await prepare()
      const { CiphertextBlob } = await encrypt()
      return { run: () => open(CiphertextBlob), isRight: ({ Plaintext }) => areEqual(Plaintext, MESSAGE) }
    }),
  ]
}

/** Under the last of the algorithms that AWS lists for the spec. */
export function signOperations(call: CallKms, { spec, find }: BenchedKey): readonly BenchedOperation[] {
  const SigningAlgorithm = algorithmsOf(spec, 'SIGN_VERIFY').at(-1)
  const isPrehashed = SigningAlgorithm === 'ED25519_PH_SHA_512'
  const MessageType = isPrehashed ? 'DIGEST' : 'RAW'
  const length = isPrehashed ? 64 : 32
  const count = KEY_SPECS[spec].family === 'ml-dsa' ? ML_DSA_MESSAGES : 1
  const signing = async () => {
    const common = { KeyId: await find(), SigningAlgorithm, MessageType }
    const inputs = Array.from({ length: count }, (_, i) => ({ ...common, Message: new Uint8Array(length).fill(i) }))
    const sign = async () => {
      let answer: Members = {}
      for (const input of inputs) answer = await call('Sign', input)
      return answer
    }
    const verify = ({ Signature }: Members) => call('Verify', { ...inputs.at(-1), Signature })
    return { sign, verify }
  }
  return [
    {
      ...benched(`Sign ${spec}`, ratesOf('Sign', spec), async () => {
        const { sign, verify } = await signing()
        return { run: sign, isRight: async (answer) => (await verify(answer))['SignatureValid'] === true }
      }),
      operations: count,
    },
    benched(`Verify ${spec}`, ratesOf('Verify', spec), async () => {
      const { sign, verify } = await signing()
      const signed = await sign()
      return { run: () => verify(signed), isRight: ({ SignatureValid }) => SignatureValid === true }
    }),
  ]
}

/** With a pair that is made here, whose private half says what the answer must be. */
export function agreementOperations(call: CallKms, { spec, find }: BenchedKey): readonly BenchedOperation[] {
  const row = KEY_SPECS[spec]
  if (row.family !== 'ec') throw new TypeError(`${spec} agrees on nothing`)
  return [
    benched(`DeriveSharedSecret ${spec}`, ratesOf('DeriveSharedSecret', spec), async () => {
      const KeyId = await find()
      const { PublicKey: key } = await call('GetPublicKey', { KeyId })
      const peer = generateKeyPairSync('ec', { namedCurve: row.curve })
      const publicKey = createPublicKey({ key: Buffer.from(key as Uint8Array), format: 'der', type: 'spki' })
      const expected = Uint8Array.from(diffieHellman({ privateKey: peer.privateKey, publicKey }))
      const PublicKey = Uint8Array.from(peer.publicKey.export({ format: 'der', type: 'spki' }))
      const input = { KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey }
      const isRight = ({ SharedSecret }: Members) => areEqual(SharedSecret, expected)
      return { run: () => call('DeriveSharedSecret', input), isRight }
    }),
  ]
}

export function encapsulationOperations(call: CallKms, { spec, find }: BenchedKey): readonly BenchedOperation[] {
  const prepare = async () => {
    const common = { KeyId: await find(), EncapsulationAlgorithm: 'ML_KEM' }
    const decapsulate = ({ SharedSecretCiphertextBlob }: Members) =>
      call('Decapsulate', { ...common, SharedSecretCiphertextBlob })
    return { encapsulate: () => call('Encapsulate', common), decapsulate }
  }
  return [
    benched(`Encapsulate ${spec}`, ratesOf('Encapsulate', spec), async () => {
      const { encapsulate, decapsulate } = await prepare()
      const isRight = async (answer: Members) =>
        areEqual((await decapsulate(answer))['SharedSecret'], answer['SharedSecret'])
      return { run: encapsulate, isRight }
    }),
    benched(`Decapsulate ${spec}`, ratesOf('Decapsulate', spec), async () => {
      const { encapsulate, decapsulate } = await prepare()
      const answer = await encapsulate()
      const isRight = ({ SharedSecret }: Members) => areEqual(SharedSecret, answer['SharedSecret'])
      return { run: () => decapsulate(answer), isRight }
    }),
  ]
}

export function pairOperation(call: CallKms, spec: DataKeyPairSpec, findKey: FindKey): BenchedOperation {
  return benched(`GenerateDataKeyPair ${spec}`, pairRatesOf(spec), async () => {
    const input = { KeyId: await findKey('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'), KeyPairSpec: spec, EncryptionContext }
    return {
      run: () => call('GenerateDataKeyPair', input),
      isRight: async ({ PrivateKeyCiphertextBlob, PrivateKeyPlaintext }) => {
        const { Plaintext } = await call('Decrypt', { CiphertextBlob: PrivateKeyCiphertextBlob, EncryptionContext })
        return areEqual(Plaintext, PrivateKeyPlaintext)
      },
    }
  })
}
