/** A row in the table of control requests: where it is sent, and what it does. */

export interface ControlRoute {
  readonly method: 'GET' | 'POST'
  /** Below `/_softkms/`. */
  readonly path: string
  /**
   * @param body the members of the request's JSON object; none for a GET
   * @returns what is answered, as JSON
   * @throws ControlError `InvalidRequest`; anything else is an internal fault
   */
  readonly perform: (body: JsonObject) => object | Promise<object>
}

export type JsonObject = Readonly<Record<string, unknown>>
