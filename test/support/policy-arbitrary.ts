/** Random policies and requests that are likely to have something to do with each other. */
import * as fc from 'fast-check'
import { ACCOUNT, OTHER_ACCOUNT } from './kms-fixture.ts'
import type { OracleStatement } from './policy-oracle.ts'

const ROLE = 'app'
const CALLERS = [ACCOUNT, OTHER_ACCOUNT].flatMap((account) => [
  `arn:aws:iam::${account}:root`,
  `arn:aws:iam::${account}:user/alice`,
  `arn:aws:iam::${account}:role/${ROLE}`,
  `arn:aws:sts::${account}:assumed-role/${ROLE}/one`,
])

/** What a request says to conditions, besides what the engine itself knows. */
export interface RandomFacts {
  readonly caller: string
  readonly tags: Readonly<Record<string, readonly string[]>>
  readonly context: Readonly<Record<string, string>>
}

const value = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('a', 'b', 'ab', 'A', '*', '7', '12', 'true', 'arn:aws:s3:::a/b', 'alice', ''),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('2026-11-27T01:00:00+01:00', '1795737601', '10.1.2.3', '10.1.0.0/24', 'YWI='),
  },
)

export const randomFacts: fc.Arbitrary<RandomFacts> = fc.record({
  caller: fc.constantFrom(...CALLERS),
  tags: fc.dictionary(fc.constantFrom('x', 'y'), fc.array(value, { minLength: 1, maxLength: 3 })),
  context: fc.dictionary(
    fc.constantFrom('k', 'l'),
    value.filter((text) => text !== ''),
  ),
})

const keyName = fc.constantFrom(
  'aws:PrincipalTag/x',
  'AWS:principaltag/Y',
  'kms:EncryptionContext:K',
  'kms:EncryptionContextKeys',
  'kms:CallerAccount',
  'aws:username',
  'kms:SigningAlgorithm',
)
const text = fc.constantFrom(
  'a',
  'b',
  'a*',
  '*b',
  '?',
  '*',
  'k',
  '*l*',
  'alice',
  ACCOUNT,
  '${aws:username}',
  '${aws:PrincipalTag/x}',
  "${aws:PrincipalTag/y, 'b'}",
  '${aws:username}*',
  '${*}',
)
const arn = fc.constantFrom('arn:aws:s3:::*', 'arn:aws:s3:::a/?', '*', 'arn:aws:s3:::${aws:PrincipalTag/x}/b', 'arn:*')
const number = fc.constantFrom('7', '12', '-1')
const date = fc.constantFrom('2026-11-27T00:00:00Z', '2026-11-27', '1795737600', '2027')
const address = fc.constantFrom('10.0.0.0/8', '10.1.2.3', '0.0.0.0/0', '10.1.0.0/16', '192.168.1.1/32')
const bytes = fc.constantFrom('YQ==', 'YWI=', '')

const OPERATORS: ReadonlyArray<readonly [string, fc.Arbitrary<string>]> = [
  ['StringEquals', text],
  ['StringNotEquals', text],
  ['StringEqualsIgnoreCase', text],
  ['StringLike', text],
  ['StringNotEqualsIgnoreCase', text],
  ['StringNotLike', text],
  ['ArnEquals', arn],
  ['ArnLike', arn],
  ['ArnNotEquals', arn],
  ['ArnNotLike', arn],
  ['NumericEquals', number],
  ['NumericNotEquals', number],
  ['NumericLessThan', number],
  ['NumericLessThanEquals', number],
  ['NumericGreaterThan', number],
  ['NumericGreaterThanEquals', number],
  ['DateEquals', date],
  ['DateNotEquals', date],
  ['DateLessThan', date],
  ['DateLessThanEquals', date],
  ['DateGreaterThan', date],
  ['DateGreaterThanEquals', date],
  ['IpAddress', address],
  ['NotIpAddress', address],
  ['BinaryEquals', bytes],
  ['Bool', fc.constantFrom('true', 'false')],
]

