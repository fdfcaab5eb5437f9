/**
 * The single table as plain data: what `stacks` deploys and what the local runtime creates.
 * Key attributes are generic; what they hold is spelled in `keys`.
 */
export const tableDefinition = {
  keys: { partition: "pk", sort: "sk" },
  /** Both sparse. gsi1: work lists by due date. gsi2: a tenant's lists and rankings. */
  indexes: {
    gsi1: { partition: "gsi1pk", sort: "gsi1sk" },
    gsi2: { partition: "gsi2pk", sort: "gsi2sk" },
  },
  /** Attribute with the epoch second after which the service may delete the item. */
  timeToLive: "expiresAt",
  streamView: "NEW_AND_OLD_IMAGES",
} as const;
