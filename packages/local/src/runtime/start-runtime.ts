import { join } from "node:path";
import { headSigner } from "@concord/core/audit";
import {
  type Invoice,
  type IssueInvoice,
  issueInvoice,
  recordPayment,
} from "@concord/core/edition";
import type { InvoiceId, TenantId } from "@concord/core/id";
import type { AddMember, Member } from "@concord/core/member";
import { type CreateTenant, createTenant, type Tenant } from "@concord/core/tenant";
import { openVault } from "@concord/core/vault";
import { openPinnedStore, systemContexts } from "@concord/storage";
import { type BusinessClock, createClock } from "../clock/index.ts";
import { openDataFolder } from "../data-folder/index.ts";
import { type Gateway, startGateway } from "../gateway/index.ts";
import { downloads, openObjectFolder, uploads } from "../object-folder/index.ts";
import { type Outbox, openOutbox } from "../outbox/index.ts";
import { connectStreams, createStreamPoller } from "../stream/index.ts";
import { approvals } from "./approvals.ts";
import { closing } from "./closing.ts";
import { devClockRoute } from "./dev-clock-route.ts";
import { httpFunctions } from "./http-functions.ts";
import { mint } from "./mint.ts";
import { repeat } from "./repeat.ts";
import { runtimeSecrets } from "./runtime-secrets.ts";
import { openStorageEngine, PRODUCT_TABLE } from "./storage-engine.ts";
import { IMPORTS, work } from "./work.ts";

export interface RuntimeOptions {
  readonly folder: string;
  /** A free one without it. */
  readonly port?: number | undefined;
  /** An engine that runs already, or AWS; the value of DYNAMODB_ENDPOINT. */
  readonly endpoint?: string | undefined;
  /** Where the business clock starts in a folder that has none; elsewhere it is moved on to it. */
  readonly startAt?: Date | undefined;
  /** Whether work is done as it falls due; otherwise only `settle` does any. */
  readonly background: boolean;
  readonly log?: (line: Readonly<Record<string, unknown>>) => void;
  /** The engine's process is gone: nothing works any more, and a new start finds everything acknowledged. */
  readonly onEngineLost?: () => void;
}

/** Concord in one process: the deployed handlers on the embedded table. */
export interface LocalRuntime {
  /** Origin of the gateway, such as `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly clock: BusinessClock;
  readonly outbox: Outbox;
  /**
   * Resolves when everything that is due at the business clock has happened, and what it set off. Beside background
   * work it may return while that still has something in hand; ask for the outcome there.
   */
  settle(): Promise<void>;
  createTenant(input: {
    readonly tenantId?: TenantId;
    readonly tenant: CreateTenant;
    readonly owner: Omit<AddMember, "roles">;
  }): Promise<{ tenant: Tenant; owner: Member }>;
  /** What a person of the operator does by hand: invoices, and what comes in on them. */
  readonly billing: {
    issueInvoice(tenantId: TenantId, input: IssueInvoice): Promise<Invoice>;
    recordPayment(tenantId: TenantId, invoiceId: InvoiceId): Promise<Invoice>;
  };
  /** Ends what is under way, or gives it up after some seconds, and lets the data folder go. */
  stop(): Promise<void>;
}

const TICK_MILLISECONDS = 1_000;
const RECONCILE_MILLISECONDS = 24 * 3_600_000;
const UPLOAD_SECONDS = 900;
const MAX_UPLOAD_BYTES = 1_000_000_000;

