/**
 * A new domain key for a whole store, while it is in use.
 *
 * The keyring is kept before its new key wraps anything; then every token is wrapped anew, some at a time. What a key
 * holds meanwhile works on, since the keys before still unwrap, and verify the tags of records that were not written
 * since. A rotation that was cut off leaves tokens under an earlier key, by which the next one knows to finish it first.
 */

import type { Hsm } from '@softkms/hsm'
import type { MaterialRecord } from '../key/key.ts'
import { type Change, type Store, materialName } from './store.ts'

/** Tokens in one commit. */
const BATCH = 100

export interface DomainKeyRotation {
  /** Whether there is a new key; otherwise an earlier rotation was finished. */
  readonly isRotated: boolean
  /** How many tokens were wrapped anew. */
  readonly rewrapped: number
}

/** @param total how much material there was when it began */
export type RotationProgress = (done: number, total: number) => void

/**
 * @param hsm of the store's domain (`joinDomain`), with a root key
 * @param onProgress told after each batch, beginning with none
 * @throws HsmError `NO_ROOT_KEY`, `INVALID_TOKEN` for a token of another domain
 * @throws StoreError
 */
export async function rotateDomainKey(
  { hsm, store }: { readonly hsm: Hsm; readonly store: Store },
  onProgress: RotationProgress = () => undefined,
): Promise<DomainKeyRotation> {
  const isRotated = !(await isUnfinished(hsm, store))
  if (isRotated) await addKey(hsm, store)
  const total = await store.countMaterials()
  let [done, rewrapped] = [0, 0]
  onProgress(done, total)
  for await (const materials of batchesOf(store)) {
    const isStale = await Promise.all(materials.map((material) => isUnderEarlierKey(hsm, material)))
    const stale = materials.filter((_, index) => isStale[index])
    for (const material of stale) if (await rewrap(hsm, store, material)) rewrapped += 1
    done += materials.length
    onProgress(done, Math.max(done, total))
  }
  return { isRotated, rewrapped }
}

async function isUnfinished(hsm: Hsm, store: Store): Promise<boolean> {
  for await (const materials of batchesOf(store)) {
    for (const material of materials) if (await isUnderEarlierKey(hsm, material)) return true
  }
  return false
}

async function isUnderEarlierKey(hsm: Hsm, { token }: MaterialRecord): Promise<boolean> {
  return token !== undefined && !(await hsm.isUnderActiveKey(token))
}

async function addKey(hsm: Hsm, store: Store): Promise<void> {
  for (;;) {
    const kept = await store.getKeyring()
    if (kept !== undefined) await hsm.openKeyring(kept.sealed)
    const sealed = await hsm.sealRotatedKeyring()
    const keyring = { version: (kept?.version ?? 0) + 1, sealed }
    // Somebody else may have kept another keyring meanwhile: the new key then goes in front of that one.
    if (await store.commit([{ type: 'PutKeyring', keyring }])) return hsm.openKeyring(sealed)
  }
}

/** @returns whether the token was wrapped anew: a key that is gone, or whose material is, needs none */
async function rewrap(hsm: Hsm, store: Store, { region, materialId }: MaterialRecord): Promise<boolean> {
  for (;;) {
    const material = await store.getMaterial(region, materialId)
    const key = material && (await store.getKey(material, material.keyId))
    if (material?.token === undefined || key === undefined || !(await isUnderEarlierKey(hsm, material))) return false
    const token = await hsm.rewrap(material.token)
    // Whatever changes material changes its key with it.
    const changes: readonly Change[] = [
      { type: 'ExpectKey', key },
      { type: 'PutMaterial', material: { ...material, token } },
    ]
    if (await store.commit(changes)) {
      await hsm.unload(material.token)
      return true
    }
  }
}

async function* batchesOf(store: Store): AsyncGenerator<readonly MaterialRecord[], void, undefined> {
  let after: string | undefined
  for (;;) {
    const { items, isTruncated } = await store.listMaterials({ after, limit: BATCH })
    yield items
    const last = items.at(-1)
    if (!isTruncated || last === undefined) return
    after = materialName(last)
  }
}
