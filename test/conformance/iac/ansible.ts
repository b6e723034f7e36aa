/** Ansible's module `kms_key`, as the sequence of requests that it makes for its arguments. */
import {
  type CreateGrantRequest,
  type GrantListEntry,
  type KMS,
  type KeyMetadata,
  type KeySpec,
  type KeyUsageType,
  paginateListAliases,
  paginateListGrants,
  paginateListKeyPolicies,
} from '@aws-sdk/client-kms'
import { type Tags, isSamePolicy, readTags, tagList, unless } from './tool.ts'

type Grant = Omit<CreateGrantRequest, 'KeyId'>

export interface ModuleArguments {
  readonly state?: 'present' | 'absent'
  readonly alias?: string
  readonly description?: string
  readonly enabled?: boolean
  readonly tags?: Tags
  readonly policy?: string
  readonly grants?: readonly Grant[]
  readonly purgeGrants?: boolean
  readonly enableKeyRotation?: boolean
  readonly keySpec?: KeySpec
  readonly keyUsage?: KeyUsageType
  readonly pendingWindow?: number
}

/** What the module returns of a key, whatever its state. */
export interface Facts {
  readonly metadata: KeyMetadata
  readonly aliases: readonly string[]
  readonly enableKeyRotation: boolean | undefined
  readonly grants: readonly GrantListEntry[]
  readonly tags: Tags
  readonly policies: readonly string[]
}

export interface Result {
  readonly changed: boolean
  readonly facts: Facts | undefined
}

export async function runModule(kms: KMS, wanted: ModuleArguments): Promise<Result> {
  const found = await unless('NotFoundException', kms.describeKey({ KeyId: wanted.alias }))
  const metadata = found?.KeyMetadata
  if (wanted.state === 'absent') {
    if (metadata === undefined) return { changed: false, facts: undefined }
    const changed = await startDeletion(kms, metadata, wanted)
    return { changed, facts: await readFacts(kms, metadata.Arn) }
  }
  if (metadata === undefined) return { changed: true, facts: await createKey(kms, wanted) }
  const facts = await readFacts(kms, metadata.Arn)
  const changed = await updateKey(kms, facts, wanted)
  return { changed, facts: await readFacts(kms, metadata.Arn) }
}

async function createKey(kms: KMS, wanted: ModuleArguments): Promise<Facts> {
  const { KeyMetadata } = await kms.createKey({
    BypassPolicyLockoutSafetyCheck: false,
    Tags: tagList(wanted.tags ?? {}),
    KeyUsage: wanted.keyUsage ?? 'ENCRYPT_DECRYPT',
    CustomerMasterKeySpec: (wanted.keySpec ?? 'SYMMETRIC_DEFAULT') as never,
    Origin: 'AWS_KMS',
    Description: wanted.description,
    Policy: wanted.policy,
  })
  const facts = await readFacts(kms, KeyMetadata?.KeyId)
  await updateAlias(kms, facts, wanted)
  await updateRotation(kms, facts, wanted)
  await ensureEnabled(kms, facts, wanted)
  await updateGrants(kms, facts, { ...wanted, purgeGrants: false })
  return readFacts(kms, KeyMetadata?.KeyId)
}

async function updateKey(kms: KMS, facts: Facts, wanted: ModuleArguments): Promise<boolean> {
  const isSaved = facts.metadata.KeyState === 'PendingDeletion'
  if (isSaved) await kms.cancelKeyDeletion({ KeyId: facts.metadata.Arn })
  // A key whose deletion is cancelled is disabled.
  const now: Facts = isSaved ? { ...facts, metadata: { ...facts.metadata, KeyState: 'Disabled' } } : facts
  const changes = [
    isSaved,
    await ensureEnabled(kms, now, wanted),
    await updateAlias(kms, now, wanted),
    await updateDescription(kms, now, wanted),
    await updateTags(kms, now, wanted),
    await updatePolicy(kms, now, wanted),
    await updateGrants(kms, now, wanted),
    await updateRotation(kms, now, wanted),
  ]
  return changes.includes(true)
}

