import type { Refusal } from "./schema.ts";

/** Stops the reading of a file that is refused whole; never leaves the import feature. */
export class FileRefused extends Error {
  override readonly name = "FileRefused";
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(`row ${refusal.row}, column ${refusal.column}: ${refusal.detail}`);
    this.refusal = refusal;
  }
}

export function refuse(code: Refusal["code"], row: number, column: string, detail: string): never {
  throw new FileRefused({ code, row, column: column.slice(0, 100), detail });
}
