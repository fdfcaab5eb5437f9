import { apiKeyExercises } from "./access-patterns.api-keys.ts";
import { assignmentExercises } from "./access-patterns.assignments.ts";
import { auditExercises } from "./access-patterns.audit.ts";
import { confidentialityExercises } from "./access-patterns.confidentiality.ts";
import { cycleExercises } from "./access-patterns.cycles.ts";
import { disputeExercises } from "./access-patterns.disputes.ts";
import { editionExercises } from "./access-patterns.editions.ts";
import { factExercises } from "./access-patterns.facts.ts";
import { figureExercises } from "./access-patterns.figures.ts";
import { goalExercises } from "./access-patterns.goals.ts";
import { identityExercises } from "./access-patterns.identity.ts";
import { limitExercises } from "./access-patterns.limits.ts";
import { loginExercises } from "./access-patterns.login.ts";
import { peopleExercises } from "./access-patterns.people.ts";
import { playbookExercises } from "./access-patterns.playbook.ts";
import { privacyExercises } from "./access-patterns.privacy.ts";
import { ratingExercises } from "./access-patterns.ratings.ts";
import { retentionExercises } from "./access-patterns.retention.ts";
import { reviewExercises } from "./access-patterns.reviews.ts";
import { scoringExercises } from "./access-patterns.scoring.ts";
import { singleSignOnExercises } from "./access-patterns.single-sign-on.ts";
import { type Stores, TENANT } from "./access-patterns.ts";
import type { Table } from "./dynamo-table.ts";
import { openSystemStore } from "./system-store.ts";
import { openTenantStore } from "./tenant-store.ts";
export const exercises = [
  ...identityExercises,
  ...scoringExercises,
  ...factExercises,
  ...figureExercises,
  ...ratingExercises,
  ...goalExercises,
  ...cycleExercises,
  ...disputeExercises,
  ...editionExercises,
  ...reviewExercises,
  ...loginExercises,
  ...limitExercises,
  ...apiKeyExercises,
  ...singleSignOnExercises,
  ...peopleExercises,
  ...assignmentExercises,
  ...auditExercises,
  ...playbookExercises,
  ...privacyExercises,
  ...confidentialityExercises,
  ...retentionExercises,
];

/** As long as the ones that requests have. */
const REQUEST_ID = "00000000-0000-4000-8000-000000000000";

export const storesOn = (table: Table): Stores => ({
  tenantId: TENANT,
  tenant: openTenantStore(table, TENANT, { requestId: REQUEST_ID }),
  system: openSystemStore(table),
});

/** The rows of the table under a heading of ACCESS_PATTERNS.md, as cells. */
export function tableUnder(document: string, heading: string): string[][] {
  const section = document.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
