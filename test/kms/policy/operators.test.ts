/**
 * Every condition operator, over values that are there, absent, and several.
 *
 * @covers IAM policy reference, condition operators; multivalued context keys
 */
import { beforeAll, expect, test } from 'vitest'
import { type PolicyScene, USER, allow, policyOf, reasonsFor, startPolicyScene } from '../../support/policy-scene.ts'

/** A key of which the engine knows nothing by itself. */
const KEY = 'aws:PrincipalTag/probe'

const ABSENT: readonly string[] = []

/** Operator, the policy's values, the request's values, and whether the condition is met. */
type Case = readonly [operator: string, wanted: unknown, actual: string | readonly string[], isMet: boolean]

const TEXTS: readonly Case[] = [
  ['StringEquals', 'a', 'a', true],
  ['StringEquals', 'a', 'A', false],
  ['StringEquals', ['a', 'b'], 'b', true],
  ['StringEquals', ['a', 'b'], 'c', false],
  ['StringEquals', 'a*', 'ab', false],
  ['StringEquals', 'a*', 'a*', true],
  ['StringEquals', '', '', true],
  ['StringEquals', 'a', ABSENT, false],
  ['StringEquals', true, 'true', true],
  ['StringEquals', 7, '7', true],
  ['StringEquals', [], 'a', false],
  ['StringNotEquals', 'a', 'b', true],
  ['StringNotEquals', 'a', 'a', false],
  ['StringNotEquals', ['a', 'b'], 'b', false],
  ['StringNotEquals', ['a', 'b'], 'c', true],
  ['StringNotEquals', 'a', ABSENT, true],
  ['StringEqualsIgnoreCase', 'Straße', 'STRASSE', false],
  ['StringEqualsIgnoreCase', 'Über', 'üBER', true],
  ['StringEqualsIgnoreCase', 'a*', 'AB', false],
  ['StringEqualsIgnoreCase', 'a', ABSENT, false],
  ['StringNotEqualsIgnoreCase', 'a', 'A', false],
  ['StringNotEqualsIgnoreCase', 'a', 'b', true],
  ['StringNotEqualsIgnoreCase', 'a', ABSENT, true],
  ['StringLike', '*', '', true],
  ['StringLike', 'a*', 'a', true],
  ['StringLike', 'a*', 'ba', false],
  ['StringLike', '*a', 'ba', true],
  ['StringLike', 'a?c', 'abc', true],
  ['StringLike', 'a?c', 'ac', false],
  ['StringLike', '??', 'a', false],
  ['StringLike', '??', 'ab', true],
  ['StringLike', '*b*d*', 'abcde', true],
  ['StringLike', '*d*b*', 'abcde', false],
  ['StringLike', 'a*a', 'a', false],
  ['StringLike', 'a*a', 'aa', true],
  ['StringLike', '*ab?d*', 'xxabxabcdx', true],
  ['StringLike', '**', 'a', true],
  ['StringLike', 'A*', 'ab', false],
  ['StringLike', 'a.c', 'abc', false],
  ['StringLike', '[ab]', 'a', false],
  ['StringLike', String.raw`a\*`, 'a*', false],
  ['StringLike', '*', ABSENT, false],
  ['StringNotLike', 'a*', 'ab', false],
  ['StringNotLike', 'a*', 'b', true],
  ['StringNotLike', '*', ABSENT, true],
]

const NUMBERS: readonly Case[] = [
  ['NumericEquals', '7', '7.0', true],
  ['NumericEquals', 7, '7', true],
  ['NumericEquals', '7', '8', false],
  ['NumericEquals', '7', 'seven', false],
  ['NumericEquals', '-0', '0', true],
  ['NumericEquals', ['1', '2'], '2', true],
  ['NumericEquals', '7', ABSENT, false],
  ['NumericNotEquals', '7', '8', true],
  ['NumericNotEquals', '7', '7.00', false],
  ['NumericNotEquals', '7', ABSENT, true],
  ['NumericLessThan', '7', '6.9', true],
  ['NumericLessThan', '7', '7', false],
  ['NumericLessThan', '7', '10', false],
  ['NumericLessThanEquals', '7', '7', true],
  ['NumericLessThanEquals', '7', '8', false],
  ['NumericGreaterThan', '7', '8', true],
  ['NumericGreaterThan', '7', '7', false],
  ['NumericGreaterThan', '9', '10', true],
  ['NumericGreaterThanEquals', '7', '7', true],
  ['NumericGreaterThanEquals', '-7', '-8', false],
  ['NumericGreaterThan', '7', ABSENT, false],
]

