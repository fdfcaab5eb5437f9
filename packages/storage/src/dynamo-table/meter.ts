/** What an operation cost. Units as AWS bills them: 4 KB a read, 1 KB a write. */
export interface Usage {
  readonly requests: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

export interface Meter {
  read(units: number): void;
  write(units: number): void;
  request(): void;
  usage(): Usage;
}

export function createMeter(): Meter {
  let requests = 0;
  let readUnits = 0;
  let writeUnits = 0;
  return {
    read: (units) => {
      readUnits += units;
    },
    write: (units) => {
      writeUnits += units;
    },
    request: () => {
      requests += 1;
    },
    usage: () => ({ requests, readUnits, writeUnits }),
  };
}

const READ_UNIT_BYTES = 4096;
const WRITE_UNIT_BYTES = 1024;

/** One byte for each two significant digits, paired from the decimal point outwards, one more, and one for a minus. */
function numberBytes(value: number): number {
  if (value === 0) return 1;
  const [mantissa = "", power = "0"] = Math.abs(value).toExponential().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  // After an even power of ten the first digit is alone in its pair.
  const digits = whole.length + fraction.length + (Number(power) % 2 === 0 ? 1 : 0);
  return Math.ceil(digits / 2) + 1 + (value < 0 ? 1 : 0);
}

/**
 * Bytes of an attribute value by the rules of the DynamoDB developer guide, "DynamoDB item sizes and
 * formats"; where it says "approximately" of numbers, as DynamoDB Local counts.
 */
function valueBytes(value: unknown): number {
  if (value === null || value === undefined || typeof value === "boolean") return 1;
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value === "number") return numberBytes(value);
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, entry) => sum + valueBytes(entry) + 1, 3);
  }
  return Object.entries(value as Record<string, unknown>).reduce(
    (sum, [name, entry]) =>
      entry === undefined ? sum : sum + Buffer.byteLength(name) + valueBytes(entry) + 1,
    3,
  );
}

export function itemBytes(item: Readonly<Record<string, unknown>>): number {
  let sum = 0;
  for (const [name, value] of Object.entries(item)) {
    if (value !== undefined) sum += Buffer.byteLength(name) + valueBytes(value);
  }
  return sum;
}

/** Read units of `bytes` in one request, half of it where the read is eventually consistent. */
export const readUnits = (bytes: number, consistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent ? 1 : 0.5);

/**
 * Write units of putting an item where none was: the row (twice in a transaction) and, for each index
 * it appears in, one write of the projected row. Over an item that was there the service bills the
 * larger of the two, and a removal more for each index whose key changes: see what it reports.
 */
export function putUnits(
  item: Readonly<Record<string, unknown>>,
  { inTransaction }: { readonly inTransaction: boolean },
): number {
  const units = Math.max(1, Math.ceil(itemBytes(item) / WRITE_UNIT_BYTES));
  const indexes = ["gsi1pk", "gsi2pk"].filter((name) => item[name] !== undefined).length;
  return units * (inTransaction ? 2 : 1) + units * indexes;
}

/** Deleting and checking cost one unit (of a row up to 1 KB), twice in a transaction. */
export const touchUnits = ({ inTransaction }: { readonly inTransaction: boolean }): number =>
  inTransaction ? 2 : 1;
