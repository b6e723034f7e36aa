/** Who signs in the tests of authentication, and a server that knows them. */
import { createCredentials, createFetchHandler, type SigV4Options } from '@softkms/server'
import { createProgrammedKms, type ProgrammedKms } from './programmed-kms.ts'
import { SIGNED_AT } from './signed-requests.ts'

export const ALICE = {
  accessKeyId: 'AKIAALICEALICEALICE1',
  secretAccessKey: 'alice/secret+access=key',
  principal: 'arn:aws:iam::111122223333:user/team/alice',
} as const

export const BOB = {
  accessKeyId: 'AKIABOBBOBBOBBOBBOB1',
  secretAccessKey: 'bob-secret-access-key',
  principal: 'arn:aws:iam::444455556666:root',
} as const

/** A session of an assumed role, good for an hour. */
export const SESSION = {
  accessKeyId: 'ASIASESSIONSESSION01',
  secretAccessKey: 'session-secret-access-key',
  sessionToken: 'FwoGZXIvYXdzEJr//////////wEaDGV4YW1wbGU+token/with=odd+characters==',
  expiration: new Date(SIGNED_AT + 3_600_000),
  principal: 'arn:aws:sts::111122223333:assumed-role/writer/one',
} as const

export const SECRETS: readonly string[] = [
  ALICE.secretAccessKey,
  BOB.secretAccessKey,
  SESSION.secretAccessKey,
  SESSION.sessionToken,
]

export interface VerifyingServer {
  readonly kms: ProgrammedKms
  readonly handle: (request: Request) => Promise<Response>
}

/** @param now the server's time */
export function createVerifyingServer(
  now: number = SIGNED_AT,
  options: Partial<SigV4Options> = {},
  allowedHosts: readonly string[] = [],
): VerifyingServer {
  const kms = createProgrammedKms({ ListKeys: () => ({ Keys: [] }), DescribeKey: () => ({}) })
  const auth = { credentials: createCredentials([ALICE, BOB, SESSION]), clock: { now: () => now }, ...options }
  return { kms, handle: createFetchHandler(kms, { auth, allowedHosts }) }
}
