/** A CloudWatch Logs: it seals events as itself as they come in, and opens them for whoever may read the group. */
import type { Kms } from 'softkms'
import { type Sealed, open, seal } from './sealed.ts'

export interface LogGroup {
  putEvents(events: readonly string[]): Promise<void>
  getEvents(): Promise<readonly string[]>
}

export function createLogGroup(kms: Kms, name: string, keyId: string): LogGroup {
  const { account, region } = kms.defaults
  const sourceArn = `arn:aws:logs:${region}:${account}:log-group:${name}`
  const logs = kms.asService(`logs.${region}.amazonaws.com`, { sourceArn })
  const context = { 'aws:logs:arn': sourceArn }
  const batches: Sealed[] = []
  return {
    putEvents: async (events) => void batches.push(await seal(logs, keyId, context, JSON.stringify(events))),
    async getEvents() {
      const texts = await Promise.all(batches.map((batch) => open(logs, batch, context)))
      return texts.flatMap((text) => JSON.parse(text) as readonly string[])
    },
  }
}