const condition = fc
  .tuple(
    fc.constantFrom(...OPERATORS),
    fc.constantFrom('', 'ForAllValues:', 'ForAnyValue:'),
    fc.constantFrom('', 'IfExists'),
    keyName,
  )
  .chain(([[operator, values], quantifier, ifExists, key]) => {
    // Refused as overly permissive, and rightly so.
    const isRefused = quantifier === 'ForAllValues:' && key.startsWith('kms:EncryptionContext:')
    const name = `${isRefused ? '' : quantifier}${operator}${ifExists}`
    return fc.array(values, { minLength: 1, maxLength: 3 }).map((wanted) => ({ [name]: { [key]: wanted } }))
  })
const presence = fc.tuple(keyName, fc.constantFrom('true', 'false')).map(([key, is]) => ({ Null: { [key]: is } }))

const conditions = fc.oneof(
  { weight: 6, arbitrary: fc.constant(undefined) },
  { weight: 4, arbitrary: condition },
  { weight: 1, arbitrary: presence },
  { weight: 1, arbitrary: fc.tuple(condition, presence).map(([a, b]) => ({ ...a, ...b })) },
)

const action = fc.array(fc.constantFrom('kms:Encrypt', 'kms:*', 'kms:*', 'KMS:en?rypt', 'kms:De*', '*'), {
  minLength: 1,
  maxLength: 2,
})
const names = fc.array(fc.constantFrom('*', '*', ACCOUNT, ACCOUNT, OTHER_ACCOUNT, OTHER_ACCOUNT, ...CALLERS), {
  minLength: 1,
  maxLength: 4,
})

function statementOf(resources: readonly string[], hasPrincipal: boolean): fc.Arbitrary<OracleStatement> {
  const resource = fc.array(
    fc.constantFrom('*', '*', 'arn:aws:kms:*:*:key/*', 'arn:aws:kms', 'arn:aws:s3:::*', ...resources),
    { minLength: 1, maxLength: 2 },
  )
  return fc
    .record({
      effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
      action: fc.tuple(fc.constantFrom('Action', 'Action', 'Action', 'NotAction'), action),
      resource: fc.tuple(fc.constantFrom('Resource', 'Resource', 'Resource', 'NotResource'), resource),
      principal: fc.tuple(fc.constantFrom('Principal', 'Principal', 'Principal', 'NotPrincipal'), names),
      conditions,
    })
    .map((parts) => ({
      Effect: parts.effect,
      [parts.action[0]]: parts.action[1],
      [parts.resource[0]]: parts.resource[1],
      ...(hasPrincipal ? { [parts.principal[0]]: { AWS: parts.principal[1] } } : {}),
      ...(parts.conditions === undefined ? {} : { Condition: parts.conditions }),
    }))
}

function randomKeyPolicy(): fc.Arbitrary<readonly OracleStatement[]> {
  return fc.array(statementOf([], true), { minLength: 1, maxLength: 4 })
}

function randomPolicy(): fc.Arbitrary<readonly OracleStatement[]> {
  return fc.array(statementOf(['arn:aws:kms:*:111122223333:key/${aws:username}*'], false), {
    minLength: 0,
    maxLength: 3,
  })
}

export interface RandomSides {
  readonly key: readonly OracleStatement[]
  readonly identity: ReadonlyArray<readonly OracleStatement[]>
  readonly boundary: readonly OracleStatement[] | undefined
  readonly session: ReadonlyArray<readonly OracleStatement[]> | undefined
  readonly serviceControl: ReadonlyArray<ReadonlyArray<readonly OracleStatement[]>> | undefined
}

export const randomSides: fc.Arbitrary<RandomSides> = fc.record({
  key: randomKeyPolicy(),
  identity: fc.array(randomPolicy(), { maxLength: 2 }),
  boundary: fc.option(randomPolicy(), { nil: undefined, freq: 2 }),
  session: fc.option(fc.array(randomPolicy(), { maxLength: 2 }), { nil: undefined, freq: 2 }),
  serviceControl: fc.option(fc.array(fc.array(randomPolicy(), { minLength: 1, maxLength: 2 }), { maxLength: 2 }), {
    nil: undefined,
    freq: 2,
  }),
})
