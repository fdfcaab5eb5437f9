import type { MemberRole } from "@concord/core/actor";
import type { Quarter } from "@concord/core/calendar";
import { MemberId, PartnerUserId } from "@concord/core/id";
import type { TeamListResult } from "@concord/core/import";
import type { Partner } from "@concord/core/partner";
import type { Program } from "@concord/core/program";
import type { Source } from "@concord/core/source";
import { stringify } from "csv-stringify/sync";
import type { LocalRuntime } from "../runtime/start-runtime.ts";
import { acceptInvitations, type Invitee } from "./accept-invitations.ts";
import { type ApiClient, loggedIn } from "./api-client.ts";
import type { CrmExport } from "./crm-export.ts";
import { TIME_ZONE } from "./local-time.ts";
import { executiveAt, PASSWORD, slugOf, vendorPeople } from "./people.ts";

/** A member of the vendor, logged in. */
export interface VendorPerson {
  readonly memberId: MemberId;
  readonly name: string;
  readonly email: string;
  readonly api: ApiClient;
}

/** A partner with its executive, logged in, and the members answerable for it. */
export interface DemoPartner {
  readonly partner: Partner;
  readonly executive: {
    readonly partnerUserId: PartnerUserId;
    readonly name: string;
    readonly email: string;
    readonly api: ApiClient;
  };
  readonly manager: VendorPerson;
}

export interface Vendor {
  readonly name: string;
  readonly owner: ApiClient;
  readonly ownerEmail: string;
  readonly programManager: VendorPerson;
  readonly executiveSponsor: VendorPerson;
  readonly dataSteward: VendorPerson;
  readonly managers: readonly VendorPerson[];
  /** In the order of the team list. */
  readonly partners: readonly DemoPartner[];
  readonly program: Program;
  readonly source: Source;
}

/** Another vendor on the same system, which must see nothing of the first. */
export interface OtherVendor {
  readonly name: string;
  readonly owner: ApiClient;
  readonly partner: Partner;
}

/** ETag of what has just been created. */
const FIRST_VERSION = '"1"';
const VENDOR_NAME = "Tern & Wren Hardware";
const OTHER_VENDOR_NAME = "Oxbow Instruments";
const vendorAddress = (name: string) => `${slugOf(name)}@ternwren.example`;

/** A tenant is made before anybody can log in to it; everything else goes through the API. */
export async function setUpVendor(
  runtime: LocalRuntime,
  data: CrmExport,
  effectiveFrom: Quarter = "2017-Q1",
): Promise<Vendor> {
  const email = vendorAddress(vendorPeople.owner);
  await runtime.createTenant({
    tenant: {
      name: VENDOR_NAME,
      timeZone: TIME_ZONE,
      fiscalYearStartMonth: 1,
      currency: "USD",
    },
    owner: { displayName: vendorPeople.owner, email, initialPassword: PASSWORD },
  });
  const owner = loggedIn(runtime.url, email, PASSWORD);
  const [programManager, executiveSponsor, dataSteward, ...managers] = await inviteVendorPeople(
    runtime,
    owner,
    [...new Set(data.teams.map(({ manager }) => manager))],
  );

  const people = { programManager, executiveSponsor, dataSteward, managers };
  const { body: list } = await programManager.api.call<TeamListResult>("/v1/partners/team-list", {
    method: "PUT",
    body: { csv: stringify([...data.teams], { header: true }) },
  });
  const invited: (Omit<DemoPartner, "executive"> & Invitee)[] = [];
  for (const [position, { partnerId, partner: name }] of list.rows.entries()) {
    const team = data.teams.find(({ sales_agent }) => sales_agent === name);
    const manager = managers.find((one) => one.name === team?.manager) ?? programManager;
    const { body: partner } = await programManager.api.call<Partner>(`/v1/partners/${partnerId}`, {
      method: "PATCH",
      body: {
        executiveSponsorId: executiveSponsor.memberId,
        dataStewardId: dataSteward.memberId,
      },
      ifMatch: FIRST_VERSION,
    });
    invited.push({ partner, manager, ...(await inviteExecutive(manager, partner, position)) });
  }
  const joined = await acceptInvitations(runtime, invited, PASSWORD);
  const partners = joined.map(({ partner, manager, membershipId, name, email, api }) => {
    const partnerUserId = PartnerUserId.parse(membershipId);
    return { partner, manager, executive: { partnerUserId, name, email, api } };
  });
  const program = await publishProgram(programManager, effectiveFrom);
  const source = await registerSource(dataSteward, data);
  return { name: VENDOR_NAME, owner, ownerEmail: email, ...people, partners, program, source };
}

