/** The resources of Terraform's AWS provider, as the sequences of requests that its provider makes for them. */
import { type KMS, type KeySpec, type KeyUsageType, paginateListAliases, paginateListGrants } from '@aws-sdk/client-kms'
import { wrapUnder } from '../../support/import-material.ts'
import { type Tags, type Tool, isSamePolicy, readTags, tagList, unless } from './tool.ts'

export interface KeyArguments {
  readonly description?: string
  readonly policy?: string
  readonly tags?: Tags
  readonly isEnabled?: boolean
  readonly enableKeyRotation?: boolean
  readonly rotationPeriodInDays?: number
  readonly spec?: KeySpec
  readonly usage?: KeyUsageType
  readonly multiRegion?: boolean
  readonly deletionWindowInDays?: number
}

/** What a refresh finds, in the words of the resource. */
export interface KeyState {
  readonly arn: string
  readonly description: string
  readonly policy: string
  readonly tags: Tags
  readonly isEnabled: boolean
  readonly enableKeyRotation: boolean | undefined
  readonly rotationPeriodInDays: number | undefined
}

/** aws_kms_key */
export class TerraformKey {
  readonly tool: Tool
  readonly kms: KMS
  id = ''

  constructor(tool: Tool, kms: KMS = tool.kms) {
    this.tool = tool
    this.kms = kms
  }

  async create(wanted: KeyArguments): Promise<void> {
    const { KeyMetadata } = await this.kms.createKey({
      BypassPolicyLockoutSafetyCheck: false,
      KeySpec: wanted.spec ?? 'SYMMETRIC_DEFAULT',
      KeyUsage: wanted.usage ?? 'ENCRYPT_DECRYPT',
      Tags: tagList(wanted.tags ?? {}),
      Description: wanted.description,
      MultiRegion: wanted.multiRegion,
      Policy: wanted.policy,
    })
    this.id = KeyMetadata?.KeyId ?? ''
    if (wanted.enableKeyRotation === true) await this.#rotate(wanted)
    if (wanted.isEnabled === false) await this.enable(false)
    await this.waitForPolicyAndTags(wanted)
  }

  async waitForPolicyAndTags({ policy, tags }: KeyArguments): Promise<void> {
    if (policy !== undefined) await this.#waitForPolicy(policy)
    if (tags !== undefined) await this.#waitForTags(tags)
  }

  /** `undefined` for a key that is gone, or about to go. */
  async read(): Promise<KeyState | undefined> {
    const metadata = await this.find()
    if (metadata === undefined) return undefined
    const { Policy = '' } = await this.kms.getKeyPolicy({ KeyId: this.id, PolicyName: 'default' })
    // Asked of every key of this origin, whatever its spec.
    const rotation = metadata.Origin === 'AWS_KMS' ? await this.kms.getKeyRotationStatus({ KeyId: this.id }) : undefined
    return {
      arn: metadata.Arn ?? '',
      description: metadata.Description ?? '',
      policy: Policy,
      tags: await readTags(this.kms, this.id),
      isEnabled: metadata.Enabled ?? false,
      enableKeyRotation: rotation?.KeyRotationEnabled,
      rotationPeriodInDays: rotation?.RotationPeriodInDays,
    }
  }

  async find() {
    const found = await unless('NotFoundException', this.kms.describeKey({ KeyId: this.id }))
    const metadata = found?.KeyMetadata
    return metadata?.KeyState === 'PendingDeletion' || metadata?.KeyState === 'PendingReplicaDeletion'
      ? undefined
      : metadata
  }

  /** Enables before anything else is changed, and disables after. */
  async update(had: KeyArguments, wanted: KeyArguments): Promise<void> {
    const isChanged = (name: keyof KeyArguments): boolean => wanted[name] !== undefined && had[name] !== wanted[name]
    if (isChanged('isEnabled') && wanted.isEnabled === true) await this.enable(true)
    if (isChanged('enableKeyRotation') || isChanged('rotationPeriodInDays')) await this.#rotate(wanted)
    if (wanted.description !== undefined && isChanged('description')) await this.#describe(wanted.description)
    if (wanted.policy !== undefined && isChanged('policy')) await this.putPolicy(wanted.policy)
    if (isChanged('isEnabled') && wanted.isEnabled === false) await this.enable(false)
    if (wanted.tags !== undefined && isChanged('tags')) await this.#tag(had.tags ?? {}, wanted.tags)
  }

  async delete({ deletionWindowInDays }: KeyArguments = {}): Promise<void> {
    const request = this.kms.scheduleKeyDeletion({ KeyId: this.id, PendingWindowInDays: deletionWindowInDays })
    const scheduled = await unless(
      'KMSInvalidStateException',
      unless('NotFoundException', request),
      'is pending deletion',
    )
    if (scheduled === undefined) return
    await this.tool.waitUntil(async () => (await this.find()) === undefined)
  }

  async enable(isEnabled: boolean): Promise<void> {
    const { id: KeyId } = this
    await (isEnabled ? this.kms.enableKey({ KeyId }) : this.kms.disableKey({ KeyId }))
    const isSeen = async (): Promise<boolean> => (await this.find())?.Enabled === isEnabled
    await this.tool.waitUntil(isSeen, { times: 15, everyMs: 2000 })
  }

