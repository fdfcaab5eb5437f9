import { composeMail } from "@concord/workers";
import { describe, expect, it } from "vitest";
import { readMail } from "./read-mail.ts";

const sender = { name: "Säntis Reviews", address: "no-reply@concord.invalid" };
const sentAt = new Date("2017-01-01T12:00:00Z");
const text = `Dear Séverin,

${"a line that is longer than a mail may have and therefore is wrapped by whoever composes it ".repeat(2)}

100 % = all of it`;

describe("a message of the outbox", () => {
  it.each([
    ["as text alone", {}],
    ["as text and HTML", { html: "<p>Dear <b>Séverin</b></p>" }],
  ])("composed %s is read as it was written", async (_, more) => {
    const mail = { mailId: "m1", to: "s@partner.example", subject: "Überblick: 2017-Q1", text };
    const message = await composeMail({ ...mail, ...more }, sender, sentAt);
    expect(readMail(message.toString("utf8"))).toEqual({
      from: "Säntis Reviews <no-reply@concord.invalid>",
      to: "s@partner.example",
      subject: "Überblick: 2017-Q1",
      text: text.trim(),
    });
  });
});
