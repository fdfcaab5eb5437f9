import { readCsv } from "../csv/index.ts";
import { raise } from "../error/index.ts";
import { FigureBase, MeasureName, WrittenNumber } from "../metric/index.ts";
import { FigureMonth, type GivenFigure, MOST_FIGURES_OF_CSV } from "./schema.ts";

interface RowError {
  readonly row: number;
  readonly column: string;
  readonly detail: string;
}

const COLUMNS = {
  required: ["partner", "measure", "month", "value"],
  optional: ["of"],
  mostRows: MOST_FIGURES_OF_CSV,
} as const;

const numberIn = (text: string): number | undefined =>
  /^-?\d+(\.\d+)?$/.test(text) ? WrittenNumber.safeParse(Number(text)).data : undefined;

/** The figures that a file says, by row, and the cells that say none. @throws DomainError figures-invalid where it is no such file */
export function figuresIn(csv: string): {
  read: { readonly row: number; readonly figure: GivenFigure }[];
  errors: RowError[];
} {
  const rows = readCsv(csv, COLUMNS, (detail) => raise("figures-invalid", detail));
  const errors: RowError[] = [];
  const read = rows.flatMap(({ row, cells }) => {
    const before = errors.length;
    const add = (column: string, detail: string) => errors.push({ row, column, detail });
    const measure = MeasureName.safeParse(cells.measure).data;
    const month = FigureMonth.safeParse(cells.month).data;
    const value = numberIn(cells.value);
    const of = cells.of === "" ? null : FigureBase.safeParse(numberIn(cells.of)).data;
    if (cells.partner === "") add("partner", "is empty");
    if (cells.partner.length > 200) add("partner", "is longer than 200 characters");
    if (measure === undefined) add("measure", "is not the name of a measure");
    if (month === undefined) add("month", "must be a month, such as 2026-11");
    if (value === undefined) {
      add("value", "must be a number with a decimal point and at most 4 decimals");
    }
    if (of === undefined) add("of", "must be a whole number, or empty");
    if (errors.length > before || !measure || !month || value === undefined || of === undefined) {
      return [];
    }
    return [{ row, figure: { partner: cells.partner, measure, month, value, of } }];
  });
  return { read, errors };
}
