import type { Table } from "../dynamo-table/contract.ts";
import { openSystemStore } from "../system-store.ts";
import { openTenantStore } from "../tenant-store.ts";
import { type Stores, TENANT } from "./access-patterns.ts";
import { apiKeyExercises } from "./api-keys.ts";
import { assignmentExercises } from "./assignments.ts";
import { auditExercises } from "./audit.ts";
import { confidentialityExercises } from "./confidentiality.ts";
import { cycleExercises } from "./cycles.ts";
import { disputeExercises } from "./disputes.ts";
import { editionExercises } from "./editions.ts";
import { factExercises } from "./facts.ts";
import { figureExercises } from "./figures.ts";
import { goalExercises } from "./goals.ts";
import { identityExercises } from "./identity.ts";
import { limitExercises } from "./limits.ts";
import { loginExercises } from "./login.ts";
import { peopleExercises } from "./people.ts";
import { playbookExercises } from "./playbook.ts";
import { privacyExercises } from "./privacy.ts";
import { ratingExercises } from "./ratings.ts";
import { retentionExercises } from "./retention.ts";
import { reviewExercises } from "./reviews.ts";
import { scoringExercises } from "./scoring.ts";
import { singleSignOnExercises } from "./single-sign-on.ts";
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
