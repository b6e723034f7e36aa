/** The pipeline's steps in words. */
import { type PipelineStep, arnOf } from '@softkms/kms'
import type { ExplainedStep } from './explanation.ts'

/** How the request names its keys, by their role in the operation. */
export type KeyNaming = Readonly<Record<string, string>>

export function narrateEngine(step: PipelineStep, naming: KeyNaming): ExplainedStep {
  const by = 'engine'
  switch (step.step) {
    case 'validate':
      return {
        step: step.step,
        by,
        says: "The request keeps the constraints of AWS's model: members, types, lengths, patterns.",
        checked: 'all of them, or ValidationException',
        fields: [],
        bytes: [],
      }
    case 'resolve': {
      const isNamedByBlob = naming[step.role] === undefined
      return {
        step: step.step,
        by,
        says: isNamedByBlob
          ? 'The blob says which key material sealed it; the store says of which key that is.'
          : 'The identifier in the request leads to a key; an alias is followed to the key behind it.',
        checked: isNamedByBlob
          ? 'that the bytes are a blob, and of a key here, or InvalidCiphertextException'
          : 'that there is such a key, or NotFoundException',
        fields: [
          { name: 'role', value: step.role },
          { name: 'identifier', value: naming[step.role] ?? 'KeyMaterialId in the blob' },
          { name: 'key', value: arnOf(step.key) },
          { name: 'key spec', value: step.key.keySpec },
        ],
        bytes: [],
      }
    }
    case 'authorize':
      return {
        step: step.step,
        by,
        says: 'May this caller do this to this key? The name of the key is not enough.',
        checked: 'what policy allows, or AccessDeniedException',
        fields: [
          { name: 'role', value: step.role },
          { name: 'principal', value: step.principal },
          { name: 'action', value: step.action },
        ],
        bytes: [],
      }
    case 'permit':
      return {
        step: step.step,
        by,
        says: "The key's state must allow the operation, and the key must be for it.",
        checked: 'the state, or DisabledException or KMSInvalidStateException; the usage, or InvalidKeyUsageException',
        fields: [
          { name: 'role', value: step.role },
          { name: 'state', value: step.key.life.state.name },
          { name: 'usage', value: step.key.keyUsage },
        ],
        bytes: [],
      }
    case 'perform':
      return {
        step: step.step,
        by,
        says: 'All checks passed, so the permit exists without which the operation cannot run. The engine gives the HSM what it keeps of the key, a token: it has never seen the key itself.',
        fields: [{ name: 'operation', value: step.operation }],
        bytes: [],
      }
    default:
      return step satisfies never
  }
}
