/**
 * The HSM's steps in words.
 *
 * Two layers look alike: a token is a message under the domain key, a blob is one under the key in the token. Which of
 * them a step is about, its derivation's label says.
 */
import { annotateBlob, annotateContext } from '@softkms/envelope'
import { type Annotated, type HsmStep, annotateFixedInput, annotateFrame, annotateToken } from '@softkms/hsm'
import type { TeachingSecrets } from '@softkms/hsm/teaching'
import { hexOf } from '../terminal/text.ts'
import type { AnnotatedBytes, ExplainedStep, Field } from './explanation.ts'

const KEY_LENGTH = 32
const TAG_LENGTH = 16
const DESTINATION_FIRST =
  'The destination is tried before the source is opened, so that a refusal comes while no plaintext exists. '

type Step<Name extends HsmStep['step']> = Extract<HsmStep, { readonly step: Name }>
type Words = Omit<ExplainedStep, 'by' | 'fields' | 'bytes'> & Partial<Pick<ExplainedStep, 'fields' | 'bytes'>>

/** Tells one operation's steps; it remembers which layer the steps have come to. */
export class HsmNarrator {
  readonly #roles: ReadonlyMap<string, string>
  #isToken = false

  /** @param roles from a key's id to its role in the operation, filled as the keys are found */
  constructor(roles: ReadonlyMap<string, string>) {
    this.#roles = roles
  }

  /** @returns one step or more: sealing is told as additional data, encryption and blob */
  narrate(step: HsmStep, secrets: TeachingSecrets): ExplainedStep[] {
    return this.#words(step, secrets).map((words) => ({ by: 'hsm', fields: [], bytes: [], ...words }))
  }

