import { describe, expect, it } from "vitest";
import { bandIndexOf, lastChange, pointsText, scoreText, signedText, valueText } from "./format.ts";
import { html } from "./html.ts";
import type { ReportModel } from "./model.ts";
import { renderReport } from "./report.ts";
import { fixture } from "./report-fixture.ts";

const page = renderReport(fixture);

/** Tags in the order they open and close; text and attributes left out. */
const tags = (markup: string) =>
  [...markup.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/g)].map(([, close, name, self]) => ({
    name: name ?? "",
    closes: close === "/",
    opensOnly: self === "/" || ["meta", "link"].includes(name ?? ""),
  }));

/** Every string of the model with markup in it, hostile in every field. */
function poison(value: unknown, key = ""): unknown {
  const keep = [
    "on",
    "dueOn",
    "writtenOn",
    "unit",
    "currency",
    "state",
    "side",
    "kind",
    "indicator",
  ];
  if (typeof value === "string") {
    return keep.includes(key) ? value : `"><script>x('${value}')</script><img src=x onerror=y>&`;
  }
  if (Array.isArray(value)) return value.map((item) => poison(item, key));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, poison(item, name)]),
  );
}

describe("the report", () => {
  it("needs nothing but itself: no host, no script, no file beside it", () => {
    expect(page).not.toMatch(/https?:|\/\/|<script|@import|url\(|<iframe|<object/);
    const references = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, to]) => to);
    expect(references.length).toBeGreaterThan(0);
    for (const to of references) expect(to).toMatch(/^(#|data:,$)/);
  });

  it("links only to parts that are there", () => {
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets).toEqual(["ranking", "card", "review", "flags"]);
    for (const id of targets) expect(page).toContain(`id="${id}"`);
  });

  it("is well-formed: every element is closed in its place", () => {
    const open: string[] = [];
    for (const { name, closes, opensOnly } of tags(page)) {
      if (closes) expect(open.pop()).toBe(name);
      else if (!opensOnly) open.push(name);
    }
    expect(open).toEqual([]);
  });

  it("lets no text of the model become markup", () => {
    const hostile = renderReport(poison(fixture) as ReportModel);
    expect(hostile).not.toMatch(/<script|<img/);
    expect(hostile).toContain("&lt;script&gt;");
    // the bands' names are changed too, so every rating is still found by its own name
    expect(tags(hostile)).toEqual(tags(page));
  });

  it("gives every chart a label, and every table column and row headings", () => {
    const charts = page.match(/<svg[^>]*>/g) ?? [];
    expect(charts.length).toBeGreaterThan(60);
    for (const chart of charts) expect(chart).toMatch(/role="img" aria-label="[^"]+"/);
    const tables = page.split("<table").slice(1);
    expect(tables.length).toBeGreaterThan(8);
    for (const table of tables) {
      expect(table).toContain('<th scope="col"');
      expect(table.slice(0, table.indexOf("</table>"))).toContain('<th scope="row"');
    }
  });

  it("draws only numbers", () => {
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object|(width|height|r)="-/);
  });

  it("ranks with score, trend, rating and coverage, and keeps five partners apart", () => {
    const [ranked = "", apart = ""] = page.split("<h3>Insufficient data</h3>");
    expect(ranked.match(/<th scope="row">Partner number|<th scope="row">Foxglove/g)).toHaveLength(
      30,
    );
    expect(ranked).toContain("<strong>79.96</strong>");
    expect(ranked).toContain("2017-Q1 not rated, 2017-Q2");
    expect(ranked).not.toContain("Eskgate");
    expect(apart).toContain('<th scope="row">Eskgate Systems</th>');
  });

  it("shows ratings by quarter in words as well as colours", () => {
    expect(page).toContain(
      "2017-Q4: 5 At risk, 9 Developing, 13 Solid, 3 Outstanding, 5 insufficient data",
    );
  });

  it("explains a metric where less is better with its floor left of its target", () => {
    expect(page).toContain("Sales cycle: 58.2 days; floor 70.0 days, target 40.0 days");
    expect(page).toContain("Trainings completed: no data; floor 0.0 %, target 100.0 %");
  });

  it("keeps the reservation of a signature and the way of the plan", () => {
    expect(page).toContain("waited for our customer&#39;s own approval");
    expect(page).toContain('<li class="returned"><time class="date" datetime="2018-02-05">');
    expect(page).toContain("carried over from 2017-Q3");
  });

  it("renders without ranked partners, moves, signatures or a rating above", () => {
    const bare = renderReport({
      ...fixture,
      ranking: { ...fixture.ranking, entries: [], insufficient: [] },
      distribution: [],
      card: { ...fixture.card, nextRating: null, moves: [], metrics: [] },
      partnerYear: { partner: "A", quarters: [] },
      reviewPack: { ...fixture.reviewPack, signatures: [], actionItems: [], comments: [] },
    });
    expect(bare).toContain("This is the highest rating.");
    expect(bare).toContain("Not signed.");
    expect(bare).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe("html", () => {
  it("escapes holes, keeps templates and lists of them, and leaves nothing for nothing", () => {
    const items = ["<a>", "b"].map((text) => html`<li>${text}</li>`);
    expect(html`<ul title="${`"'&`}">${items}${null}${false}${undefined}${0}</ul>`.markup).toBe(
      '<ul title="&quot;&#39;&amp;"><li>&lt;a&gt;</li><li>b</li>0</ul>',
    );
  });
});

describe("figures in words", () => {
  const bands = [
    { label: "low", from: 0 },
    { label: "mid", from: 60 },
    { label: "high", from: 80 },
  ];

  it.each([
    [79.96, "79.96"],
    [79.94, "79.9"],
    [79.9999, "79.9999"],
    [80, "80.0"],
    [59.95, "59.95"],
    [0, "0.0"],
    [100, "100.0"],
  ])("a score of %d is %s and never looks like another band", (score, text) => {
    expect(scoreText(score, bands)).toBe(text);
    expect(bandIndexOf(Number(text), bands)).toBe(bandIndexOf(score, bands));
  });

  it("values carry their unit, and no data is not zero", () => {
    expect(valueText(1234.5, "money", "EUR")).toBe("EUR 1,235");
    expect(valueText(-0.5, "percent", "EUR")).toBe("−0.5 %");
    expect(valueText(48.0104, "days", "EUR")).toBe("48.0 days");
    expect(valueText(310.2, "money-per-day", "USD")).toBe("USD 310/day");
    expect(valueText(9027, "count", "USD")).toBe("9,027");
    expect(valueText(null, "count", "USD")).toBe("no data");
  });

  it("points keep their sign and are not rounded to nothing", () => {
    expect([signedText(3.24), signedText(-0.4), signedText(-0.01)]).toEqual([
      "+3.2",
      "−0.4",
      "±0.0",
    ]);
    expect([pointsText(0.04), pointsText(12), pointsText(0)]).toEqual(["0.04", "12.0", "0.0"]);
  });

  it("a trend compares with the last rated period", () => {
    expect(lastChange([50, null, 53])).toEqual({ points: 3, direction: "up" });
    expect(lastChange([50, 49.6])).toMatchObject({ direction: "level" });
    expect(lastChange([50, 40])).toEqual({ points: -10, direction: "down" });
    expect(lastChange([50, null])).toBeNull();
    expect(lastChange([null, 50])).toBeNull();
  });
});
