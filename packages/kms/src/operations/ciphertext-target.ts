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
import { formatHex } from '../hex.ts'
import { isSymmetric } from '../key/capability.ts'
import type { KeyRecord } from '../key/key.ts'
import { currentToken } from '../key/material.ts'
import { resolveKey } from '../key/resolve.ts'
import type { OperationContext, Target } from '../operation.ts'
import { authorize } from '../policy/authorize.ts'

/** A ciphertext, and the token of what opens it. */
export type Ciphertext =
  | { readonly type: 'blob'; readonly opening: OpeningKey; readonly materialId: string }
  | { readonly type: 'rsa'; readonly token: KeyToken; readonly bytes: Uint8Array }

export interface CiphertextTarget extends Target {
  readonly ciphertext: Ciphertext
}

/** Present for a blob alone: RSA ciphertexts do not say what they were made with. */
export function materialIdOf({ ciphertext }: CiphertextTarget): string | undefined {
  return ciphertext.type === 'blob' ? ciphertext.materialId : undefined
}

/** @throws KmsError `ValidationException`: the model lets the member be absent, a dry run may leave it out */
function assertCiphertext(ciphertext: Uint8Array | undefined): asserts ciphertext is Uint8Array {
  if (ciphertext === undefined) throw new KmsError('ValidationException', 'CiphertextBlob is required.')
}

/**
 * Finds what opens `ciphertext`.
 *
 * @param keyId what the request names, if it does
 * @throws KmsError what `resolveKey` and `authorize` throw for `keyId`; `InvalidCiphertextException` for a blob that is none, or whose
 * material is not in this Region; `IncorrectKeyException` when another key than the named one sealed it
 */
export async function resolveCiphertext(
  ciphertext: Uint8Array | undefined,
  keyId: string | undefined,
  context: OperationContext,
  action: string,
): Promise<CiphertextTarget> {
  assertCiphertext(ciphertext)
  const named = keyId === undefined ? undefined : await resolveKey(keyId, 'any', context, action)
  // What follows tells that the named key exists, so the caller must be allowed to know first.
  if (named !== undefined) {
    const { principal, scope } = context
    authorize({ principal, caller: scope, action, resource: named, isNamedByCiphertext: false })
    if (!isSymmetric(named)) {
      return {
        key: named,
        ciphertext: { type: 'rsa', token: await currentToken(context.store, named), bytes: ciphertext },
      }
    }
  }

  const blob = parseBlob(ciphertext)
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
  return { key, ciphertext: { type: 'blob', opening: { token: material.token, blob }, materialId } }
}

function isSameKey(a: KeyRecord, b: KeyRecord): boolean {
  return a.keyId === b.keyId && a.account === b.account && a.region === b.region
}