const DATES: readonly Case[] = [
  ['DateEquals', '2026-01-01T00:00:00Z', '2026-01-01', true],
  ['DateEquals', '2026-01-01T00:00:00Z', '1767225600', true],
  ['DateEquals', '2026-01-01T01:00:00+01:00', '2026-01-01T00:00:00Z', true],
  ['DateEquals', '2026-01-01T01:00:00+0100', '2026-01-01T00:00:00Z', true],
  ['DateEquals', '2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', false],
  ['DateEquals', '2026-01-01T00:00:00Z', 'yesterday', false],
  ['DateNotEquals', '2026-01-01', '2026-01-02', true],
  ['DateNotEquals', '2026-01-01', '2026-01-01T00:00:00.000Z', false],
  ['DateNotEquals', '2026-01-01', ABSENT, true],
  ['DateLessThan', '2026-01-01T00:00:00Z', '2025-12-31T23:59:59.999Z', true],
  ['DateLessThan', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', false],
  ['DateLessThanEquals', '2026-01-01', '2026-01-01', true],
  ['DateGreaterThan', 1767225600, '2026-01-01T00:00:01Z', true],
  ['DateGreaterThan', '2026', '2026-06-01', true],
  ['DateGreaterThanEquals', '2026-01', '2026-01-01', true],
  ['DateGreaterThanEquals', '2026-01', ABSENT, false],
]

const BYTES_AND_BOOLEANS: readonly Case[] = [
  ['Bool', 'true', 'true', true],
  ['Bool', true, 'TRUE', true],
  ['Bool', 'false', 'true', false],
  ['Bool', false, 'false', true],
  ['Bool', ['true', 'false'], 'false', true],
  ['Bool', 'false', 'no', false],
  ['Bool', 'false', ABSENT, false],
  ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
  ['BinaryEquals', 'QmluYXJ5', 'qmluYXJ5', false],
  ['BinaryEquals', 'QQ==', 'QQ', false],
  ['BinaryEquals', 'QQ==', ABSENT, false],
  ['Null', 'true', ABSENT, true],
  ['Null', 'true', 'a', false],
  ['Null', false, 'a', true],
  ['Null', 'false', ABSENT, false],
  ['Null', 'false', '', true],
  ['Null', ['true', 'false'], ABSENT, true],
]

const ADDRESSES: readonly Case[] = [
  ['IpAddress', '203.0.113.0/24', '203.0.113.7', true],
  ['IpAddress', '203.0.113.0/24', '203.0.114.7', false],
  ['IpAddress', '203.0.113.7', '203.0.113.7', true],
  ['IpAddress', '203.0.113.7', '203.0.113.8', false],
  ['IpAddress', '203.0.113.7/24', '203.0.113.250', true],
  ['IpAddress', '0.0.0.0/0', '255.255.255.255', true],
  ['IpAddress', '0.0.0.0/0', '::1', false],
  ['IpAddress', '::/0', '2001:db8::1', true],
  ['IpAddress', '::/0', '10.0.0.1', false],
  ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5678:ffff::1', true],
  ['IpAddress', '2001:db8:1234:5678::/64', '2001:db8:1234:5679::', false],
  ['IpAddress', '2001:db8::1', '2001:0db8:0:0:0:0:0:1', true],
  ['IpAddress', '::ffff:192.0.2.1', '::ffff:c000:201', true],
  ['IpAddress', ['10.0.0.0/8', '192.168.0.0/16'], '192.168.1.1', true],
  ['IpAddress', '10.0.0.0/8', '10.0.0', false],
  ['IpAddress', '10.0.0.0/8', '10.0.0.01', false],
  ['IpAddress', '::/0', '1::2::3', false],
  ['IpAddress', '10.0.0.0/8', ABSENT, false],
  ['NotIpAddress', '203.0.113.0/24', '203.0.113.7', false],
  ['NotIpAddress', '203.0.113.0/24', '198.51.100.1', true],
  ['NotIpAddress', '203.0.113.0/24', '2001:db8::1', true],
  ['NotIpAddress', '203.0.113.0/24', ABSENT, true],
]

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:topic'
const ARNS: readonly Case[] = ['ArnEquals', 'ArnLike'].flatMap((operator): readonly Case[] => [
  [operator, TOPIC, TOPIC, true],
  [operator, TOPIC, `${TOPIC}2`, false],
  [operator, TOPIC.toUpperCase(), TOPIC, false],
  [operator, 'arn:aws:sns:*:111122223333:*', TOPIC, true],
  [operator, 'arn:aws:sns:us-????-1:111122223333:topic', TOPIC, true],
  [operator, 'arn:aws:*:topic', TOPIC, false],
  [operator, 'arn:*:*:*:*:*', TOPIC, true],
  [operator, 'arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket/a/b:c', true],
  [operator, 'arn:aws:logs:*:*:log-group:*', 'arn:aws:logs:eu-west-1:111122223333:log-group:a:b', true],
  [operator, '*', TOPIC, true],
  [operator, '*', 'topic', false],
  [operator, 'arn:aws:sns:*', TOPIC, false],
  [operator, TOPIC, ABSENT, false],
])
const NO_ARNS: readonly Case[] = ['ArnNotEquals', 'ArnNotLike'].flatMap((operator): readonly Case[] => [
  [operator, 'arn:aws:sns:*:*:topic', TOPIC, false],
  [operator, 'arn:aws:sns:*:*:other', TOPIC, true],
  [operator, 'arn:aws:sns:*:*:other', 'no arn', true],
  [operator, 'arn:aws:sns:*:*:other', ABSENT, true],
])

const IF_EXISTS: readonly Case[] = [
  ['StringEqualsIfExists', 'a', ABSENT, true],
  ['StringEqualsIfExists', 'a', 'b', false],
  ['StringEqualsIfExists', 'a', 'a', true],
  ['StringLikeIfExists', 'a*', ABSENT, true],
  ['NumericLessThanIfExists', '7', ABSENT, true],
  ['NumericLessThanIfExists', '7', '8', false],
  ['DateGreaterThanIfExists', '2026-01-01', ABSENT, true],
  ['BoolIfExists', 'true', ABSENT, true],
  ['BoolIfExists', 'true', 'false', false],
  ['IpAddressIfExists', '10.0.0.0/8', ABSENT, true],
  ['IpAddressIfExists', '10.0.0.0/8', '11.0.0.1', false],
  ['ArnLikeIfExists', TOPIC, ABSENT, true],
  ['StringNotEqualsIfExists', 'a', ABSENT, true],
  ['ForAnyValue:StringEqualsIfExists', 'a', ABSENT, true],
  ['ForAllValues:StringEqualsIfExists', 'a', ABSENT, true],
]

const SEVERAL: readonly Case[] = [
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
  ['ForAllValues:StringEquals', ['a', 'b'], ABSENT, true],
  ['ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'd'], true],
  ['ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'a'], false],
  ['ForAllValues:StringNotEquals', ['a'], ABSENT, true],
  ['ForAllValues:StringLike', ['a*'], ['ab', 'ac'], true],
  ['ForAllValues:StringLike', ['a*'], ['ab', 'bc'], false],
  ['ForAllValues:NumericLessThan', ['5'], ['1', '4'], true],
  ['ForAllValues:NumericLessThan', ['5'], ['1', '6'], false],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], true],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'd'], false],
  ['ForAnyValue:StringEquals', ['a', 'b'], ABSENT, false],
  ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'b'], false],
  ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'c'], true],
  ['ForAnyValue:StringNotEquals', ['a', 'b'], ABSENT, false],
  ['ForAnyValue:StringLike', ['a*', 'b*'], ['c', 'bd'], true],
  ['ForAnyValue:Bool', 'true', ['false', 'true'], true],
  ['StringEquals', ['a'], ['b', 'a'], true],
  ['StringNotEquals', ['a'], ['b', 'a'], false],
  ['StringNotEquals', ['a'], ['b', 'c'], true],
]

