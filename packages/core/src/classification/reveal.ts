import { type Actor, isAt } from "../actor/index.ts";
import { PartnerId, ProgramId } from "../id/index.ts";
import type { ClassifiedPlaces, Mark } from "./classified.ts";
import { classesOf, decide, type Eye, type Handling, narrowest } from "./handling.ts";
import {
  type Classification,
  type ClassifiedField,
  type ClassifiedRecord,
  partsOf,
} from "./information.ts";

/** A field of a close class that an answer shows. */
export interface Disclosure {
  readonly partnerId: PartnerId | null;
  readonly record: ClassifiedRecord;
  readonly objectId: string;
  readonly field: string;
  readonly classification: Extract<Classification, "confidential" | "restricted">;
}

export interface Looking {
  readonly actor: Actor;
  /** Of a partner; null of what belongs to none, or to several at once. */
  readonly handlingOf: (partnerId: PartnerId | null) => Handling;
  /** Whether the actor answers for this partner; undefined where nobody has looked yet. */
  readonly answersFor: (partnerId: PartnerId) => boolean | undefined;
  /** The parameters of the address, which say whose the answer is where it does not itself. */
  readonly place: Readonly<Record<string, unknown>>;
}

export interface Revealed {
  readonly value: unknown;
  readonly disclosures: readonly Disclosure[];
  /** Partners of whom it matters whether the actor answers for them. */
  readonly asked: readonly PartnerId[];
}

type Fields = Readonly<Record<string, unknown>>;
interface Context {
  readonly partnerId: PartnerId | null;
  /** Undefined of what belongs to each program that reviews the partner. */
  readonly programId: ProgramId | undefined;
  readonly objectId: string;
  readonly hasDuty: boolean;
}

/** The first of them names the object that a field belongs to. */
const ids = [
  ...["opportunityId", "contributionId", "actionItemId", "planId", "factReportId", "disputeId"],
  "goalId",
  ...["exportId", "importId", "flagId", "sourceId", "cycleId", "period", "partnerId"],
];
const idIn = (fields: Fields): string | undefined =>
  ids.map((name) => fields[name]).find((id): id is string => typeof id === "string");

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function eyeOf(actor: Actor): Eye {
  switch (actor.kind) {
    case "member":
      return { side: "vendor", roles: actor.roles };
    case "api-key":
      return { side: "vendor", roles: actor.issuerRoles };
    case "partner-user":
      return { side: "partner", roles: actor.roles };
    case "system":
      throw new Error("the system looks at no answers");
  }
}

/** Members of a record that name somebody who has to do with it. */
const dutiful = [
  ...["owner", "createdBy", "doneBy", "by", "authors", "ownerId", "reportedBy", "answeredBy"],
  ...["filedBy", "closedBy", "owners"],
  ...["memberId", "approval"],
];

/** Whether the record names the person as its owner, author, approver or the like. */
function namesActor(fields: Fields, actor: Actor): boolean {
  const own = actor.kind === "member" ? actor.memberId : undefined;
  const id = actor.kind === "partner-user" ? actor.partnerUserId : own;
  if (id === undefined) return false;
  const names = (value: unknown): boolean => {
    if (value === id) return true;
    if (Array.isArray(value)) return value.some(names);
    return isFields(value) && Object.values(value).some(names);
  };
  return dutiful.some((name) => names(fields[name]));
}

/** Whether something is assigned to the person at this partner, or in this program. */
const isAssigned = (actor: Actor, partnerId: PartnerId, programId: ProgramId | undefined) =>
  (actor.kind === "member" || actor.kind === "partner-user") &&
  (actor.duties ?? []).some((held) =>
    isAt(held, programId === undefined ? { partnerId } : { partnerId, programId }),
  );

/**
 * The answer as this actor may see it: what is withheld is absent, and named in `withheld` beside where
 * it would be. What the actor cannot see of any partner of the tenant is withheld where no partner is
 * told, since it may be of any.
 */
export function reveal(places: ClassifiedPlaces, answer: unknown, looking: Looking): Revealed {
  const eye = eyeOf(looking.actor);
  const disclosures: Disclosure[] = [];
  const asked = new Set<PartnerId>();

  /** By an assignment, or as one of the three who look after the partner. */
  const isResponsible = ({ partnerId, programId }: Context): boolean => {
    if (partnerId === null) return false;
    if (isAssigned(looking.actor, partnerId, programId)) return true;
    if (looking.actor.kind !== "member") return false;
    const answers = looking.answersFor(partnerId);
    if (answers === undefined) asked.add(partnerId);
    return answers === true;
  };

  const isShown = (field: ClassifiedField, context: Context): boolean => {
    const { partnerId, objectId, hasDuty } = context;
    const handling = looking.handlingOf(partnerId);
    const decision = decide(handling, eye, field);
    if (decision === "withheld") return false;
    if (decision === "with-duty" && !hasDuty && !isResponsible(context)) return false;
    const classification = narrowest(classesOf(handling, field));
    if (classification === "confidential" || classification === "restricted") {
      const { record, field: name } = partsOf(field);
      disclosures.push({ partnerId, record, objectId, field: name, classification });
    }
    return true;
  };

  const walk = (at: ClassifiedPlaces, value: unknown, above: Context): unknown => {
    if (Array.isArray(value)) {
      const { each } = at;
      return each ? value.map((one) => walk(each, one, above)) : value;
    }
    if (!isFields(value)) return value;
    const { partnerId, programId } = value;
    const here: Context = {
      programId: ProgramId.safeParse(programId).data ?? above.programId,
      partnerId: typeof partnerId === "string" ? PartnerId.parse(partnerId) : above.partnerId,
      objectId: idIn(value) ?? above.objectId,
      hasDuty: above.hasDuty || namesActor(value, looking.actor),
    };
    const shown: Record<string, unknown> = {};
    const withheld: string[] = [];
    for (const [name, member] of Object.entries(value)) {
      const mark = at.fields.get(name);
      const field = mark && fieldOf(mark, value);
      if (field !== undefined && !isShown(field, here)) {
        withheld.push(name);
        continue;
      }
      const below = at.members.get(name) ?? at.each;
      shown[name] = below ? walk(below, member, here) : member;
    }
    return withheld.length === 0 ? shown : { ...shown, withheld };
  };

  const of = looking.place["partnerId"];
  const value = walk(places, answer, {
    partnerId: typeof of === "string" ? PartnerId.parse(of) : null,
    programId: ProgramId.safeParse(looking.place["programId"]).data,
    objectId: idIn(looking.place) ?? "",
    hasDuty: false,
  });
  return { value, disclosures, asked: [...asked] };
}

const fieldOf = (mark: Mark, holder: Fields): ClassifiedField | undefined =>
  typeof mark === "function" ? mark(holder) : mark;
