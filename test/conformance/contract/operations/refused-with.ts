import { expect } from 'vitest'
import type { OperationName } from '@softkms/kms'
import type { MemberCase } from '../contract.ts'
import { send } from '../send.ts'
import type { World } from '../world.ts'

/** Shows a member by another value of it, which the operation refuses; what `request` makes succeeds. */
export function refusedWith(
  operation: OperationName,
  request: (world: World) => Promise<object>,
): (does: string, other: object, name: string) => MemberCase {
  return (does, other, name) => ({
    does,
    async test(world) {
      const input = await request(world)
      await expect(send(world.kms, operation, { ...input, ...other })).rejects.toMatchObject({ name })
      await send(world.kms, operation, input)
    },
  })
}
