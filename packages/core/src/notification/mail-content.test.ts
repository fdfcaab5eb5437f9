import { describe, expect, it } from "vitest";
import { toContent } from "./mail-content.ts";
import { instantInWords, moneyInWords } from "./wording.ts";

const draft = (changes: Partial<Parameters<typeof toContent>[0]> = {}) => ({
  subject: "A subject",
  paragraphs: ["First", ["one", "two"]],
  link: "https://concord.example/v1/x?a=1&b=2",
  ...changes,
});

describe("the content of a mail", () => {
  it("says the same in text and in HTML", () => {
    expect(toContent(draft(), "Ana", "Acme")).toEqual({
      subject: "A subject",
      text: [
        "Dear Ana,",
        "First",
        "- one\n- two",
        "https://concord.example/v1/x?a=1&b=2",
        "-- \nAcme",
      ].join("\n\n"),
      html: [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body>',
        "<p>Dear Ana,</p>",
        "<p>First</p>",
        "<ul><li>one</li><li>two</li></ul>",
        '<p><a href="https://concord.example/v1/x?a=1&amp;b=2">https://concord.example/v1/x?a=1&amp;b=2</a></p>',
        "<p>Acme</p>",
        "</body></html>",
      ].join("\n"),
    });
  });

  it("lets nobody write markup into it", () => {
    const evil = `<script>alert("x")</script>'&`;
    const { html } = toContent(
      draft({ paragraphs: [evil, [evil]], link: `https://x/"><img src=x>` }),
      evil,
      evil,
    );
    expect(html).not.toMatch(/<script|<img|"x"/);
    expect(
      html.match(/&lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt;&#39;&amp;/g),
    ).toHaveLength(4);
  });

  it("keeps subject and greeting on one line each, and the subject short", () => {
    const { subject, text } = toContent(
      draft({ subject: `One\r\nBcc: eve@example.com\u2028${"x".repeat(300)}` }),
      "Ana\r\nEve",
      "Acme",
    );
    expect(subject).toMatch(/^One Bcc: eve@example\.com x+…$/);
    expect(subject).toHaveLength(150);
    expect(text.split("\n")[0]).toBe("Dear Ana Eve,");
  });
});

describe("instants and money in words", () => {
  it.each([
    ["2027-01-08T12:00:00.000Z", "America/Chicago", "Friday 8 January 2027 at 06:00"],
    ["2027-07-02T11:00:00.000Z", "America/Chicago", "Friday 2 July 2027 at 06:00"],
    ["2027-01-01T00:30:00.000Z", "America/Chicago", "Thursday 31 December 2026 at 18:30"],
    ["2027-01-08T00:00:00.000Z", "UTC", "Friday 8 January 2027 at 00:00"],
  ])("%s in %s is %s", (instant, zone, words) => {
    expect(instantInWords(instant, zone)).toBe(`${words} (${zone})`);
  });

  it("shows an amount with its currency", () => {
    expect(moneyInWords({ amount: "1234567.50", currency: "EUR" })).toBe("1,234,567.50 EUR");
  });
});
