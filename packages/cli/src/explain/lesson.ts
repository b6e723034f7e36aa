/**
 * The KMS that `explain` looks into: an engine and an HSM made for one operation, with fresh keys, and gone after it.
 *
 * Owns the choice between the usual HSM and the teaching one, and what must be there before the operation runs.
 */
import { type Entropy, type HsmStep, type KeyToken, createHsm, systemEntropy } from '@softkms/hsm'
import { type TeachingSecrets, createTeachingHsm } from '@softkms/hsm/teaching'
import { type PipelineStep, createIds } from '@softkms/kms'
import { type Kms, createKms } from 'softkms'

export type LessonStep = PipelineStep | HsmStep

/** Is told of each step; secrets are there when the HSM is a teaching one. */
export type LessonSink = (step: LessonStep, secrets: TeachingSecrets) => void

export interface Lesson {
  readonly kms: Kms
  /** Runs `act`, and tells `sink` of its steps as if no key had been loaded before. */
  observe<T>(sink: LessonSink, act: () => Promise<T>): Promise<T>
}

/** @param entropy what keys, ids and nonces are drawn from */
export async function createLesson(isTeaching: boolean, entropy: Entropy = systemEntropy): Promise<Lesson> {
  const tokens = new Set<KeyToken>()
  let observer: LessonSink | undefined
  const note: LessonSink = (step, secrets) => {
    if (step.step === 'token') tokens.add(step.token)
    observer?.(step, secrets)
  }
  const noSecrets: TeachingSecrets = {}
  const hsm = isTeaching
    ? createTeachingHsm({ entropy, trace: ({ step, secrets }) => note(step, secrets) })
    : createHsm({ entropy, trace: (step) => note(step, noSecrets) })
  const kms = await createKms({ hsm, ids: createIds(entropy), trace: (step) => note(step, noSecrets) })

  return {
    kms,
    async observe(sink, act) {
      // A key that an earlier request has loaded would hide how a token is unwrapped.
      for (const token of tokens) await hsm.unload(token)
      observer = sink
      try {
        return await act()
      } finally {
        observer = undefined
      }
    },
  }
}
