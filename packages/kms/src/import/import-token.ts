/**
 * Import tokens: wrapping keys that are on their way, and what they are for.
 *
 * A token is the wrapping key's own, wrapped by the HSM. Whose key it is for, how material is to be wrapped and until
 * when stands in the wrapping key's id, which the HSM authenticates; nothing about an import is kept in the store.
 *
 * @spec KMS crypto-details §8
 */

import { type Hsm, HsmError, type KeyToken, type WrappingAlgorithm } from '@softkms/hsm'
import { DAY_MS, type Instant } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import { type KeyRecord, arnOf } from '../key/key.ts'
import type { RsaWrappingSpec } from './importable.ts'

const VALIDITY_MS = DAY_MS
const WRAPPING_KEY_ID = /^import\|(?<arn>[^|]+)\|(?<algorithm>[A-Z0-9_]+)\|(?<validTo>[0-9]{1,16})$/

export interface ImportParameters {
  readonly token: KeyToken
  /** SubjectPublicKeyInfo, DER, of the wrapping key. */
  readonly publicKey: Uint8Array
  readonly validTo: Instant
}

/** Makes a wrapping key for one key's material, valid for a day. */
export async function issueImportToken(
  hsm: Hsm,
  key: KeyRecord,
  wrapping: { readonly algorithm: WrappingAlgorithm; readonly keySpec: RsaWrappingSpec },
  now: Instant,
): Promise<ImportParameters> {
  const validTo = now + VALIDITY_MS
  const { token } = await hsm.generateKey({
    keyId: formatWrappingKeyId(key, wrapping.algorithm, validTo),
    keySpec: wrapping.keySpec,
    keyUsage: 'UNWRAP',
    origin: 'AWS_KMS',
  })
  const publicKey = await hsm.publicKey(token)
  // It may be a day until the wrapping key is needed, if it ever is.
  await hsm.unload(token)
  return { token, publicKey, validTo }
}

/**
 * Takes a token that a request brings. Leaves its key loaded; the caller unloads it.
 *
 * @returns how the material is wrapped
 * @throws KmsError `InvalidImportTokenException` for a token that is damaged or was issued for another key,
 * `ExpiredImportTokenException` for one whose day is over
 */
export async function openImportToken(
  hsm: Hsm,
  key: KeyRecord,
  token: KeyToken,
  now: Instant,
): Promise<WrappingAlgorithm> {
  const { arn, algorithm, validTo } = WRAPPING_KEY_ID.exec(await readWrappingKeyId(hsm, token))?.groups ?? {}
  if (arn !== arnOf(key) || algorithm === undefined) {
    throw new KmsError('InvalidImportTokenException', `The import token was not issued for ${arnOf(key)}.`)
  }
  if (!(now < Number(validTo))) throw new KmsError('ExpiredImportTokenException', 'The import token has expired.')
  return algorithm as WrappingAlgorithm
}

function formatWrappingKeyId(key: KeyRecord, algorithm: WrappingAlgorithm, validTo: Instant): string {
  return ['import', arnOf(key), algorithm, validTo].join('|')
}

async function readWrappingKeyId(hsm: Hsm, token: KeyToken): Promise<string> {
  try {
    const { keyId, keyUsage } = await hsm.describeKey(token)
    return keyUsage === 'UNWRAP' ? keyId : ''
  } catch (error) {
    if (error instanceof HsmError && error.code === 'INVALID_TOKEN') {
      throw new KmsError('InvalidImportTokenException', 'The import token is not valid.')
    }
    throw error
  }
}
