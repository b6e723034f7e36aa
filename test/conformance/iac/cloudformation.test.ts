/**
 * CloudFormation's resources over the life of a stack.
 *
 * @covers KMS operations-around §6
 */
import { paginateListKeys } from '@aws-sdk/client-kms'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, OTHER_REGION, REGION } from '../../support/kms-fixture.ts'
import { openPolicy } from '../../support/policies.ts'
import { KeyHandlers, type KeyModel, ReplicaHandlers, readAlias } from './cloudformation.ts'
import { Tool } from './tool.ts'

let tool: Tool

beforeEach(async () => {
  tool = await Tool.start()
})
afterEach(() => tool.kms.destroy())

function policyOf(sid: string): object {
  return JSON.parse(openPolicy(ACCOUNT, sid)) as object
}

/** There is no drift: what is read is what the template says. */
async function expectNoDrift(handlers: KeyHandlers, model: KeyModel): Promise<void> {
  expect(await handlers.read()).toMatchObject({
    Description: model.Description ?? '',
    KeyPolicy: model.KeyPolicy,
    Enabled: model.Enabled ?? true,
    EnableKeyRotation: model.EnableKeyRotation ?? false,
  })
  expect((await handlers.read()).Tags).toEqual(model.Tags ?? {})
}

describe('AWS::KMS::Key', () => {
  it('is created, updated in every property, and deleted with the stack', async () => {
    const handlers = new KeyHandlers(tool)
    const first: KeyModel = {
      Description: 'orders',
      KeyPolicy: policyOf('first'),
      EnableKeyRotation: true,
      RotationPeriodInDays: 180,
      Tags: { 'stack:name': 'orders', team: 'a' },
    }
    await handlers.create(first)
    await expectNoDrift(handlers, first)
    const second: KeyModel = {
      Description: 'invoices',
      KeyPolicy: policyOf('second'),
      Enabled: false,
      Tags: { 'stack:name': 'orders', team: 'b' },
    }
    await handlers.update(first, second)
    await expectNoDrift(handlers, second)
    const third: KeyModel = { KeyPolicy: policyOf('second'), EnableKeyRotation: true }
    await handlers.update(second, third)
    await expectNoDrift(handlers, third)
    await handlers.delete({ PendingWindowInDays: 7 })
    await expect(handlers.read()).rejects.toThrow('NotFound')
    tool.clock.advanceDays(7)
    await expect(handlers.read()).rejects.toThrow('does not exist')
  })

  it('is listed with the others, a page at a time', async () => {
    const made = [new KeyHandlers(tool), new KeyHandlers(tool), new KeyHandlers(tool)]
    for (const handlers of made) await handlers.create({ KeyPolicy: policyOf('any') })
    const listed: string[] = []
    for await (const { Keys = [] } of paginateListKeys({ client: tool.kms, pageSize: 2 }, {})) {
      listed.push(...Keys.map(({ KeyId = '' }) => KeyId))
    }
    expect(listed.toSorted()).toEqual(made.map(({ keyId }) => keyId).toSorted())
  })
})

describe('AWS::KMS::Alias', () => {
  it('is found by its key, moves to another, and is deleted', async () => {
    const [first, second] = [new KeyHandlers(tool), new KeyHandlers(tool)]
    for (const handlers of [first, second]) await handlers.create({ KeyPolicy: policyOf('any') })
    const AliasName = 'alias/orders'
    await tool.kms.createAlias({ AliasName: 'alias/another', TargetKeyId: first.keyId })
    await tool.kms.createAlias({ AliasName, TargetKeyId: first.keyId })
    expect(await readAlias(tool.kms, first.keyId, AliasName)).toMatchObject({ TargetKeyId: first.keyId })
    // A second stack that wants the same name.
    const again = tool.kms.createAlias({ AliasName, TargetKeyId: second.keyId })
    await expect(again).rejects.toThrow('already exists')
    await tool.kms.updateAlias({ AliasName, TargetKeyId: second.keyId })
    expect(await readAlias(tool.kms, first.keyId, AliasName)).toBeUndefined()
    expect(await readAlias(tool.kms, second.keyId, AliasName)).toMatchObject({ TargetKeyId: second.keyId })
    await tool.kms.deleteAlias({ AliasName })
    expect(await readAlias(tool.kms, second.keyId, AliasName)).toBeUndefined()
    await expect(tool.kms.deleteAlias({ AliasName })).rejects.toThrow('is not found')
  })
})

describe('AWS::KMS::ReplicaKey', () => {
  it('is waited for, updated on its own, and deleted before its primary', async () => {
    const primary = new KeyHandlers(tool)
    await primary.create({ KeyPolicy: policyOf('home'), MultiRegion: true, EnableKeyRotation: true })
    const replica = new ReplicaHandlers(tool, tool.inRegion(OTHER_REGION))
    const first: KeyModel = {
      Description: 'abroad',
      KeyPolicy: policyOf('abroad'),
      EnableKeyRotation: true,
      Tags: { a: 'b' },
    }
    expect(await replica.replicate(primary, OTHER_REGION, first)).toBeGreaterThan(1)
    await expectNoDrift(replica, first)
    expect((await replica.read()).Arn).toBe((await primary.read()).Arn?.replace(REGION, OTHER_REGION))
    const second: KeyModel = { ...first, Description: 'far abroad', Enabled: false, Tags: {} }
    await replica.update(first, second)
    await expectNoDrift(replica, second)
    await replica.delete({ PendingWindowInDays: 7 })
    await primary.delete({ PendingWindowInDays: 7 })
    await expect(primary.read()).rejects.toThrow('NotFound')
    replica.kms.destroy()
  })
})
