/**
 * For teaching only: an HSM that shows its keys.
 *
 * A subpath of its own (`@softkms/hsm/teaching`). It is the usual HSM over a provider that looks over its shoulder: the
 * boundary itself has no switch and no place through which a secret could come. What it shows is not zeroized. Its
 * domain is fresh each time, so no key of another HSM can be opened by it.
 */

import { type HsmOptions, createHsm } from './module.ts'
import type { Hsm } from './hsm.ts'
import type { Provider } from './provider.ts'
import { kernelsProvider } from './provider/kernels/kernels.ts'
import type { MacKey } from './symmetric-primitives.ts'
import type { HsmStep } from './trace.ts'

/** The bytes behind a step, by what they are. */
export type TeachingSecrets = Readonly<
  Partial<Record<'key material' | 'key-derivation key' | 'derived key' | 'plaintext', Uint8Array>>
>

export interface TeachingStep {
  readonly step: HsmStep
  readonly secrets: TeachingSecrets
}

export interface TeachingHsmOptions extends Omit<HsmOptions, 'trace'> {
  /** Is told of each step of the commands together with its secrets. */
  readonly trace: (step: TeachingStep) => void
}

/** What the primitives were last given and last gave. */
interface Observed {
  macKey: Uint8Array
  macOutput: Uint8Array
  plaintext: Uint8Array
}

/** Makes an HSM with a fresh domain of its own that hides nothing from `trace`. */
export function createTeachingHsm({ trace, ...options }: TeachingHsmOptions): Hsm {
  const nothing = new Uint8Array(0)
  const observed: Observed = { macKey: nothing, macOutput: nothing, plaintext: nothing }
  return createHsm({
    ...options,
    provider: observe(options.provider ?? kernelsProvider, observed),
    trace: (step) => trace({ step, secrets: secretsBehind(step, observed) }),
  })
}

/** Commands run synchronously inside, so what was observed last belongs to the step that is told next. */
function secretsBehind({ step }: HsmStep, { macKey, macOutput, plaintext }: Observed): TeachingSecrets {
  switch (step) {
    case 'material':
      return { 'key material': macKey }
    case 'derive':
      return { 'key-derivation key': macKey, 'derived key': macOutput }
    case 'seal':
    case 'open':
      return { plaintext }
    case 'token':
    case 'draw-data-key':
    case 'frame':
    case 'draw-nonce':
    case 'release':
      return {}
    default:
      return step satisfies never
  }
}

function observe(provider: Provider, observed: Observed): Provider {
  return {
    ...provider,
    get name() {
      return provider.name
    },
    get servedBy() {
      return provider.servedBy
    },
    createHmac(hash, key): MacKey {
      const mac = provider.createHmac(hash, key)
      const macKey = Uint8Array.from(key)
      return {
        compute(message) {
          const output = mac.compute(message)
          Object.assign(observed, { macKey, macOutput: Uint8Array.from(output) })
          return output
        },
        zeroize: () => mac.zeroize(),
      }
    },
    sealAesGcm(key, nonce, additionalData, plaintext) {
      observed.plaintext = Uint8Array.from(plaintext)
      return provider.sealAesGcm(key, nonce, additionalData, plaintext)
    },
    openAesGcm(key, nonce, additionalData, sealed) {
      const plaintext = provider.openAesGcm(key, nonce, additionalData, sealed)
      observed.plaintext = Uint8Array.from(plaintext ?? [])
      return plaintext
    },
  }
}
