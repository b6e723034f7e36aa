/**
 * Laws of keys, whatever the message: verify accepts what sign gave and nothing that differs in a bit, decrypt undoes
 * encrypt, both sides of an agreement and of an encapsulation have one secret.
 */
import { fc, test } from '@fast-check/vitest'
import {
  type Hsm,
  type KeyToken,
  type MacAlgorithm,
  type RsaEncryptionAlgorithm,
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
  algorithmsOf,
  createHsm,
  digestLength,
  maxRsaPlaintextLength,
} from '@softkms/hsm'
import { beforeAll, describe, expect } from 'vitest'
import { flipBit, toHex } from '../support/bits.ts'
import { expectHsmError, open, openCommand, layout, seal } from '../support/hsm-fixture.ts'
import { type Kind, QUICK_KINDS, generate, titleOf } from '../support/hsm-keys.ts'
import { runs } from '../support/runs.ts'

const hsm: Hsm = createHsm()
const tokens = new Map<string, readonly [KeyToken, KeyToken]>()

beforeAll(async () => {
  for (const kind of QUICK_KINDS.filter(({ keyUsage }) => keyUsage !== 'UNWRAP')) {
    const [one, two] = [await generate(hsm, kind), await generate(hsm, kind)]
    tokens.set(titleOf(kind), [one.token, two.token])
  }
})

const tokenOf = (title: string, index: 0 | 1 = 0): KeyToken => tokens.get(title)?.[index] ?? expect.fail(title)
const titlesOf = (usage: Kind['keyUsage']): readonly string[] =>
  QUICK_KINDS.filter(({ keyUsage }) => keyUsage === usage).map(titleOf)
const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength })
const bit = fc.nat({ max: 0xffff_ffff })
const atBit = (data: Uint8Array, wanted: number): Uint8Array => flipBit(data, wanted % (8 * data.length))

/** Every way of signing there is, with messages of a length that it takes. */
const signings = titlesOf('SIGN_VERIFY').flatMap((title) => {
  const [spec = ''] = title.split(' ')
  return (algorithmsOf(spec as 'RSA_2048', 'SIGN_VERIFY') as SigningAlgorithm[]).flatMap((algorithm) => {
    const { hash, messageTypes } = SIGNING_ALGORITHMS[algorithm]
    return messageTypes.map((messageType) => {
      const fixed = hash === undefined ? 64 : digestLength(hash)
      const message = messageType === 'RAW' ? bytes(1, 4096) : bytes(fixed, fixed)
      return { title, algorithm, messageType, message }
    })
  })
})

describe.each(signings)('$title $algorithm $messageType', ({ title, algorithm, messageType, message: messages }) => {
  test.prop([messages, bit, bit], { numRuns: runs(3, 200) })(
    'verifies what it signed, and nothing that differs in a bit',
    async (message, inMessage, inSignature) => {
      const command = { token: tokenOf(title), algorithm, messageType, message }
      const signature = await hsm.sign(command)
      expect(await hsm.verify({ ...command, signature })).toBe(true)
      expect(await hsm.verify({ ...command, signature: atBit(signature, inSignature) })).toBe(false)
      expect(await hsm.verify({ ...command, message: atBit(message, inMessage), signature })).toBe(false)
      expect(await hsm.verify({ ...command, token: tokenOf(title, 1), signature })).toBe(false)
    },
  )

  test.prop([messages, bytes(0, 6144)], { numRuns: runs(3, 200) })(
    'finds no signature in any other bytes',
    async (message, signature) => {
      expect(await hsm.verify({ token: tokenOf(title), algorithm, messageType, message, signature })).toBe(false)
    },
  )
})

const MACS = titlesOf('GENERATE_VERIFY_MAC')
test.prop([fc.constantFrom(...MACS), bytes(1, 4096), bit, bit], { numRuns: runs(50, 5000) })(
  'a MAC is of one message and one key',
  async (title, message, inMessage, inMac) => {
    const [spec = ''] = title.split(' ')
    const algorithm = algorithmsOf(spec as 'HMAC_224', 'GENERATE_VERIFY_MAC')[0] as MacAlgorithm
    const command = { token: tokenOf(title), algorithm, message }
    const mac = await hsm.mac(command)
    expect(await hsm.verifyMac({ ...command, mac })).toBe(true)
    expect(await hsm.verifyMac({ ...command, mac: atBit(mac, inMac) })).toBe(false)
    expect(await hsm.verifyMac({ ...command, message: atBit(message, inMessage), mac })).toBe(false)
    expect(await hsm.verifyMac({ ...command, token: tokenOf(title, 1), mac })).toBe(false)
  },
)

