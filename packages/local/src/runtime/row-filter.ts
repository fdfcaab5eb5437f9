import type { StreamRecord } from "../stream/index.ts";

/** The filter of a deployed event source: rows that were written, of these entities. */
export const isRowOf =
  (...entities: readonly string[]) =>
  ({ dynamodb }: StreamRecord): boolean => {
    const entity = dynamodb.NewImage?.["entity"];
    return entity !== undefined && "S" in entity && entities.includes(String(entity.S));
  };
