/** Why a control request was not done. The codes are ours: AWS has no such requests. */

export const CONTROL_STATUS = {
  InvalidRequest: 400,
  Unauthorized: 401,
  NotFound: 404,
  MethodNotAllowed: 405,
  BodyTooLarge: 413,
  UnsupportedMediaType: 415,
  InternalFault: 500,
} as const

export type ControlErrorCode = keyof typeof CONTROL_STATUS

/** Messages never repeat what was sent. */
export class ControlError extends Error {
  readonly code: ControlErrorCode
  /** What HTTP wants said beside such a status. */
  readonly headers: { readonly [name: string]: string }

  constructor(code: ControlErrorCode, message: string, headers: { readonly [name: string]: string } = {}) {
    super(message)
    this.name = 'ControlError'
    this.code = code
    this.headers = headers
  }
}
