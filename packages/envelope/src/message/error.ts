/**
 * The one error of messages.
 *
 * What is wrong inside a message is one code, whichever byte it is: a truncated message, frames in another order,
 * a changed tag, another data key and a missing signature cannot be told apart. The other codes speak of what stands
 * in the clear before any key is used, or of the caller's own wishes.
 */

export type MessageErrorCode =
  /** The message is damaged, incomplete, followed by something, or was not made under its data key. */
  | 'INVALID_MESSAGE'
  /** It begins as no message of format version 2 with a key-committing suite and frames. */
  | 'UNSUPPORTED_MESSAGE'
  /** It has longer frames or more encrypted data keys than the reader allows, or would have more frames than fit. */
  | 'LIMIT_EXCEEDED'
  /** None of its encrypted data keys is of an allowed key, or KMS decrypted none; `cause` holds what KMS said. */
  | 'NO_DATA_KEY'
  /** Its encryption context lacks a pair that the reader insists on. */
  | 'CONTEXT_MISMATCH'

const MESSAGES: Readonly<Record<MessageErrorCode, string>> = {
  INVALID_MESSAGE: 'The message is damaged or incomplete.',
  UNSUPPORTED_MESSAGE: 'This is not a framed message of format version 2 with a key-committing algorithm suite.',
  LIMIT_EXCEEDED: 'The message exceeds a limit on its frames or encrypted data keys.',
  NO_DATA_KEY: 'None of the encrypted data keys of the message could be decrypted.',
  CONTEXT_MISMATCH: 'The encryption context of the message lacks what was asked for.',
}

export class MessageError extends Error {
  override readonly name = 'MessageError'
  readonly code: MessageErrorCode

  constructor(code: MessageErrorCode, cause?: unknown) {
    super(MESSAGES[code], cause === undefined ? undefined : { cause })
    this.code = code
  }
}
