/**
 * AWS managed keys: one for each service that wants one, in each account and Region, made when it is first asked for.
 *
 * Nobody manages them but AWS: they rotate every year, and no request changes anything about them.
 *
 * @spec KMS authorization §7; crypto-details §9
 */

import { beginManagedLife } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import type { AliasName } from '../key/key-id.ts'
import type { KeyRecord } from '../key/key.ts'
import { generateMaterial } from '../key/material.ts'
import type { AnyOperation, OperationContext } from '../operation.ts'
import { hiddenKey } from '../policy/access-denied.ts'
import { type ManagedServiceName, formatManagedPolicy } from './managed-services.ts'

const DESCRIPTION = 'Default key that protects my data when no other key is defined'

/** @returns the AWS managed key of a service, which is made now if it has never been asked for */
export async function takeManagedKey(service: ManagedServiceName, context: OperationContext): Promise<KeyRecord> {
  const { scope, store } = context
  const aliasName = `alias/aws/${service}` as AliasName
  // Whoever is faster makes the key; everybody then finds it.
  for (const make of [true, false]) {
    const alias = await store.getAlias(scope, aliasName)
    const key = alias && (await store.getKey(scope, alias.targetKeyId))
    if (key !== undefined) return key
    if (make) await makeManagedKey(service, aliasName, context)
  }
  throw new KmsError('KMSInternalException')
}

async function makeManagedKey(
  service: ManagedServiceName,
  aliasName: AliasName,
  { scope, store, hsm, ids, now }: OperationContext,
): Promise<void> {
  const kind = {
    account: scope.account,
    region: scope.region,
    keyId: ids.newKeyId(),
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
  } as const
  const material = await generateMaterial(hsm, kind)
  const key: KeyRecord = {
    ...kind,
    version: 1,
    createdAt: now,
    description: DESCRIPTION,
    managedBy: service,
    life: beginManagedLife(material.materialId, now),
    policy: formatManagedPolicy(service, scope),
    tags: [],
  }
  const { account, region, keyId: targetKeyId } = kind
  await store.commit([
    { type: 'PutKey', key },
    { type: 'AddMaterial', material },
    {
      type: 'PutAlias',
      alias: { account, region, aliasName, targetKeyId, version: 1, createdAt: now, updatedAt: now },
    },
  ])
}

/** Grants are use of a key: its policy says who may give and take them, and for some services it says so. */
const GRANTS: ReadonlySet<string> = new Set(['CreateGrant', 'RetireGrant', 'RevokeGrant'])

/**
 * @throws KmsError `AccessDeniedException` for whatever would change an AWS managed key
 */
export function assertManageable(key: KeyRecord, { name, isReadOnly }: AnyOperation, principal: string): void {
  if (key.managedBy === undefined || isReadOnly || GRANTS.has(name)) return
  throw hiddenKey({ principal, action: `kms:${name}`, isNamedByCiphertext: false })
}
