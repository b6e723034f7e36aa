/** Key material from outside: made and wrapped by node:crypto, and brought into keys of origin EXTERNAL. */
import {
  type KeyObject,
  constants,
  createCipheriv,
  createPublicKey,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import { KEY_SPECS, type KeySpec, type KmsKeyUsage, type WrappingAlgorithm } from '@softkms/hsm'
import type { Kms } from 'softkms'
import type { NewKey } from './kms-fixture.ts'

export const WRAPPING_ALGORITHMS = [
  'RSAES_OAEP_SHA_1',
  'RSAES_OAEP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_1',
  'RSA_AES_KEY_WRAP_SHA_256',
] as const satisfies readonly WrappingAlgorithm[]

export const WRAPPING_SPECS = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const

export type WrappingSpec = (typeof WRAPPING_SPECS)[number]

/** The alternative initial value of RFC 5649. */
const KWP_IV = Buffer.from('a65959a6', 'hex')

export const NEVER = { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } as const

export interface OutsideMaterial {
  /** As it is wrapped: raw, or PKCS#8. */
  readonly bytes: Uint8Array
  /** Of asymmetric material. */
  readonly privateKey?: KeyObject
}

/** Fresh material of a key spec. */
export function makeMaterial(spec: KeySpec): OutsideMaterial {
  const row = KEY_SPECS[spec]
  switch (row.family) {
    case 'symmetric':
    case 'hmac':
      return { bytes: randomOf(row.materialLength) }
    case 'rsa':
      return materialOf(generateKeyPairSync('rsa', { modulusLength: row.modulusBits }).privateKey)
    case 'ec':
      return materialOf(generateKeyPairSync('ec', { namedCurve: row.curve }).privateKey)
    case 'edwards':
      return materialOf(generateKeyPairSync('ed25519').privateKey)
    default:
      throw new RangeError(`${spec} is not imported`)
  }
}

export function materialOf(privateKey: KeyObject): OutsideMaterial {
  return { bytes: Uint8Array.from(privateKey.export({ type: 'pkcs8', format: 'der' })), privateKey }
}

export function randomOf(length: number): Uint8Array {
  return Uint8Array.from(randomBytes(length))
}

/** @param publicKey SubjectPublicKeyInfo, DER */
export function wrapUnder(algorithm: WrappingAlgorithm, publicKey: Uint8Array, material: Uint8Array): Uint8Array {
  const oaep = {
    key: createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }),
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: algorithm.endsWith('SHA_1') ? 'sha1' : 'sha256',
  }
  if (!algorithm.startsWith('RSA_AES')) return Uint8Array.from(publicEncrypt(oaep, material))
  const aesKey = randomBytes(32)
  const cipher = createCipheriv('id-aes256-wrap-pad', aesKey, KWP_IV)
  return Uint8Array.from(Buffer.concat([publicEncrypt(oaep, aesKey), cipher.update(material), cipher.final()]))
}

export async function createExternalKey(
  kms: Kms,
  spec: KeySpec = 'SYMMETRIC_DEFAULT',
  usage: KmsKeyUsage = 'ENCRYPT_DECRYPT',
): Promise<NewKey & { readonly KeyId: string }> {
  const { KeyMetadata } = await kms.createKey({ KeySpec: spec, KeyUsage: usage, Origin: 'EXTERNAL' })
  const KeyId = KeyMetadata?.KeyId ?? ''
  return { KeyId, keyId: KeyId, arn: KeyMetadata?.Arn ?? '' }
}

/** A wrapping key that was asked for once, and wraps as often as one likes while its day lasts. */
export interface Wrapping {
  readonly KeyId: string
  readonly ImportToken: Uint8Array
  readonly PublicKey: Uint8Array
  readonly validTo: Date
  /** What of an ImportKeyMaterial request has to do with the material. */
  readonly wrap: (material: Uint8Array) => {
    readonly KeyId: string
    readonly ImportToken: Uint8Array
    readonly EncryptedKeyMaterial: Uint8Array
  }
}

export async function requestWrapping(
  kms: Kms,
  KeyId: string,
  algorithm: WrappingAlgorithm = 'RSAES_OAEP_SHA_256',
  spec: WrappingSpec = 'RSA_2048',
): Promise<Wrapping> {
  const parameters = await kms.getParametersForImport({ KeyId, WrappingAlgorithm: algorithm, WrappingKeySpec: spec })
  const { ImportToken, PublicKey, ParametersValidTo: validTo } = parameters
  if (ImportToken === undefined || PublicKey === undefined || validTo === undefined) throw new Error('no parameters')
  return {
    KeyId,
    ImportToken,
    PublicKey,
    validTo,
    wrap: (material) => ({
      KeyId,
      ImportToken,
      EncryptedKeyMaterial: wrapUnder(algorithm, PublicKey, material),
    }),
  }
}
