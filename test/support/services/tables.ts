/**
 * A DynamoDB: tables under a key that DynamoDB owns, or under a key of the customer's, to which it has a grant.
 *
 * It works as itself throughout: whoever reads an item needs permission on the table, and none on the key.
 */
import type { Kms } from 'softkms'
import { type Context, type Locked, drawDataKey, lock, openDataKey, unlock } from './sealed.ts'

export interface Table {
  putItem(name: string, value: string): Promise<void>
  getItem(name: string): Promise<string | undefined>
  /** Gives the customer's key back. */
  drop(): Promise<void>
}

export interface TableOptions {
  readonly name: string
  /** Absent: the key that DynamoDB owns. */
  readonly customerKey?: { readonly keyId: string; readonly creator: string }
}

const SERVICE = 'dynamodb.amazonaws.com'

export async function createTable(kms: Kms, { name, customerKey }: TableOptions): Promise<Table> {
  const { account, region } = kms.defaults
  const sourceArn = `arn:aws:dynamodb:${region}:${account}:table/${name}`
  const context: Context = { 'aws:dynamodb:tableName': name, 'aws:dynamodb:subscriberId': account }
  const itself = kms.asService(SERVICE, { sourceArn })
  const grantId = customerKey && (await takeGrant())
  const keyId = customerKey?.keyId ?? (await itself.ownedKey())
  const { sealed } = await drawDataKey(itself, keyId, context)
  const items = new Map<string, Locked>()

  async function takeGrant(): Promise<string | undefined> {
    const { GrantId } = await kms.asService(SERVICE, { onBehalfOf: customerKey?.creator ?? account }).createGrant({
      KeyId: customerKey?.keyId,
      GranteeServicePrincipal: SERVICE,
      RetiringServicePrincipal: SERVICE,
      Operations: ['Decrypt', 'Encrypt', 'GenerateDataKey', 'DescribeKey', 'RetireGrant'],
      Constraints: { EncryptionContextSubset: context, SourceArn: sourceArn },
    })
    return GrantId
  }

  const openKey = async (): Promise<Uint8Array> => openDataKey(itself, sealed, context)

  return {
    putItem: async (item, value) => void items.set(item, lock(await openKey(), Buffer.from(value))),
    async getItem(item) {
      const locked = items.get(item)
      return locked && Buffer.from(unlock(await openKey(), locked)).toString()
    },
    async drop() {
      if (grantId !== undefined) await itself.retireGrant({ KeyId: keyId, GrantId: grantId })
      items.clear()
    },
  }
}
