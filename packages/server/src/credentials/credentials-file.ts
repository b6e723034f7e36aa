/**
 * Credentials as a file: JSON with the member names of AWS STS and of `credential_process`, and a principal for each.
 *
 * Strict: a member that is not known is a mistake, and a mistake is named by its place, never by its value.
 */
import { parseDateTime } from '@softkms/kms'
import { type CredentialEntry, findFault } from './credentials.ts'

/** A file of credentials that is none. The message holds no value of the file. */
export class CredentialsFileError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CredentialsFileError'
  }
}

const MEMBERS = {
  AccessKeyId: 'accessKeyId',
  SecretAccessKey: 'secretAccessKey',
  SessionToken: 'sessionToken',
  Expiration: 'expiration',
  Principal: 'principal',
} as const satisfies { readonly [member: string]: keyof CredentialEntry }

type Member = keyof typeof MEMBERS

const REQUIRED: readonly Member[] = ['AccessKeyId', 'SecretAccessKey', 'Principal']

/** @throws CredentialsFileError saying where the text is not a file of credentials */
export function parseCredentialsFile(text: string): readonly CredentialEntry[] {
  const file = asObject(parseJson(text), 'the file')
  refuseUnknown(file, ['Version', 'Credentials'], 'the file')
  if (file['Version'] !== 1) throw new CredentialsFileError('Version must be 1')
  const list = file['Credentials']
  if (!Array.isArray(list) || list.length === 0) {
    throw new CredentialsFileError('Credentials must be a list of at least one')
  }
  const entries = list.map((item: unknown, at) => parseEntry(item, `Credentials[${at}]`))
  const ids = entries.map(({ accessKeyId }) => accessKeyId)
  const repeated = ids.findIndex((id, at) => ids.indexOf(id) < at)
  if (repeated !== -1) throw new CredentialsFileError(`Credentials[${repeated}].AccessKeyId is there twice`)
  return entries
}

function parseEntry(value: unknown, place: string): CredentialEntry {
  const members = asObject(value, place)
  refuseUnknown(members, Object.keys(MEMBERS), place)
  const textOf = (member: Member): string | undefined => {
    const text = members[member]
    if (text === undefined && !REQUIRED.includes(member)) return undefined
    if (typeof text !== 'string') throw new CredentialsFileError(`${place}.${member} must be a string`)
    return text
  }
  const entry: CredentialEntry = {
    accessKeyId: textOf('AccessKeyId') ?? '',
    secretAccessKey: textOf('SecretAccessKey') ?? '',
    sessionToken: textOf('SessionToken'),
    expiration: parseExpiration(textOf('Expiration'), `${place}.Expiration`),
    principal: textOf('Principal') ?? '',
  }
  const fault = findFault(entry)
  if (fault === undefined) return entry
  const member = Object.entries(MEMBERS).find(([, name]) => name === fault.member)?.[0]
  throw new CredentialsFileError(`${place}.${member} ${fault.rule}`)
}

function parseExpiration(text: string | undefined, place: string): Date | undefined {
  if (text === undefined) return undefined
  try {
    return new Date(parseDateTime(text))
  } catch {
    throw new CredentialsFileError(`${place} must be a time such as 2036-01-01T00:00:00Z`)
  }
}

function parseJson(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return json
  } catch {
    // The parser's own message repeats what it stumbled over.
    throw new CredentialsFileError('the file is not JSON')
  }
}

function asObject(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new CredentialsFileError(`${place} must be a JSON object`)
}

function refuseUnknown(value: object, known: readonly string[], place: string): void {
  if (Object.keys(value).every((name) => known.includes(name))) return
  throw new CredentialsFileError(`${place} has a member that is none of ${known.join(', ')}`)
}
