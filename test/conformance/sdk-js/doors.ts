/**
 * The two ways in which the AWS SDK for JavaScript reaches a KMS here: over HTTP to a `softkms serve` in a process of
 * its own, and in this process through `requestHandler`. One suite runs through both. Each success of a client fails when
 * the SDK did not decode it whole.
 */
import { KMS, type KMSClientConfig } from '@aws-sdk/client-kms'
import { createKms, requestHandler } from 'softkms'
import { ACCOUNT, REGION } from '../../support/kms-fixture.ts'
import { watchDecoding } from '../../support/sdk-decoding.ts'
import { serveKms } from '../../support/served-kms.ts'

export interface Door {
  /** A client with credentials of `ACCOUNT` in `REGION`, but for what is asked otherwise. Ends with the door. */
  readonly client: (config?: KMSClientConfig) => KMS
  /** How many successes of its clients were found decoded whole. */
  readonly lookedAt: () => number
  readonly close: () => Promise<void>
}

export interface DoorKind {
  readonly name: string
  /** A door to a KMS that holds nothing yet. */
  readonly open: () => Promise<Door>
}

export const DOORS: readonly DoorKind[] = [
  {
    name: 'over HTTP',
    async open() {
      const server = await serveKms()
      return createDoor({ endpoint: server.url }, server.stop)
    },
  },
  {
    name: 'in process',
    async open() {
      return createDoor({ requestHandler: requestHandler(await createKms()) }, async () => undefined)
    },
  },
]

function createDoor(way: KMSClientConfig, closeBehind: () => Promise<void>): Door {
  const clients: KMS[] = []
  const counts: (() => number)[] = []
  return {
    client(config = {}) {
      const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'any' }
      const client = new KMS({ region: REGION, credentials, ...way, ...config })
      counts.push(watchDecoding(client))
      clients.push(client)
      return client
    },
    lookedAt: () => counts.reduce((sum, count) => sum + count(), 0),
    async close() {
      for (const client of clients) client.destroy()
      await closeBehind()
    },
  }
}
