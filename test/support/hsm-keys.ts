/** One key of every kind in an HSM, and what each is used for. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import {
  type GeneratedKey,
  type Hsm,
  KEY_SPECS,
  type KeySpec,
  type KeyToken,
  type KeyUsage,
  type MessageType,
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
  algorithmsOf,
  digestLength,
} from '@softkms/hsm'
import { isSlow } from './runs.ts'

export interface Kind {
  readonly keySpec: KeySpec
  readonly keyUsage: KeyUsage
}

const SPECS = Object.keys(KEY_SPECS) as KeySpec[]

/** Every pair of spec and usage that there is. */
export const KINDS: readonly Kind[] = SPECS.flatMap((keySpec) =>
  KEY_SPECS[keySpec].usages.map((keyUsage) => ({ keySpec, keyUsage })),
)

/** The same, but of the RSA keys, which take long to generate, the shortest alone. */
export const QUICK_KINDS: readonly Kind[] = isSlow
  ? KINDS
  : KINDS.filter(({ keySpec }) => keySpec !== 'RSA_3072' && keySpec !== 'RSA_4096')

/** One kind of each family and usage: the first. */
export const FAMILY_KINDS: readonly Kind[] = KINDS.filter(
  (kind, i) => KINDS.findIndex((other) => familyAndUsage(other) === familyAndUsage(kind)) === i,
)

function familyAndUsage({ keySpec, keyUsage }: Kind): string {
  return `${KEY_SPECS[keySpec].family} ${keyUsage}`
}

export function titleOf({ keySpec, keyUsage }: Kind): string {
  return `${keySpec} ${keyUsage}`
}

export async function generate(hsm: Hsm, kind: Kind, keyId = 'k'): Promise<GeneratedKey> {
  return hsm.generateKey({ ...kind, keyId, origin: 'AWS_KMS' })
}

export interface Signing {
  readonly algorithm: SigningAlgorithm
  readonly messageType: MessageType
  /** Of the right length for the type. */
  readonly message: Uint8Array
}

/** Every way to sign with a key of the spec. */
export function signingsOf(keySpec: KeySpec): readonly Signing[] {
  return algorithmsOf(keySpec, 'SIGN_VERIFY').flatMap((name) => {
    const algorithm = name as SigningAlgorithm
    const { hash, messageTypes } = SIGNING_ALGORITHMS[algorithm]
    return messageTypes.map((messageType) => {
      const length = messageType === 'RAW' ? 100 : hash === undefined ? 64 : digestLength(hash)
      return { algorithm, messageType, message: new Uint8Array(length).fill(0x6d) }
    })
  })
}

export function readSpki(spki: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
}

export function readPkcs8(pkcs8: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
}

/** Keys of several kinds in one HSM, under their titles. */
export async function generateAll(hsm: Hsm, kinds: readonly Kind[]): Promise<ReadonlyMap<string, KeyToken>> {
  const made = new Map<string, KeyToken>()
  for (const kind of kinds) made.set(titleOf(kind), (await generate(hsm, kind)).token)
  return made
}
