/** Ports that fail when they are told to: a disk that is full, a database that does not answer, an HSM out of service. */

export interface Faults {
  /** Thrown by every call from now on; nothing is when `undefined`. */
  fault: Error | undefined
}

/** The same port, whose calls reject with the fault while there is one. */
export function withFaults<Port extends object>(port: Port, faults: Faults): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...parameters: readonly unknown[]): unknown =>
        faults.fault === undefined ? Reflect.apply(member, target, parameters) : Promise.reject(faults.fault)
    },
  })
}