type VendorPeople = [VendorPerson, VendorPerson, VendorPerson, ...VendorPerson[]];

/** The owner invites, and everybody accepts by mail. */
async function inviteVendorPeople(
  runtime: LocalRuntime,
  owner: ApiClient,
  managers: readonly string[],
): Promise<VendorPeople> {
  const people: (Invitee & { readonly role: MemberRole })[] = [];
  const invite = async (name: string, role: MemberRole) => {
    const email = vendorAddress(name);
    await owner.call("/v1/invitations", { body: { email, roles: [role] } });
    people.push({ name, email, role });
  };
  await invite(vendorPeople.programManager, "program-manager");
  await invite(vendorPeople.executiveSponsor, "executive-sponsor");
  await invite(vendorPeople.dataSteward, "data-steward");
  for (const name of managers) await invite(name, "partner-manager");
  const joined = await acceptInvitations(runtime, people, PASSWORD);
  return joined.map(({ membershipId, name, email, api }) => {
    const memberId = MemberId.parse(membershipId);
    return { memberId, name, email, api };
  }) as VendorPeople;
}

/** The partner's manager invites its executive. */
async function inviteExecutive(
  { api }: VendorPerson,
  { partnerId, name: partnerName }: Partner,
  position: number,
): Promise<Invitee> {
  const name = executiveAt(position);
  const host = slugOf(partnerName) || `partner-${position + 1}`;
  const email = `${slugOf(name)}@${host}.example`;
  const body = { email, roles: ["partner-exec"] };
  await api.call(`/v1/partners/${partnerId}/invitations`, { body });
  return { name, email };
}

/** From the template for resellers. */
async function publishProgram({ api }: VendorPerson, effectiveFrom: Quarter): Promise<Program> {
  const draft = await api.call<Program>("/v1/programs", {
    body: { from: "reseller-template", name: "Reseller reviews" },
  });
  const { body } = await api.call<Program>(`/v1/programs/${draft.body.programId}/publish`, {
    body: { effectiveFrom },
    ifMatch: draft.etag,
  });
  return body;
}

async function registerSource({ api, memberId }: VendorPerson, data: CrmExport): Promise<Source> {
  const source = await api.call<Source>("/v1/sources", {
    body: { name: "CRM of the vendor", currency: "USD", ownerId: memberId },
  });
  const prices = data.products.map(({ product, sales_price }) => ({
    product,
    listPrice: sales_price,
  }));
  const { body } = await api.call<Source>(`/v1/sources/${source.body.sourceId}/price-list`, {
    method: "PUT",
    body: { prices },
    ifMatch: source.etag,
  });
  return body;
}

export async function setUpOtherVendor(runtime: LocalRuntime): Promise<OtherVendor> {
  const email = "owner@oxbow-instruments.example";
  await runtime.createTenant({
    tenant: {
      name: OTHER_VENDOR_NAME,
      timeZone: "Europe/Lisbon",
      fiscalYearStartMonth: 4,
      currency: "EUR",
    },
    owner: { displayName: "Odalys Ferrant", email, initialPassword: PASSWORD },
  });
  const owner = loggedIn(runtime.url, email, PASSWORD);
  const { body: partner } = await owner.call<Partner>("/v1/partners", {
    body: { name: "Lanternfield Reselling", region: "West" },
  });
  return { name: OTHER_VENDOR_NAME, owner, partner };
}