  #words(step: HsmStep, secrets: TeachingSecrets): Words[] {
    switch (step.step) {
      case 'token':
        return [tokenWords(step, this.#roles.get(step.fields.keyId) ?? 'none')]
      case 'material':
        return [materialWords(step, secrets)]
      case 'derive':
        this.#isToken = step.label.includes('token')
        return [this.#isToken ? wrappingKeyWords(step, secrets) : messageKeyWords(step, secrets)]
      case 'open':
        return this.#isToken ? [unwrapWords(step, secrets)] : openWords(step, secrets)
      case 'seal':
        return sealWords(step, secrets)
      case 'frame':
        return [frameWords(step)]
      case 'draw-nonce':
        return [nonceWords(step)]
      case 'draw-data-key':
        return [dataKeyWords(step)]
      case 'release':
        return [releaseWords(step)]
      default:
        return step satisfies never
    }
  }
}

function tokenWords({ step, token, fields, wasLoaded }: Step<'token'>, role: string): Words {
  const common: readonly Field[] = [
    { name: 'role', value: role },
    { name: 'key id', value: fields.keyId },
    { name: 'KeyMaterialId', value: hexOf(fields.materialId) },
  ]
  if (wasLoaded) {
    return { step, says: 'The key is among those that the HSM has loaded, found by its whole token.', fields: common }
  }
  return {
    step,
    says: `${role === 'destination' ? DESTINATION_FIRST : ''}The token is the key, wrapped. The HSM has not loaded it yet; the header says which domain key unwraps it, and what the key may be used for.`,
    checked: 'version, codes and lengths, or INVALID_TOKEN',
    fields: common,
    bytes: annotated('token', token, annotateToken(token)),
  }
}

function wrappingKeyWords({ label, fixedInput }: Step<'derive'>, secrets: TeachingSecrets): Words {
  return {
    step: 'derive-wrapping-key',
    says: 'Derives the key that wraps this one token: HMAC-SHA-256 under the domain key, over the fixed input of SP 800-108.',
    fields: [
      secret('domain key', KEY_LENGTH, secrets['key-derivation key']),
      secret(`key '${label}'`, KEY_LENGTH, secrets['derived key']),
    ],
    bytes: annotated('fixed input', fixedInput, annotateFixedInput(fixedInput, label, 'domain key id')),
  }
}

function unwrapWords({ header, ciphertextLength, isAuthentic }: Step<'open'>, secrets: TeachingSecrets): Words {
  return {
    step: 'unwrap',
    says: "AES-256-GCM decrypts the wrapped material, if the token's header and ciphertext are as they were sealed.",
    checked: 'the tag, or INVALID_TOKEN',
    fields: [
      { name: 'additional data', value: `${header.length} bytes, the header of the token` },
      { name: 'ciphertext', value: `${ciphertextLength - TAG_LENGTH} bytes` },
      { name: 'tag', value: isAuthentic ? `${TAG_LENGTH} bytes, right` : `${TAG_LENGTH} bytes, wrong` },
      secret('key material', ciphertextLength - TAG_LENGTH, secrets.plaintext),
    ],
  }
}

function materialWords({ step, isMatch }: Step<'material'>, secrets: TeachingSecrets): Words {
  return {
    step,
    says: 'Computes KeyMaterialId anew, as an HMAC of the key id under the material, so that a token opens as one key and no other.',
    checked: 'that it is the one in the header, or INVALID_TOKEN',
    fields: [
      { name: 'computed KeyMaterialId', value: isMatch ? 'the same' : 'another' },
      secret('key material', KEY_LENGTH, secrets['key material']),
    ],
  }
}

function dataKeyWords({ step, length }: Step<'draw-data-key'>): Words {
  return {
    step,
    says: 'Draws the data key from the random generator. There is one, and it will leave twice: sealed, and in the clear.',
    fields: [secret('data key', length, undefined)],
  }
}

function frameWords({ step, frame, isOpening }: Step<'frame'>): Words {
  const bytes = annotated('frame', frame, annotateFrame(frame))
  if (!isOpening)
    return { step, says: 'Before the plaintext stands a frame: what it is for, and how long it is.', bytes }
  return {
    step,
    says: 'What was decrypted begins with a frame; only what is behind it is the plaintext.',
    checked: 'version, purpose, length and zeros, or AUTHENTICATION_FAILED, the same as for the tag',
    bytes,
  }
}

function nonceWords({ step, nonce, iv }: Step<'draw-nonce'>): Words {
  return {
    step,
    says: 'Draws what makes this blob unlike any other. No caller can choose it: a nonce used twice would give the authentication key away.',
    fields: [
      { name: 'nonce', value: hexOf(nonce) },
      { name: 'vector', value: hexOf(iv) },
    ],
  }
}

function messageKeyWords({ label, fixedInput }: Step<'derive'>, secrets: TeachingSecrets): Words {
  return {
    step: 'derive-message-key',
    says: 'Derives a key for this blob alone: HMAC-SHA-256 under the key material, over the fixed input of SP 800-108.',
    fields: [
      secret('key material', KEY_LENGTH, secrets['key-derivation key']),
      secret(`key '${label}'`, KEY_LENGTH, secrets['derived key']),
    ],
    bytes: annotated('fixed input', fixedInput, annotateFixedInput(fixedInput, label, 'KeyMaterialId')),
  }
}

function sealWords(step: Step<'seal'>, secrets: TeachingSecrets): Words[] {
  const { plaintextLength, sealed } = step
  return [
    additionalDataWords(step),
    {
      step: 'seal',
      says: 'AES-256-GCM encrypts frame and plaintext under the message key, and computes the tag over the additional data and the ciphertext.',
      fields: [
        secret('frame and plaintext', plaintextLength, secrets.plaintext),
        { name: 'ciphertext', value: `${plaintextLength} bytes` },
        { name: 'tag', value: hexOf(sealed.subarray(-TAG_LENGTH)) },
      ],
    },
    {
      step: 'blob',
      says: 'Header, ciphertext and tag, one behind the other, are the ciphertext blob. The encryption context is authenticated and not in it.',
      fields: [{ name: 'length', value: `${sealed.length} bytes` }],
      bytes: annotated('blob', sealed, annotateBlob(sealed)),
    },
  ]
}

function openWords(step: Step<'open'>, secrets: TeachingSecrets): Words[] {
  const { ciphertextLength, isAuthentic } = step
  return [
    additionalDataWords(step),
    {
      step: 'open',
      says: 'AES-256-GCM computes the tag over additional data and ciphertext and compares it with the blob. Only then is there a plaintext.',
      checked: 'the tag, or AUTHENTICATION_FAILED, which callers see as InvalidCiphertextException and nothing else',
      fields: [
        { name: 'ciphertext', value: `${ciphertextLength - TAG_LENGTH} bytes` },
        { name: 'tag', value: isAuthentic ? `${TAG_LENGTH} bytes, right` : `${TAG_LENGTH} bytes, wrong` },
        secret('frame and plaintext', ciphertextLength - TAG_LENGTH, secrets.plaintext),
      ],
    },
  ]
}

function additionalDataWords({ header, additionalData }: Step<'seal' | 'open'>): Words {
  const context = additionalData.length === 0 ? 'none' : `${additionalData.length} bytes in canonical form`
  return {
    step: 'additional-data',
    says: "What is authenticated without being encrypted: the blob's header, then the encryption context in the one form that it has.",
    fields: [
      { name: 'header', value: `${header.length} bytes, the blob up to its ciphertext` },
      { name: 'encryption context', value: context },
    ],
    bytes: additionalData.length === 0 ? [] : annotated('context', additionalData, annotateContext(additionalData)),
  }
}

function releaseWords({ step, what, length }: Step<'release'>): Words {
  return {
    step,
    says:
      what === 'data key'
        ? 'Hands out both copies: the blob, to be stored with the data, and the data key in the clear, to be used and forgotten.'
        : 'Hands out the plaintext: what Decrypt was asked for, and the only thing that leaves.',
    fields: [secret(what, length, undefined)],
  }
}

function secret(name: string, secretLength: number, bytes: Uint8Array | undefined): Field {
  return { name, secretLength, ...(bytes === undefined ? {} : { secret: hexOf(bytes) }) }
}

function annotated(name: string, bytes: Uint8Array, result: Annotated): AnnotatedBytes[] {
  return 'annotations' in result ? [{ name, hex: hexOf(bytes), annotations: result.annotations }] : []
}
