import type { ConsumedCapacity } from "@aws-sdk/client-dynamodb";
import type { Item } from "./item.ts";
import { itemBytes, type Meter, readUnits } from "./meter.ts";

/** Units as the service reports them; what it does not report is computed. */
export interface Counter {
  request(): void;
  read(units: number): void;
  /** Rows of one answer. */
  requested(
    reported: ConsumedCapacity | undefined,
    items: readonly Item[],
    isConsistent: boolean,
  ): void;
  written(reported: ConsumedCapacity | undefined, computed: number): void;
}

export function countingInto(meters: readonly Meter[]): Counter {
  const read = (units: number) => {
    for (const meter of meters) meter.read(units);
  };
  const write = (units: number) => {
    for (const meter of meters) meter.write(units);
  };
  return {
    read,

    request() {
      for (const meter of meters) meter.request();
    },

    requested(reported, items, isConsistent) {
      const bytes = () => items.reduce((sum, item) => sum + itemBytes(item), 0);
      read(reported?.CapacityUnits ?? readUnits(bytes(), isConsistent));
    },

    written(reported, computed) {
      if (reported?.CapacityUnits === undefined) return write(computed);
      // A transaction that is asked for again under its token reads what it wrote.
      const readUnits = reported.ReadCapacityUnits ?? 0;
      read(readUnits);
      write(reported.WriteCapacityUnits ?? reported.CapacityUnits - readUnits);
    },
  };
}
