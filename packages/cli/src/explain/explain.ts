/** Runs one operation for real and tells its steps: the caller's, the engine's and the HSM's, in the order of events. */
import { annotateBlob } from '@softkms/envelope'
import type { Entropy } from '@softkms/hsm'
import type { PipelineStep } from '@softkms/kms'
import { hexOf } from '../terminal/text.ts'
import type { AnnotatedBytes, ExplainedOperation, ExplainedStep, Explanation, Field } from './explanation.ts'
import { type Lesson, type LessonStep, createLesson } from './lesson.ts'
import { type KeyNaming, narrateEngine } from './narrate-engine.ts'
import { HsmNarrator } from './narrate-hsm.ts'

export interface ExplainOptions {
  readonly operation: ExplainedOperation
  /** What is encrypted, or was. */
  readonly plaintext: string
  readonly context: Readonly<Record<string, string>>
  /** Of ReEncrypt's destination. */
  readonly toContext: Readonly<Record<string, string>>
  /** Whether the HSM is one that shows its keys. */
  readonly isTeaching: boolean
  /** Default: the runtime's. */
  readonly entropy?: Entropy
}

const ALIAS = 'alias/lesson'
const OTHER_ALIAS = 'alias/other-lesson'

/** An operation about to run: what the caller asks, how it names its keys, and what it makes of the answer. */
interface Act {
  readonly asked: Pick<ExplainedStep, 'says' | 'fields' | 'bytes'>
  readonly naming: KeyNaming
  run(): Promise<Pick<ExplainedStep, 'says' | 'fields'>>
}

export async function explain(options: ExplainOptions): Promise<Explanation> {
  const { operation, isTeaching } = options
  const lesson = await createLesson(isTeaching, options.entropy)
  await createKey(lesson, ALIAS)
  const act = await ACTS[operation](lesson, options)

  const steps: ExplainedStep[] = [{ step: 'request', by: 'caller', ...act.asked }]
  const roles = new Map<string, string>()
  const narrator = new HsmNarrator(roles)
  const answer = await lesson.observe(
    (step, secrets) => {
      if (step.step === 'resolve') roles.set(step.key.keyId, step.role)
      if (isPipelineStep(step)) steps.push(narrateEngine(step, act.naming))
      else steps.push(...narrator.narrate(step, secrets))
    },
    () => act.run(),
  )
  steps.push({ step: 'answer', by: 'caller', bytes: [], ...answer })
  return { operation, isTeaching, steps }
}

