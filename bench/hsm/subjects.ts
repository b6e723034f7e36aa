/** Each key spec's operations as commands of an HSM, under one algorithm each. */

import {
  type Hsm,
  KEY_SPECS,
  type KeySpec,
  type KeyToken,
  type KeyUsage,
  type RsaEncryptionAlgorithm,
  type SigningAlgorithm,
  algorithmsOf,
} from '@softkms/hsm'
import { DOCUMENTED_RATES } from '../documented-rates.ts'
import type { Subject } from '../row.ts'

const MESSAGE = new Uint8Array(32).fill(7)
const ADDITIONAL_DATA = new Uint8Array(32)
const HEADER_LENGTH = 28

/** @returns the subjects of a spec; ML-DSA's signatures and RSA's key generation are timed elsewhere, over fair inputs */
export async function createHsmSubjects(hsm: Hsm, spec: KeySpec): Promise<readonly Subject[]> {
  const { family, usages } = KEY_SPECS[spec]
  const subjects: Subject[] = []
  if (family !== 'rsa') subjects.push(generateSubject(hsm, spec, usages[0] ?? 'ENCRYPT_DECRYPT'))
  for (const usage of usages) {
    if (usage === 'UNWRAP') continue
    const { token } = await hsm.generateKey({ keyId: spec, keySpec: spec, keyUsage: usage, origin: 'AWS_KMS' })
    subjects.push(...(await subjectsOf(hsm, spec, usage, token)))
  }
  return subjects
}

async function subjectsOf(hsm: Hsm, spec: KeySpec, usage: KeyUsage, token: KeyToken): Promise<readonly Subject[]> {
  switch (usage) {
    case 'ENCRYPT_DECRYPT':
      return spec === 'SYMMETRIC_DEFAULT' ? sealSubjects(hsm, token) : rsaSubjects(hsm, spec, token)
    case 'SIGN_VERIFY':
      return signSubjects(hsm, spec, token)
    case 'GENERATE_VERIFY_MAC':
      return macSubjects(hsm, spec, token)
    case 'KEY_AGREEMENT':
      return agreementSubjects(hsm, spec, token)
    case 'ENCAPSULATE_DECAPSULATE':
      return encapsulationSubjects(hsm, spec, token)
    case 'UNWRAP':
      return []
    default:
      return usage satisfies never
  }
}

function generateSubject(hsm: Hsm, spec: KeySpec, usage: KeyUsage): Subject {
  const generate = () => hsm.generateKey({ keyId: spec, keySpec: spec, keyUsage: usage, origin: 'AWS_KMS' })
  return { name: `${spec} generate`, check: async () => void (await generate()), run: generate }
}

async function sealSubjects(hsm: Hsm, token: KeyToken): Promise<readonly Subject[]> {
  const layout = () => ({ bytes: new Uint8Array(HEADER_LENGTH), nonceOffset: 0, ivOffset: 16 })
  const subjects: Subject[] = []
  for (const size of [32, 4096]) {
    const plaintext = new Uint8Array(size).fill(7)
    const seal = () => hsm.seal({ token, layout, additionalData: ADDITIONAL_DATA, plaintext })
    const openOf = (sealed: Uint8Array) => () =>
      hsm.open({
        token,
        header: { ...layout(), bytes: sealed.subarray(0, HEADER_LENGTH) },
        additionalData: ADDITIONAL_DATA,
        ciphertext: sealed.subarray(HEADER_LENGTH),
      })
    const open = openOf(await seal())
    subjects.push(
      {
        name: `SYMMETRIC_DEFAULT encrypt ${size} B`,
        check: async () => assertEqual(await openOf(await seal())(), plaintext),
        run: seal,
      },
      {
        name: `SYMMETRIC_DEFAULT decrypt ${size} B`,
        check: async () => assertEqual(await open(), plaintext),
        run: open,
      },
    )
  }
  return subjects
}

