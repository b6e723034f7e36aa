/**
 * Multi-Region keys: one primary, its replicas, and what they share.
 *
 * Every key of a set knows the whole set. What is shared is decided at the primary and followed by the others; states,
 * and which imported material is there, are each key's own.
 *
 * @spec KMS crypto-details §10
 */

import type { Instant } from './instant.ts'
import { type KeyLife, type KeyVersion, type Material, type PendingVersion, findVersion } from './key-life.ts'

export interface MultiRegionSet {
  /** The Region of this key. */
  readonly region: string
  readonly primaryRegion: string
  /** In the order in which the replicas came. */
  readonly replicaRegions: readonly string[]
}

/** A multi-Region key without replicas. */
export function beginSet(region: string): MultiRegionSet {
  return { region, primaryRegion: region, replicaRegions: [] }
}

export function isReplica({ multiRegion }: KeyLife): boolean {
  return multiRegion !== undefined && multiRegion.region !== multiRegion.primaryRegion
}

/** Every Region of the set, the primary's first. */
export function regionsOf({ primaryRegion, replicaRegions }: MultiRegionSet): readonly string[] {
  return [primaryRegion, ...replicaRegions]
}

/** The set with another primary; the primary before takes its place among the replicas. */
export function movePrimary(set: MultiRegionSet, to: string): MultiRegionSet {
  const replicaRegions = set.replicaRegions.map((region) => (region === to ? set.primaryRegion : region))
  return { ...set, primaryRegion: to, replicaRegions }
}

/** A replica in `region`, which is no member yet, of a primary that knows of it. Generated material comes with it. */
export function beginReplica(primary: KeyLife, region: string, readyAt: Instant): KeyLife {
  const blank: KeyLife = {
    state: { name: 'Creating', readyAt },
    rotation: { isEnabled: false },
    versions: [],
    multiRegion: beginSet(region),
  }
  return followPrimary(blank, primary)
}

/** @returns the life of another key of the set, with what is shared as the primary has it */
export function followPrimary(life: KeyLife, primary: KeyLife): KeyLife {
  const { state, multiRegion } = life
  if (multiRegion === undefined || primary.multiRegion === undefined) return life
  return {
    state,
    rotation: primary.rotation,
    versions: primary.versions.map((version) => withOwnMaterial(version, life)),
    ...(primary.pending === undefined ? {} : { pending: withOwnMaterial(primary.pending, life) }),
    multiRegion: { ...primary.multiRegion, region: multiRegion.region },
  }
}

/** Whether every one of the other keys has the material that is pending at the primary. */
export function isPendingEverywhere({ pending }: KeyLife, others: readonly KeyLife[]): boolean {
  if (pending === undefined) return false
  return [{ pending }, ...others].every((life) => life.pending?.material.type !== 'Missing')
}

/** Generated material is copied to every Region; imported material is imported into each by itself. */
function withOwnMaterial<Version extends KeyVersion | PendingVersion>(version: Version, life: KeyLife): Version {
  if (version.material.type === 'Generated') return version
  const material: Material = findVersion(life, version.materialId)?.material ?? { type: 'Missing' }
  return { ...version, material }
}
