import type { Edition, EditionName } from "./schema.ts";

/** Smallest first. */
export const editions: readonly Edition[] = [
  {
    name: "starter",
    limits: { partners: 10, members: 5, programs: 1, importsPerDay: 5, retentionDays: 365 },
  },
  {
    name: "growth",
    limits: { partners: 150, members: 40, programs: 5, importsPerDay: 50, retentionDays: 730 },
  },
  {
    name: "enterprise",
    limits: {
      ...{ partners: null, members: null, programs: null, importsPerDay: null },
      retentionDays: null,
    },
  },
];

export function editionOf(name: EditionName): Edition {
  const edition = editions.find((one) => one.name === name);
  if (!edition) throw new Error(`there is no edition ${name}`);
  return edition;
}

/** How long each state lasts that time ends, in days. */
export const TERMS = {
  trialDays: 30,
  /** Payment is overdue, and nothing is refused yet. */
  graceDays: 14,
  /** Nobody writes any more. */
  suspensionDays: 90,
  /** A closed tenant may export everything, and be reopened. */
  exportWindowDays: 30,
} as const;
