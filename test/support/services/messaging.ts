/** An SQS whose queues use a data key for some time, and an SNS that delivers what is published to queues. */
import type { Kms } from 'softkms'
import { type Context, type DataKey, type Locked, drawDataKey, lock, openDataKey, unlock } from './sealed.ts'

export interface Queue {
  /** @param through whoever sends: SQS on behalf of a producer, or another service */
  send(through: Kms, body: string): Promise<void>
  receive(consumer: string): Promise<string | undefined>
}

export interface QueueOptions {
  readonly name: string
  readonly keyId: string
  readonly now: () => number
  readonly reuseMs: number
}

/** What a producer sends with. */
export function sqsFor(kms: Kms, caller: string): Kms {
  return kms.asService('sqs.amazonaws.com', { onBehalfOf: caller })
}

export function createQueue(kms: Kms, { name, keyId, now, reuseMs }: QueueOptions): Queue {
  const { account, region } = kms.defaults
  const context: Context = { 'aws:sqs:arn': `arn:aws:sqs:${region}:${account}:${name}` }
  const messages: { readonly dataKey: Uint8Array; readonly body: Locked }[] = []
  /** By who sends: one producer's permission is not another's. */
  const inUse = new Map<string, { readonly key: DataKey; readonly until: number }>()

  async function takeKey(through: Kms): Promise<DataKey> {
    const producer = through.defaults.principal ?? through.defaults.account
    const known = inUse.get(producer)
    if (known !== undefined && now() < known.until) return known.key
    const key = await drawDataKey(through, keyId, context)
    inUse.set(producer, { key, until: now() + reuseMs })
    return key
  }

  return {
    async send(through, body) {
      const { plaintext, sealed } = await takeKey(through)
      messages.push({ dataKey: sealed, body: lock(plaintext, Buffer.from(body)) })
    },
    async receive(consumer) {
      const [message] = messages
      if (message === undefined) return undefined
      const key = await openDataKey(sqsFor(kms, consumer), message.dataKey, context)
      messages.shift()
      return Buffer.from(unlock(key, message.body)).toString()
    },
  }
}

export interface Topic {
  publish(publisher: string, body: string): Promise<void>
  /** Delivers what was published. */
  deliver(): Promise<void>
}

/** A topic keeps what was published under its own key, and sends it to its queues as itself. */
export function createTopic(kms: Kms, name: string, keyId: string, queues: readonly Queue[]): Topic {
  const { account, region } = kms.defaults
  const sourceArn = `arn:aws:sns:${region}:${account}:${name}`
  const context: Context = { 'aws:sns:topicArn': sourceArn }
  const sns = kms.asService('sns.amazonaws.com', { sourceArn })
  const published: { readonly dataKey: Uint8Array; readonly body: Locked }[] = []
  return {
    async publish(publisher, body) {
      const through = kms.asService('sns.amazonaws.com', { onBehalfOf: publisher })
      const { plaintext, sealed } = await drawDataKey(through, keyId, context)
      published.push({ dataKey: sealed, body: lock(plaintext, Buffer.from(body)) })
    },
    async deliver() {
      for (const { dataKey, body } of published.splice(0)) {
        const text = Buffer.from(unlock(await openDataKey(sns, dataKey, context), body)).toString()
        for (const queue of queues) await queue.send(sns, text)
      }
    },
  }
}