const oaep = fc.constantFrom<RsaEncryptionAlgorithm>('RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256')
const oaepMessage = oaep.chain((algorithm) =>
  fc.tuple(fc.constant(algorithm), bytes(1, maxRsaPlaintextLength('RSA_2048', algorithm))),
)

test.prop([oaepMessage, bit], { numRuns: runs(15, 500) })(
  'RSA decrypts what it encrypted, and nothing that differs in a bit',
  async ([algorithm, plaintext], inCiphertext) => {
    const key = { token: tokenOf('RSA_2048 ENCRYPT_DECRYPT'), algorithm }
    const ciphertext = await hsm.seal({ ...key, plaintext })
    expect(await hsm.open({ ...key, ciphertext })).toEqual(plaintext)
    const damaged = atBit(ciphertext, inCiphertext)
    await expectHsmError(hsm.open({ ...key, ciphertext: damaged }), 'AUTHENTICATION_FAILED')
    const other = tokenOf('RSA_2048 ENCRYPT_DECRYPT', 1)
    await expectHsmError(hsm.open({ ...key, token: other, ciphertext }), 'AUTHENTICATION_FAILED')
  },
)

test.prop([oaepMessage, bytes(0, 100)], { numRuns: runs(10, 300) })(
  'resealing to a symmetric key and back to RSA keeps the plaintext',
  async ([algorithm, plaintext], additionalData) => {
    const rsa = { token: tokenOf('RSA_2048 ENCRYPT_DECRYPT'), algorithm }
    const token = tokenOf('SYMMETRIC_DEFAULT ENCRYPT_DECRYPT')
    const source = { ...rsa, ciphertext: await hsm.seal({ ...rsa, plaintext }) }
    const sealed = await hsm.reseal({ source, destination: { token, layout, additionalData } })
    expect(await open(hsm, token, sealed, additionalData)).toEqual(plaintext)
    const back = { ...rsa, token: tokenOf('RSA_2048 ENCRYPT_DECRYPT', 1) }
    const resealed = await hsm.reseal({ source: openCommand(token, sealed, additionalData), destination: back })
    expect(await hsm.open({ ...back, ciphertext: resealed })).toEqual(plaintext)
  },
)

test.prop([bytes(1, 4096), bytes(0, 100), bit], { numRuns: runs(50, 2000) })(
  'a symmetric key opens what it sealed, and nothing that differs in a bit',
  async (plaintext, additionalData, inSealed) => {
    const token = tokenOf('SYMMETRIC_DEFAULT ENCRYPT_DECRYPT')
    const sealed = await seal(hsm, token, plaintext, additionalData)
    expect(await open(hsm, token, sealed, additionalData)).toEqual(plaintext)
    await expectHsmError(open(hsm, token, atBit(sealed, inSealed), additionalData), 'AUTHENTICATION_FAILED')
  },
)

test.prop([fc.constantFrom(...titlesOf('KEY_AGREEMENT')), bit], { numRuns: runs(12, 300) })(
  'both sides of an agreement have one secret; a peer that differs in a bit is none, or gives another',
  async (title, inPeer) => {
    const [a, b] = [tokenOf(title), tokenOf(title, 1)]
    const [ofA, ofB] = [await hsm.publicKey(a), await hsm.publicKey(b)]
    const derive = async (token: KeyToken, publicKey: Uint8Array) =>
      hsm.deriveSharedSecret({ token, algorithm: 'ECDH', publicKey })
    const secret = toHex(await derive(a, ofB))
    expect(toHex(await derive(b, ofA))).toBe(secret)
    const changed = await derive(a, atBit(ofB, inPeer)).then(toHex, (error: { readonly code?: string }) => error.code)
    // One bit of y apart there is no point; one bit of x apart there hardly ever is.
    expect(changed).not.toBe(secret)
  },
)

test.prop([fc.constantFrom(...titlesOf('ENCAPSULATE_DECAPSULATE')), bit], { numRuns: runs(30, 1000) })(
  'what is encapsulated is decapsulated; a ciphertext that differs in a bit gives another secret, always the same',
  async (title, inCiphertext) => {
    const key = { token: tokenOf(title), algorithm: 'ML_KEM' } as const
    const { sharedSecret, ciphertext } = await hsm.encapsulate(key)
    expect(toHex(await hsm.decapsulate({ ...key, ciphertext }))).toBe(toHex(sharedSecret))
    const damaged = { ...key, ciphertext: atBit(ciphertext, inCiphertext) }
    const rejected = toHex(await hsm.decapsulate(damaged))
    expect(rejected).not.toBe(toHex(sharedSecret))
    expect(toHex(await hsm.decapsulate(damaged))).toBe(rejected)
    const other = await hsm.decapsulate({ ...key, token: tokenOf(title, 1), ciphertext })
    expect(toHex(other)).not.toBe(toHex(sharedSecret))
  },
)
