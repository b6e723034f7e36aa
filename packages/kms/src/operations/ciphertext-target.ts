/**
 * The key of a ciphertext: found by the KeyMaterialId in the blob, and compared with the one that the request names. An
 * RSA ciphertext names nothing, so the request has to.
 *
 * @spec KMS operations, Decrypt and ReEncrypt; wire §4
 */

import { parseBlob } from '@softkms/envelope'
import type { OpeningKey } from '@softkms/envelope'
import type { KeyToken } from '@softkms/hsm'
import { KmsError } from '../errors.ts'
import type { EncryptionAlgorithmSpec } from '../generated/types.ts'
import { formatHex } from '../hex.ts'
import { isSymmetric } from '../key/capability.ts'
import type { KeyRecord } from '../key/key.ts'
import { resolveKey } from '../key/resolve.ts'
import type { OperationContext, Target } from '../operation.ts'

/** A ciphertext, and the token of what opens it. */
export type Ciphertext =
  | {
      readonly type: 'blob'
      readonly blob: OpeningKey['blob']
      readonly materialId: string
      /** Absent where the material is awaited. */
      readonly token: KeyToken | undefined
    }
  | { readonly type: 'rsa'; readonly bytes: Uint8Array }

export interface CiphertextTarget extends Target {
  /** Absent in a dry run that leaves the ciphertext out. */
  readonly ciphertext?: Ciphertext
}

/** Present for a blob alone: RSA ciphertexts do not say what they were made with. */
export function materialIdOf({ ciphertext }: CiphertextTarget): string | undefined {
  return ciphertext?.type === 'blob' ? ciphertext.materialId : undefined
}

/** What a request says of its ciphertext, under whichever names its members have. */
export interface CiphertextRequest {
  readonly CiphertextBlob?: Uint8Array | undefined
  readonly DryRun?: boolean | undefined
  readonly DryRunModifiers?: readonly string[] | undefined
}

/** The member that names the key of a ciphertext, and the algorithm that the request says it was made with. */
export interface NamedKey {
  readonly member: string
  readonly keyId: string | undefined
  readonly algorithm: EncryptionAlgorithmSpec | undefined
}

/**
 * Asks for a ciphertext, and for the name of its key where no blob will tell it.
 *
 * The model lets the ciphertext be absent, because a dry run may leave it out; the key must then be named. So must the
 * key of an asymmetric ciphertext, which says nothing of where it comes from.
 *
 * @throws KmsError `ValidationException`
 */
export function assertCiphertextNamed(request: CiphertextRequest, { member, keyId, algorithm }: NamedKey): void {
  const isIgnored = isCiphertextIgnored(request)
  if (!isIgnored && request.CiphertextBlob === undefined) {
    throw new KmsError('ValidationException', 'CiphertextBlob is required.')
  }
  const isBlob = !isIgnored && (algorithm === undefined || algorithm === 'SYMMETRIC_DEFAULT')
  if (!isBlob && keyId === undefined) throw new KmsError('ValidationException', `${member} is required.`)
}

/**
 * Finds what opens the ciphertext of a request that `assertCiphertextNamed` has passed.
 *
 * @param keyId what the request names, if it does
 * @throws KmsError what `resolveKey` and `Access.authorize` throw for `keyId`; `InvalidCiphertextException` for a blob that
 * is none, or whose material is not in this Region; `IncorrectKeyException` when another key than the named one sealed it
 */
export async function resolveCiphertext(
  request: CiphertextRequest,
  keyId: string | undefined,
  context: OperationContext,
  action: string,
): Promise<CiphertextTarget> {
  const named = keyId === undefined ? undefined : await resolveNamed(request, keyId, context, action)
  // What follows tells that the named key exists, so the caller must be allowed to know first.
  if (named !== undefined) {
    await context.access.authorize({ action, about: 'key', key: named })
    if (isCiphertextIgnored(request)) return { key: named }
    // What an RSA ciphertext was made with it does not say; there is only one material.
    if (!isSymmetric(named)) {
      return { key: named, ciphertext: { type: 'rsa', bytes: request.CiphertextBlob ?? new Uint8Array(0) } }
    }
  }

  const found = await findKeyOfBlob(request, context)
  if (found === undefined) throw new KmsError('InvalidCiphertextException')
  const { key } = found
  if (named !== undefined && !isSameKey(named, key)) {
    throw new KmsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    )
  }
  return { key, ciphertext: { type: 'blob', ...found.ciphertext } }
}

/** The key that a request names. Where a blob says whose it is, the id alone of another account's key will do. */
async function resolveNamed(
  request: CiphertextRequest,
  keyId: string,
  context: OperationContext,
  action: string,
): Promise<KeyRecord> {
  try {
    return await resolveKey(keyId, 'any', context, action)
  } catch (error) {
    if (!(error instanceof KmsError) || error.code !== 'NotFoundException') throw error
    const key = isCiphertextIgnored(request) ? undefined : (await findKeyOfBlob(request, context))?.key
    if (key?.keyId === keyId) return key
    throw error
  }
}

interface KeyOfBlob {
  readonly key: KeyRecord
  readonly ciphertext: Omit<Extract<Ciphertext, { type: 'blob' }>, 'type'>
}

/** @returns `undefined` for what is no blob, and for one whose material is not in this Region */
async function findKeyOfBlob(
  { CiphertextBlob }: CiphertextRequest,
  { store, scope }: OperationContext,
): Promise<KeyOfBlob | undefined> {
  const blob = CiphertextBlob && parseBlob(CiphertextBlob)
  if (blob === undefined) return undefined
  const materialId = formatHex(blob.materialId)
  const material = await store.getMaterial(scope.region, materialId)
  const key = material && (await store.getKey(material, material.keyId))
  return material && key && { key, ciphertext: { blob, materialId, token: material.token } }
}

function isCiphertextIgnored({ DryRun, DryRunModifiers }: CiphertextRequest): boolean {
  return DryRun === true && DryRunModifiers?.includes('IGNORE_CIPHERTEXT') === true
}

function isSameKey(a: KeyRecord, b: KeyRecord): boolean {
  return a.keyId === b.keyId && a.account === b.account && a.region === b.region
}
