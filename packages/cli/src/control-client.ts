/** Control requests to a running softkms, and what their refusal means to whoever typed the command. */

export interface ControlRequest {
  readonly endpointUrl: string
  readonly token: string
  /** Below `/_softkms/`. */
  readonly path: string
  /** Sent as JSON by POST; without it the request is a GET. */
  readonly body?: object | undefined
}

/** Why a control request was not done, in words for the user. Never holds the token. */
export class ControlFailure extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'ControlFailure'
  }
}

/** @throws ControlFailure when there is no server, or none that does it */
export async function sendControl(request: ControlRequest): Promise<Readonly<Record<string, unknown>>> {
  const { endpointUrl } = request
  const response = await send(request)
  const answer = await readObject(response)
  if (response.ok && answer !== undefined) return answer
  switch (response.status) {
    case 401:
      throw new ControlFailure(`the control token is not that of ${endpointUrl}`)
    case 404:
      throw new ControlFailure(`${endpointUrl} takes no control requests: start it with softkms serve --control`)
    default: {
      const message = answer?.['message']
      const reason = typeof message === 'string' ? message : 'what answers there is not softkms'
      throw new ControlFailure(`${endpointUrl} answered ${response.status}: ${reason}`)
    }
  }
}

async function send({ endpointUrl, token, path, body }: ControlRequest): Promise<Response> {
  const authorization = { Authorization: `Bearer ${token}` }
  try {
    return await fetch(new URL(`/_softkms/${path}`, endpointUrl), {
      // A redirect would carry the token to wherever it points.
      redirect: 'error',
      ...(body === undefined
        ? { headers: authorization }
        : {
            method: 'POST',
            headers: { ...authorization, 'Content-Type': 'application/json' },
            body: JSON.stringify(body),
          }),
    })
  } catch (error) {
    throw new ControlFailure(`no answer from ${endpointUrl}: is softkms serve running there?`, { cause: error })
  }
}

async function readObject(response: Response): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const json: unknown = await response.json()
    return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}
