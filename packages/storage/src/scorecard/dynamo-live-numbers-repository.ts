import type { MonthRollup } from "@concord/core/rollup";
import type { LiveNumbersRepository } from "@concord/core/scorecard";
import type { TargetSet } from "@concord/core/target";
import type { TenantTable } from "../aggregate.ts";
import { fromItem } from "../entity.ts";
import { rollupEntity } from "../opportunity/fact-writes.ts";
import { everyItem } from "../position.ts";
import { targetSetAggregate } from "../target/target-rows.ts";

export const dynamoLiveNumbersRepository = ({
  table,
  keys,
}: TenantTable): LiveNumbersRepository => ({
  /** AP-436: targets sort right before the months, so that one range holds both. */
  async of(partnerId, upTo) {
    const [month, set] = [rollupEntity(keys), targetSetAggregate(keys)];
    const sort = { from: keys.targetSetPrefix, to: keys.rollupMonth(partnerId, upTo).sk };
    const months: MonthRollup[] = [];
    const targets: TargetSet[] = [];
    for await (const item of everyItem(table, { pk: keys.liveNumbers(partnerId), sort })) {
      if (item["entity"] === month.name) months.push(fromItem(month, item));
      if (item["entity"] === set.name) targets.push(fromItem(set, item));
    }
    return { months, targets };
  },
});
