/**
 * What is said of each request and of each fault, one JSON object a line, for programs that gather logs.
 *
 * It says who asked for what and how it ended. What was in a request or an answer, and key material, is nowhere in it; a
 * fault has its stack.
 */
import type { RequestObserver } from '@softkms/server'

export type LogForm = 'none' | 'json'

export interface RequestLog {
  /** Absent where requests are not logged. */
  readonly onRequest: RequestObserver | undefined
  readonly fault: (place: string, detail: string) => void
}

type Write = (line: string) => void

export function createRequestLog(form: LogForm, write: Write): RequestLog {
  if (form === 'none') {
    return { onRequest: undefined, fault: (place, detail) => write(`error: internal fault in ${place}: ${detail}\n`) }
  }
  const log = (entry: object): void => write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`)
  return {
    onRequest({ requestId, operation, caller, status, errorCode, durationMs }) {
      const { account, region, principal } = caller ?? {}
      const took = Math.round(durationMs * 1000) / 1000
      const entry = { requestId, operation, account, region, principal, status, errorCode, durationMs: took }
      log({ level: status >= 500 ? 'error' : 'info', message: 'request', ...entry })
    },
    fault: (place, detail) => log({ level: 'error', message: `internal fault in ${place}`, detail }),
  }
}
