import { describe, expect, it } from "vitest";
import { fixture } from "./report/report-fixture.ts";
import { summaryText } from "./summary.ts";

const text = summaryText(fixture);
const lines = text.split("\n");

/** The lines of the part that begins with this title. */
function part(title: string): string[] {
  const start = lines.findIndex((line) => line.startsWith(title));
  const end = lines.indexOf("", start);
  return lines.slice(start, end < 0 ? undefined : end);
}

describe("the printed summary", () => {
  it("ranks the partners in aligned columns with trend and rating", () => {
    const [title, head = "", ...rows] = part("Ranking 2017-Q4");
    expect(title).toBe("Ranking 2017-Q4: 30 partners with a rating");
    expect(rows).toHaveLength(30);
    expect(rows[3]).toMatch(
      /^ {3}4 {2}Partner number 4 Technology .* 79\.96 {2}↓ −3\.0 +Solid +2 of 10 +90 %/,
    );
    const column = head.indexOf("Rating");
    expect(rows.every((row) => row.charAt(column) !== " " && row.charAt(column - 1) === " ")).toBe(
      true,
    );
  });

  it("shows a quarter without rating as a dash, never as zero", () => {
    const first = part("Ranking 2017-Q4")[2] ?? "";
    expect(first).toMatch(/ – /);
    expect(first).not.toMatch(/ 0\.0 /);
  });

  it("keeps partners without a rating apart", () => {
    expect(part("Insufficient data: 5 partners")).toHaveLength(7);
    expect(part("Ranking 2017-Q4").join()).not.toMatch(/Eskgate/);
  });

  it("counts partners by rating for each quarter", () => {
    expect(part("Partners by rating").at(-1)).toMatch(/^ {2}2017-Q4 +5 +9 +13 +3 +5$/);
  });

  it("explains one card to the points", () => {
    const explained = part("Why Foxglove & Tarn Computing has 68.0 (Solid)");
    expect(explained.join("\n")).toMatch(
      /Win rate +61\.2 % {2}45\.0 % to 70\.0 % +64\.7 +20 % +14\.4 +7\.8\n/,
    );
    expect(explained.join("\n")).toMatch(/Trainings completed +no data .* – +10 % +– +–\n/);
    expect(explained.at(-1)).toBe(
      '  12.0 points to "Outstanding"; the cheapest way is Win rate from 61.2 % to 74.7 %.',
    );
  });

  it("tells a partner's year and its plan", () => {
    expect(part("The year of Foxglove & Tarn Computing").at(-3)).toMatch(
      /Revenue won +USD 120,345 +USD 121,345/,
    );
    expect(part("Development plan of").join("\n")).toMatch(/5 Feb 2018 +returned +Imke/);
  });

  it("fits a terminal of 120 columns", () => {
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});