async function rsaSubjects(hsm: Hsm, spec: KeySpec, token: KeyToken): Promise<readonly Subject[]> {
  const algorithm: RsaEncryptionAlgorithm = 'RSAES_OAEP_SHA_256'
  const encrypt = () => hsm.seal({ token, algorithm, plaintext: MESSAGE })
  const ciphertext = await encrypt()
  const decrypt = () => hsm.open({ token, algorithm, ciphertext })
  const check = async () => assertEqual(await decrypt(), MESSAGE)
  return [
    { name: `${spec} encrypt`, documentedRate: DOCUMENTED_RATES.EncryptRsa, check, run: encrypt },
    { name: `${spec} decrypt`, documentedRate: DOCUMENTED_RATES.DecryptRsa, check, run: decrypt },
  ]
}

async function signSubjects(hsm: Hsm, spec: KeySpec, token: KeyToken): Promise<readonly Subject[]> {
  const algorithm = algorithmsOf(spec, 'SIGN_VERIFY').at(-1) as SigningAlgorithm
  const isPrehashed = algorithm === 'ED25519_PH_SHA_512'
  const message = isPrehashed ? new Uint8Array(64) : MESSAGE
  const command = { token, algorithm, messageType: isPrehashed ? 'DIGEST' : 'RAW', message } as const
  const sign = () => hsm.sign(command)
  const signature = await sign()
  const verify = () => hsm.verify({ ...command, signature })
  const check = async () => assertTrue(await verify())
  const documentedRate = DOCUMENTED_RATES.asymmetric
  const verifying = { name: `${spec} verify`, documentedRate, check, run: verify }
  if (KEY_SPECS[spec].family === 'ml-dsa') return [verifying]
  return [{ name: `${spec} sign`, documentedRate, check, run: sign }, verifying]
}

async function macSubjects(hsm: Hsm, spec: KeySpec, token: KeyToken): Promise<readonly Subject[]> {
  const [algorithm] = algorithmsOf(spec, 'GENERATE_VERIFY_MAC')
  const command = { token, algorithm: algorithm as 'HMAC_SHA_256', message: MESSAGE }
  const compute = () => hsm.mac(command)
  const mac = await compute()
  const check = async () => assertTrue(await hsm.verifyMac({ ...command, mac }))
  return [{ name: `${spec} mac`, check, run: compute }]
}

async function agreementSubjects(hsm: Hsm, spec: KeySpec, token: KeyToken): Promise<readonly Subject[]> {
  const peer = await hsm.generateKey({ keyId: 'peer', keySpec: spec, keyUsage: 'KEY_AGREEMENT', origin: 'AWS_KMS' })
  const publicKey = await hsm.publicKey(peer.token)
  const derive = () => hsm.deriveSharedSecret({ token, algorithm: 'ECDH', publicKey })
  const check = async () => {
    const back = { token: peer.token, algorithm: 'ECDH', publicKey: await hsm.publicKey(token) } as const
    assertEqual(await hsm.deriveSharedSecret(back), await derive())
  }
  return [{ name: `${spec} derive`, documentedRate: DOCUMENTED_RATES.asymmetric, check, run: derive }]
}

async function encapsulationSubjects(hsm: Hsm, spec: KeySpec, token: KeyToken): Promise<readonly Subject[]> {
  const command = { token, algorithm: 'ML_KEM' } as const
  const encapsulate = () => hsm.encapsulate(command)
  const { ciphertext, sharedSecret } = await encapsulate()
  const decapsulate = () => hsm.decapsulate({ ...command, ciphertext })
  const check = async () => assertEqual(await decapsulate(), sharedSecret)
  const documentedRate = DOCUMENTED_RATES.asymmetric
  return [
    { name: `${spec} encapsulate`, documentedRate, check, run: encapsulate },
    { name: `${spec} decapsulate`, documentedRate, check, run: decapsulate },
  ]
}

function assertEqual(actual: Uint8Array, expected: Uint8Array): void {
  assertTrue(actual.length === expected.length && actual.every((byte, i) => byte === expected[i]))
}

function assertTrue(isRight: boolean): void {
  if (!isRight) throw new Error('the answer is wrong, so it is not timed')
}
