import type { MemberRole, PartnerRole } from "../actor/index.ts";
import {
  type Classification,
  type ClassifiedField,
  derivedFrom,
  type InformationName,
  partsOf,
  usualClass,
} from "./information.ts";

/** Who is named for a class that is in the hands of named roles. */
export interface NamedRoles {
  readonly members: readonly MemberRole[];
  readonly partners: readonly PartnerRole[];
}

export type Classes = Readonly<Partial<Record<InformationName, Classification>>>;

/** How information is handled: of one partner, or of what belongs to none. */
export interface Handling {
  readonly roles: Readonly<Record<"confidential" | "restricted", NamedRoles>>;
  /** What the tenant says; where it says nothing the usual class stands. */
  readonly tenant: Classes;
  /** What is kept closer besides; each stands for itself. */
  readonly tightened: readonly Classes[];
  /** What both sides agreed on instead of the tenant's class. */
  readonly agreed: Classes;
}

/** Who looks: a person or a machine of one side, with the roles held now. */
export type Eye =
  | { readonly side: "vendor"; readonly roles: readonly MemberRole[] }
  | { readonly side: "partner"; readonly roles: readonly PartnerRole[] };

/** A field's own class, or that of its record. */
export const saidIn = (classes: Classes, field: ClassifiedField): Classification | undefined =>
  classes[field] ?? classes[partsOf(field).record];

/** What the tenant's rules alone say of a field. */
export const tenantClass = (tenant: Classes, field: ClassifiedField): Classification =>
  saidIn(tenant, field) ?? usualClass[partsOf(field).record];

/** Every class that a field is under; who sees it passes each of them. */
export function classesOf(handling: Handling, field: ClassifiedField): readonly Classification[] {
  const own = saidIn(handling.agreed, field) ?? tenantClass(handling.tenant, field);
  const closer = handling.tightened.map((classes) => saidIn(classes, field));
  const sources = derivedFrom[field] ?? [];
  return [
    own,
    ...closer.filter((one) => one !== undefined),
    ...sources.flatMap((source) => classesOf(handling, source)),
  ];
}

const order: readonly Classification[] = ["shared", "internal", "confidential", "restricted"];
export const narrowest = (classes: readonly Classification[]): Classification =>
  order.findLast((one) => classes.includes(one)) ?? "shared";

function passes(roles: Handling["roles"], eye: Eye, one: Classification): boolean {
  switch (one) {
    case "shared":
      return true;
    case "internal":
      return eye.side === "vendor";
    case "confidential":
    case "restricted":
      return eye.side === "vendor"
        ? roles[one].members.some((role) => eye.roles.includes(role))
        : roles[one].partners.some((role) => eye.roles.includes(role));
  }
}

/**
 * Whether who may read a record at all sees this field of it: always, only with a duty on the record,
 * or not. Permissions come first; this takes away and never gives.
 */
export function decide(
  handling: Handling,
  eye: Eye,
  field: ClassifiedField,
): "visible" | "with-duty" | "withheld" {
  const closed = classesOf(handling, field).filter((one) => !passes(handling.roles, eye, one));
  if (closed.length === 0) return "visible";
  return closed.includes("internal") ? "withheld" : "with-duty";
}
