/** Members that do the same in every operation that has them, so that no contract has to say it. */
import type { GrantOperation } from '@softkms/kms'
import { expect } from 'vitest'
import { OTHER_ACCOUNT } from '../../support/kms-fixture.ts'
import type { AnyContract, Later, MemberCase } from './contract.ts'
import { type Members, UNKNOWN_ID, arnOf, grantOperationsOf, keyMembersOf } from './derived-errors.ts'
import { listMembers } from './members.ts'
import { bytes } from './operations/scenes.ts'
import { send } from './send.ts'

/** Of another account, so that nothing but a grant lets it in. */
const GRANTEE = `arn:aws:iam::${OTHER_ACCOUNT}:root`

const RECIPIENT = { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument: bytes('none') }

/** Every member that an operation has, and its case: by what its contract says, or by what follows. */
export function membersOf(contract: AnyContract): ReadonlyMap<string, MemberCase | Later | undefined> {
  return new Map(
    listMembers(contract.operation).map((path) => [path, contract.members[path] ?? deriveMember(contract, path)]),
  )
}

function deriveMember(contract: AnyContract, path: string): MemberCase | undefined {
  if (keyMembersOf(contract.operation).includes(path)) return namesTheKey(contract, path)
  return RULES[path]?.(contract)
}

/** The one list that a list's answer has. */
function entriesOf(answer: object): readonly unknown[] {
  return (Object.values(answer).find(Array.isArray) ?? []) as readonly unknown[]
}

const RULES: Readonly<Record<string, (contract: AnyContract) => MemberCase>> = {
  DryRun: ({ operation, request }) => ({
    does: 'tells that the request would succeed',
    async test(world) {
      const input = { ...(await request(world)), DryRun: true }
      await expect(send(world.kms, operation, input)).rejects.toMatchObject({ name: 'DryRunOperationException' })
    },
  }),

  Limit: ({ operation, request }) => ({
    does: 'is how many entries a page has at most',
    async test({ kms, ...world }) {
      const input = await request({ kms, ...world })
      const answer = await send(kms, operation, { ...input, Limit: 1 })
      expect(entriesOf(answer)).toHaveLength(1)
      expect(answer).toMatchObject({ Truncated: true, NextMarker: expect.any(String) as string })
    },
  }),

  Marker: ({ operation, request }) => ({
    does: 'goes on where the page before ended',
    async test({ kms, ...world }) {
      const input = await request({ kms, ...world })
      const first = (await send(kms, operation, { ...input, Limit: 1 })) as { readonly NextMarker?: string }
      const second = await send(kms, operation, { ...input, Marker: first.NextMarker })
      const whole = entriesOf(await send(kms, operation, input))
      expect(whole.length).toBeGreaterThan(1)
      expect(entriesOf(second)).toEqual(whole.slice(1))
      expect(second).toMatchObject({ Truncated: false })
      expect(second).not.toHaveProperty('NextMarker')
    },
  }),

  GrantTokens: ({ operation, request }) => ({
    does: 'make a grant count that is too young to count by itself',
    options: { grantDelayMs: 60_000 },
    async test(world) {
      const { setup, sdkFor } = world
      const input = (await request(world)) as Members
      const Operations = grantOperationsOf(operation) as GrantOperation[]
      const GrantTokens: string[] = []
      const arns: Record<string, string> = {}
      for (const member of keyMembersOf(operation)) {
        const KeyId = arnOf(input[member])
        const { GrantToken = '' } = await setup.createGrant({ KeyId, GranteePrincipal: GRANTEE, Operations })
        GrantTokens.push(GrantToken)
        arns[member] = KeyId
      }
      await send(sdkFor(setup.as(GRANTEE)), operation, { ...input, ...arns, GrantTokens })
    },
  }),

  DryRunModifiers: ({ operation, request }) => ({
    does: 'let a dry run go without the ciphertext',
    async test(world) {
      const ignored = { CiphertextBlob: bytes('none'), DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] }
      const answer = send(world.kms, operation, { ...(await request(world)), ...ignored })
      await expect(answer).rejects.toMatchObject({ name: 'DryRunOperationException' })
    },
  }),

  EncryptionContext: ({ operation, request }) => ({
    does: 'is asked of Decrypt again',
    async test(world) {
      const EncryptionContext = { tenant: 'a' }
      const answer = await send(world.kms, operation, { ...(await request(world)), EncryptionContext })
      const { CiphertextBlob, PrivateKeyCiphertextBlob } = answer as Sealed
      const { KeyId } = await world.setup.decrypt({
        CiphertextBlob: CiphertextBlob ?? PrivateKeyCiphertextBlob,
        EncryptionContext,
      })
      expect(KeyId).toBe((answer as Sealed).KeyId)
    },
  }),

  KeyAgreementAlgorithm: isRefused(
    'can only be ECDH',
    { KeyAgreementAlgorithm: 'NONE' },
    "Value 'NONE' at 'keyAgreementAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [ECDH]",
  ),
  EncapsulationAlgorithm: isRefused(
    'can only be ML_KEM',
    { EncapsulationAlgorithm: 'NONE' },
    "Value 'NONE' at 'encapsulationAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [ML_KEM]",
  ),

  // Whatever the document, no answer goes to its sender yet.
  Recipient: isRefused('asks for an answer that no document here can have', { Recipient: RECIPIENT }),
  'Recipient.AttestationDocument': isRefused(
    'cannot be empty',
    { Recipient: { ...RECIPIENT, AttestationDocument: new Uint8Array(0) } },
    "Value at 'recipient.attestationDocument' failed to satisfy constraint: " +
      'Member must have length greater than or equal to 1',
  ),
  'Recipient.KeyEncryptionAlgorithm': isRefused(
    'can only be RSAES_OAEP_SHA_256',
    { Recipient: { ...RECIPIENT, KeyEncryptionAlgorithm: 'NONE' } },
    "Value 'NONE' at 'recipient.keyEncryptionAlgorithm' failed to satisfy constraint: " +
      'Member must satisfy enum value set: [RSAES_OAEP_SHA_256]',
  ),
}

/** The part of an answer that tells what was sealed, and under which key. */
interface Sealed {
  readonly CiphertextBlob?: Uint8Array
  readonly PrivateKeyCiphertextBlob?: Uint8Array
  readonly KeyId?: string
}

/** Shows a member by a value of it that is not valid, and by what the refusal says of that. */
function isRefused(does: string, members: object, text = ''): (contract: AnyContract) => MemberCase {
  return ({ operation, request }) => ({
    does,
    async test(world) {
      const answer = send(world.kms, operation, { ...(await request(world)), ...members })
      const message: unknown = expect.stringContaining(text)
      await expect(answer).rejects.toMatchObject({ name: 'ValidationException', message })
    },
  })
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
