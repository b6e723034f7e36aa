/** The handlers of CloudFormation for AWS::KMS::Key, Alias and ReplicaKey, as the requests that they make. */
import { type KMS, type KeyMetadata, paginateListAliases } from '@aws-sdk/client-kms'
import { type Tags, type Tool, readTags, tagList } from './tool.ts'

/** How long a handler waits for a change to be seen everywhere. */
const PROPAGATION_MS = 60_000

/** The properties of a template. */
export interface KeyModel {
  readonly Description?: string
  readonly KeyPolicy: object
  readonly Enabled?: boolean
  readonly EnableKeyRotation?: boolean
  readonly RotationPeriodInDays?: number
  readonly MultiRegion?: boolean
  readonly PendingWindowInDays?: number
  readonly Tags?: Tags
}

/** What the read handler returns. */
export interface ReadModel {
  readonly Arn: string | undefined
  readonly Description: string | undefined
  readonly KeyPolicy: unknown
  readonly Enabled: boolean | undefined
  readonly EnableKeyRotation: boolean | undefined
  readonly Tags: Tags
}

/** AWS::KMS::Key */
export class KeyHandlers {
  readonly tool: Tool
  readonly kms: KMS
  keyId = ''

  constructor(tool: Tool, kms: KMS = tool.kms) {
    this.tool = tool
    this.kms = kms
  }

  async create(model: KeyModel): Promise<void> {
    const { KeyMetadata } = await this.kms.createKey({
      BypassPolicyLockoutSafetyCheck: false,
      Description: model.Description ?? '',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
      MultiRegion: model.MultiRegion ?? false,
      Origin: 'AWS_KMS',
      Policy: JSON.stringify(model.KeyPolicy),
      Tags: tagList(model.Tags ?? {}),
    })
    this.keyId = KeyMetadata?.KeyId ?? ''
    this.propagate()
    if (model.EnableKeyRotation === true) await this.#rotate(model)
    if (model.Enabled === false) await this.kms.disableKey({ KeyId: this.keyId })
    this.propagate()
  }

  /** @throws for a key that is gone or about to go, which to CloudFormation is the same */
  async read(): Promise<ReadModel> {
    const { keyId: KeyId } = this
    const metadata = await this.describe()
    const { Policy = '' } = await this.kms.getKeyPolicy({ KeyId, PolicyName: 'default' })
    const { KeyRotationEnabled } = await this.kms.getKeyRotationStatus({ KeyId })
    return {
      Arn: metadata.Arn,
      Description: metadata.Description,
      KeyPolicy: JSON.parse(Policy),
      Enabled: metadata.Enabled,
      EnableKeyRotation: KeyRotationEnabled,
      Tags: await readTags(this.kms, KeyId),
    }
  }

  async update(before: KeyModel, after: KeyModel): Promise<void> {
    const { keyId: KeyId } = this
    await this.describe()
    const [was, shall] = [before.Enabled ?? true, after.Enabled ?? true]
    if (!was && shall) {
      await this.kms.enableKey({ KeyId })
      this.propagate()
    }
    if ((before.EnableKeyRotation ?? false) !== (after.EnableKeyRotation ?? false)) await this.#rotate(after)
    if (was && !shall) await this.kms.disableKey({ KeyId })
    if (before.Description !== after.Description) {
      await this.kms.updateKeyDescription({ KeyId, Description: after.Description ?? '' })
    }
    if (JSON.stringify(before.KeyPolicy) !== JSON.stringify(after.KeyPolicy)) {
      await this.kms.putKeyPolicy({ KeyId, PolicyName: 'default', Policy: JSON.stringify(after.KeyPolicy) })
      this.propagate()
    }
    await this.#tag(after.Tags ?? {})
    this.propagate()
  }

  async delete({ PendingWindowInDays }: Pick<KeyModel, 'PendingWindowInDays'> = {}): Promise<void> {
    await this.kms.scheduleKeyDeletion({ KeyId: this.keyId, PendingWindowInDays })
    await this.tool.waitUntil(async () => {
      const { KeyMetadata } = await this.kms.describeKey({ KeyId: this.keyId })
      return isDying(KeyMetadata)
    })
  }

  async describe(): Promise<KeyMetadata> {
    const { KeyMetadata } = await this.kms.describeKey({ KeyId: this.keyId })
    if (KeyMetadata === undefined || isDying(KeyMetadata)) throw new Error('NotFound')
    return KeyMetadata
  }

  propagate(): void {
    this.tool.clock.advance(PROPAGATION_MS)
  }

  async #rotate({ EnableKeyRotation, RotationPeriodInDays }: KeyModel): Promise<void> {
    const { keyId: KeyId } = this
    if (EnableKeyRotation !== true) await this.kms.disableKeyRotation({ KeyId })
    else await this.kms.enableKeyRotation({ KeyId, RotationPeriodInDays })
  }

  /** A tag with another value is removed, and then added. */
  async #tag(wanted: Tags): Promise<void> {
    const { keyId: KeyId } = this
    const had = await readTags(this.kms, KeyId)
    const TagKeys = Object.keys(had).filter((name) => had[name] !== wanted[name])
    if (TagKeys.length > 0) await this.kms.untagResource({ KeyId, TagKeys })
    const Tags = tagList(wanted).filter(({ TagKey, TagValue }) => had[TagKey] !== TagValue)
    if (Tags.length > 0) await this.kms.tagResource({ KeyId, Tags })
  }
}

/** AWS::KMS::ReplicaKey */
export class ReplicaHandlers extends KeyHandlers {
  /** @returns how many questions it took until the replica was there */
  async replicate(primary: KeyHandlers, region: string, model: KeyModel): Promise<number> {
    const { ReplicaKeyMetadata } = await primary.kms.replicateKey({
      KeyId: primary.keyId,
      ReplicaRegion: region,
      Description: model.Description ?? '',
      Policy: JSON.stringify(model.KeyPolicy),
      Tags: tagList(model.Tags ?? {}),
    })
    this.keyId = ReplicaKeyMetadata?.KeyId ?? ''
    const asked = await this.tool.waitUntil(async () => (await this.describe()).KeyState !== 'Creating', {
      everyMs: 5000,
    })
    if (model.Enabled === false) await this.kms.disableKey({ KeyId: this.keyId })
    return asked
  }
}

function isDying(metadata: KeyMetadata | undefined): boolean {
  return metadata?.KeyState === 'PendingDeletion' || metadata?.KeyState === 'PendingReplicaDeletion'
}

/** AWS::KMS::Alias, found among those of its key. */
export async function readAlias(kms: KMS, KeyId: string, name: string) {
  for await (const { Aliases } of paginateListAliases({ client: kms, pageSize: 1 }, { KeyId })) {
    const found = Aliases?.find(({ AliasName }) => AliasName === name)
    if (found !== undefined) return found
  }
  return undefined
}
