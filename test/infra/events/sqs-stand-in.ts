import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";

type Call = {
  QueueUrl?: string;
  MessageBody?: string;
  Entries?: { Id: string; MessageBody: string }[];
};

const receipt = (body: string) => ({
  MessageId: "5fea7756-0ea4-451a-a703-a558b933e274",
  MD5OfMessageBody: createHash("md5").update(body).digest("hex"),
});

/** Takes messages as SQS does, and keeps their bodies by queue; mails it takes for messages of no queue. */
export async function startSqs() {
  const sent: { queueUrl: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const { QueueUrl, MessageBody = "", Entries } = (await json(request)) as Call;
    const entries = Entries ?? [{ Id: "0", MessageBody }];
    if (QueueUrl)
      sent.push(...entries.map((entry) => ({ queueUrl: QueueUrl, body: entry.MessageBody })));
    response.setHeader("content-type", "application/x-amz-json-1.0");
    const answer = Entries
      ? { Successful: entries.map((one) => ({ Id: one.Id, ...receipt(one.MessageBody) })) }
      : receipt(MessageBody);
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { sent, url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}
