/**
 * The lists, page by page.
 *
 * @covers KMS operations, "Pagination"; wire §4 (InvalidMarkerException)
 */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type KmsFixture,
  OTHER_ACCOUNT,
  OTHER_REGION,
  call,
  createKey,
  expectRefusal,
  startKms,
} from '../../support/kms-fixture.ts'
import { runs } from '../../support/runs.ts'

type ListName = 'ListAliases' | 'ListKeyPolicies' | 'ListKeyRotations' | 'ListKeys' | 'ListResourceTags'

interface Answer {
  readonly Truncated?: boolean
  readonly NextMarker?: string
}

interface List {
  readonly title: string
  readonly name: ListName
  /** The member that holds the items. */
  readonly items: string
  /** What tells one item from another. */
  readonly nameOf: (item: never) => unknown
  readonly fallback: number
  readonly most: number
  /** Fills the list with so many items, and says how to ask for them. */
  readonly fill: (fixture: KmsFixture, count: number) => Promise<object>
}

async function fillAliases({ kms }: KmsFixture, count: number): Promise<string> {
  const { keyId } = await createKey(kms)
  for (let i = 0; i < count; i++) await kms.createAlias({ AliasName: `alias/${keyId}/${i}`, TargetKeyId: keyId })
  return keyId
}

async function fillRotations({ kms, clock }: KmsFixture, count: number): Promise<string> {
  const { keyId: KeyId } = await createKey(kms)
  await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 })
  clock.advanceDays(90 * count)
  return KeyId
}

const ALIASES: List = {
  title: 'ListAliases',
  name: 'ListAliases',
  items: 'Aliases',
  nameOf: ({ AliasName }: { AliasName: string }) => AliasName,
  fallback: 50,
  most: 100,
  async fill(fixture, count) {
    await fillAliases(fixture, count)
    return {}
  },
}

const ROTATIONS: List = {
  title: 'ListKeyRotations',
  name: 'ListKeyRotations',
  items: 'Rotations',
  nameOf: ({ KeyMaterialId }: { KeyMaterialId: string }) => KeyMaterialId,
  fallback: 100,
  most: 1000,
  async fill(fixture, count) {
    return { KeyId: await fillRotations(fixture, count) }
  },
}

const LISTS: readonly List[] = [
  {
    title: 'ListKeys',
    name: 'ListKeys',
    items: 'Keys',
    nameOf: ({ KeyId }: { KeyId: string }) => KeyId,
    fallback: 100,
    most: 1000,
    async fill({ kms }, count) {
      for (let i = 0; i < count; i++) await kms.createKey()
      return {}
    },
  },
  ALIASES,
  {
    ...ALIASES,
    title: 'ListAliases of a key',
    async fill(fixture, count) {
      return { KeyId: await fillAliases(fixture, count) }
    },
  },
  ROTATIONS,
  {
    ...ROTATIONS,
    title: 'ListKeyRotations of all material',
    async fill(fixture, count) {
      return { KeyId: await fillRotations(fixture, count - 1), IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }
    },
  },
]

const TAGS: List = {
  title: 'ListResourceTags',
  name: 'ListResourceTags',
  items: 'Tags',
  nameOf: ({ TagKey }: { TagKey: string }) => TagKey,
  fallback: 50,
  most: 50,
  async fill({ kms }, count) {
    const { keyId: KeyId } = await createKey(kms)
    await kms.tagResource({ KeyId, Tags: Array.from({ length: count }, (_, i) => ({ TagKey: `☃${i}`, TagValue: '' })) })
    return { KeyId }
  },
}

async function readPage(
  { kms }: Pick<KmsFixture, 'kms'>,
  list: List,
  request: object,
): Promise<{ readonly names: unknown[]; readonly answer: Answer }> {
  const answer = (await call(kms, list.name, request)) as Answer & Record<string, never[]>
  const names = answer[list.items]?.map(list.nameOf) ?? []
  // NextMarker is there exactly when there is more.
  expect(Object.hasOwn(answer, 'NextMarker')).toBe(answer.Truncated)
  return { names, answer }
}

async function readAllPages(fixture: KmsFixture, list: List, request: object, limit: number): Promise<unknown[][]> {
  const pages: unknown[][] = []
  let marker: string | undefined
  do {
    const page = { ...request, Limit: limit, ...(marker === undefined ? {} : { Marker: marker }) }
    const { names, answer } = await readPage(fixture, list, page)
    pages.push(names)
    marker = answer.NextMarker
    if (marker !== undefined) expect(marker).toMatch(/^[\u0020-\u00FF]{1,1024}$/u)
  } while (marker !== undefined)
  return pages
}

