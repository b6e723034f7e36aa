/** A KMS for one case: in this process, behind the AWS SDK, with its clock and its faults in the case's hands. */
import { KMS } from '@aws-sdk/client-kms'
import { createHsm } from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'
import { type OperationName, createMemoryStore } from '@softkms/kms'
import { type Kms, createKms, requestHandler } from 'softkms'
import { ACCOUNT } from '../../support/kms-fixture.ts'
import { watchDecoding } from '../../support/sdk-decoding.ts'
import { type VirtualClock, createVirtualClock } from '../../support/virtual-clock.ts'
import type { WorldOptions } from './contract.ts'
import { type Faults, withFaults } from './faults.ts'
import { withoutMember } from './members.ts'

/** A Region with the lowest request rates, so that one is soon over them. */
export const REGION = 'eu-north-1'

export interface World {
  /** The SDK for the account's root. */
  readonly kms: KMS
  /** The SDK for another caller, or in another Region. */
  readonly sdkFor: (kms: Kms, region?: string) => KMS
  /** What a case needs beforehand is asked for here: these requests keep all their members. */
  readonly setup: Kms
  readonly clock: VirtualClock
  readonly storeFaults: Faults
  readonly hsmFaults: Faults
}

/** A member that requests for an operation lose on their way. */
export interface LostMember {
  readonly operation: OperationName
  readonly path: string
}

/** All worlds share one HSM, which has tested itself once. Keys, tokens and markers of another world mean nothing. */
const hsm = createHsm({ provider: createNativeProvider() })

export async function openWorld(options: WorldOptions = {}, lost?: LostMember): Promise<World> {
  const clock = createVirtualClock()
  const storeFaults: Faults = { fault: undefined }
  const hsmFaults: Faults = { fault: undefined }
  const setup = await createKms({
    ...options,
    account: ACCOUNT,
    region: REGION,
    clock,
    store: withFaults(createMemoryStore(), storeFaults),
    hsm: withFaults(hsm, hsmFaults),
  })
  const sdkFor = (kms: Kms, region = REGION): KMS => {
    const client = new KMS({
      region,
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'any' },
      requestHandler: losing(requestHandler(kms), lost),
      maxAttempts: 1,
    })
    watchDecoding(client)
    return client
  }
  return { kms: sdkFor(setup), sdkFor, setup, clock, storeFaults, hsmFaults }
}

type RequestHandler = ReturnType<typeof requestHandler>

function losing(handler: RequestHandler, lost: LostMember | undefined): RequestHandler {
  if (lost === undefined) return handler
  return {
    ...handler,
    async handle(request, options) {
      if (request.headers['x-amz-target'] !== `TrentService.${lost.operation}`) return handler.handle(request, options)
      const sent = request.body instanceof Uint8Array ? new TextDecoder().decode(request.body) : String(request.body)
      const body = JSON.stringify(withoutMember(JSON.parse(sent), lost.path))
      const headers = { ...request.headers, 'content-length': String(Buffer.byteLength(body)) }
      return handler.handle({ ...request, headers, body }, options)
    },
  }
}