/** @throws Error that says what to do: port in use, no engine, data folder in use or damaged */
export async function startRuntime(options: RuntimeOptions): Promise<LocalRuntime> {
  const { log = () => undefined } = options;
  const folder = openDataFolder(options.folder);
  const { add, close: stop } = closing();
  add(() => folder.close());
  try {
    const clock = createClock({ startAt: options.startAt, database: folder.database });
    const secrets = await runtimeSecrets(folder.database);
    const engine = await openStorageEngine(folder, options.endpoint);
    add(engine.stop);
    const { table, localTable, connection, streamState } = engine;

    const objects = await openObjectFolder(join(folder.path, "uploads"));
    const outbox = await openOutbox({
      folder: join(folder.path, "outbox"),
      from: { name: "Concord", address: "no-reply@concord.invalid" },
      now: clock.now,
    });
    let gateway: Gateway | undefined;
    const url = () => gateway?.url ?? "";

    const { machines, conductApproval, reconcile } = approvals({
      ...{ table, localTable, log },
      vault: openVault(Buffer.from(secrets.tokenVaultKey, "base64url")),
      now: clock.now,
    });
    const { jobs, handOn, tick } = work({
      ...{ table, localTable, objects, log },
      transport: outbox,
      tokenSecret: Buffer.from(secrets.tokenSecret, "base64url"),
      baseUrl: url,
      now: clock.now,
      sign: headSigner(secrets.auditKey),
      conductApproval,
    });
    const report = (error: unknown) => {
      log({ level: "error", message: "runtime", error: String(error) });
      if (engine.hasEnded()) options.onEngineLost?.();
    };
    const poller = await createStreamPoller({
      client: connection.client,
      streams: connectStreams(engine.endpoint),
      tableName: PRODUCT_TABLE,
      consumers: [handOn],
      state: streamState,
      onError: report,
    });

    /** One round after another until a whole round finds nothing to do. */
    const settle = async (): Promise<void> => {
      for (let isBusy = true; isBusy; ) {
        const { fired } = await tick();
        const queued = await jobs.drain();
        const delivered = await poller.drain();
        const advanced = await machines.drain();
        isBusy = fired + queued + delivered + advanced > 0;
      }
    };

    const source = downloads({
      folder: objects,
      origin: url,
      secret: secrets.uploadSecret,
      now: () => new Date(),
    });
    const target = uploads({
      folder: objects,
      bucketName: "uploads",
      origin: url,
      secret: secrets.uploadSecret,
      now: () => new Date(),
      onObjectCreated: async (event) => {
        await jobs.send(IMPORTS, event);
      },
    });
    const moveClock = devClockRoute(clock, options.background ? async () => undefined : settle);
    gateway = await startGateway({
      port: options.port,
      onError: report,
      extra: async (request, response) =>
        (await target.handleUpload(request, response)) ||
        (await source.handleDownload(request, response)) ||
        (await moveClock(request, response)),
      handler: httpFunctions({
        ...{ table, secrets, log },
        now: clock.now,
        publicUrl: url,
        downloads: {
          urlOf: async (key) => source.urlOf(key, new Date(Date.now() + UPLOAD_SECONDS * 1000)),
        },
        uploads: {
          async targetOf({ key, sizeBytes, sha256 }) {
            const expiresAt = new Date(Date.now() + UPLOAD_SECONDS * 1000);
            const maxBytes = sizeBytes ?? MAX_UPLOAD_BYTES;
            return {
              method: "PUT",
              url: target.uploadUrl(key, { expiresAt, maxBytes, sha256 }),
              headers: { "content-type": "text/csv" },
              expiresAt: expiresAt.toISOString(),
            };
          },
        },
      }),
    });
    add(gateway.close);

    if (options.background) {
      const ending = new AbortController();
      const { signal } = ending;
      const fireTimers = async () => (await tick()).failed === 0;
      const restartApprovals = async () => (await reconcile()).failed === 0;
      const running = Promise.all([
        repeat(fireTimers, TICK_MILLISECONDS, { signal, report }),
        repeat(restartApprovals, RECONCILE_MILLISECONDS, { signal, report }),
        jobs.run(signal),
        poller.run(signal),
        machines.run(signal, report),
      ]);
      add(async () => {
        ending.abort();
        await running;
      });
    }

    const operator = systemContexts({ table, now: clock.now, mint })("bootstrap");
    return {
      url: gateway.url,
      clock,
      outbox,
      settle,
      createTenant: (input) =>
        createTenant(
          {
            actor: { kind: "system", name: "bootstrap" },
            now: clock.now(),
            mint,
            openTenant: (tenantId) => openPinnedStore(table, tenantId),
          },
          input,
        ),
      billing: {
        issueInvoice: (tenantId, input) => issueInvoice(operator(tenantId), input),
        recordPayment: (tenantId, invoiceId) => recordPayment(operator(tenantId), invoiceId),
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