const CASES = [
  ...TEXTS,
  ...NUMBERS,
  ...DATES,
  ...BYTES_AND_BOOLEANS,
  ...ADDRESSES,
  ...ARNS,
  ...NO_ARNS,
  ...IF_EXISTS,
  ...SEVERAL,
]

let scene: PolicyScene
beforeAll(async () => {
  scene = await startPolicyScene()
})

async function isMet(condition: object, conditionKeys: Readonly<Record<string, string | readonly string[]>>) {
  scene.iam.set(USER, { identity: [policyOf(allow({ Condition: condition }))] })
  const [reason] = await reasonsFor(scene.kms.as(USER, { conditionKeys }), 'ListKeys')
  expect(['allowed by identity policy', 'no identity-based policy']).toContain(reason)
  return reason === 'allowed by identity policy'
}

test.each(CASES)('%s %j of %j: %s', async (operator, wanted, actual, expected) => {
  expect(await isMet({ [operator]: { [KEY]: wanted } }, { [KEY]: actual })).toBe(expected)
})

test('keys are compared without regard to case', async () => {
  expect(await isMet({ StringEquals: { 'AWS:principaltag/PROBE': 'a' } }, { [KEY]: 'a' })).toBe(true)
})

test('all operators and all keys must be met', async () => {
  const keys = { 'aws:SourceVpc': 'v', 'aws:SourceIp': '10.1.2.3' }
  const good = { StringEquals: { 'aws:SourceVpc': 'v' }, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }
  expect(await isMet(good, keys)).toBe(true)
  expect(await isMet({ ...good, IpAddress: { 'aws:SourceIp': '11.0.0.0/8' } }, keys)).toBe(false)
  expect(await isMet({ StringLike: { 'aws:SourceVpc': '*', 'aws:SourceIp': '11*' } }, keys)).toBe(false)
  expect(await isMet({}, keys)).toBe(true)
})

