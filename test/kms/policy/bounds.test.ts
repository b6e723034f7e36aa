/**
 * Policies that are made to be slow, deep or large are refused or decided all the same.
 *
 * Nothing here looks at a clock: what tries everything would not come to an end.
 */
import { beforeAll, expect, test } from 'vitest'
import { ACCOUNT } from '../../support/kms-fixture.ts'
import {
  type PolicyScene,
  USER,
  allow,
  createKeyWith,
  policyOf,
  reasonsFor,
  startPolicyScene,
} from '../../support/policy-scene.ts'

const KEY = 'aws:PrincipalTag/probe'
const LONGEST = 32_768

let scene: PolicyScene
beforeAll(async () => {
  scene = await startPolicyScene()
})

async function isMet(pattern: string, value: string): Promise<boolean> {
  scene.iam.set(USER, { identity: [policyOf(allow({ Condition: { StringLike: { [KEY]: pattern } } }))] })
  const user = scene.kms.as(USER, { conditionKeys: { [KEY]: value } })
  return (await reasonsFor(user, 'ListKeys'))[0] === 'allowed by identity policy'
}

const A = 'a'.repeat(30_000)

test.each([
  ['a star after each letter', 'a*'.repeat(15_000), A, true],
  ['a star after each letter, and one letter that is missing', `${'a*'.repeat(15_000)}b`, A, false],
  ['stars and the letter in the middle', `*${'a*'.repeat(5000)}b*`, A, false],
  ['stars alone', '*'.repeat(30_000), A, true],
  ['question marks', `*${'?'.repeat(10_000)}*${'?'.repeat(10_000)}*`, A, true],
  ['one question mark too many', `*${'?'.repeat(30_001)}*`, A, false],
  ['a long piece with holes', `*${'a?'.repeat(7000)}b*`, A, false],
  ['a long piece that almost fits', `*${'a'.repeat(14_000)}b*`, A, false],
  ['a long piece that fits at the end', `*${'a'.repeat(14_000)}b*`, `${A}b`, true],
  [
    'a long piece of 33 and of 32 letters',
    `*${'ab'.repeat(16)}c*${'ab'.repeat(16)}*`,
    `${'ab'.repeat(20)}c${'ab'.repeat(16)}`,
    true,
  ],
])('a pattern of %s', async (_what, pattern, value, expected) => {
  expect(await isMet(pattern, value)).toBe(expected)
})

/** A key policy's patterns, of which none is met, against contexts as long as they may be. */
const HALF = Array.from({ length: 1000 }, (_, i) => String.fromCharCode(0x100 + i)).join('')

test.each([
  ['a variable in many patterns', (i: number) => `*\${kms:EncryptionContext:b}*${i}`],
  ['a variable between question marks', (i: number) => `*?\${kms:EncryptionContext:b}?${i}*`],
  ['many short patterns', (i: number) => `*?${i}*`],
])('%s', async (_what, patternOf) => {
  const values = Array.from({ length: 2000 }, (_, i) => patternOf(i))
  const Condition = { StringLike: { 'kms:EncryptionContext:a': values } }
  const policy = (): string => policyOf(allow({ Principal: '*', Condition }))
  while (policy().length > LONGEST / 2) values.splice(-50)
  const KeyId = await createKeyWith(scene.kms, policy())
  const user = scene.kms.as(USER)
  const EncryptionContext = { a: `x${HALF}${HALF}x`, b: HALF }
  const input = { KeyId, Plaintext: new Uint8Array(1), EncryptionContext }
  expect(await reasonsFor(user, 'Encrypt', input)).toEqual(['no resource-based policy'])
})

test('a context of 8,192 bytes, and one byte more', async () => {
  const KeyId = await createKeyWith(scene.kms, policyOf(allow({ Principal: { AWS: ACCOUNT } })))
  const encrypt = async (...values: readonly string[]) => {
    const EncryptionContext = Object.fromEntries(values.map((value, i) => [String(i), value]))
    return scene.kms.encrypt({ KeyId, Plaintext: new Uint8Array(1), EncryptionContext })
  }
  await expect(encrypt('😀'.repeat(1024), `é${'x'.repeat(4092)}`)).resolves.toBeDefined()
  await expect(encrypt('😀'.repeat(1024), `é${'x'.repeat(4093)}`)).rejects.toMatchObject({
    code: 'ValidationException',
    message: 'EncryptionContext must not be longer than 8192 bytes.',
  })
})

test('a pattern with many variables', async () => {
  expect(await isMet('${aws:username}*'.repeat(1500), 'alice'.repeat(1500))).toBe(true)
  expect(await isMet(`${'${aws:username}*'.repeat(1500)}b`, 'alice'.repeat(1500))).toBe(false)
})

test('a key policy of 32 KiB in one statement or in hundreds', async () => {
  const { kms } = scene
  const values = Array.from({ length: 2500 }, (_, i) => `v${i}-*`)
  const Condition = { StringLike: { [KEY]: values } }
  const one = policyOf(allow({ Principal: { AWS: USER }, Condition }))
  const tiny = (i: number): object => allow({ Principal: '*', Condition: { StringEquals: { [KEY]: String(i) } } })
  const many = policyOf(...Array.from({ length: 250 }, (_, i) => tiny(i)))
  for (const policy of [one, many]) expect(policy.length).toBeLessThanOrEqual(LONGEST)
  for (const [policy, value] of [
    [one, 'v2499-x'],
    [many, '249'],
  ] as const) {
    const KeyId = await createKeyWith(kms, policy)
    const asked = async (probe: string) =>
      reasonsFor(kms.as(USER, { conditionKeys: { [KEY]: probe } }), 'DescribeKey', { KeyId })
    expect(await asked(value)).toEqual(['allowed by key policy'])
    expect(await asked('none')).toEqual(['no resource-based policy'])
  }
})

test.each([
  ['lists', '{"Statement":', '['.repeat(16_000), ']'.repeat(16_000)],
  ['objects', '{"Statement":', '{"a":'.repeat(5000), `1${'}'.repeat(5000)}`],
  ['lists that do not end', '{"Statement":', '['.repeat(32_000), ''],
  [
    'values of a condition',
    `{"Statement":{"Effect":"Allow","Principal":"*","Condition":{"StringEquals":{"aws:a":`,
    '['.repeat(1000),
    `${']'.repeat(1000)}}}}`,
  ],
])('%s within each other', async (_what, before, deep, after) => {
  const Policy = `${before}${deep}${after}}`
  await expect(scene.kms.createKey({ Policy })).rejects.toMatchObject({ code: 'MalformedPolicyDocumentException' })
})

test('brackets and quotes in text are text', async () => {
  const Sid = `${'['.repeat(100)}"\\${'{'.repeat(100)}`
  const KeyId = await createKeyWith(scene.kms, policyOf(allow({ Sid, Principal: { AWS: ACCOUNT } })))
  await expect(scene.kms.describeKey({ KeyId })).resolves.toBeDefined()
})

test('more policies than are kept compiled', async () => {
  const { kms } = scene
  const filling = 'x'.repeat(32_000)
  const keys = []
  for (let i = 0; i < 270; i++) {
    keys.push(await createKeyWith(kms, policyOf(allow({ Sid: `${filling}${i}`, Principal: { AWS: ACCOUNT } }))))
  }
  for (const KeyId of keys.toReversed()) await expect(kms.describeKey({ KeyId })).resolves.toBeDefined()
})
