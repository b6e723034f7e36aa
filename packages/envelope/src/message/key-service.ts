/**
 * What messages ask of a KMS, in the words of its API: what `createKms()` of `softkms`, the AWS SDK's `KMS` and any
 * other client offer. Answers belong to whoever asked; plaintext data keys in them are zeroized here.
 */

type ContextMember = Record<string, string>

export interface KeyService {
  generateDataKey(request: {
    KeyId: string
    NumberOfBytes: number
    EncryptionContext: ContextMember
  }): Promise<DataKeyAnswer>
  encrypt(request: {
    KeyId: string
    Plaintext: Uint8Array
    EncryptionContext: ContextMember
  }): Promise<CiphertextAnswer>
  decrypt(request: {
    KeyId: string
    CiphertextBlob: Uint8Array
    EncryptionContext: ContextMember
  }): Promise<PlaintextAnswer>
}

export interface CiphertextAnswer {
  readonly CiphertextBlob?: Uint8Array | undefined
  /** The ARN of the key that encrypted. */
  readonly KeyId?: string | undefined
}

export interface PlaintextAnswer {
  readonly Plaintext?: Uint8Array | undefined
  /** The ARN of the key that decrypted. */
  readonly KeyId?: string | undefined
}

export interface DataKeyAnswer extends CiphertextAnswer, PlaintextAnswer {}
