/** What a request is called, each name drawn when somebody first asks for it: for most requests nobody does. */

import type { Ids } from './ids.ts'

export class RequestNames {
  readonly #ids: Ids
  #requestId: string | undefined
  #eventId: string | undefined

  /** @param requestId the one that the caller knows the request by, if it does */
  constructor(ids: Ids, requestId: string | undefined) {
    this.#ids = ids
    this.#requestId = requestId
  }

  get requestId(): string {
    return (this.#requestId ??= this.#ids.newRequestId())
  }

  /** Of the request's entry in the audit trail. */
  get eventId(): string {
    return (this.#eventId ??= this.#ids.newEventId())
  }
}
