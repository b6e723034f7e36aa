export { type Blob, encodeBlobHeader, parseBlob, plaintextLengthOf } from './blob.ts'
export {
  type DataKeyPair,
  generateDataKeyPair,
  generateDataKeyPairWithoutPlaintext,
  type SealedDataKeyPair,
} from './data-key-pair.ts'
export { type DataKey, generateDataKey, generateDataKeyWithoutPlaintext } from './data-key.ts'
export { type EncryptionContext, encodeEncryptionContext, isWellFormedContext } from './encryption-context.ts'
export { type OpeningKey, openBlob, openCommand } from './open.ts'
export { type ReencryptSide, reencryptBlob } from './reencrypt.ts'
export { type SealingKey, sealBlob, sealTarget } from './seal.ts'
