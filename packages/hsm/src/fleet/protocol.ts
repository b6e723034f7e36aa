/** What passes between the server's thread and a worker of the fleet. Functions do not; a layout is asked for. */

import type { MessagePort } from 'node:worker_threads'
import { HsmError, type HsmErrorCode } from '../errors.ts'
import type { Hsm } from '../hsm.ts'
import type { KeyToken } from '../key-token.ts'
import type { MessageHeader } from '../sealed-message.ts'

export type ProviderName = 'kernels' | 'noble' | 'native'

/** Commands that a worker can perform: those that take one argument. */
export type Method = Exclude<keyof Hsm, 'zeroize' | 'verifyRecord' | 'unload' | 'openKeyring' | 'status'>

/** What a worker is started with. */
export interface WorkerSetup {
  readonly provider: ProviderName
  /** The worker's copy, which it zeroizes. */
  readonly rootKey: Uint8Array
  readonly sealedKeyring: Uint8Array
  readonly layoutPort: MessagePort
  /** One number, which is not 0 once a layout has been answered. */
  readonly layoutSignal: Int32Array
}

export type ToWorker =
  | { readonly type: 'perform'; readonly method: Method; readonly argument: unknown }
  | { readonly type: 'openKeyring'; readonly sealed: Uint8Array }
  | { readonly type: 'unload'; readonly token: KeyToken }

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'failure'; readonly failure: Failure }

/** The answer to a layout that was asked for. */
export type LayoutAnswer = { readonly header: MessageHeader } | { readonly failure: Failure }

/** An error as it passes: its kind is lost on the way otherwise. */
export interface Failure {
  readonly kind: 'HsmError' | 'TypeError' | 'RangeError' | 'Error'
  readonly code?: HsmErrorCode
  readonly message: string
}

export function toFailure(error: unknown): Failure {
  if (error instanceof HsmError) return { kind: 'HsmError', code: error.code, message: error.message }
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof TypeError) return { kind: 'TypeError', message }
  return { kind: error instanceof RangeError ? 'RangeError' : 'Error', message }
}

export function toError({ kind, code, message }: Failure): Error {
  if (kind === 'HsmError' && code !== undefined) return new HsmError(code)
  if (kind === 'TypeError') return new TypeError(message)
  return kind === 'RangeError' ? new RangeError(message) : new Error(message)
}
