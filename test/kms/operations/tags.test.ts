/**
 * TagResource, UntagResource, ListResourceTags, and the tags of CreateKey.
 *
 * @covers KMS operations; wire §4 (TagException), §5
 */
import { expect, test } from 'vitest'
import { type KmsFixture, createKey, expectRefusal, startKms } from '../../support/kms-fixture.ts'

type Tags = { readonly TagKey: string; readonly TagValue: string }[]

const tagsOf = (entries: Readonly<Record<string, string>>): Tags =>
  Object.entries(entries).map(([TagKey, TagValue]) => ({ TagKey, TagValue }))

const manyTags = (count: number, prefix = 'k'): Tags =>
  Array.from({ length: count }, (_, i) => ({ TagKey: `${prefix}${i}`, TagValue: '' }))

async function setScene(): Promise<KmsFixture & { readonly KeyId: string }> {
  const fixture = await startKms()
  const { keyId: KeyId } = await createKey(fixture.kms)
  return { ...fixture, KeyId }
}

test('a key begins without tags', async () => {
  const { kms, KeyId } = await setScene()
  await expect(kms.listResourceTags({ KeyId })).resolves.toStrictEqual({ Tags: [], Truncated: false })
})

test('tags are added, overwritten and removed', async () => {
  const { kms, KeyId } = await setScene()
  await expect(kms.tagResource({ KeyId, Tags: tagsOf({ a: '1', b: '2' }) })).resolves.toStrictEqual({})
  await kms.tagResource({ KeyId, Tags: tagsOf({ c: '3', a: '4' }) })
  await expect(kms.listResourceTags({ KeyId })).resolves.toStrictEqual({
    Tags: tagsOf({ a: '4', b: '2', c: '3' }),
    Truncated: false,
  })
  await expect(kms.untagResource({ KeyId, TagKeys: ['b', 'never there', 'b'] })).resolves.toStrictEqual({})
  await expect(kms.listResourceTags({ KeyId })).resolves.toMatchObject({ Tags: tagsOf({ a: '4', c: '3' }) })
})

test('keys are told apart by case, and may be whatever JavaScript has names for', async () => {
  const { kms, KeyId } = await setScene()
  const Tags = tagsOf({ A: '1', a: '2', constructor: '', ' ': ' ' })
  const all = [...Tags, { TagKey: '__proto__', TagValue: 'p' }, { TagKey: '☃'.repeat(128), TagValue: '🔑'.repeat(256) }]
  await kms.tagResource({ KeyId, Tags: all })
  const listed = await kms.listResourceTags({ KeyId })
  expect(listed.Tags).toHaveLength(all.length)
  expect(listed.Tags).toEqual(expect.arrayContaining(all))
})

test('nothing to add and nothing to remove is no fault', async () => {
  const { kms, KeyId } = await setScene()
  await kms.tagResource({ KeyId, Tags: [] })
  await kms.untagResource({ KeyId, TagKeys: [] })
  await expect(kms.listResourceTags({ KeyId })).resolves.toStrictEqual({ Tags: [], Truncated: false })
})

test('the prefix aws: is reserved in any letter case', async () => {
  const scene = await setScene()
  const { KeyId } = scene
  const message = 'Tags beginning with aws: are reserved'
  for (const key of ['aws:', 'aws:x', 'AWS:x', 'aWs:cloudformation:stack-name']) {
    const Tags = [...manyTags(2), { TagKey: key, TagValue: '' }]
    await expectRefusal(scene, 'TagResource', { KeyId, Tags }, 'TagException', message)
    await expectRefusal(scene, 'CreateKey', { Tags }, 'TagException', message)
    await expectRefusal(scene, 'UntagResource', { KeyId, TagKeys: ['a', key] }, 'TagException', message)
  }
  await expect(scene.kms.tagResource({ KeyId, Tags: tagsOf({ aws: '', 'x-aws:y': '' }) })).resolves.toBeDefined()
})

test('a request names a key once', async () => {
  const scene = await setScene()
  const Tags = [...manyTags(2), { TagKey: 'k0', TagValue: 'other' }]
  await expectRefusal(scene, 'TagResource', { KeyId: scene.KeyId, Tags }, 'TagException', 'Duplicate tag keys')
  await expectRefusal(scene, 'CreateKey', { Tags }, 'TagException', 'Duplicate tag keys')
})

test('a key has 50 tags at most', async () => {
  const scene = await setScene()
  const { kms, KeyId } = scene
  await expectRefusal(scene, 'TagResource', { KeyId, Tags: manyTags(51) }, 'TagException', 'Too many tags')
  await expectRefusal(scene, 'CreateKey', { Tags: manyTags(51) }, 'TagException', 'Too many tags')
  await kms.tagResource({ KeyId, Tags: manyTags(50) })
  await expectRefusal(scene, 'TagResource', { KeyId, Tags: tagsOf({ one: 'more' }) }, 'TagException', 'Too many tags')
  await expect(kms.tagResource({ KeyId, Tags: tagsOf({ k49: 'overwritten' }) })).resolves.toStrictEqual({})
  await kms.untagResource({ KeyId, TagKeys: ['k0'] })
  await expect(kms.tagResource({ KeyId, Tags: tagsOf({ one: 'more' }) })).resolves.toStrictEqual({})
  const created = await kms.createKey({ Tags: manyTags(50) })
  const { Tags } = await kms.listResourceTags({ KeyId: created.KeyMetadata?.KeyId })
  expect(Tags).toHaveLength(50)
})

test.each([
  [{ TagKey: '', TagValue: '' }, "Value '' at 'tags.1.member.tagKey'", 'length greater than or equal to 1'],
  [
    { TagKey: 'k'.repeat(129), TagValue: '' },
    `Value '${'k'.repeat(129)}' at 'tags.1.member.tagKey'`,
    'length less than or equal to 128',
  ],
  [
    { TagKey: 'k', TagValue: 'v'.repeat(257) },
    `Value '${'v'.repeat(257)}' at 'tags.1.member.tagValue'`,
    'length less than or equal to 256',
  ],
])('tag %# breaks the model', async (tag, value, bound) => {
  const scene = await setScene()
  const message = `1 validation error detected: ${value} failed to satisfy constraint: Member must have ${bound}`
  const input = { KeyId: scene.KeyId, Tags: [tag] }
  await expectRefusal(scene, 'TagResource', input, 'ValidationException', message)
})

test('Tags and TagKeys must be there', async () => {
  const scene = await setScene()
  const { KeyId } = scene
  const rule = 'failed to satisfy constraint: Member must not be null'
  const noTags = `1 validation error detected: Value at 'tags' ${rule}`
  await expectRefusal(scene, 'TagResource', { KeyId }, 'ValidationException', noTags)
  const noTagKeys = `1 validation error detected: Value null at 'tagKeys' ${rule}`
  await expectRefusal(scene, 'UntagResource', { KeyId }, 'ValidationException', noTagKeys)
})
