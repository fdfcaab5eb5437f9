import type { Import } from "@concord/core/import";
import type { Partner } from "@concord/core/partner";
import { cycleOf, type DemoRun } from "./demo-run.ts";
import { QUARTERS } from "./local-time.ts";

/** Who sees what: a partner nothing of another one, a tenant nothing of another one. */
export async function checkBoundaries(run: DemoRun): Promise<void> {
  await checkPartnerBoundary(run);
  await checkTenantBoundary(run);
}

async function checkPartnerBoundary(run: DemoRun): Promise<void> {
  const { say, checks, reviewed, vendor } = run;
  const [own] = reviewed;
  const other = vendor.partners.find(({ partner }) => partner.partnerId !== own?.partner.partnerId);
  if (!own || !other) throw new Error("there are not two partners to compare");
  const { cycleId } = cycleOf(run, "2017-Q4");
  const card = (partner: Partner) => `/v1/review-cycles/${cycleId}/scorecards/${partner.partnerId}`;
  const { api, name } = own.executive;
  const ownCard = await api.send(card(own.partner));
  const foreign = await api.send(card(other.partner));
  say.step(
    `${name} of ${own.partner.name} logs in: own card ${ownCard.status}, the card of ${other.partner.name} ${foreign.status}`,
  );
  checks.expect("a partner reads its own card", ownCard.status === 200, ownCard.status);
  checks.expect("a partner is refused another partner's card", foreign.status === 404, foreign);
  const missing = await api.send(card({ ...other.partner, partnerId: UNUSED_PARTNER }));
  checks.expect(
    "a foreign card answers like one that does not exist",
    withoutRequestId(foreign.body, other.partner.partnerId) ===
      withoutRequestId(missing.body, UNUSED_PARTNER),
    [foreign.body, missing.body],
  );
  const names = (await api.list<Partner>("/v1/partners")).map((one) => one.name);
  checks.expect("a partner lists itself alone", names.join() === own.partner.name, names);
}

const UNUSED_PARTNER = "ptr_00000000000000000000000000" as Partner["partnerId"];

const withoutRequestId = (body: unknown, partnerId: string): string => {
  const { requestId, ...rest } = body as { requestId: string };
  return JSON.stringify(rest).replaceAll(requestId, "").replaceAll(partnerId, "");
};

async function checkTenantBoundary(run: DemoRun): Promise<void> {
  const { say, checks, otherVendor, vendor, findings, reviewed } = run;
  const { owner, name, partner } = otherVendor;
  const names = (await owner.list<Partner>("/v1/partners")).map((one) => one.name);
  checks.expect(`${name} lists its own partner alone`, names.join() === partner.name, names);
  const lists = [
    "/v1/programs",
    "/v1/sources",
    "/v1/imports",
    "/v1/review-cycles",
    "/v1/data-quality-flags?status=open",
    ...QUARTERS.map((quarter) => `/v1/rankings/${quarter}`),
  ];
  let seen = 0;
  for (const path of lists) seen += (await owner.list(path)).length;
  checks.expect(`${name} finds every list empty`, seen === 0, seen);

  const { cycleId } = cycleOf(run, "2017-Q4");
  const [imported] = (await vendor.owner.call<{ items: Import[] }>("/v1/imports?limit=1")).body
    .items;
  const partnerId = reviewed[0]?.partner.partnerId;
  const objects = [
    `/v1/partners/${partnerId}`,
    `/v1/partners/${partnerId}/scorecards/2017-Q4`,
    `/v1/partners/${partnerId}/opportunities`,
    `/v1/programs/${vendor.program.programId}`,
    `/v1/sources/${vendor.source.sourceId}`,
    `/v1/imports/${imported?.importId}`,
    `/v1/review-cycles/${cycleId}`,
    `/v1/review-cycles/${cycleId}/reviews/${partnerId}`,
    `/v1/review-cycles/${cycleId}/scorecards/${partnerId}`,
    `/v1/development-plans/${findings.planId}`,
  ];
  for (const path of objects) {
    const theirs = await owner.send(path);
    const ours = await vendor.owner.send(path);
    checks.expect(`${name} gets 404 for ${path}`, theirs.status === 404, theirs.status);
    checks.expect(`${vendor.name} gets 200 for ${path}`, ours.status === 200, ours.status);
  }
  say.step(
    `${name}, a second tenant, sees nothing of it: ${lists.length} lists empty, ${objects.length} ids answered 404`,
  );
}
