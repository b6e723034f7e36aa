/** Requests over the wire to a served KMS, with nothing between a test and the bytes. */
import { type WireCall, ask } from '../support/wire.ts'

/** What came back: the HTTP status and the JSON of the body, `undefined` for an empty one. */
export interface Answer {
  readonly status: number
  readonly json: unknown
}

export class WireClient {
  readonly #url: string

  constructor(url: string) {
    this.#url = `${url}/`
  }

  async send(call: WireCall): Promise<Answer> {
    const { status, text } = await ask(fetch, { url: this.#url, ...call })
    return { status, json: text === '' ? undefined : JSON.parse(text) }
  }

  /** Sends `input` with bytes as base64. @throws when it is refused */
  async call(operation: string, input: object): Promise<Record<string, unknown>> {
    const { status, json } = await this.send({ operation, body: formatBody(input) })
    if (status !== 200) throw new Error(`${operation} was refused: ${JSON.stringify(json)}`)
    return json as Record<string, unknown>
  }

  /** Everything that a caller can find out of the keys and aliases there are. */
  async readState(): Promise<unknown> {
    const { Keys } = await this.call('ListKeys', { Limit: 1000 })
    const { Aliases } = await this.call('ListAliases', { Limit: 100 })
    const keys = await Promise.all(
      (Keys as readonly { readonly KeyId: string }[]).map(async ({ KeyId }) => [
        await this.call('DescribeKey', { KeyId }),
        await this.call('ListResourceTags', { KeyId }),
        await this.call('GetKeyPolicy', { KeyId }),
        await this.call('GetKeyRotationStatus', { KeyId }),
        await this.call('ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
      ]),
    )
    return { keys, Aliases }
  }
}

/** AWS JSON as an SDK would write it. */
export function formatBody(input: object): string {
  return JSON.stringify(input, (_name, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  )
}
