import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openOutbox } from "./index.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const mail = {
  mailId: "cycle-opened-1",
  to: "ana@partner.example",
  subject: "Your review opens",
  text: "Until 2027-01-15",
};

async function testOutbox() {
  const folder = await mkdtemp(join(tmpdir(), "concord-outbox-"));
  folders.push(folder);
  const open = () =>
    openOutbox({
      folder,
      from: { name: "Concord", address: "no-reply@concord.example" },
      now: () => new Date("2027-01-04T09:00:00.000Z"),
    });
  return { folder, open, outbox: await open() };
}

describe("the outbox", () => {
  it("writes a message as one file that a mail program reads", async () => {
    const { folder, outbox } = await testOutbox();
    await outbox.send(mail);
    expect(await readdir(folder)).toEqual(["cycle-opened-1.eml"]);
    const message = await outbox.read("cycle-opened-1");
    expect(message).toContain("To: ana@partner.example\r\n");
    expect(message).toContain("\r\n\r\nUntil 2027-01-15");
  });

  it("writes the same id once, whatever else has changed", async () => {
    const { folder, open, outbox } = await testOutbox();
    await outbox.send(mail);
    const written = await outbox.read(mail.mailId);
    await (await open()).send({ ...mail, subject: "Changed" });
    expect(await outbox.read(mail.mailId)).toBe(written);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it("writes one message when the same id is sent at once several times", async () => {
    const { folder, open } = await testOutbox();
    const outboxes = await Promise.all([open(), open()]);
    await Promise.all([...outboxes, ...outboxes].map(({ send }) => send(mail)));
    expect(await readdir(folder)).toEqual(["cycle-opened-1.eml"]);
  });

  it("lists what it has and nothing half written", async () => {
    const { folder, open, outbox } = await testOutbox();
    await outbox.send({ ...mail, mailId: "a" });
    await outbox.send({ ...mail, mailId: "b" });
    await writeFile(join(folder, "c.1.part"), "From: Con");
    expect((await outbox.list()).map(({ mailId }) => mailId).toSorted()).toEqual(["a", "b"]);
    await open();
    expect((await readdir(folder)).toSorted()).toEqual(["a.eml", "b.eml"]);
  });

  it.each(["../a", "a/b", "", ".", "a\n"])("takes no message with the id %j", async (mailId) => {
    const { folder, outbox } = await testOutbox();
    await expect(outbox.send({ ...mail, mailId })).rejects.toThrow();
    expect(await outbox.read(mailId)).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  it("writes nothing for a message that cannot be composed", async () => {
    const { folder, outbox } = await testOutbox();
    await expect(outbox.send({ ...mail, subject: "a\r\nBcc: b" })).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });
});
