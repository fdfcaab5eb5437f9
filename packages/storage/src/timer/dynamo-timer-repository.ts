import type { TimerRepository } from "@concord/core/timer";
import type { Table } from "../dynamo-table/contract.ts";
import { fromItem, toItem } from "../entity.ts";
import { systemKeys } from "../keys/index.ts";
import { every } from "../position.ts";
import { isSameTimer, tickReportEntity, timerEntity } from "./timer-item.ts";

export const dynamoTimerRepository = (table: Table): TimerRepository => ({
  /** AP-90 */
  due: (shard, now) =>
    every(table, timerEntity, {
      pk: systemKeys.timers(shard),
      sort: systemKeys.timersUntil(now.toISOString()),
    }),

  /** AP-91 */
  async first(shard) {
    const { items } = await table.query({ pk: systemKeys.timers(shard), limit: 1 });
    return items[0] && fromItem(timerEntity, items[0]);
  },

  /** AP-92 */
  async set(timer) {
    await table.put(toItem(timerEntity, timer), isSameTimer);
  },

  /** AP-93 */
  async remove(timer) {
    await table.remove(systemKeys.timer(timer), {
      expression: "attribute_exists(#pk)",
      names: { "#pk": "pk" },
    });
  },

  /** AP-94 */
  async lastTick() {
    const item = await table.get(systemKeys.lastTick());
    return item && fromItem(tickReportEntity, item);
  },

  /** AP-95 */
  async saveTick(report) {
    await table.put(toItem(tickReportEntity, report), {
      expression: "attribute_not_exists(#pk) OR #at <= :at",
      names: { "#pk": "pk", "#at": "at" },
      values: { ":at": report.at },
    });
  },
});
