/** A Parameter Store: standard parameters are sealed by KMS itself, advanced ones under a data key. */
import type { Kms } from 'softkms'
import { type Sealed, open, present, seal } from './sealed.ts'

export type Tier = 'Standard' | 'Advanced'

export interface ParameterStore {
  putParameter(caller: string, name: string, value: string, tier?: Tier): Promise<void>
  getParameter(caller: string, name: string): Promise<string>
}

type Parameter =
  | { readonly tier: 'Standard'; readonly blob: Uint8Array }
  | { readonly tier: 'Advanced'; readonly sealed: Sealed }

export function createParameterStore(kms: Kms, keyId = 'alias/aws/ssm'): ParameterStore {
  const { account, region } = kms.defaults
  const parameters = new Map<string, Parameter>()
  const through = (caller: string) => kms.asService('ssm.amazonaws.com', { onBehalfOf: caller })
  const contextOf = (name: string) => ({ PARAMETER_ARN: `arn:aws:ssm:${region}:${account}:parameter${name}` })
  return {
    async putParameter(caller, name, value, tier = 'Standard') {
      const EncryptionContext = contextOf(name)
      if (tier === 'Advanced') {
        parameters.set(name, { tier, sealed: await seal(through(caller), keyId, EncryptionContext, value) })
        return
      }
      const request = { KeyId: keyId, Plaintext: Buffer.from(value), EncryptionContext }
      const { CiphertextBlob } = await through(caller).encrypt(request)
      parameters.set(name, { tier, blob: present(CiphertextBlob) })
    },
    async getParameter(caller, name) {
      const parameter = parameters.get(name)
      if (parameter === undefined) throw new Error('ParameterNotFound')
      const EncryptionContext = contextOf(name)
      if (parameter.tier === 'Advanced') return open(through(caller), parameter.sealed, EncryptionContext)
      const request = { CiphertextBlob: parameter.blob, EncryptionContext }
      return Buffer.from(present((await through(caller).decrypt(request)).Plaintext)).toString()
    },
  }
}
