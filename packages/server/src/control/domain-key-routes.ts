/**
 * The rotation of the domain key by HTTP: begun by a POST, which does not wait for its end, and asked about by a GET.
 *
 * A second POST while it runs begins nothing.
 */
import type { DomainKeyRotation, RotationProgress } from '@softkms/kms'
import { ControlError } from './control-error.ts'
import type { ControlRoute } from './control-route.ts'

/** Rotates, and tells how far it has come. */
export type RotateDomainKey = (onProgress: RotationProgress) => Promise<DomainKeyRotation>

interface RotationState {
  isRunning: boolean
  done: number
  total: number
  /** Of the last rotation that came to its end. */
  result: DomainKeyRotation | undefined
  /** Whether the last one did not. */
  hasFailed: boolean
}

/** @param onFault told why a rotation did not come to its end; whoever asks learns only that it did not */
export function createDomainKeyRoutes(
  rotate: RotateDomainKey,
  onFault: (error: unknown) => void,
): readonly ControlRoute[] {
  const state: RotationState = { isRunning: false, done: 0, total: 0, result: undefined, hasFailed: false }

  async function run(): Promise<void> {
    Object.assign(state, { isRunning: true, done: 0, total: 0, result: undefined, hasFailed: false })
    try {
      state.result = await rotate((done, total) => Object.assign(state, { done, total }))
    } catch (error) {
      state.hasFailed = true
      onFault(error)
    } finally {
      state.isRunning = false
    }
  }

  return [
    { method: 'GET', path: 'domain-key', perform: () => ({ ...state }) },
    {
      method: 'POST',
      path: 'domain-key',
      perform(body) {
        if (Object.keys(body).length > 0) throw new ControlError('InvalidRequest', 'A rotation takes no members')
        if (!state.isRunning) void run()
        return { ...state }
      },
    },
  ]
}
