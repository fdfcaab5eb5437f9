type Sides = { urn: string; inputs: unknown };

/** What differs from run to run: suffixes of names, digests of code, and the values of secrets. */
const masked = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => name !== "__provider" && name !== "source")
        .sort(([one], [other]) => one.localeCompare(other))
        .map(([name, inner]) => [
          name,
          name === "variables" ? variableNames(inner) : masked(inner),
        ]),
    );
  }
  return typeof value === "string" ? maskedText(value) : value;
};

const variableNames = (variables: unknown): string[] =>
  typeof variables === "object" && variables !== null ? Object.keys(variables).sort() : [];

const maskedText = (text: string): string =>
  text
    .replace(/-[abcdefhkmnorstuvwxz]{8}(?![a-z])/g, "-RANDOM")
    .replace(/[0-9a-f]{64}/g, "DIGEST")
    .replace(/(Subscriber)[A-Z][a-z]{5}/g, "$1RANDOM");

const byUrn = (resources: readonly Sides[]): Map<string, string> =>
  new Map(resources.map(({ urn, inputs }) => [maskedText(urn), JSON.stringify(masked(inputs))]));

/** The resources that only one of two runs has, or that they have otherwise. */
export function differences(one: readonly Sides[], other: readonly Sides[]): string[] {
  const [left, right] = [byUrn(one), byUrn(other)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((urn) => left.get(urn) !== right.get(urn))
    .map((urn) => `${urn.split("::").slice(2).join("::")}: ${left.get(urn)} / ${right.get(urn)}`);
}
