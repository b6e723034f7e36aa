/**
 * Keys that nobody manages but AWS: the AWS managed key of a service in each account and Region, which the account sees,
 * and the AWS owned key of a service in each Region, which no account does. Each is made when it is first asked for.
 *
 * They rotate every year, and no request changes anything about them.
 *
 * @spec KMS authorization §7; crypto-details §9
 */

import { beginManagedLife } from '@softkms/lifecycle'
import type { AwsService } from '../aws-service/service-table.ts'
import { KmsError } from '../errors.ts'
import type { AliasName } from '../key/key-id.ts'
import type { KeyRecord } from '../key/key.ts'
import { generateMaterial } from '../key/material.ts'
import type { AnyOperation, OperationContext } from '../operation.ts'
import { hiddenKey } from '../policy/access-denied.ts'
import type { Scope } from '../scope.ts'
import { formatManagedPolicy, formatOwnedPolicy } from './managed-policy.ts'

/** The account of AWS owned keys. Nobody calls from it. */
export const OWNER_ACCOUNT = '900000090000'

/** Whether a member of a request, of whatever type, is the ARN of an AWS owned key, be it there or not. */
export function isNameOfOwnedKey(member: unknown): boolean {
  return typeof member === 'string' && member.split(':')[4] === OWNER_ACCOUNT
}

/** What making a key needs. */
export type KeyMaker = Pick<OperationContext, 'store' | 'hsm' | 'ids' | 'now'>

/** How a key is found again, and what is particular to it. */
interface ManagedKind extends Scope {
  readonly aliasName: AliasName
  readonly managedBy: string
  readonly description: string
  readonly policy: string
}

/**
 * @returns the AWS managed key of a service, which is made now if it has never been asked for, unless the request is only
 * decided; `undefined` when the service has none
 */
export async function takeManagedKey(service: AwsService, context: OperationContext): Promise<KeyRecord | undefined> {
  const { managed } = service
  if (managed === undefined) return undefined
  const { account, region } = context.scope
  const kind: ManagedKind = {
    account,
    region,
    aliasName: `alias/aws/${managed.alias}` as AliasName,
    managedBy: managed.alias,
    description: 'Default key that protects my data when no other key is defined',
    policy: formatManagedPolicy(service, managed, context.scope),
  }
  return context.isHypothetical ? planKey(context, kind) : takeKey(context, kind)
}

/** @returns the AWS owned key of a service in a Region, which is made now if it has never been asked for */
export async function takeOwnedKey(service: AwsService, region: string, maker: KeyMaker): Promise<KeyRecord> {
  return takeKey(maker, {
    account: OWNER_ACCOUNT,
    region,
    aliasName: `alias/aws/${service.code}` as AliasName,
    managedBy: service.code,
    description: `Key that ${service.title} owns`,
    policy: formatOwnedPolicy(service),
  })
}

async function takeKey(maker: KeyMaker, kind: ManagedKind): Promise<KeyRecord> {
  const { store } = maker
  // Whoever is faster makes the key; everybody then finds it.
  for (const make of [true, false]) {
    const alias = await store.getAlias(kind, kind.aliasName)
    const key = alias && (await store.getKey(kind, alias.targetKeyId))
    if (key !== undefined) return key
    if (make) await makeKey(maker, kind)
  }
  throw new KmsError('KMSInternalException')
}

/** Of a key that is not made. */
const NO_MATERIAL = ''

/** The key as it would be, but for its material. */
function planKey({ ids, now }: Pick<KeyMaker, 'ids' | 'now'>, kind: ManagedKind): KeyRecord {
  const { account, region, managedBy, description, policy } = kind
  return {
    account,
    region,
    keyId: ids.newKeyId(),
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    version: 1,
    createdAt: now,
    managedBy,
    description,
    life: beginManagedLife(NO_MATERIAL, now),
    policy,
    tags: [],
  }
}

async function makeKey(maker: KeyMaker, kind: ManagedKind): Promise<void> {
  const { store, hsm, now } = maker
  const { account, region, aliasName } = kind
  const planned = planKey(maker, kind)
  const material = await generateMaterial(hsm, planned)
  const key: KeyRecord = { ...planned, life: beginManagedLife(material.materialId, now) }
  await store.commit([
    { type: 'PutKey', key },
    { type: 'AddMaterial', material },
    {
      type: 'PutAlias',
      alias: { account, region, aliasName, targetKeyId: key.keyId, version: 1, createdAt: now, updatedAt: now },
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
