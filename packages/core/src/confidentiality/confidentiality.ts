import { type ActorWith, MemberRole, PartnerRole, type Side, sideOf } from "../actor/index.ts";
import {
  type Classes,
  type Classification,
  type ClassifiedField,
  classesOf,
  classifiedFields,
  type Disclosure,
  type Handling,
  information,
  narrowest,
  partsOf,
  saidIn,
  tenantClass,
} from "../classification/index.ts";
import { type ErrorPlace, raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { PartnerId } from "../id/index.ts";
import type {
  ConfidentialityAgreement,
  ConfidentialityRules,
  HandledInformation,
  InformationClasses,
  InformationHandling,
  PartnerConfidentiality,
  ProposeAgreement,
  ReadToRecord,
  RolesOfClass,
  RulesInForce,
  SetConfidentialityRules,
} from "./schema.ts";

export type ConfidentialityEvent = DomainEvent<
  "confidentiality.rules-set",
  SetConfidentialityRules & { readonly before: SetConfidentialityRules }
>;
export type PartnerConfidentialityEvent =
  | DomainEvent<"partner-confidentiality.tightened", { readonly information: InformationClasses }>
  | DomainEvent<
      "partner-confidentiality.agreement-proposed",
      { readonly side: Side; readonly information: InformationClasses; readonly reason: string }
    >
  | DomainEvent<
      "partner-confidentiality.agreement-acknowledged",
      { readonly side: Side; readonly information: InformationClasses }
    >
  | DomainEvent<
      "partner-confidentiality.agreement-ended",
      { readonly side: Side; readonly information: InformationClasses }
    >;

type Agreeing = ActorWith<"partner-confidentiality:agree">;

/** Today's behaviour: nothing is narrower than the permissions are. */
export const usualRules: ConfidentialityRules = {
  classes: {
    confidential: {
      members: [
        ...(["owner", "admin", "program-manager", "partner-manager"] as const),
        ...(["executive-sponsor", "data-steward"] as const),
      ],
      partners: ["partner-exec"],
    },
    restricted: { members: ["owner", "admin"], partners: [] },
  },
  information: {},
  allowsAgreements: false,
  readsKeptDays: 365,
  version: 0,
  updatedAt: null,
};

export const noneOfItsOwn = (partnerId: PartnerId): PartnerConfidentiality => ({
  partnerId,
  tightened: {},
  agreement: null,
  version: 0,
  updatedAt: null,
});

/** Who answers for the tenant: exports, invites, decides what is confidential. */
const neverBlind = ["owner", "admin"] as const;

/** @throws DomainError confidentiality-rules-invalid */
function check({ classes: { confidential, restricted } }: SetConfidentialityRules): void {
  const wrong: ErrorPlace[] = [];
  for (const [name, { members }] of Object.entries({ confidential, restricted })) {
    for (const role of neverBlind.filter((one) => !members.includes(one))) {
      const detail = `must name ${role}, who answers for all of it`;
      wrong.push({ pointer: `/classes/${name}/members`, detail });
    }
  }
  const widened = (side: keyof RolesOfClass): readonly string[] =>
    (restricted[side] as readonly string[]).filter(
      (role) => !(confidential[side] as readonly string[]).includes(role),
    );
  for (const side of ["members", "partners"] as const) {
    for (const role of widened(side)) {
      const detail = `names ${role}, who does not see what is confidential`;
      wrong.push({ pointer: `/classes/restricted/${side}`, detail });
    }
  }
  if (wrong.length > 0) {
    raise("confidentiality-rules-invalid", "The rules cannot be followed as they are", wrong);
  }
}

const inOrder = ({ members, partners }: RolesOfClass): RolesOfClass => ({
  members: MemberRole.options.filter((role) => members.includes(role)),
  partners: PartnerRole.options.filter((role) => partners.includes(role)),
});

const saidOf = ({
  classes,
  information,
  allowsAgreements,
  readsKeptDays,
}: SetConfidentialityRules): SetConfidentialityRules => ({
  classes,
  information,
  allowsAgreements,
  readsKeptDays,
});

/** @throws DomainError confidentiality-rules-invalid */
export function setRules(
  current: ConfidentialityRules,
  input: SetConfidentialityRules,
  by: ActorWith<"confidentiality:manage">,
  now: Date,
): { next: ConfidentialityRules; event: ConfidentialityEvent } {
  check(input);
  const classes = {
    confidential: inOrder(input.classes.confidential),
    restricted: inOrder(input.classes.restricted),
  };
  const next: ConfidentialityRules = {
    ...saidOf({ ...input, classes }),
    version: current.version + 1,
    updatedAt: now.toISOString(),
  };
  const data = { ...saidOf(next), before: saidOf(current) };
  return { next, event: eventOf("confidentiality.rules-set", by, now, data) };
}

type PartnerChange = { next: PartnerConfidentiality; event: PartnerConfidentialityEvent };

const changed = (
  current: PartnerConfidentiality,
  changes: Partial<Pick<PartnerConfidentiality, "tightened" | "agreement">>,
  now: Date,
): PartnerConfidentiality => ({
  ...current,
  ...changes,
  version: current.version + 1,
  updatedAt: now.toISOString(),
});

/** Whatever is said here is besides what the tenant says, so that it takes away alone. */
export function tighten(
  current: PartnerConfidentiality,
  tightened: InformationClasses,
  by: ActorWith<"partner-confidentiality:tighten">,
  now: Date,
): PartnerChange {
  return {
    next: changed(current, { tightened }, now),
    event: eventOf("partner-confidentiality.tightened", by, now, { information: tightened }),
  };
}

/** An agreement says it field by field, so that no class that the tenant gives a field later is passed over. */
const fieldByField = (information: InformationClasses): readonly ClassifiedField[] =>
  classifiedFields.filter((field) => saidIn(information, field) !== undefined);

const classesFrom = (
  fields: readonly ClassifiedField[],
  classOf: (field: ClassifiedField) => Classification | undefined,
): InformationClasses => Object.fromEntries(fields.map((field) => [field, classOf(field)]));

/**
 * Who proposes has acknowledged it for their side. What was agreed before ends.
 * @throws DomainError confidentiality-agreements-off | confidentiality-agreement-empty
 */
export function proposeAgreement(
  current: PartnerConfidentiality,
  { information, reason }: ProposeAgreement,
  rules: ConfidentialityRules,
  by: Agreeing,
  now: Date,
): PartnerChange {
  if (!rules.allowsAgreements) raise("confidentiality-agreements-off");
  if (Object.keys(information).length === 0) raise("confidentiality-agreement-empty");
  const side = sideOf(by);
  const fields = fieldByField(information);
  const agreed = classesFrom(fields, (field) => saidIn(information, field));
  const event = eventOf("partner-confidentiality.agreement-proposed", by, now, {
    ...{ side, information: agreed, reason },
  });
  const agreement: ConfidentialityAgreement = {
    information: agreed,
    insteadOf: classesFrom(fields, (field) => tenantClass(rules.information, field)),
    reason,
    acknowledged: { vendor: null, partner: null, [side]: { by: event.by, at: event.at } },
  };
  return { next: changed(current, { agreement }, now), event };
}

/** @throws DomainError confidentiality-agreement-missing | confidentiality-agreement-acknowledged */
export function acknowledgeAgreement(
  current: PartnerConfidentiality,
  by: Agreeing,
  now: Date,
): PartnerChange {
  const agreement = current.agreement ?? raise("confidentiality-agreement-missing");
  const side = sideOf(by);
  if (agreement.acknowledged[side]) raise("confidentiality-agreement-acknowledged");
  const { information } = agreement;
  const event = eventOf("partner-confidentiality.agreement-acknowledged", by, now, {
    ...{ side, information },
  });
  const acknowledged = { ...agreement.acknowledged, [side]: { by: event.by, at: event.at } };
  return { next: changed(current, { agreement: { ...agreement, acknowledged } }, now), event };
}

/** Either side ends it at any time. @throws DomainError confidentiality-agreement-missing */
export function endAgreement(
  current: PartnerConfidentiality,
  by: Agreeing,
  now: Date,
): PartnerChange {
  const { information } = current.agreement ?? raise("confidentiality-agreement-missing");
  const data = { side: sideOf(by), information };
  return {
    next: changed(current, { agreement: null }, now),
    event: eventOf("partner-confidentiality.agreement-ended", by, now, data),
  };
}

/** What of an agreement is in force: acknowledged by both, allowed, and the tenant's class still the one it was instead of. */
function inForce(
  rules: ConfidentialityRules,
  agreement: ConfidentialityAgreement | null | undefined,
): Classes {
  const { vendor, partner } = agreement?.acknowledged ?? { vendor: null, partner: null };
  if (!agreement || !vendor || !partner || !rules.allowsAgreements) return {};
  const { information, insteadOf } = agreement;
  const still = fieldByField(information).filter(
    (field) => tenantClass(rules.information, field) === insteadOf[field],
  );
  return classesFrom(still, (field) => information[field]);
}

/** Of a partner; of none where a total over several is shown, which is kept as close as any of them. */
export function handlingOf(
  { rules = usualRules, partners }: RulesInForce,
  partnerId: PartnerId | null,
): Handling {
  const own = partnerId === null ? undefined : partners.get(partnerId);
  const tightened =
    partnerId === null
      ? [...partners.values()].map((one) => one.tightened)
      : own
        ? [own.tightened]
        : [];
  return {
    roles: rules.classes,
    tenant: rules.information,
    tightened,
    agreed: inForce(rules, own?.agreement),
  };
}

const names = (roles: readonly string[]): string =>
  roles.length === 0 ? "nobody" : roles.map((role) => role.replaceAll("-", " ")).join(", ");

function seenBy(classification: Classification, { roles }: Handling): string {
  switch (classification) {
    case "shared":
      return "everybody of both sides who may read the record";
    case "internal":
      return "the vendor's people alone";
    case "confidential":
    case "restricted": {
      const { members, partners } = roles[classification];
      return (
        `of the vendor: ${names(members)}; of the partner: ${names(partners)}; ` +
        "and whoever has a duty on the record"
      );
    }
  }
}

function becauseOf(
  { tenant, agreed, tightened }: Handling,
  field: ClassifiedField,
  classification: Classification,
): HandledInformation["because"] {
  if (tightened.some((classes) => saidIn(classes, field) === classification)) return "tightened";
  const agreedClass = saidIn(agreed, field);
  if ((agreedClass ?? tenantClass(tenant, field)) !== classification) return "derived";
  if (agreedClass !== undefined) return "agreed";
  return saidIn(tenant, field) === undefined ? "usual" : "tenant";
}

/** In words, for the people of the partner and of the tenant. */
export function inWords(
  { rules = usualRules, partners }: RulesInForce,
  partnerId: PartnerId,
): InformationHandling {
  const own = partners.get(partnerId) ?? noneOfItsOwn(partnerId);
  const handling = handlingOf({ rules, partners }, partnerId);
  return {
    ...own,
    isAgreementInForce: Object.keys(handling.agreed).length > 0,
    rulesVersion: rules.version,
    handling: classifiedFields.map((name) => {
      const { record, field } = partsOf(name);
      const classification = narrowest(classesOf(handling, name));
      const { words, fields } = information[record];
      return {
        information: name,
        what: `${words}: ${(fields as Readonly<Record<string, string>>)[field]}`,
        classification,
        seenBy: seenBy(classification, handling),
        because: becauseOf(handling, name, classification),
        isReadRecorded: classification === "confidential" || classification === "restricted",
      };
    }),
    readsKeptDays: rules.readsKeptDays,
  };
}

/** Whether everybody of both sides who may read the record sees this of it. */
export const isForEverybody = (
  inForce: RulesInForce,
  partnerId: PartnerId,
  field: ClassifiedField,
): boolean => classesOf(handlingOf(inForce, partnerId), field).every((one) => one === "shared");

/** Whether an answer can be sent as it is: nobody has said anything of confidentiality. */
export const isUsual = ({ rules, partners }: RulesInForce): boolean =>
  rules === undefined && partners.size === 0;

const DAY_SECONDS = 86_400;
/** More partners than these are one entry of none. */
const MOST_PARTNERS = 100;
const MOST_OBJECTS = 100;

/** What is to be recorded of an answer: an entry for each kind of record and partner. */
export function readsOf(
  disclosures: readonly Disclosure[],
  {
    by,
    operationId,
    now,
    wallNow,
    readsKeptDays,
    place,
  }: {
    readonly by: ReadToRecord["by"];
    readonly operationId: string;
    readonly now: Date;
    readonly wallNow: Date;
    readonly readsKeptDays: number;
    /** What the address names, where there is more than can be named. */
    readonly place: string;
  },
): readonly ReadToRecord[] {
  const at = now.toISOString();
  const expiresAt = Math.floor(wallNow.getTime() / 1000) + readsKeptDays * DAY_SECONDS;
  const entry = (some: readonly Disclosure[], partnerId: PartnerId | null): ReadToRecord => {
    const [first] = some;
    if (!first) throw new Error("an entry of nothing");
    const objectIds = [...new Set(some.map(({ objectId }) => objectId))].sort();
    return {
      ...{ at, day: at.slice(0, 10), by, partnerId, operationId, expiresAt },
      record: first.record,
      fields: [...new Set(some.map(({ field }) => field))].sort(),
      classification: some.some(({ classification }) => classification === "restricted")
        ? "restricted"
        : "confidential",
      objectIds: objectIds.length > MOST_OBJECTS ? [place] : objectIds,
    };
  };
  return [...Map.groupBy(disclosures, ({ record }) => record).values()].flatMap((ofRecord) => {
    const byPartner = Map.groupBy(ofRecord, ({ partnerId }) => partnerId);
    if (byPartner.size > MOST_PARTNERS) return [{ ...entry(ofRecord, null), objectIds: [place] }];
    return [...byPartner].map(([partnerId, some]) => entry(some, partnerId));
  });
}
