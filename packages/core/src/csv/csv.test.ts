import { describe, expect, it } from "vitest";
import { csvOf } from "./csv.ts";

describe("a CSV file", () => {
  it.each([
    { name: "a formula", cell: "=1+1", text: "'=1+1" },
    { name: "a plus", cell: "+1", text: "'+1" },
    { name: "a minus as text", cell: "-1+1", text: "'-1+1" },
    { name: "an at sign", cell: "@SUM(A1)", text: "'@SUM(A1)" },
    { name: "a tab", cell: "\t=1", text: "'\t=1" },
    { name: "a formula with a quote", cell: '=HYPERLINK("x")', text: '"\'=HYPERLINK(""x"")"' },
    { name: "a negative number", cell: -12.5, text: "-12.5" },
    { name: "plain text", cell: "Northwind", text: "Northwind" },
    { name: "text with a comma", cell: "Smith, Jane", text: '"Smith, Jane"' },
    { name: "nothing", cell: null, text: "" },
  ])("writes $name so that no spreadsheet runs it", ({ cell, text }) => {
    expect(csvOf(["column", "n"], [[cell, 1]])).toBe(`column,n\r\n${text},1\r\n`);
  });
});
