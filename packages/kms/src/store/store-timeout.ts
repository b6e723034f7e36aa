/** What a store throws when it does not get to its records in time. Of a commit nothing is known then: it may stand. */
export class StoreTimeout extends Error {
  override readonly name = 'StoreTimeout'

  constructor(options?: { readonly cause?: unknown }) {
    super('The store did not answer in time.', options)
  }
}
