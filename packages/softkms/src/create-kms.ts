/**
 * `createKms`: the engine, an HSM and a store, put together for embedding.
 */

import { type Hsm, type HsmOptions, type HsmStep, createHsm } from '@softkms/hsm'
import { type KmsServiceOptions, type PipelineStep, createKmsService } from '@softkms/kms'
import { type Kms, createClient } from './client.ts'

export interface CreateKmsOptions extends Omit<KmsServiceOptions, 'hsm'>, HsmOptions {
  /** An HSM to use in place of a fresh one; the options of the HSM are then its own affair. */
  readonly hsm?: Hsm
  /** Is told of the steps of the engine and of its HSM, in the order in which they happen and without secrets. */
  readonly trace?: (step: PipelineStep | HsmStep) => void
}

/**
 * Starts a KMS in this process: a fresh HSM domain, keys in memory unless a store is given.
 *
 * @throws RangeError for a malformed account or Region
 * @throws HsmError `SELF_TEST_FAILED` when a cryptographic self-test fails
 */
export async function createKms(options: CreateKmsOptions = {}): Promise<Kms> {
  const hsm = options.hsm ?? createHsm(options)
  const service = createKmsService({ ...options, hsm })
  // The self-tests run now rather than with the first request, so that a broken runtime is found out at start.
  await hsm.random(1)
  return createClient(service, service.defaults)
}
