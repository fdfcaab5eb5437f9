import { describe, expect, it } from "vitest";
import { composeMail, type Mail } from "./compose-mail.ts";

const from = { name: "Concord", address: "no-reply@concord.example" };
const sentAt = new Date("2027-01-04T09:00:00.000Z");
const mail = (more: Partial<Mail> = {}): Mail => ({
  mailId: "cycle-opened-1",
  to: "ana@partner.example",
  subject: "Your review opens",
  text: "What is measured, until when, where.",
  ...more,
});
const composed = async (more?: Partial<Mail>) =>
  (await composeMail(mail(more), from, sentAt)).toString();

/** Header lines with their folding undone. */
const headersOf = (message: string) =>
  message
    .slice(0, message.indexOf("\r\n\r\n"))
    .replaceAll(/\r\n[ \t]+/g, " ")
    .split("\r\n");

describe("composeMail", () => {
  it("writes sender, recipient, subject, date and an id that the mail id decides", async () => {
    expect(headersOf(await composed())).toEqual(
      expect.arrayContaining([
        "From: Concord <no-reply@concord.example>",
        "To: ana@partner.example",
        "Subject: Your review opens",
        "Date: Mon, 04 Jan 2027 09:00:00 +0000",
        "Message-ID: <cycle-opened-1@concord.example>",
        "MIME-Version: 1.0",
      ]),
    );
  });

  it("ends every line with CRLF and keeps to ASCII", async () => {
    const message = await composed({ subject: "Überprüfung", text: "Zeile eins\nGrüße" });
    expect(message.replaceAll("\r\n", "")).toMatch(/^[\x20-\x7e]*$/);
  });

  it("encodes a subject that is not ASCII (RFC 2047)", async () => {
    const subject = headersOf(await composed({ subject: "März" })).find((line) =>
      line.startsWith("Subject: "),
    );
    expect(subject).toBe("Subject: =?UTF-8?Q?M=C3=A4rz?=");
  });

  it("carries text and HTML as alternatives", async () => {
    const message = await composed({ html: "<p>What is measured</p>" });
    expect(headersOf(message).join("\n")).toContain("Content-Type: multipart/alternative");
    expect(message).toContain("Content-Type: text/plain");
    expect(message).toContain("<p>What is measured</p>");
  });

  it.each([
    ["subject", "Hello\r\nBcc: eve@evil.example"],
    ["subject", "Hello\nBcc: eve@evil.example"],
    ["subject", "Hello\u2028Bcc: eve@evil.example"],
    ["subject", "Hello\0"],
    ["subject", ""],
    ["to", "ana@partner.example\r\nBcc: eve@evil.example"],
    ["to", "ana@partner.example, eve@evil.example"],
    ["to", "ana"],
    ["mailId", "a\r\nBcc: eve@evil.example"],
    ["mailId", "../../etc/passwd"],
    ["mailId", ""],
  ])("refuses the %s %j", async (field, value) => {
    await expect(composed({ [field]: value })).rejects.toThrow();
  });

  it("refuses a sender with a line break", async () => {
    const sender = { ...from, name: "Concord\r\nBcc: eve@evil.example" };
    await expect(composeMail(mail(), sender, sentAt)).rejects.toThrow();
  });
});
