/** Credentials in memory and in a file: what is taken, what is refused, and that no message holds a secret. */
import { describe, expect, it } from 'vitest'
import { createCredentials, type CredentialEntry, CredentialsFileError, parseCredentialsFile } from '@softkms/server'
import { ALICE, SESSION } from '../support/signers.ts'

const USER = { AccessKeyId: ALICE.accessKeyId, SecretAccessKey: ALICE.secretAccessKey, Principal: ALICE.principal }
const ROLE = {
  AccessKeyId: SESSION.accessKeyId,
  SecretAccessKey: SESSION.secretAccessKey,
  SessionToken: SESSION.sessionToken,
  Expiration: '2026-01-02T04:04:05Z',
  Principal: SESSION.principal,
}

const write = (...Credentials: readonly unknown[]): string => JSON.stringify({ Version: 1, Credentials })

function messageOf(text: string): string {
  try {
    parseCredentialsFile(text)
  } catch (error) {
    if (error instanceof CredentialsFileError) return error.message
    throw error
  }
  throw new Error('was taken')
}

describe('a file of credentials', () => {
  it('holds users and sessions', () => {
    expect(parseCredentialsFile(write(USER, ROLE))).toEqual([{ ...ALICE }, { ...SESSION }])
  })

  it('is known as it is written', async () => {
    const credentials = createCredentials(parseCredentialsFile(write(USER, ROLE)))
    expect(await credentials.find(ALICE.accessKeyId)).toMatchObject({ principal: ALICE.principal })
    expect(await credentials.find(SESSION.accessKeyId)).toMatchObject({ expiration: SESSION.expiration })
    expect(await credentials.find('toString')).toBeUndefined()
  })

  const { Principal: _p, ...nobody } = USER
  const { SessionToken: _t, ...tokenless } = ROLE
  const cases: readonly (readonly [string, string, string])[] = [
    ['no JSON', `{"SecretAccessKey":"${ALICE.secretAccessKey}"`, 'the file is not JSON'],
    ['a list', '[]', 'the file must be a JSON object'],
    ['no version', JSON.stringify({ Credentials: [USER] }), 'Version must be 1'],
    ['another version', JSON.stringify({ Version: 2, Credentials: [USER] }), 'Version must be 1'],
    ['no credentials', JSON.stringify({ Version: 1 }), 'Credentials must be a list of at least one'],
    ['an empty list', write(), 'Credentials must be a list of at least one'],
    [
      'something else',
      JSON.stringify({ Version: 1, Credentials: [USER], Keys: [] }),
      'the file has a member that is none of Version, Credentials',
    ],
    ['a text in the list', write('x'), 'Credentials[0] must be a JSON object'],
    [
      'a member in another spelling',
      write(USER, { ...ROLE, secretAccessKey: 'x' }),
      'Credentials[1] has a member that is none of AccessKeyId, SecretAccessKey, SessionToken, Expiration, Principal',
    ],
    ['no principal', write(nobody), 'Credentials[0].Principal must be a string'],
    [
      'a number for a secret',
      write({ ...USER, SecretAccessKey: 1 }),
      'Credentials[0].SecretAccessKey must be a string',
    ],
    ['null for a token', write({ ...ROLE, SessionToken: null }), 'Credentials[0].SessionToken must be a string'],
    ['an access key twice', write(USER, ROLE, USER), 'Credentials[2].AccessKeyId is there twice'],
    [
      'a time that is none',
      write({ ...ROLE, Expiration: 'tomorrow' }),
      'Credentials[0].Expiration must be a time such as 2036-01-01T00:00:00Z',
    ],
    ['a session without token', write({ ...tokenless }), 'Credentials[0].SessionToken must be there for a session'],
    [
      'an end without a session',
      write({ ...USER, Expiration: '2036-01-01' }),
      'Credentials[0].Expiration is for a session, which has a session token',
    ],
    [
      'an access key with a slash',
      write({ ...USER, AccessKeyId: 'AKIA/AKIA/AKIA/AKIA' }),
      'Credentials[0].AccessKeyId must be 16 to 128 letters, digits and underscores',
    ],
    [
      'a secret of two lines',
      write({ ...USER, SecretAccessKey: 'one\ntwo' }),
      'Credentials[0].SecretAccessKey must be 1 to 256 visible characters',
    ],
    [
      'an empty token',
      write({ ...ROLE, SessionToken: '' }),
      'Credentials[0].SessionToken must be 1 to 4096 visible characters',
    ],
    [
      'an account',
      write({ ...USER, Principal: '111122223333' }),
      'Credentials[0].Principal must be the ARN of who signs',
    ],
    [
      'a service',
      write({ ...USER, Principal: 's3.amazonaws.com' }),
      'Credentials[0].Principal must be the ARN of who signs',
    ],
  ]
  it.each(cases)('with %s is refused by its place', (_what, text, message) => {
    expect(messageOf(text)).toBe(message)
  })

  it('is never repeated in a message', () => {
    for (const [, text] of cases) {
      for (const secret of [ALICE.secretAccessKey, SESSION.secretAccessKey, SESSION.sessionToken, 'two', 'AKIA/']) {
        expect(messageOf(text)).not.toContain(secret)
      }
    }
  })
})

describe('credentials in memory', () => {
  it.each<readonly [string, Partial<CredentialEntry>]>([
    ['accessKeyId', { accessKeyId: 'short' }],
    ['secretAccessKey', { secretAccessKey: '' }],
    ['sessionToken', { sessionToken: 'with space' }],
    ['principal', { principal: 'arn:aws:iam::1:user/x' }],
    ['expiration', { expiration: new Date(Number.NaN), sessionToken: 'token' }],
  ])('refuse a wrong %s by its name', (member, wrong) => {
    expect(() => createCredentials([{ ...ALICE, ...wrong }])).toThrow(RangeError)
    expect(() => createCredentials().set({ ...ALICE, ...wrong })).toThrow(member)
  })

  it('do not follow an entry that changes afterwards', async () => {
    const expiration = new Date(1000)
    const credentials = createCredentials([{ ...SESSION, expiration }])
    expiration.setTime(0)
    expect((await credentials.find(SESSION.accessKeyId))?.expiration?.getTime()).toBe(1000)
  })
})
