/** A condition of a write; names are always aliased. */
export interface Condition {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** What makes a natural key unique: the second writer loses. */
export const isNew: Condition = {
  expression: "attribute_not_exists(#pk)",
  names: { "#pk": "pk" },
};

/** Holds only where the row is there. */
export const exists: Condition = {
  expression: "attribute_exists(#pk)",
  names: { "#pk": "pk" },
};

/** Holds only when the stored version is the one this write was decided on. */
export const hasVersion = (version: number): Condition => ({
  expression: "#version = :version",
  names: { "#version": "version" },
  values: { ":version": version },
});

/** The condition of writing `version` over the one before it. */
export const follows = ({ version }: { readonly version: number }): Condition =>
  version === 1 ? isNew : hasVersion(version - 1);

/** Holds for any row and for none: a write that may be repeated without harm. */
export const always: Condition = {
  expression: "attribute_exists(#pk) OR attribute_not_exists(#pk)",
  names: { "#pk": "pk" },
};

/** The same for rows that count revisions. */
export const hasRevision = (revision: number): Condition => ({
  expression: "#revision = :revision",
  names: { "#revision": "revision" },
  values: { ":revision": revision },
});