test.each([...LISTS, TAGS])('$title: pages of any size are the whole list, in order and once', async (list) => {
  const fixture = await startKms()
  const request = await list.fill(fixture, 23)
  const { names } = await readPage(fixture, list, request)
  expect(new Set(names).size).toBe(23)
  for (const limit of [1, 2, 7, 22, 23, 24, 1000]) {
    const pages = await readAllPages(fixture, list, request, limit)
    expect(pages.flat()).toEqual(names)
    // Full pages first, and no empty one behind the last.
    expect(pages.map((page) => page.length)).toEqual(sizesOf(23, Math.min(limit, list.most)))
  }
})

function sizesOf(count: number, limit: number): number[] {
  return Array.from({ length: Math.ceil(count / limit) }, (_, i) => Math.min(limit, count - i * limit))
}

test.each(LISTS)('$title: $fallback when no limit is given, never more than $most', async (list) => {
  // A key may have more aliases than a page.
  const fixture = await startKms({ aliasesPerKey: 1000 })
  const count = Math.min(list.most, 120) + 1
  const request = await list.fill(fixture, count)
  expect((await readPage(fixture, list, request)).names).toHaveLength(list.fallback)
  const { names } = await readPage(fixture, list, { ...request, Limit: 1000 })
  expect(names).toHaveLength(Math.min(count, list.most))
})

const ALL_LISTS = [...LISTS, TAGS]

test.each(ALL_LISTS)('$title: a limit is 1 to 1000', async (list) => {
  const fixture = await startKms()
  const request = await list.fill(fixture, 1)
  for (const [Limit, bound] of [
    [0, 'greater than or equal to 1'],
    [1001, 'less than or equal to 1000'],
  ] as const) {
    const message = `1 validation error detected: Value '${Limit}' at 'limit' failed to satisfy constraint: Member must have value ${bound}`
    await expectRefusal(fixture, list.name, { ...request, Limit }, 'ValidationException', message)
  }
})

test.each(ALL_LISTS)('$title: a damaged or invented marker is refused', async (list) => {
  const fixture = await startKms()
  const request = await list.fill(fixture, 3)
  const { answer } = await readPage(fixture, list, { ...request, Limit: 1 })
  const { NextMarker = '' } = answer
  const damaged = Array.from(
    NextMarker,
    (char, at) => NextMarker.slice(0, at) + (char === 'A' ? 'B' : 'A') + NextMarker.slice(at + 1),
  )
  const invented = [
    'x',
    ' ',
    '=',
    '~~~~',
    'AAAA',
    'A'.repeat(1024),
    Buffer.from('[]').toString('base64url'),
    `${NextMarker}=`,
  ]
  const cut = [NextMarker.slice(1), NextMarker.slice(0, -1), NextMarker.slice(0, 4)]
  for (const Marker of [...damaged, ...invented, ...cut, ` ${NextMarker}`, `${NextMarker}A`]) {
    await expectRefusal(fixture, list.name, { ...request, Marker }, 'InvalidMarkerException', 'Invalid marker.')
  }
})

test('a marker is good for its own operation, filter, account and Region only', async () => {
  const fixture = await startKms()
  const callers = [fixture.kms, fixture.kms.as(OTHER_ACCOUNT), fixture.kms.inRegion(OTHER_REGION)]
  const places = []
  for (const kms of callers) {
    for (const list of ALL_LISTS) {
      const request = await list.fill({ ...fixture, kms }, 3)
      const { answer } = await readPage({ kms }, list, { ...request, Limit: 1 })
      places.push({ kms, list, request, Marker: answer.NextMarker ?? '' })
    }
  }
  expect(places).toHaveLength(18)
  for (const here of places) {
    for (const there of places) {
      const request = { ...here.request, Marker: there.Marker }
      if (here === there) {
        await expect(call(here.kms, here.list.name, request)).resolves.toBeDefined()
      } else {
        const refused = { ...fixture, kms: here.kms }
        await expectRefusal(refused, here.list.name, request, 'InvalidMarkerException', 'Invalid marker.')
      }
    }
  }
})

test('the default of IncludeKeyMaterial may be spelt out between two pages', async () => {
  const fixture = await startKms()
  const KeyId = await fillRotations(fixture, 3)
  const { NextMarker: Marker = '', Rotations: first = [] } = await fixture.kms.listKeyRotations({ KeyId, Limit: 1 })
  const rest = await fixture.kms.listKeyRotations({ KeyId, Marker, IncludeKeyMaterial: 'ROTATIONS_ONLY' })
  const { Rotations } = await fixture.kms.listKeyRotations({ KeyId })
  expect([...first, ...(rest.Rotations ?? [])]).toEqual(Rotations)
})

/** A list to whose items a test can add and from which it can take, by name. */
interface Changeable {
  readonly list: List
  readonly add: (name: string) => Promise<unknown>
  readonly remove: (name: string) => Promise<unknown>
  readonly request: object
}

