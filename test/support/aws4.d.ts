/** The part of aws4 that tests use; it brings no types of its own. */
declare module 'aws4' {
  interface Aws4Request {
    service: string
    region: string
    method: string
    host: string
    path: string
    headers: Record<string, string>
    body: string
    signQuery?: boolean
  }
  interface Aws4Credentials {
    accessKeyId: string
    secretAccessKey: string
    sessionToken?: string
  }
  const aws4: { sign(request: Aws4Request, credentials: Aws4Credentials): Aws4Request }
  // oxlint-disable-next-line import/no-default-export -- CommonJS, as it is
  export default aws4
}
