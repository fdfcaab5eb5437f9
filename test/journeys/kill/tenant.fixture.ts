import { join } from "node:path";
import type { Program } from "@concord/core/program";
import type { Source } from "@concord/core/source";
import { acceptInvitations } from "../../../packages/local/src/demo/accept-invitations.ts";
import { startRuntime } from "../../../packages/local/src/runtime/start-runtime.ts";
import { patientClient } from "./client.fixture.ts";
import { PRICES } from "./data.fixture.ts";

export const PASSWORD = "canary-password-of-a-test";

interface Person {
  readonly memberId: string;
  readonly email: string;
}

/** A vendor with people, a program from the first quarter on, and a source; no partner yet. */
export interface Tenant {
  readonly url: string;
  readonly port: number;
  /** Folder of the mails that were sent. */
  readonly outbox: string;
  readonly operations: Person;
  readonly manager: Person;
  readonly sponsor: Person;
  readonly sourceId: string;
}

/** Made in peace: what is killed later stands on it. */
export async function makeTenant(folder: string): Promise<Tenant> {
  const startAt = new Date("2026-12-20T12:00:00Z");
  const runtime = await startRuntime({ folder, startAt, background: false });
  try {
    const { url } = runtime;
    const ownerEmail = "owner@vendor.example";
    await runtime.createTenant({
      tenant: {
        name: "Vendor",
        timeZone: "America/Chicago",
        fiscalYearStartMonth: 1,
        currency: "USD",
      },
      owner: { displayName: "Owner", email: ownerEmail, initialPassword: PASSWORD },
    });
    const owner = patientClient(url, ownerEmail, PASSWORD);
    const invited = async (name: string, ...roles: string[]) => {
      const email = `${name}@vendor.example`;
      await owner.call("/v1/invitations", { body: { email, roles } });
      return { name, email };
    };
    const people = await acceptInvitations(
      runtime,
      [
        await invited("operations", "program-manager", "data-steward"),
        await invited("manager", "partner-manager"),
        await invited("sponsor", "executive-sponsor"),
      ],
      PASSWORD,
    );
    const [operations, manager, sponsor] = people.map(({ membershipId, email }) => ({
      memberId: membershipId,
      email,
    }));
    if (!operations || !manager || !sponsor) throw new Error("three people have joined");
    const api = patientClient(url, operations.email, PASSWORD);
    const draft = await api.call<Program>("/v1/programs", {
      body: { from: "reseller-template", name: "Reseller reviews" },
    });
    await api.call(`/v1/programs/${draft.body.programId}/publish`, {
      body: { effectiveFrom: "2026-Q4" },
      ifMatch: draft.etag,
    });
    const source = await api.call<Source>("/v1/sources", {
      body: { name: "CRM", currency: "USD", ownerId: operations.memberId },
    });
    const { sourceId } = source.body;
    await api.call(`/v1/sources/${sourceId}/price-list`, {
      method: "PUT",
      body: { prices: PRICES },
      ifMatch: source.etag,
    });
    const outbox = join(folder, "outbox");
    return { url, port: Number(new URL(url).port), outbox, operations, manager, sponsor, sourceId };
  } finally {
    await runtime.stop();
  }
}