async function openAliases(fixture: KmsFixture): Promise<Changeable> {
  const { kms } = fixture
  const { keyId: TargetKeyId } = await createKey(kms)
  return {
    list: { ...ALIASES, nameOf: ({ AliasName }: { AliasName: string }) => AliasName.slice('alias/'.length) },
    request: { KeyId: TargetKeyId },
    add: (name) => kms.createAlias({ AliasName: `alias/${name}`, TargetKeyId }),
    remove: (name) => kms.deleteAlias({ AliasName: `alias/${name}` }),
  }
}

async function openTags(fixture: KmsFixture): Promise<Changeable> {
  const { kms } = fixture
  const { keyId: KeyId } = await createKey(kms)
  return {
    list: TAGS,
    request: { KeyId },
    add: (name) => kms.tagResource({ KeyId, Tags: [{ TagKey: name, TagValue: '' }] }),
    remove: (name) => kms.untagResource({ KeyId, TagKeys: [name] }),
  }
}

test.each([
  ['ListAliases', openAliases],
  ['ListResourceTags', openTags],
])(
  '%s: what comes and goes between pages disturbs nothing that stays',
  { timeout: runs(30_000, 300_000) },
  async (_title, open) => {
    const name = fc.integer({ min: 10, max: 29 }).map(String)
    const change = fc.record({ name, isAddition: fc.boolean() })
    const property = fc.asyncProperty(
      fc.uniqueArray(name, { maxLength: 12 }),
      fc.array(fc.array(change, { maxLength: 4 }), { minLength: 12, maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      async (initial, changes, limit) => {
        const fixture = await startKms()
        const { list, request, add, remove } = await open(fixture)
        for (const one of initial) await add(one)
        const present = new Set(initial)
        const stayed = new Set(initial)
        const ever = new Set(initial)
        const seen: unknown[] = []
        let marker: string | undefined
        let page = 0
        do {
          const next = marker === undefined ? {} : { Marker: marker }
          const { names, answer } = await readPage(fixture, list, { ...request, Limit: limit, ...next })
          seen.push(...names)
          marker = answer.NextMarker
          for (const { name: changed, isAddition } of changes[page++] ?? []) {
            if (isAddition === present.has(changed)) continue
            await (isAddition ? add(changed) : remove(changed))
            if (isAddition) present.add(changed)
            else present.delete(changed)
            stayed.delete(changed)
            ever.add(changed)
          }
        } while (marker !== undefined)
        expect(new Set(seen).size).toBe(seen.length)
        expect([...stayed].filter((one) => !seen.includes(one))).toEqual([])
        expect(seen.filter((one) => !ever.has(String(one)))).toEqual([])
      },
    )
    await fc.assert(property, { numRuns: runs(50, 2000) })
  },
)

test('ListKeys goes on behind a key that was deleted meanwhile', async () => {
  const fixture = await startKms()
  const { kms, clock } = fixture
  for (let i = 0; i < 6; i++) await kms.createKey()
  const { Keys: all = [] } = await kms.listKeys()
  const { Keys: first = [], NextMarker: Marker = '' } = await kms.listKeys({ Limit: 3 })
  for (const { KeyId } of all.slice(1, 4)) await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
  clock.advanceDays(7)
  const { Keys: second = [], Truncated } = await kms.listKeys({ Marker })
  expect(first).toEqual(all.slice(0, 3))
  expect(second).toEqual(all.slice(4))
  expect(Truncated).toBe(false)
})

test('a marker fits the model, however long the name it stands for', async () => {
  const { kms } = await startKms()
  const { keyId: KeyId } = await createKey(kms)
  const names = ['a', 'b'].map((end) => `${'🔑'.repeat(127)}${end}`)
  await kms.tagResource({ KeyId, Tags: names.map((TagKey) => ({ TagKey, TagValue: '' })) })
  const { NextMarker: Marker = '' } = await kms.listResourceTags({ KeyId, Limit: 1 })
  const { Tags } = await kms.listResourceTags({ KeyId, Marker })
  expect(Tags?.map(({ TagKey }) => TagKey)).toEqual(names.slice(1))
})

test('the one policy of a key is one page', async () => {
  const fixture = await startKms()
  const { keyId: KeyId } = await createKey(fixture.kms)
  const page = { PolicyNames: ['default'], Truncated: false }
  await expect(fixture.kms.listKeyPolicies({ KeyId, Limit: 1 })).resolves.toStrictEqual(page)
  const input = { KeyId, Marker: 'x' }
  await expectRefusal(fixture, 'ListKeyPolicies', input, 'InvalidMarkerException', 'Invalid marker.')
})
