/**
 * Writes to a KMS through the AWS SDK and remembers what it was told, so that a later KMS can be asked for it.
 *
 * What was under way when the server was killed may have happened or not; what was acknowledged must have.
 */
import { type KMS, type KeyMetadata, KMSServiceException } from '@aws-sdk/client-kms'
import { expect } from 'vitest'

/** What is known of one key. */
interface KnownKey {
  readonly keyId: string
  /** A state is not known while a change of it is under way. */
  state: string | undefined
  readonly aliases: Set<string>
  readonly grantIds: Set<string>
  /** Rotations that were acknowledged, and those that were asked for. */
  rotations: number
  rotationsAsked: number
  readonly blobs: { readonly plaintext: string; readonly blob: Uint8Array }[]
}

const GRANTEE = 'arn:aws:iam::000000000000:role/crash'

/** A number from 0 up to `below`, from a seed that moves on. */
export type Draw = (below: number) => number

export function createDraw(seed: number): Draw {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

export class Witness {
  readonly #keys: KnownKey[] = []
  readonly #draw: Draw
  /** Keys that a request is under way for: each is one writer's at a time, so that none is refused. */
  readonly #busy = new Set<KnownKey>()
  /** Writes that were acknowledged. */
  acknowledged = 0

  constructor(draw: Draw) {
    this.#draw = draw
  }

  /** Writes one thing after the other until the server is gone. */
  async writeUntilGone(kms: KMS): Promise<void> {
    for (;;) {
      try {
        await this.#writeOnce(kms)
        this.acknowledged++
      } catch (error) {
        // A refusal is an answer, and none of these requests deserves one.
        if (error instanceof KMSServiceException) throw error
        return
      }
    }
  }

  /**
   * Writes one thing.
   *
   * @param isFault whether an answer leaves open what was done
   */
  async tryOnce(kms: KMS, isFault: (error: unknown) => boolean): Promise<void> {
    try {
      await this.#writeOnce(kms)
      this.acknowledged++
    } catch (error) {
      if (!isFault(error)) throw error
    }
  }

  async #writeOnce(kms: KMS): Promise<void> {
    const usable = this.#keys.filter((key) => key.state === 'Enabled' && !this.#busy.has(key))
    const key = usable[this.#draw(usable.length)]
    const choice = this.#draw(12)
    if (key === undefined || choice < 2) return this.#createKey(kms)
    this.#busy.add(key)
    try {
      await this.#writeTo(kms, key, choice)
    } finally {
      this.#busy.delete(key)
    }
  }

  async #writeTo(kms: KMS, key: KnownKey, choice: number): Promise<void> {
    const KeyId = key.keyId
    if (choice < 4) {
      const AliasName = `alias/of-${KeyId}-${key.aliases.size}-${this.#draw(1e9)}`
      await kms.createAlias({ AliasName, TargetKeyId: KeyId })
      key.aliases.add(AliasName)
    } else if (choice < 6) {
      const { GrantId = '' } = await kms.createGrant({ KeyId, GranteePrincipal: GRANTEE, Operations: ['Decrypt'] })
      key.grantIds.add(GrantId)
    } else if (choice < 8 && key.rotationsAsked < 20) {
      key.rotationsAsked++
      await kms.rotateKeyOnDemand({ KeyId })
      key.rotations++
    } else if (choice === 8) {
      await this.#change(key, 'Disabled', () => kms.disableKey({ KeyId }))
    } else if (choice === 9) {
      await this.#change(key, 'PendingDeletion', () => kms.scheduleKeyDeletion({ KeyId }))
    } else {
      const plaintext = `secret ${this.#draw(1e9)}`
      const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: Buffer.from(plaintext) })
      if (CiphertextBlob !== undefined) key.blobs.push({ plaintext, blob: CiphertextBlob })
    }
  }

  async #createKey(kms: KMS): Promise<void> {
    const { KeyMetadata } = await kms.createKey({})
    this.#keys.push({
      keyId: KeyMetadata?.KeyId ?? '',
      state: 'Enabled',
      aliases: new Set(),
      grantIds: new Set(),
      rotations: 0,
      rotationsAsked: 0,
      blobs: [],
    })
  }

  /** The state is not known until the answer is there: other writers leave the key alone meanwhile. */
  async #change(key: KnownKey, state: string, change: () => Promise<unknown>): Promise<void> {
    key.state = undefined
    await change()
    key.state = state
  }

  /** Everything acknowledged is there, and nothing is half there. */
  async expectAllKept(kms: KMS): Promise<void> {
    for (const key of this.#keys) {
      const { KeyMetadata } = await kms.describeKey({ KeyId: key.keyId })
      if (key.state === undefined) key.state = KeyMetadata?.KeyState
      expect([key.keyId, KeyMetadata?.KeyState]).toEqual([key.keyId, key.state])
      await this.#expectRotations(kms, key)
      expect(await aliasesOf(kms, key.keyId)).toEqual(expect.arrayContaining([...key.aliases]))
      expect(await grantsOf(kms, key.keyId)).toEqual(expect.arrayContaining([...key.grantIds]))
      if (key.state === 'Enabled') await expectDecrypts(kms, key)
    }
    await expectWhole(kms)
  }

  async #expectRotations(kms: KMS, key: KnownKey): Promise<void> {
    const { Rotations = [] } = await kms.listKeyRotations({ KeyId: key.keyId })
    expect(Rotations.length).toBeGreaterThanOrEqual(key.rotations)
    expect(Rotations.length).toBeLessThanOrEqual(key.rotationsAsked)
    // One that was under way has happened or never will.
    key.rotations = Rotations.length
    key.rotationsAsked = Rotations.length
  }
}

async function aliasesOf(kms: KMS, KeyId: string): Promise<string[]> {
  const { Aliases = [] } = await kms.listAliases({ KeyId, Limit: 100 })
  return Aliases.map(({ AliasName = '' }) => AliasName)
}

async function grantsOf(kms: KMS, KeyId: string): Promise<string[]> {
  const { Grants = [] } = await kms.listGrants({ KeyId, Limit: 100 })
  return Grants.map(({ GrantId = '' }) => GrantId)
}

async function expectDecrypts(kms: KMS, { blobs }: KnownKey): Promise<void> {
  for (const { plaintext, blob } of blobs) {
    const { Plaintext } = await kms.decrypt({ CiphertextBlob: blob })
    expect(Buffer.from(Plaintext ?? []).toString()).toBe(plaintext)
  }
}

/** Keys that nobody was told of are whole as well: they can be described and, where they are enabled, used. */
async function expectWhole(kms: KMS): Promise<void> {
  const { Keys = [] } = await kms.listKeys({ Limit: 1000 })
  for (const { KeyId } of Keys) {
    const { KeyMetadata }: { KeyMetadata?: KeyMetadata | undefined } = await kms.describeKey({ KeyId })
    if (KeyMetadata?.KeyState !== 'Enabled') continue
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: Buffer.from('whole') })
    await kms.decrypt({ CiphertextBlob })
  }
}
