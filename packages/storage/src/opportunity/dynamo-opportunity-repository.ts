import type { FactReport, Opportunity, OpportunityRepository } from "@concord/core/opportunity";
import { z } from "zod";
import { type Aggregate, commit, load, save, type TenantTable, toEventItem } from "../aggregate.ts";
import { follows, isNew } from "../dynamo-table/condition.ts";
import { fromItem, toItem } from "../entity.ts";
import { indexPatchWrite } from "../import/index-rows.ts";
import { every, page } from "../position.ts";
import { flagAggregate } from "../source/flag-rows.ts";
import { factReportAggregate } from "./fact-report-rows.ts";
import { factWrites, opportunityEntity, rollupWrite } from "./fact-writes.ts";

export function dynamoOpportunityRepository(tenant: TenantTable): OpportunityRepository {
  const { table, keys } = tenant;
  const opportunities = opportunityEntity(keys);
  const reports = factReportAggregate(keys);
  /** Its revision is the version that its events are numbered by. */
  const trails: Aggregate<Opportunity & { readonly version: number }> = {
    name: opportunities.name,
    schema: opportunities.schema.and(z.object({ version: z.number() })),
    schemaVersion: opportunities.schemaVersion,
    id: ({ opportunityId }) => opportunityId,
    key: opportunities.key,
  };
  const ofPartner = (partnerId: Opportunity["partnerId"]) => ({
    pk: keys.fact(partnerId, anyId).pk,
    sort: { prefix: keys.factPrefix },
  });

  return {
    /** AP-60 */
    get: (partnerId, opportunityId) =>
      load(tenant, opportunities, keys.fact(partnerId, opportunityId)),

    /** AP-61 */
    async getAll(wanted) {
      const items = await table.getAll(
        wanted.map(({ partnerId, opportunityId }) => keys.fact(partnerId, opportunityId)),
      );
      return items.map((item) => fromItem(opportunities, item));
    },

    /** AP-62 */
    ofPartner: (partnerId) => every(table, opportunities, ofPartner(partnerId)),

    /** AP-63 */
    list: (partnerId, request) =>
      page(table, opportunities, ofPartner(partnerId), request, keys.prefix),

    /** AP-64 */
    async decide({ change, rollups, event, index, flags }) {
      const { after } = change;
      const facts = factWrites(keys, change);
      const trail = toEventItem(
        tenant,
        trails,
        { ...after, version: after.revision },
        event,
        toItem(opportunities, after),
      );
      const failed = await commit(tenant, after, [
        ...facts,
        { put: trail, condition: isNew },
        ...rollups.map((rollup) => rollupWrite(keys, rollup)),
        indexPatchWrite(keys, index),
        ...flags.map((flag) => ({
          put: toItem(flagAggregate(keys), flag),
          condition: follows(flag),
        })),
      ]);
      return failed.length === 0;
    },

    /** AP-160 */
    report: (partnerId, factReportId) =>
      load(tenant, reports, keys.factReport(partnerId, factReportId)),

    /** AP-161 */
    listReports: (partnerId, request) =>
      page(
        table,
        reports,
        { pk: keys.factReport(partnerId, anyReport).pk, sort: { prefix: keys.factReportPrefix } },
        request,
        keys.prefix,
      ),

    /** AP-162 */
    listReportWork: (ownerId, request) =>
      page(
        table,
        reports,
        { index: "gsi1", pk: keys.workList("FACT-REPORT", ownerId) },
        request,
        keys.prefix,
      ),

    /** AP-163 */
    saveReport: (next, event) => save(tenant, reports, next, event),
  };
}

/** Stands where only the partition of a key is wanted. */
const anyId = "" as Opportunity["opportunityId"];
const anyReport = "" as FactReport["factReportId"];