const VARIABLES: readonly Case[] = [
  ['StringEquals', '${aws:username}', 'alice', true],
  ['StringEquals', '${aws:username}', '${aws:username}', false],
  ['StringEquals', 'x-${aws:UserName}-y', 'x-alice-y', true],
  ['StringLike', '${aws:username}*', 'alice2', true],
  ['StringEqualsIgnoreCase', '${aws:username}', 'ALICE', true],
  ['StringEquals', '${aws:PrincipalTag/none}', '', false],
  ['StringNotEquals', '${aws:PrincipalTag/none}', 'a', true],
  ['StringEquals', "${aws:PrincipalTag/none, 'fallback'}", 'fallback', true],
  ['StringEquals', "${aws:username, 'fallback'}", 'alice', true],
  ['StringEquals', "${aws:PrincipalTag/none, ''}", '', true],
  ['StringLike', 'a${*}', 'a*', true],
  ['StringLike', 'a${*}', 'ab', false],
  ['StringLike', 'a${?}*', 'a?b', true],
  ['StringEquals', '${$}{aws:username}', '${aws:username}', true],
  ['StringLike', '${aws:PrincipalTag/star}', 'abc', false],
  ['StringLike', '${aws:PrincipalTag/star}', 'a*', true],
  ['StringEquals', "${aws:PrincipalTag/many, 'x'}", 'x', false],
  ['ArnLike', 'arn:aws:s3:::${aws:username}/*', 'arn:aws:s3:::alice/a', true],
  ['ArnLike', 'arn:aws:s3:::${aws:username}/*', 'arn:aws:s3:::bob/a', false],
  ['ArnLike', '${aws:PrincipalTag/arn}', TOPIC, false],
  ['ArnEquals', "arn:aws:sns:${aws:RequestedRegion, 'us-east-1'}:*:topic", 'arn:aws:sns:eu-west-1:1:topic', true],
]

test.each(VARIABLES)('variables: %s %j of %j: %s', async (operator, wanted, actual, expected) => {
  const keys = {
    [KEY]: actual,
    'aws:PrincipalTag/star': 'a*',
    'aws:PrincipalTag/many': ['x', 'y'],
    'aws:PrincipalTag/arn': TOPIC,
  }
  expect(await isMet({ [operator]: { [KEY]: wanted } }, keys)).toBe(expected)
})

test('the older version of the language has no variables', async () => {
  const statement = allow({ Condition: { StringEquals: { [KEY]: '${aws:username}' } } })
  for (const version of [{ Version: '2008-10-17' }, {}]) {
    scene.iam.set(USER, { identity: [{ ...version, Statement: [statement] }] })
    const as = (value: string) => scene.kms.as(USER, { conditionKeys: { [KEY]: value } })
    expect(await reasonsFor(as('alice'), 'ListKeys')).toEqual(['no identity-based policy'])
    expect(await reasonsFor(as('${aws:username}'), 'ListKeys')).toEqual(['allowed by identity policy'])
  }
})
