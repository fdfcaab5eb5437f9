import type { CadenceKey } from "@concord/core/cadence";
import type { Cadence } from "@concord/core/calendar";
import type { ProgramId } from "@concord/core/id";
import { type InTenant, type Key, padded, partnerPartition, REVISION_DIGITS } from "./key.ts";

/** The playbook, programs with their versions, and who is reviewed how often. */
export const programKeys = (inTenant: InTenant) => ({
  /** The playbook with its versions and their texts: a handful of rows for each version. */
  playbook: (): Key => ({ pk: inTenant("PLAYBOOK"), sk: "PLAYBOOK" }),
  playbookVersion: (number: number): Key => ({
    pk: inTenant("PLAYBOOK"),
    sk: `VERSION#${padded(number, REVISION_DIGITS)}`,
  }),
  playbookVersionPrefix: "VERSION#",
  playbookText: (slug: string, number: number): Key => ({
    pk: inTenant("PLAYBOOK"),
    sk: `TEXT#${slug}#${padded(number, REVISION_DIGITS)}`,
  }),

  /** All programs of a tenant, with their versions, share a partition: a handful of rows. */
  programs: (): string => inTenant("PROGRAMS"),
  program: (programId: ProgramId): Key => ({
    pk: inTenant("PROGRAMS"),
    sk: `PROGRAM#${programId}`,
  }),
  programPrefix: "PROGRAM#",
  programVersion: (programId: ProgramId, version: number): Key => ({
    pk: inTenant("PROGRAMS"),
    sk: `VERSION#${programId}#${padded(version, REVISION_DIGITS)}`,
  }),

  /** Among the versions of its program. */
  overriddenCadence: (programId: ProgramId, cadence: Cadence): Key => ({
    pk: inTenant("PROGRAMS"),
    sk: `VERSION#${programId}#CADENCE#${cadence}`,
  }),
  cadenceOverride: ({ partnerId, programId }: CadenceKey): Key => ({
    pk: partnerPartition(inTenant, partnerId),
    sk: `CADENCE#${programId}`,
  }),
  cadencePrefix: "CADENCE#",
  reScoring: (programId: ProgramId, version: number): Key => ({
    pk: inTenant("PROGRAMS"),
    sk: `RESCORING#${programId}#${padded(version, REVISION_DIGITS)}`,
  }),

  /** Of one program, or of all. */
  programVersionPrefix: (programId?: ProgramId): string =>
    programId === undefined ? "VERSION#" : `VERSION#${programId}#`,
});