const ACTS: Readonly<Record<ExplainedOperation, (lesson: Lesson, options: ExplainOptions) => Promise<Act>>> = {
  encrypt: async ({ kms }, { plaintext, context }) => ({
    asked: {
      says: 'Encrypt: a few bytes, sent to the service, come back as a blob that only this key opens.',
      fields: [{ name: 'KeyId', value: ALIAS }, { name: 'Plaintext', value: plaintext }, contextField(context)],
      bytes: [],
    },
    naming: { key: ALIAS },
    async run() {
      const answer = await kms.encrypt({ KeyId: ALIAS, Plaintext: encode(plaintext), EncryptionContext: context })
      return {
        says: 'The blob can be stored anywhere. It says which key material opens it, and needs the same context again.',
        fields: [base64Field('CiphertextBlob', answer.CiphertextBlob), { name: 'KeyId', value: answer.KeyId ?? '' }],
      }
    },
  }),

  async decrypt({ kms }, options) {
    const { context } = options
    const blob = await sealed({ kms }, options)
    return {
      asked: {
        says: 'Decrypt: the blob and its encryption context. The key need not be named, the blob knows it.',
        fields: [base64Field('CiphertextBlob', blob), contextField(context)],
        bytes: annotatedBlob(blob),
      },
      naming: {},
      async run() {
        const { Plaintext, KeyId } = await kms.decrypt({ CiphertextBlob: blob, EncryptionContext: context })
        return {
          says: 'The plaintext is the one that was encrypted, or there is none.',
          fields: [
            { name: 'Plaintext', value: Buffer.from(Plaintext ?? []).toString('utf8') },
            { name: 'KeyId', value: KeyId ?? '' },
          ],
        }
      },
    }
  },

  'generate-data-key': async ({ kms }, { context, isTeaching }) => ({
    asked: {
      says: 'GenerateDataKey: a fresh key to encrypt data with, outside of the service and of any size.',
      fields: [{ name: 'KeyId', value: ALIAS }, { name: 'KeySpec', value: 'AES_256' }, contextField(context)],
      bytes: [],
    },
    naming: { key: ALIAS },
    async run() {
      const request = { KeyId: ALIAS, KeySpec: 'AES_256', EncryptionContext: context } as const
      const { CiphertextBlob, Plaintext, KeyId } = await kms.generateDataKey(request)
      return {
        says: 'Two copies of one key. Encrypt the data with the first, then overwrite it; keep the second beside the data, and let Decrypt turn it into the first again.',
        fields: [
          {
            name: 'Plaintext',
            secretLength: Plaintext?.length ?? 0,
            ...(isTeaching && Plaintext !== undefined ? { secret: hexOf(Plaintext) } : {}),
          },
          base64Field('CiphertextBlob', CiphertextBlob),
          { name: 'KeyId', value: KeyId ?? '' },
        ],
      }
    },
  }),

  async 're-encrypt'(lesson, options) {
    const { kms } = lesson
    const { context, toContext } = options
    const blob = await sealed(lesson, options)
    await createKey(lesson, OTHER_ALIAS)
    return {
      asked: {
        says: 'ReEncrypt: from one key and context to another. The caller gives a blob and gets a blob.',
        fields: [
          base64Field('CiphertextBlob', blob),
          contextField(context, 'SourceEncryptionContext'),
          { name: 'DestinationKeyId', value: OTHER_ALIAS },
          contextField(toContext, 'DestinationEncryptionContext'),
        ],
        bytes: annotatedBlob(blob),
      },
      naming: { destination: OTHER_ALIAS },
      async run() {
        const answer = await kms.reEncrypt({
          CiphertextBlob: blob,
          SourceEncryptionContext: context,
          DestinationKeyId: OTHER_ALIAS,
          DestinationEncryptionContext: toContext,
        })
        return {
          says: 'No step released a plaintext: it was opened and sealed inside the HSM, and neither engine nor caller has seen it.',
          fields: [
            base64Field('CiphertextBlob', answer.CiphertextBlob),
            { name: 'SourceKeyId', value: answer.SourceKeyId ?? '' },
            { name: 'KeyId', value: answer.KeyId ?? '' },
          ],
        }
      },
    }
  },
}

async function createKey({ kms }: Pick<Lesson, 'kms'>, alias: string): Promise<void> {
  const { KeyMetadata } = await kms.createKey({ Description: alias })
  await kms.createAlias({ AliasName: alias, TargetKeyId: KeyMetadata?.KeyId ?? '' })
}

/** A blob for operations that begin with one. */
async function sealed({ kms }: Pick<Lesson, 'kms'>, { plaintext, context }: ExplainOptions): Promise<Uint8Array> {
  const request = { KeyId: ALIAS, Plaintext: encode(plaintext), EncryptionContext: context }
  return (await kms.encrypt(request)).CiphertextBlob ?? new Uint8Array(0)
}

function isPipelineStep(step: LessonStep): step is PipelineStep {
  switch (step.step) {
    case 'validate':
    case 'resolve':
    case 'authorize':
    case 'permit':
    case 'perform':
      return true
    default:
      return false
  }
}

function contextField(context: Readonly<Record<string, string>>, name = 'EncryptionContext'): Field {
  return { name, value: JSON.stringify(context) }
}

function base64Field(name: string, bytes: Uint8Array | undefined): Field {
  return { name, value: Buffer.from(bytes ?? []).toString('base64') }
}

function annotatedBlob(blob: Uint8Array): AnnotatedBytes[] {
  const annotated = annotateBlob(blob)
  return 'annotations' in annotated ? [{ name: 'blob', hex: hexOf(blob), annotations: annotated.annotations }] : []
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
