import type { ActorWith } from "../actor/index.ts";
import { refOf } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { ProgramId } from "../id/index.ts";
import type { Currency } from "../money/index.ts";
import { figuresReadOtherwise } from "./figure-faults.ts";
import { indicatorsReadOtherwise } from "./indicator-faults.ts";
import { faultsOfDraft, inDraft, warningsOf } from "./publication.ts";
import type {
  Program,
  ProgramDefinition,
  PublishedProgram,
  PublishedSummary,
  PublishProgram,
  UpdateProgramDraft,
} from "./schema.ts";

export type ProgramCreated = DomainEvent<"program.created", { draft: ProgramDefinition }>;
export type ProgramDraftUpdated = DomainEvent<
  "program.draft-updated",
  { draft: ProgramDefinition }
>;
export type ProgramPublished = DomainEvent<"program.published", PublishedSummary>;
export type ProgramEvent = ProgramCreated | ProgramDraftUpdated | ProgramPublished;

export function create(
  programId: ProgramId,
  draft: ProgramDefinition,
  by: ActorWith<"program:write">,
  now: Date,
): { next: Program; event: ProgramCreated } {
  const at = now.toISOString();
  return {
    next: { programId, draft, published: null, version: 1, createdAt: at, updatedAt: at },
    event: eventOf("program.created", by, now, { draft }),
  };
}

export function updateDraft(
  program: Program,
  changes: UpdateProgramDraft,
  by: ActorWith<"program:write">,
  now: Date,
): { next: Program; event: ProgramDraftUpdated } {
  const set = Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  );
  const draft = { ...program.draft, ...set };
  return {
    next: { ...program, draft, version: program.version + 1, updatedAt: now.toISOString() },
    event: eventOf("program.draft-updated", by, now, { draft }),
  };
}

/**
 * The draft as a version of its own; the draft stays as it is.
 * @throws DomainError program-not-publishable with every fault at once
 */
export function publish(
  program: Program,
  { effectiveFrom }: PublishProgram,
  {
    tenant,
    versions,
  }: {
    readonly tenant: { readonly currency: Currency };
    /** Of every program of the tenant. */
    readonly versions: readonly PublishedProgram[];
  },
  by: ActorWith<"program:publish">,
  now: Date,
): { next: Program; published: PublishedProgram; event: ProgramPublished } {
  const faults = [
    ...faultsOfDraft(program),
    ...inDraft(figuresReadOtherwise(program.draft, versions)),
    ...inDraft(indicatorsReadOtherwise(program.draft, versions)),
  ];
  const latest = program.published;
  if (latest && effectiveFrom < latest.effectiveFrom) {
    faults.push({
      pointer: "/effectiveFrom",
      detail: `must not be before ${latest.effectiveFrom}, when version ${latest.version} takes effect`,
    });
  }
  if (program.draft.currency !== tenant.currency) {
    faults.push({
      pointer: "/draft/currency",
      detail: `must be ${tenant.currency}, as all amounts are`,
    });
  }
  if (faults.length > 0) {
    const places = faults.length === 1 ? "one place" : `${faults.length} places`;
    raise("program-not-publishable", `The draft has to be corrected in ${places}`, faults);
  }
  const summary: PublishedSummary = {
    version: (latest?.version ?? 0) + 1,
    effectiveFrom,
    warnings: warningsOf(program.draft),
    publishedAt: now.toISOString(),
  };
  return {
    next: {
      ...program,
      published: summary,
      version: program.version + 1,
      updatedAt: now.toISOString(),
    },
    published: {
      programId: program.programId,
      ...summary,
      definition: program.draft,
      publishedBy: refOf(by),
    },
    event: eventOf("program.published", by, now, summary),
  };
}
