/** Members that do the same in every operation that has them, so that no contract has to say it. */
import type { KMS } from '@aws-sdk/client-kms'
import type { GrantOperation, OperationName } from '@softkms/kms'
import { expect } from 'vitest'
import { OTHER_ACCOUNT } from '../../support/kms-fixture.ts'
import type { AnyContract, Later, MemberCase } from './contract.ts'
import { type Members, UNKNOWN_ID, arnOf, keyMemberOf } from './derived-errors.ts'
import { listMembers } from './members.ts'
import { send } from './send.ts'

/** Of another account, so that nothing but a grant lets it in. */
const GRANTEE = `arn:aws:iam::${OTHER_ACCOUNT}:root`

/** Every member that an operation has, and its case: by what its contract says, or by what follows. */
export function membersOf(contract: AnyContract): ReadonlyMap<string, MemberCase | Later | undefined> {
  return new Map(
    listMembers(contract.operation).map((path) => [path, contract.members[path] ?? deriveMember(contract, path)]),
  )
}

function deriveMember(contract: AnyContract, path: string): MemberCase | undefined {
  if (path === keyMemberOf(contract.operation)) return namesTheKey(contract, path)
  return RULES[path]?.(contract)
}

const RULES: Readonly<Record<string, (contract: AnyContract) => MemberCase>> = {
  DryRun: ({ operation, request }) => ({
    does: 'tells that the request would succeed',
    async test(world) {
      const input = { ...(await request(world)), DryRun: true }
      await expect(send(world.kms, operation, input)).rejects.toMatchObject({ name: 'DryRunOperationException' })
    },
  }),

  GrantTokens: ({ operation, request }) => ({
    does: 'make a grant count that is too young to count by itself',
    options: { grantDelayMs: 60_000 },
    async test(world) {
      const { setup, sdkFor, kms } = world
      const input = (await request(world)) as Members
      const member = keyMemberOf(operation)
      // Where the ciphertext names the key, the grant is on the key that the setup made.
      const keyId = member === undefined || input[member] === undefined ? await onlyKeyOf(kms) : input[member]
      const grant = {
        KeyId: arnOf(keyId),
        GranteePrincipal: GRANTEE,
        Operations: grantOperationsOf(operation),
      }
      const { GrantToken = '' } = await setup.createGrant(grant)
      const renamed = member === undefined || input[member] === undefined ? {} : { [member]: arnOf(keyId) }
      await send(sdkFor(setup.as(GRANTEE)), operation, { ...input, ...renamed, GrantTokens: [GrantToken] })
    },
  }),
}

function namesTheKey({ operation, request }: AnyContract, member: string): MemberCase {
  return {
    does: 'names the key',
    async test(world) {
      const input = await request(world)
      const refused = send(world.kms, operation, { ...input, [member]: UNKNOWN_ID })
      await expect(refused).rejects.toMatchObject({ name: 'NotFoundException' })
      await send(world.kms, operation, input)
    },
  }
}

async function onlyKeyOf(kms: KMS): Promise<string> {
  const { Keys = [] } = await kms.listKeys({})
  return Keys[0]?.KeyId ?? ''
}

/** What a grantee needs for an operation; ReEncrypt has two names in grants. */
function grantOperationsOf(operation: OperationName): GrantOperation[] {
  if (operation === 'ReEncrypt') return ['ReEncryptFrom', 'ReEncryptTo']
  return [operation as GrantOperation]
}
