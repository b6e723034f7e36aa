/**
 * Whether the AWS SDK for JavaScript understands an answer whole: every member that went over the wire is in what its
 * runtime schemas made of it, bytes as bytes and times as dates, and nothing else is.
 */
import * as sdk from '@aws-sdk/client-kms'
import { type OperationName, type Shape, operationShapes } from '@softkms/kms'

/** @throws naming the first member that was lost, added or left as it came */
export function assertDecodedWhole(operation: OperationName, body: string, output: object): void {
  const { $metadata: _, ...decoded } = output as Record<string, unknown>
  const shape = operationShapes[operation].output
  if (shape === undefined) {
    if (body !== '' || Object.keys(decoded).length > 0) throw new Error(`${operation} answers nothing, yet: ${body}`)
    return
  }
  assertSame(shape, JSON.parse(body), decoded, operation)
}

function assertSame(shape: Shape, wire: unknown, decoded: unknown, path: string): void {
  switch (shape.type) {
    case 'structure': {
      const [sent, made] = [entriesOf(wire, path), entriesOf(decoded, path)]
      for (const name of new Set([...sent.keys(), ...made.keys()])) {
        const member = shape.members[name]
        if (member === undefined) throw new Error(`${path}.${name} is not in the model`)
        if (!sent.has(name) || !made.has(name)) throw new Error(`${path}.${name} is on one side only`)
        assertSame(member.shape, sent.get(name), made.get(name), `${path}.${name}`)
      }
      return
    }
    case 'list': {
      if (!Array.isArray(wire) || !Array.isArray(decoded) || wire.length !== decoded.length) {
        throw new Error(`${path} is not the list that was sent`)
      }
      for (const [index, item] of wire.entries()) assertSame(shape.member, item, decoded[index], `${path}[${index}]`)
      return
    }
    case 'map': {
      const [sent, made] = [entriesOf(wire, path), entriesOf(decoded, path)]
      if (sent.size !== made.size) throw new Error(`${path} is not the map that was sent`)
      for (const [name, text] of sent) assertEqual(text, made.get(name), `${path}.${name}`)
      return
    }
    case 'blob':
      if (!(decoded instanceof Uint8Array)) throw new Error(`${path} was not made bytes`)
      assertEqual(wire, Buffer.from(decoded).toString('base64'), path)
      return
    case 'timestamp':
      if (!(decoded instanceof Date)) throw new Error(`${path} was not made a date`)
      assertEqual(wire, decoded.getTime() / 1000, path)
      return
    case 'string':
      assertType(wire, 'string', path)
      if (shape.values?.includes(String(wire)) === false && !isLeftBehind(path))
        throw new Error(`${path} is no value of the model`)
      assertEqual(wire, decoded, path)
      return
    case 'integer':
      assertType(wire, 'number', path)
      assertEqual(wire, decoded, path)
      return
    case 'boolean':
      assertType(wire, 'boolean', path)
      assertEqual(wire, decoded, path)
      return
    default:
      shape satisfies never
  }
}

/** The deprecated member always has what `KeySpec` has, and its enumeration has not grown along. @spec wire §5 */
function isLeftBehind(path: string): boolean {
  return path.endsWith('.CustomerMasterKeySpec')
}

function entriesOf(value: unknown, path: string): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${path} is no structure`)
  return new Map(Object.entries(value).filter(([, member]) => member !== undefined))
}

function assertType(value: unknown, type: 'string' | 'number' | 'boolean', path: string): void {
  if (typeof value !== type) throw new Error(`${path} is no ${type}`)
}

function assertEqual(sent: unknown, made: unknown, path: string): void {
  if (sent !== made) throw new Error(`${path} came out as something else`)
}

type Command = Parameters<sdk.KMSClient['send']>[0]

/** What the SDK has for an operation. */
export function createCommand(operation: string, input: object = {}): Command {
  const commands = sdk as unknown as Record<string, new (input: object) => Command>
  const Command = commands[`${operation}Command`]
  if (Command === undefined) throw new Error(`the SDK has no ${operation}`)
  return new Command(input)
}

/** What the SDK makes of a successful answer, whoever gave it. */
export async function decodeWithSdk(
  operation: string,
  answer: { readonly headers: { readonly [name: string]: string }; readonly body: Uint8Array },
): Promise<object> {
  const response = { statusCode: 200, ...answer }
  const client = new sdk.KMSClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    requestHandler: { handle: async () => ({ response }) } as never,
  })
  return client.send(createCommand(operation))
}

/**
 * From now on each success of `client` fails when the SDK did not decode it whole.
 *
 * @returns how many were looked at so far
 */
export function watchDecoding(client: sdk.KMSClient): () => number {
  let count = 0
  const bodies = new WeakMap<object, Uint8Array>()
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      const response = result.response as { statusCode: number; body: unknown }
      const body = response.body instanceof Uint8Array ? response.body : await collect(response.body)
      response.body = body
      bodies.set(response, body)
      return result
    },
    { step: 'deserialize', priority: 'low', name: 'keepBody' },
  )
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const result = await next(args)
        const body = bodies.get(result.response as object) ?? new Uint8Array(0)
        const operation = commandName.replace(/Command$/, '') as OperationName
        assertDecodedWhole(operation, new TextDecoder().decode(body), result.output)
        count += 1
        return result
      },
    { step: 'initialize', priority: 'high', name: 'compareBody' },
  )
  return () => count
}

async function collect(stream: unknown): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Uint8Array.from(Buffer.concat(chunks))
}
