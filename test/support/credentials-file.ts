/** A file of credentials for a served KMS whose clock is the system's. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ALICE, SESSION } from './signers.ts'

export interface CredentialsFile {
  readonly path: string
  readonly remove: () => void
}

/** As the file has them, and as `aws sts assume-role` would. */
export const FILED = {
  user: { AccessKeyId: ALICE.accessKeyId, SecretAccessKey: ALICE.secretAccessKey, Principal: ALICE.principal },
  session: {
    AccessKeyId: SESSION.accessKeyId,
    SecretAccessKey: SESSION.secretAccessKey,
    SessionToken: SESSION.sessionToken,
    Expiration: '2100-01-01T00:00:00Z',
    Principal: SESSION.principal,
  },
  expired: {
    AccessKeyId: 'ASIAEXPIREDEXPIRED01',
    SecretAccessKey: 'expired-secret-access-key',
    SessionToken: 'expired-session-token',
    Expiration: '2020-01-01T00:00:00Z',
    Principal: 'arn:aws:sts::111122223333:assumed-role/writer/two',
  },
} as const

export function writeCredentials(
  text: string = JSON.stringify({ Version: 1, Credentials: Object.values(FILED) }),
): CredentialsFile {
  const folder = mkdtempSync(join(tmpdir(), 'softkms-credentials-'))
  const path = join(folder, 'credentials.json')
  writeFileSync(path, text, { mode: 0o600 })
  return { path, remove: () => rmSync(folder, { recursive: true }) }
}
