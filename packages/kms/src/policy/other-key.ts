/** The key at the other end of ReEncrypt, for `kms:ReEncryptOnSameKey`. Looks and tells nobody. */

import { parseBlob } from '@softkms/envelope'
import { formatHex } from '../hex.ts'
import { parseKeyReference } from '../key/key-id.ts'
import type { KeyRecord } from '../key/key.ts'
import type { Members } from '../request.ts'
import type { Scope } from '../scope.ts'
import type { Store } from '../store/store.ts'

/**
 * @param action `ReEncryptFrom` or `ReEncryptTo`
 * @returns `undefined` when there is no such key; that is for the pipeline to say, in its own time
 */
export async function findOtherKey(
  store: Store,
  scope: Scope,
  action: string,
  input: Members,
): Promise<KeyRecord | undefined> {
  const name = action === 'ReEncryptFrom' ? input['DestinationKeyId'] : input['SourceKeyId']
  if (typeof name === 'string') return findNamed(store, scope, name)
  const ciphertext = input['CiphertextBlob']
  const blob = ciphertext instanceof Uint8Array ? parseBlob(ciphertext) : undefined
  const material = blob && (await store.getMaterial(scope.region, formatHex(blob.materialId)))
  return material && store.getKey(material, material.keyId)
}

async function findNamed(store: Store, scope: Scope, name: string): Promise<KeyRecord | undefined> {
  const reference = referenceOf(name)
  if (reference === undefined) return undefined
  const where = reference.scope ?? scope
  if (reference.type === 'key') return store.getKey(where, reference.keyId)
  const alias = await store.getAlias(where, reference.aliasName)
  return alias && store.getKey(where, alias.targetKeyId)
}

function referenceOf(name: string): ReturnType<typeof parseKeyReference> | undefined {
  try {
    return parseKeyReference(name)
  } catch {
    return undefined
  }
}
