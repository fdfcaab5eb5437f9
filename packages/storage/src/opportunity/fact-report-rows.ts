import { FactReport } from "@concord/core/opportunity";
import type { Aggregate } from "../aggregate.ts";
import type { TenantKeys } from "../keys/index.ts";

/** On the work list of its data steward while it is open. */
export const factReportAggregate = (keys: TenantKeys): Aggregate<FactReport> => ({
  name: "FactReport",
  schema: FactReport,
  schemaVersion: 1,
  id: ({ factReportId }) => factReportId,
  key: ({ partnerId, factReportId }) => keys.factReport(partnerId, factReportId),
  indexes: ({ factReportId, ownerId, status, createdAt }) =>
    ownerId !== null && status === "open"
      ? {
          gsi1pk: keys.workList("FACT-REPORT", ownerId),
          gsi1sk: keys.workListSort(createdAt, factReportId),
        }
      : {},
});
