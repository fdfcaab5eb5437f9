import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { sesTransport } from "./ses-transport.ts";

describe("the transport through SES", () => {
  it("sends the composed message to the one person it is for", async () => {
    const ses = mockClient(SESv2Client);
    ses.on(SendEmailCommand).resolves({});
    const transport = sesTransport(new SESv2Client({ region: "eu-central-1" }), {
      from: { name: "Concord", address: "no-reply@concord.example" },
      now: () => new Date("2027-01-04T09:00:00Z"),
    });
    await transport.send({
      mailId: "review-opened-1",
      to: "ana@partner.example",
      subject: "Your review opens",
      text: "Until Friday",
    });
    const input = ses.commandCalls(SendEmailCommand)[0]?.args[0].input;
    expect(input).toMatchObject({
      FromEmailAddress: "no-reply@concord.example",
      Destination: { ToAddresses: ["ana@partner.example"] },
    });
    const raw = Buffer.from(input?.Content?.Raw?.Data ?? []).toString();
    expect(raw).toContain("Subject: Your review opens\r\n");
    expect(raw).toContain("Message-ID: <review-opened-1@concord.example>\r\n");
  });
});
