import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { AuditHead, AuditPublicKey, headVerifier, verifyTrail } from "@concord/core/audit";
import { everyItem } from "@concord/core/context";
import { TenantId } from "@concord/core/id";
import { openSystemStore, systemContexts } from "@concord/storage";
import { z } from "zod";
import { createClock } from "../clock/index.ts";
import { openDataFolder } from "../data-folder/index.ts";
import { mint } from "../runtime/mint.ts";
import { runtimeSecrets } from "../runtime/runtime-secrets.ts";
import { openStorageEngine } from "../runtime/storage-engine.ts";

const usage = `pnpm audit:verify [--data <folder>] [--heads <file>]

Recomputes the audit trail of every tenant: chain, signed heads, entries, events, and the count of
events against versions. --heads takes a log in which the lines "audit head" are, one JSON a line.
DYNAMODB_ENDPOINT names another table than the one of the data folder, and AUDIT_PUBLIC_KEYS the
public keys of its stage, as a JSON array.
`;

const KnownHead = AuditHead.extend({ message: z.literal("audit head"), tenantId: TenantId });

function knownHeads(file: string | undefined): z.infer<typeof KnownHead>[] {
  if (file === undefined) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.includes('"audit head"'))
    .map((line) => KnownHead.parse(JSON.parse(line)));
}

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    heads: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const say = (text: string) => process.stdout.write(text);

if (values.help) {
  say(usage);
} else {
  const folder = openDataFolder(values.data);
  const engine = await openStorageEngine(folder, process.env["DYNAMODB_ENDPOINT"]);
  try {
    const { auditKey } = await runtimeSecrets(folder.database);
    const given = process.env["AUDIT_PUBLIC_KEYS"];
    const keys = z
      .array(AuditPublicKey)
      .parse(given === undefined ? [auditKey] : JSON.parse(given));
    const heads = knownHeads(values.heads);
    const contextOf = systemContexts({
      table: engine.table,
      now: createClock({ startAt: undefined, database: folder.database }).now,
      mint,
    })("bootstrap");
    const { tenants } = openSystemStore(engine.table);
    let broken = 0;
    for await (const { tenantId, name } of everyItem((page) => tenants.list(page))) {
      const found = await verifyTrail(contextOf(tenantId), {
        tenantId,
        verifyHead: headVerifier(keys),
        knownHeads: heads
          .filter((head) => head.tenantId === tenantId)
          .map((head) => AuditHead.parse(head)),
      });
      const { outcome, links, entries, objects, events, waiting, findingCount } = found;
      say(`${outcome}  ${tenantId}  ${name}\n`);
      say(`  ${links} links, ${entries} entries, ${events} events of ${objects} objects`);
      say(`, ${waiting} not linked yet\n`);
      for (const { kind, place, detail } of found.findings) say(`  ${kind}: ${place}: ${detail}\n`);
      if (findingCount > found.findings.length)
        say(`  and ${findingCount - found.findings.length} more\n`);
      if (outcome !== "intact") broken += 1;
    }
    if (broken > 0) process.exitCode = 1;
  } finally {
    await engine.stop();
    folder.close();
  }
}
