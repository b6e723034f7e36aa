/** The part of PKCS#11 that is used here, as the binding `pkcs11js` has it; its own types are there only when it is. */

/** A session or an object. */
export type Handle = Buffer & { readonly __handle?: never }

export interface Mechanism {
  readonly mechanism: number
  readonly parameter?: unknown
}

export interface Attribute {
  readonly type: number
  readonly value?: number | boolean | string | Buffer
}

export interface Pkcs11 {
  load(path: string): void
  close(): void
  C_Initialize(): void
  C_Finalize(): void
  C_GetSlotList(isTokenPresent: boolean): readonly Handle[]
  C_InitToken(slot: Handle, pin: string, label: string): void
  C_OpenSession(slot: Handle, flags: number): Handle
  C_Login(session: Handle, user: number, pin: string): void
  C_Logout(session: Handle): void
  C_InitPIN(session: Handle, pin: string): void
  C_CreateObject(session: Handle, template: readonly Attribute[]): Handle
  C_DestroyObject(session: Handle, object: Handle): void
  C_GetAttributeValue(
    session: Handle,
    object: Handle,
    template: readonly Attribute[],
  ): readonly { readonly value: Buffer }[]
  C_GenerateKeyPair(
    session: Handle,
    mechanism: Mechanism,
    publicTemplate: readonly Attribute[],
    privateTemplate: readonly Attribute[],
  ): { readonly publicKey: Handle; readonly privateKey: Handle }
  C_DeriveKey(session: Handle, mechanism: Mechanism, key: Handle, template: readonly Attribute[]): Handle
  C_EncryptInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_Encrypt(session: Handle, input: Buffer, output: Buffer): Buffer
  C_DecryptInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_Decrypt(session: Handle, input: Buffer, output: Buffer): Buffer
  C_SignInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_Sign(session: Handle, input: Buffer, output: Buffer): Buffer
  C_VerifyInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_Verify(session: Handle, input: Buffer, signature: Buffer): boolean
  C_DigestInit(session: Handle, mechanism: Mechanism): void
  C_Digest(session: Handle, input: Buffer, output: Buffer): Buffer
  C_GenerateRandom(session: Handle, output: Buffer): Buffer
}

/** The module: the constructor, and the constants by their names in the standard. */
export interface Binding {
  readonly PKCS11: new () => Pkcs11
  readonly [constant: string]: unknown
}

/** @throws TypeError for a constant that the binding does not have */
export function constantOf(binding: Binding, name: string): number {
  const value = binding[name]
  if (typeof value !== 'number') throw new TypeError(`pkcs11js has no ${name}`)
  return value
}
