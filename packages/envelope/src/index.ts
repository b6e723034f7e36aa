export { annotateBlob } from './blob-annotations.ts'
export { type Blob, encodeBlobHeader, parseBlob, plaintextLengthOf } from './blob.ts'
export {
  type DataKeyPair,
  generateDataKeyPair,
  generateDataKeyPairWithoutPlaintext,
  type SealedDataKeyPair,
} from './data-key-pair.ts'
export { type DataKey, generateDataKey, generateDataKeyWithoutPlaintext } from './data-key.ts'
export { annotateContext } from './context-annotations.ts'
export {
  decodeEncryptionContext,
  type EncryptionContext,
  encodeEncryptionContext,
  isWellFormedContext,
} from './encryption-context.ts'
export { type OpeningKey, openBlob, openCommand } from './open.ts'
export { type ReencryptSide, reencryptBlob } from './reencrypt.ts'
export { type SealingKey, sealBlob, sealTarget } from './seal.ts'
export type { AllowedKeys } from './message/data-key-wrapping.ts'
export { type DecryptStreamOptions, type MessageSummary, decryptStream } from './message/decrypt-stream.ts'
export { type EncryptStreamOptions, encryptStream } from './message/encrypt-stream.ts'
export { MessageError, type MessageErrorCode } from './message/error.ts'
export type { CiphertextAnswer, DataKeyAnswer, KeyService, PlaintextAnswer } from './message/key-service.ts'
export { annotateMessage } from './message/message-annotations.ts'
export { MAX_FRAME_LENGTH, type MessageOptions, type MessageProvider } from './message/message-options.ts'
export { MESSAGE_SUITES, type MessageSuiteName, type MessageSuiteRow, type SuiteSignature } from './message/suite.ts'
