/**
 * Laws of a key's versions, through the whole engine: rotation takes no blob away, and ReEncrypt shows no plaintext.
 *
 * @covers KMS crypto-details §5, §9
 */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { encryptionContext } from '../support/encryption-context-arbitrary.ts'
import { createKey, startKms } from '../support/kms-fixture.ts'
import { runs } from '../support/runs.ts'

const PERIOD_DAYS = 90

type Event = 'encrypt' | 'rotate on demand' | 'wait for a rotation' | 'disable and enable'

const events = fc.array(
  fc.constantFrom<Event>('encrypt', 'rotate on demand', 'wait for a rotation', 'disable and enable'),
  { minLength: 1, maxLength: 40 },
)

interface Sealed {
  readonly CiphertextBlob: Uint8Array
  readonly Plaintext: Uint8Array
  readonly KeyMaterialId: string | undefined
}

test('after any number of rotations every earlier blob still decrypts, under the material that sealed it', async () => {
  await fc.assert(
    fc.asyncProperty(events, encryptionContext, async (sequence, EncryptionContext) => {
      const { kms, clock } = await startKms()
      const { keyId: KeyId } = await createKey(kms)
      await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: PERIOD_DAYS })
      const sealed: Sealed[] = []
      const materialIds = new Set<string | undefined>()
      let onDemand = 0
      const encrypt = async (): Promise<void> => {
        const { KeyMetadata } = await kms.describeKey({ KeyId })
        const KeyMaterialId = KeyMetadata?.CurrentKeyMaterialId
        materialIds.add(KeyMaterialId)
        const Plaintext = new TextEncoder().encode(`message ${sealed.length}`)
        const { CiphertextBlob = new Uint8Array(0) } = await kms.encrypt({ KeyId, Plaintext, EncryptionContext })
        sealed.push({ CiphertextBlob, Plaintext, KeyMaterialId })
      }

      let rotations = 0
      await encrypt()
      for (const event of sequence) {
        if (event === 'wait for a rotation') {
          clock.advanceDays(PERIOD_DAYS)
          rotations++
        } else if (event === 'rotate on demand' && onDemand < 25) {
          await kms.rotateKeyOnDemand({ KeyId })
          onDemand++
          rotations++
        } else if (event === 'disable and enable') {
          await kms.disableKey({ KeyId })
          await kms.enableKey({ KeyId })
        }
        await encrypt()
      }

      expect(materialIds.size).toBe(rotations + 1)
      for (const { CiphertextBlob, Plaintext, KeyMaterialId } of sealed) {
        const opened = await kms.decrypt({ CiphertextBlob, EncryptionContext })
        expect(opened).toMatchObject({ Plaintext, KeyMaterialId })
      }
    }),
    { numRuns: runs(15, 300) },
  )
})

/** Every string and every byte string in a value, however deep. */
function* leavesOf(value: unknown): Generator<Buffer> {
  if (typeof value === 'string') {
    yield Buffer.from(value)
    yield Buffer.from(value, 'base64')
    yield Buffer.from(value, 'hex')
  } else if (value instanceof Uint8Array) yield Buffer.from(value)
  else if (typeof value === 'object' && value !== null) {
    for (const part of Object.entries(value).flat()) yield* leavesOf(part)
  }
}

test('ReEncrypt keeps the plaintext, and gives it to nobody', async () => {
  const { kms, audit } = await startKms()
  const [from, to] = [await createKey(kms), await createKey(kms)]
  const cases = fc.record({
    // Shorter ones would be found by chance.
    Plaintext: fc.uint8Array({ minLength: 8, maxLength: 4096, size: 'max' }),
    SourceEncryptionContext: encryptionContext,
    DestinationEncryptionContext: encryptionContext,
    isSameKey: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ Plaintext, SourceEncryptionContext, DestinationEncryptionContext, isSameKey }) => {
      const { CiphertextBlob } = await kms.encrypt({
        KeyId: from.keyId,
        Plaintext,
        EncryptionContext: SourceEncryptionContext,
      })
      const destination = isSameKey ? from : to
      const seen = audit.entries.length
      const result = await kms.reEncrypt({
        CiphertextBlob,
        SourceEncryptionContext,
        DestinationKeyId: destination.keyId,
        DestinationEncryptionContext,
      })

      // Eight zeros in a row are found in more places than a plaintext.
      const needle = Buffer.from(Plaintext)
      const isTelling = new Set(needle).size > 4
      for (const leaf of leavesOf([result, audit.entries.slice(seen)])) {
        if (isTelling) expect(leaf.includes(needle)).toBe(false)
      }
      const opened = await kms.decrypt({
        CiphertextBlob: result.CiphertextBlob,
        EncryptionContext: DestinationEncryptionContext,
      })
      expect(opened).toMatchObject({
        Plaintext,
        KeyId: destination.arn,
        KeyMaterialId: result.DestinationKeyMaterialId,
      })
    }),
    { numRuns: runs(60, 2000) },
  )
})
