/**
 * The key of a ciphertext: found by the KeyMaterialId in the blob, and compared with the one that the request names.
 *
 * @spec KMS operations, Decrypt and ReEncrypt; wire §4
 */

import { parseBlob } from '@softkms/envelope'
import type { OpeningKey } from '@softkms/envelope'
import { KmsError } from '../errors.ts'
import { formatHex } from '../hex.ts'
import type { KeyRecord } from '../key/key.ts'
import { resolveKey } from '../key/resolve.ts'
import type { OperationContext, Target } from '../operation.ts'
import { authorize } from '../policy/authorize.ts'

export interface CiphertextTarget extends Target {
  /** Absent in a dry run that leaves the ciphertext out. */
  readonly sealed?: { readonly opening: OpeningKey; readonly materialId: string }
}

/** What a request says of its ciphertext, under whichever names its members have. */
export interface CiphertextRequest {
  readonly CiphertextBlob?: Uint8Array | undefined
  readonly DryRun?: boolean | undefined
  readonly DryRunModifiers?: readonly string[] | undefined
}

/**
 * The model lets the ciphertext be absent, because a dry run may leave it out; the key must then be named.
 *
 * @throws KmsError `ValidationException`
 */
export function assertCiphertextNamed(request: CiphertextRequest, keyMember: string, keyId: string | undefined): void {
  if (isCiphertextIgnored(request)) {
    if (keyId === undefined) throw new KmsError('ValidationException', `${keyMember} is required.`)
  } else if (request.CiphertextBlob === undefined) {
    throw new KmsError('ValidationException', 'CiphertextBlob is required.')
  }
}

/**
 * Finds what opens the ciphertext of a request that `assertCiphertextNamed` has passed.
 *
 * @param keyId what the request names, if it does
 * @throws KmsError what `resolveKey` and `authorize` throw for `keyId`; `InvalidCiphertextException` for a blob that
 * is none, or whose material is not in this Region; `IncorrectKeyException` when another key than the named one sealed it
 */
export async function resolveCiphertext(
  request: CiphertextRequest,
  keyId: string | undefined,
  context: OperationContext,
  action: string,
): Promise<CiphertextTarget> {
  const named = keyId === undefined ? undefined : await resolveKey(keyId, 'any', context, action)
  // What follows tells that the named key exists, so the caller must be allowed to know first.
  if (named !== undefined) {
    const { principal, scope } = context
    authorize({ principal, caller: scope, action, resource: named, isNamedByCiphertext: false })
    if (isCiphertextIgnored(request)) return { key: named }
  }

  const blob = request.CiphertextBlob && parseBlob(request.CiphertextBlob)
  const materialId = blob && formatHex(blob.materialId)
  const material =
    materialId === undefined ? undefined : await context.store.getMaterial(context.scope.region, materialId)
  const key = material && (await context.store.getKey(material, material.keyId))
  if (blob === undefined || materialId === undefined || material === undefined || key === undefined) {
    throw new KmsError('InvalidCiphertextException')
  }
  if (named !== undefined && !isSameKey(named, key)) {
    throw new KmsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    )
  }
  return { key, sealed: { materialId, opening: { token: material.token, blob } } }
}

function isCiphertextIgnored({ DryRun, DryRunModifiers }: CiphertextRequest): boolean {
  return DryRun === true && DryRunModifiers?.includes('IGNORE_CIPHERTEXT') === true
}

function isSameKey(a: KeyRecord, b: KeyRecord): boolean {
  return a.keyId === b.keyId && a.account === b.account && a.region === b.region
}
