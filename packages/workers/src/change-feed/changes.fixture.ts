import { marshall } from "@aws-sdk/util-dynamodb";

/** Rows as the stream hands them over when they were added, numbered from 1. */
export const added = (...rows: readonly Readonly<Record<string, unknown>>[]) => ({
  Records: rows.map((row, index) => ({
    eventName: "INSERT",
    dynamodb: {
      SequenceNumber: String(index + 1),
      NewImage: marshall(row, { removeUndefinedValues: true }),
    },
  })),
});