export async function readFacts(kms: KMS, KeyId: string | undefined): Promise<Facts> {
  const { KeyMetadata: metadata } = await kms.describeKey({ KeyId })
  if (metadata?.KeyId === undefined) throw new Error('there is no key')
  const aliases: string[] = []
  for await (const { Aliases = [] } of paginateListAliases({ client: kms }, {})) {
    for (const { AliasName = '', TargetKeyId } of Aliases) if (TargetKeyId === metadata.KeyId) aliases.push(AliasName)
  }
  const rotation = await unless('UnsupportedOperationException', kms.getKeyRotationStatus({ KeyId }))
  const grants: GrantListEntry[] = []
  for await (const { Grants = [] } of paginateListGrants({ client: kms }, { KeyId })) grants.push(...Grants)
  const policies: string[] = []
  for await (const { PolicyNames = [] } of paginateListKeyPolicies({ client: kms }, { KeyId })) {
    for (const PolicyName of PolicyNames) {
      policies.push((await kms.getKeyPolicy({ KeyId, PolicyName })).Policy ?? '')
    }
  }
  return {
    metadata,
    aliases,
    enableKeyRotation: rotation?.KeyRotationEnabled,
    grants,
    tags: await readTags(kms, metadata.KeyId),
    policies,
  }
}

async function startDeletion(
  kms: KMS,
  { Arn, KeyState }: KeyMetadata,
  { pendingWindow }: ModuleArguments,
): Promise<boolean> {
  if (KeyState === 'PendingDeletion') return false
  await kms.scheduleKeyDeletion({ KeyId: Arn, PendingWindowInDays: pendingWindow })
  return true
}

async function ensureEnabled(kms: KMS, { metadata }: Facts, { enabled = true }: ModuleArguments): Promise<boolean> {
  if (metadata.KeyState === (enabled ? 'Enabled' : 'Disabled')) return false
  const { Arn: KeyId } = metadata
  await (enabled ? kms.enableKey({ KeyId }) : kms.disableKey({ KeyId }))
  return true
}

async function updateAlias(kms: KMS, { metadata }: Facts, { alias }: ModuleArguments): Promise<boolean> {
  if (alias === undefined) return false
  for await (const { Aliases = [] } of paginateListAliases({ client: kms }, {})) {
    if (Aliases.some(({ AliasName }) => AliasName === alias)) return false
  }
  await kms.createAlias({ TargetKeyId: metadata.Arn, AliasName: alias })
  return true
}

async function updateDescription(kms: KMS, { metadata }: Facts, { description }: ModuleArguments): Promise<boolean> {
  if (description === undefined || description === metadata.Description) return false
  await kms.updateKeyDescription({ KeyId: metadata.Arn, Description: description })
  return true
}

/** The module sends all tags when any is new. */
async function updateTags(kms: KMS, facts: Facts, { tags }: ModuleArguments): Promise<boolean> {
  if (tags === undefined) return false
  const KeyId = facts.metadata.Arn
  const TagKeys = Object.keys(facts.tags).filter((name) => !Object.hasOwn(tags, name))
  const isNew = Object.entries(tags).some(([name, value]) => facts.tags[name] !== value)
  if (TagKeys.length > 0) await kms.untagResource({ KeyId, TagKeys })
  if (isNew) await kms.tagResource({ KeyId, Tags: tagList(tags) })
  return isNew || TagKeys.length > 0
}

async function updatePolicy(kms: KMS, { metadata }: Facts, { policy }: ModuleArguments): Promise<boolean> {
  if (policy === undefined) return false
  const { Policy } = await kms.getKeyPolicy({ KeyId: metadata.Arn, PolicyName: 'default' })
  if (isSamePolicy(Policy, policy)) return false
  await kms.putKeyPolicy({ KeyId: metadata.Arn, PolicyName: 'default', Policy: policy })
  return true
}

async function updateGrants(
  kms: KMS,
  { metadata, grants: existing }: Facts,
  { grants = [], purgeGrants = false }: ModuleArguments,
): Promise<boolean> {
  const KeyId = metadata.Arn
  const toRemove = existing.filter(({ Name }) => purgeGrants && !grants.some((grant) => grant.Name === Name))
  const toAdd = grants.filter(({ Name }) => !existing.some((grant) => grant.Name === Name))
  for (const { GrantId } of toRemove) await kms.retireGrant({ KeyId, GrantId })
  for (const grant of toAdd) await kms.createGrant({ KeyId, ...grant })
  return toRemove.length + toAdd.length > 0
}

async function updateRotation(kms: KMS, { metadata }: Facts, { enableKeyRotation }: ModuleArguments): Promise<boolean> {
  if (enableKeyRotation === undefined) return false
  const { Arn: KeyId } = metadata
  if ((await kms.getKeyRotationStatus({ KeyId })).KeyRotationEnabled === enableKeyRotation) return false
  await (enableKeyRotation ? kms.enableKeyRotation({ KeyId }) : kms.disableKeyRotation({ KeyId }))
  return true
}
