import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createTransport } from "nodemailer";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SmtpUrl, smtpTransport } from "./smtp-transport.ts";

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly message: string;
}

/** A real SMTP server on loopback. @param encrypts whether it offers STARTTLS */
async function startServer(encrypts: boolean) {
  const received: Received[] = [];
  const passwords: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    logger: false,
    disabledCommands: encrypts ? [] : ["STARTTLS"],
    onAuth: ({ username, password }, _session, done) => {
      passwords.push(password ?? "");
      done(undefined, { user: username ?? "" });
    },
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith("nobody@") ? new Error("no such mailbox") : undefined),
    onData: (stream, { envelope }, done) => {
      text(stream).then((message) => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : "";
        received.push({ from, to: envelope.rcptTo.map(({ address }) => address), message });
        done();
      }, done);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    received,
    passwords,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const options = {
  from: { name: "Concord", address: "no-reply@concord.example" },
  now: () => new Date("2027-01-04T09:00:00Z"),
};
const mail = {
  mailId: "review-opened-1",
  to: "ana@partner.example",
  subject: "Überprüfung",
  text: "Until Friday",
  html: "<p>Until Friday</p>",
};

describe("the transport through SMTP", () => {
  let plain: Awaited<ReturnType<typeof startServer>>;
  let encrypting: typeof plain;
  beforeAll(async () => {
    plain = await startServer(false);
    encrypting = await startServer(true);
  });
  afterAll(async () => {
    await plain.stop();
    await encrypting.stop();
  });
  beforeEach(() => {
    for (const { received, passwords } of [plain, encrypting]) {
      received.length = 0;
      passwords.length = 0;
    }
  });

  it("P-09 hands the composed message to the server, for the one person it is for", async () => {
    await smtpTransport(`smtp://${plain.host}`, options).send(mail);
    expect(plain.received).toHaveLength(1);
    const [{ from, to, message } = { from: "", to: [], message: "" }] = plain.received;
    expect([from, to]).toEqual(["no-reply@concord.example", ["ana@partner.example"]]);
    expect(message).toContain("Message-ID: <review-opened-1@concord.example>\r\n");
    expect(message).toContain("<p>Until Friday</p>");
  });

  it("fails where the server refuses the mailbox, so that the mail is tried again", async () => {
    const transport = smtpTransport(`smtp://${plain.host}`, options);
    await expect(transport.send({ ...mail, to: "nobody@partner.example" })).rejects.toThrow(
      "no such mailbox",
    );
    expect(plain.received).toEqual([]);
  });

  it("fails where nobody listens", async () => {
    const gone = await startServer(false);
    await gone.stop();
    await expect(smtpTransport(`smtp://${gone.host}`, options).send(mail)).rejects.toThrow(
      "ECONNREFUSED",
    );
  });

  it.each([
    ["to", "ana@partner.example\r\nRCPT TO:<eve@evil.example>"],
    ["to", "ana@partner.example, eve@evil.example"],
    ["subject", "Hello\r\nBcc: eve@evil.example"],
    ["mailId", "a\r\nBcc: eve@evil.example"],
  ])("sends nothing with the %s %j", async (field, value) => {
    const transport = smtpTransport(`smtp://${plain.host}`, options);
    await expect(transport.send({ ...mail, [field]: value })).rejects.toThrow();
    expect(plain.received).toEqual([]);
  });

  it("gives its password to no server that offers no encryption, or one that nobody vouches for", async () => {
    for (const { host, passwords, received } of [plain, encrypting]) {
      const transport = smtpTransport(`smtp://concord:hunter2@${host}`, options);
      await expect(transport.send(mail)).rejects.toThrow();
      expect([passwords, received]).toEqual([[], []]);
    }
  });

  it("and the servers would have noticed a password", async () => {
    const [host = "", port = ""] = plain.host.split(":");
    const careless = createTransport({
      ...{ host, port: Number(port) },
      auth: { user: "concord", pass: "hunter2" },
    });
    await careless.sendMail({ from: options.from.address, to: mail.to, text: "Hello" });
    expect(plain.passwords).toEqual(["hunter2"]);
  });

  it.each(["https://mail.example", "smtp://", "mail.example:25", ""])(
    "takes %j for no server",
    (url) => {
      expect(SmtpUrl.safeParse(url).success).toBe(false);
      expect(() => smtpTransport(url, options)).toThrow();
    },
  );
});
