import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { ACME, type TestApi, testApi, testTable } from "@concord/local/testing";
import { describe, expect, it } from "vitest";

/** Everything the table holds, as text. */
async function dumpOf(api: TestApi): Promise<string> {
  const { documentClient } = await testTable();
  const rows: unknown[] = [];
  let after: Record<string, unknown> | undefined;
  do {
    const page = await documentClient.send(
      new ScanCommand({ TableName: api.store.table.name, ExclusiveStartKey: after }),
    );
    rows.push(...(page.Items ?? []));
    after = page.LastEvaluatedKey;
  } while (after);
  return JSON.stringify(rows);
}

describe("what is shown once", () => {
  it("P-04 leaves a key's secret in no row and no log line, also under an Idempotency-Key", async () => {
    const api = await testApi();
    const { token } = await api.member(ACME, "admin");
    const response = await api.request("/v1/api-keys", {
      token,
      body: { name: "Nightly", scopes: ["partners:read"], lifetimeDays: 30 },
      headers: { "Idempotency-Key": "make-a-key" },
    });
    const { key = "", apiKeyId } = (await response.json()) as Record<string, string>;
    expect((await api.request("/v1/partners", { token: key })).status).toBe(200);
    const [dump, secret] = [await dumpOf(api), key.slice(-43)];
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    // The dump would show it: the name and the answer's id are there.
    for (const known of [apiKeyId, "Nightly", "RecordedAnswer"]) expect(dump).toContain(known);
    expect(dump).not.toContain(secret);
    expect(JSON.stringify(api.log)).not.toContain(secret);
  });
});