  async putPolicy(Policy: string): Promise<void> {
    const { id: KeyId } = this
    await this.kms.putKeyPolicy({ KeyId, Policy, PolicyName: 'default', BypassPolicyLockoutSafetyCheck: false })
    await this.#waitForPolicy(Policy)
  }

  async #rotate({
    enableKeyRotation = false,
    rotationPeriodInDays: RotationPeriodInDays,
  }: KeyArguments): Promise<void> {
    const { id: KeyId } = this
    await (enableKeyRotation
      ? this.kms.enableKeyRotation({ KeyId, RotationPeriodInDays })
      : this.kms.disableKeyRotation({ KeyId }))
    await this.tool.waitUntil(
      async () => {
        const status = await this.kms.getKeyRotationStatus({ KeyId })
        const isPeriod = RotationPeriodInDays === undefined || status.RotationPeriodInDays === RotationPeriodInDays
        return status.KeyRotationEnabled === enableKeyRotation && (isPeriod || !enableKeyRotation)
      },
      { times: 5 },
    )
  }

  async #describe(Description: string): Promise<void> {
    await this.kms.updateKeyDescription({ KeyId: this.id, Description })
    const isSeen = async (): Promise<boolean> => (await this.find())?.Description === Description
    await this.tool.waitUntil(isSeen, { times: 5, everyMs: 2000 })
  }

  async #tag(had: Tags, wanted: Tags): Promise<void> {
    const { id: KeyId } = this
    const TagKeys = Object.keys(had).filter((name) => !Object.hasOwn(wanted, name))
    if (TagKeys.length > 0) await this.kms.untagResource({ KeyId, TagKeys })
    const Tags = tagList(wanted).filter(({ TagKey, TagValue }) => had[TagKey] !== TagValue)
    if (Tags.length > 0) await this.kms.tagResource({ KeyId, Tags })
    await this.#waitForTags(wanted)
  }

  async #waitForPolicy(policy: string): Promise<void> {
    const { id: KeyId } = this
    await this.tool.waitUntil(
      async () => isSamePolicy((await this.kms.getKeyPolicy({ KeyId, PolicyName: 'default' })).Policy, policy),
      { times: 5 },
    )
  }

  async #waitForTags(tags: Tags): Promise<void> {
    const isSeen = async (): Promise<boolean> => isSameTags(await readTags(this.kms, this.id), tags)
    await this.tool.waitUntil(isSeen, { times: 5 })
  }
}

function isSameTags(one: Tags, other: Tags): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}

/** aws_kms_external_key */
export class TerraformExternalKey extends TerraformKey {
  async createExternal(material: Uint8Array, validTo?: Date): Promise<void> {
    const { KeyMetadata } = await this.kms.createKey({
      BypassPolicyLockoutSafetyCheck: false,
      KeyUsage: 'ENCRYPT_DECRYPT',
      Origin: 'EXTERNAL',
      Tags: [],
    })
    this.id = KeyMetadata?.KeyId ?? ''
    await this.import(material, validTo)
  }

  async import(material: Uint8Array, ValidTo?: Date): Promise<void> {
    const { id: KeyId } = this
    const parameters = await this.kms.getParametersForImport({
      KeyId,
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    })
    await this.kms.importKeyMaterial({
      KeyId,
      ImportToken: parameters.ImportToken,
      EncryptedKeyMaterial: wrapUnder('RSAES_OAEP_SHA_256', parameters.PublicKey ?? new Uint8Array(0), material),
      ...(ValidTo === undefined
        ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
        : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo }),
    })
    await this.tool.waitUntil(async () => (await this.find())?.KeyState !== 'PendingImport', { times: 10 })
    await this.tool.waitUntil(async () => (await this.find())?.ValidTo?.getTime() === ValidTo?.getTime(), { times: 5 })
  }
}

/** aws_kms_replica_key: made where its primary is, read and changed where it is itself. */
export class TerraformReplicaKey extends TerraformKey {
  async replicate(primary: TerraformKey, region: string, wanted: KeyArguments): Promise<number> {
    const { ReplicaKeyMetadata } = await primary.kms.replicateKey({
      KeyId: primary.id,
      ReplicaRegion: region,
      Tags: tagList(wanted.tags ?? {}),
      Description: wanted.description,
      Policy: wanted.policy,
    })
    this.id = ReplicaKeyMetadata?.KeyId ?? ''
    const asked = await this.tool.waitUntil(async () => (await this.find())?.KeyState === 'Enabled', { everyMs: 5000 })
    if (wanted.isEnabled === false) await this.enable(false)
    await this.waitForPolicyAndTags(wanted)
    return asked
  }
}

/** aws_kms_alias, found among all aliases of the account. */
export async function readAlias(kms: KMS, name: string) {
  for await (const { Aliases } of paginateListAliases({ client: kms, pageSize: 2 }, {})) {
    const found = Aliases?.find(({ AliasName }) => AliasName === name)
    if (found !== undefined) return found
  }
  return undefined
}

/** aws_kms_grant, found among all grants of its key. */
export async function readGrant(kms: KMS, KeyId: string, grantId: string | undefined) {
  for await (const { Grants } of paginateListGrants({ client: kms, pageSize: 100 }, { KeyId })) {
    const found = Grants?.find(({ GrantId }) => GrantId === grantId)
    if (found !== undefined) return found
  }
  return undefined
}
