/**
 * A service that keeps something sealed at rest and works on it after its caller has gone: EBS, RDS, Redshift, SageMaker,
 * Backup, EFS, Lambda.
 *
 * Whoever attaches the thing lets the service have a grant, through which it opens the data key as itself. Detaching
 * retires the grant.
 */
import type { Kms } from 'softkms'
import { type Context, type Locked, lock, openDataKey, present, unlock } from './sealed.ts'

export interface AttachmentOptions {
  /** Such as `ec2.amazonaws.com`. */
  readonly service: string
  readonly keyId: string
  /** ARN of what the thing is attached to. */
  readonly sourceArn: string
  readonly context: Context
}

export interface Attachment {
  create(caller: string): Promise<void>
  attach(caller: string): Promise<void>
  /** The service itself, while the thing is attached. */
  write(text: string): Promise<void>
  read(): Promise<string>
  detach(): Promise<void>
}

export function createAttachment(kms: Kms, options: AttachmentOptions): Attachment {
  const { service, sourceArn, context } = options
  const itself = kms.asService(service, { sourceArn })
  const through = (caller: string) => kms.asService(service, { onBehalfOf: caller })
  let dataKey = new Uint8Array(0)
  let keyArn = options.keyId
  let grantId: string | undefined
  let content: Locked | undefined

  return {
    async create(caller) {
      const request = { KeyId: options.keyId, KeySpec: 'AES_256', EncryptionContext: context } as const
      const answer = await through(caller).generateDataKeyWithoutPlaintext(request)
      dataKey = Uint8Array.from(present(answer.CiphertextBlob))
      keyArn = answer.KeyId ?? ''
    },
    async attach(caller) {
      const { GrantId } = await through(caller).createGrant({
        KeyId: keyArn,
        GranteeServicePrincipal: service,
        RetiringServicePrincipal: service,
        Operations: ['Decrypt', 'DescribeKey'],
        Constraints: { EncryptionContextEquals: context, SourceArn: sourceArn },
      })
      grantId = GrantId
    },
    async write(text) {
      content = lock(await openDataKey(itself, dataKey, context), Buffer.from(text))
    },
    async read() {
      const key = await openDataKey(itself, dataKey, context)
      return content === undefined ? '' : Buffer.from(unlock(key, content)).toString()
    },
    async detach() {
      await itself.retireGrant({ KeyId: keyArn, GrantId: grantId })
      grantId = undefined
    },
  }
}
