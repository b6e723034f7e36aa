/**
 * Requests as they go over the wire, for any operation: good ones, ones that are good but for a member or two, ones that
 * break a constraint or a type, and ones that are no JSON.
 */
import { type OperationName, type Shape, operationShapes } from '@softkms/kms'
import * as fc from 'fast-check'
import { ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION } from '../support/kms-fixture.ts'
import { arbitraryOf } from '../support/request-arbitrary.ts'
import { violationsOf } from '../support/request-violation.ts'
import { type Pools, USER } from './fixed-pools.ts'
import type { Scene } from './scene.ts'

export interface FuzzRequest {
  readonly operation: OperationName
  readonly body: string
  readonly headers: { readonly [name: string]: string }
}

type Members = Readonly<Record<string, unknown>>

const OPERATIONS = Object.keys(operationShapes) as OperationName[]

/** A value that says nothing of itself: for a member that every type but its own may have. */
const ANY_JSON: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(null, 0, -1, 1e21, 1.5, '', 'AAA', [], {}, [null], { a: null }, '\ud800', true),
)

export function requests(scene: Scene): fc.Arbitrary<FuzzRequest> {
  return fc.constantFrom(...OPERATIONS).chain((operation) =>
    fc.record({
      operation: fc.constant(operation),
      body: fc.oneof(
        { arbitrary: bodies(operation, scene), weight: 30 },
        { arbitrary: fc.string({ unit: 'binary', maxLength: 40 }), weight: 1 },
      ),
      headers: headers(),
    }),
  )
}

function bodies(operation: OperationName, { good, pools }: Scene): fc.Arbitrary<string> {
  const shape = operationShapes[operation].input
  const members = Object.entries(shape.members)
  const drawn: fc.Arbitrary<Members> = fc.record(
    Object.fromEntries(members.map(([name, { shape: member }]) => [name, valueOf(name, member, pools)])),
    { requiredKeys: members.flatMap(([name, { required }]) => (required === true ? [name] : [])) },
  )
  const known = good.get(operation) ?? []
  const base =
    known.length === 0
      ? drawn
      : fc.oneof(
          { arbitrary: drawn, weight: 1 },
          { arbitrary: fc.constantFrom(...(known as readonly Members[])), weight: 5 },
        )
  const [first] = members
  if (first === undefined) return base.map(formatJson)
  const violations = violationsOf(shape).filter(({ place }) => place.length === 1)
  const change: fc.Arbitrary<Members> = fc.oneof(
    {
      arbitrary: fc.oneof(
        ...members.map(([name, { shape: member }]) => fc.record({ [name]: valueOf(name, member, pools) })),
      ),
      weight: 6,
    },
    { arbitrary: fc.constantFrom(...members.map(([name]) => ({ [name]: undefined }))), weight: 1 },
    {
      arbitrary: fc.tuple(fc.constantFrom(...members), ANY_JSON).map(([[name], value]) => ({ [name]: value })),
      weight: 1,
    },
    { arbitrary: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }), weight: 1 },
    ...(violations.length === 0
      ? []
      : [
          {
            arbitrary: fc.constantFrom(...violations).map(({ place, value }) => ({ [String(place[0])]: value })),
            weight: 1,
          },
        ]),
  )
  return fc
    .tuple(base, fc.array(change, { maxLength: 2 }))
    .map(([request, changes]) => formatJson(Object.assign({}, request, ...changes) as Members))
}

function valueOf(name: string, shape: Shape, pools: Pools): fc.Arbitrary<unknown> {
  const pool = pools[name]
  if (pool === undefined || pool.length === 0) return arbitraryOf(shape)
  return fc.oneof(
    { arbitrary: fc.constantFrom(...pool), weight: 8 },
    { arbitrary: arbitraryOf(shape), weight: 1 },
    ...(shape.type === 'blob' ? [{ arbitrary: damaged(pool as readonly Uint8Array[]), weight: 2 }] : []),
  )
}

/** Real bytes with a bit changed, or cut off. */
function damaged(pool: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc.tuple(fc.constantFrom(...pool), fc.nat(), fc.boolean()).map(([bytes, place, isCut]) => {
    const at = place % bytes.length
    if (isCut) return bytes.slice(0, at)
    return bytes.map((byte, index) => (index === at ? byte ^ (1 << (place % 8)) : byte))
  })
}

/** Who asks, where, and under which of our names. */
function headers(): fc.Arbitrary<FuzzRequest['headers']> {
  const credentials = fc.constantFrom(
    ...repeat(12, [ACCOUNT, REGION] as const),
    ...repeat(3, [ACCOUNT, OTHER_REGION] as const),
    ...repeat(2, [OTHER_ACCOUNT, REGION] as const),
    ['AKIAEXAMPLE', REGION] as const,
  )
  const hosts = fc.constantFrom(
    'localhost',
    '127.0.0.1:8080',
    'kms.eu-west-1.amazonaws.com',
    'kms-fips.us-west-2.api.aws',
  )
  const callers = fc.constantFrom(...repeat(8, undefined), USER, `arn:aws:iam::${OTHER_ACCOUNT}:role/other`)
  return fc.tuple(credentials, hosts, callers).map(([[accessKeyId, region], Host, caller]) => ({
    Host,
    Authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20300101/${region}/kms/aws4_request, SignedHeaders=host, Signature=00`,
    ...(caller === undefined ? {} : { 'x-softkms-caller': caller }),
  }))
}

function repeat<Value>(times: number, value: Value): readonly Value[] {
  return Array.from({ length: times }, () => value)
}

/** As an SDK writes it: bytes as base64, times as seconds. */
function formatJson(request: Members): string {
  return JSON.stringify(request, function (this: Members, name, value: unknown) {
    const original = this[name]
    if (original instanceof Date) return original.getTime() / 1000
    return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
  })
}
