import type { MemberRole } from "@concord/core/actor";
import type { Quarter } from "@concord/core/calendar";
import type { MemberId, PartnerUserId } from "@concord/core/id";
import type { TeamListResult } from "@concord/core/import";
import type { Member, PartnerUser } from "@concord/core/member";
import type { Partner } from "@concord/core/partner";
import type { Program } from "@concord/core/program";
import type { Source } from "@concord/core/source";
import { stringify } from "csv-stringify/sync";
import type { LocalRuntime } from "../runtime/start-runtime.ts";
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
  const add = (name: string, role: MemberRole) => addVendorPerson(runtime.url, owner, name, role);
  const programManager = await add(vendorPeople.programManager, "program-manager");
  const executiveSponsor = await add(vendorPeople.executiveSponsor, "executive-sponsor");
  const dataSteward = await add(vendorPeople.dataSteward, "data-steward");
  const managers: VendorPerson[] = [];
  for (const name of new Set(data.teams.map(({ manager }) => manager))) {
    managers.push(await add(name, "partner-manager"));
  }

  const people = { programManager, executiveSponsor, dataSteward, managers };
  const { body: list } = await programManager.api.call<TeamListResult>("/v1/partners/team-list", {
    method: "PUT",
    body: { csv: stringify([...data.teams], { header: true }) },
  });
  const partners: DemoPartner[] = [];
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
    const executive = await addExecutive(runtime.url, manager, partner, position);
    partners.push({ partner, manager, executive });
  }
  const program = await publishProgram(programManager, effectiveFrom);
  const source = await registerSource(dataSteward, data);
  return { name: VENDOR_NAME, owner, ownerEmail: email, ...people, partners, program, source };
}

async function addVendorPerson(
  url: string,
  owner: ApiClient,
  name: string,
  role: MemberRole,
): Promise<VendorPerson> {
  const email = vendorAddress(name);
  const { body } = await owner.call<Member>("/v1/members", {
    body: { displayName: name, email, roles: [role], initialPassword: PASSWORD },
  });
  return { memberId: body.memberId, name, email, api: loggedIn(url, email, PASSWORD) };
}

async function addExecutive(
  url: string,
  { api }: VendorPerson,
  partner: Partner,
  position: number,
): Promise<DemoPartner["executive"]> {
  const name = executiveAt(position);
  const host = slugOf(partner.name) || `partner-${position + 1}`;
  const email = `${slugOf(name)}@${host}.example`;
  const { body } = await api.call<PartnerUser>(`/v1/partners/${partner.partnerId}/users`, {
    body: { displayName: name, email, roles: ["partner-exec"], initialPassword: PASSWORD },
  });
  return { partnerUserId: body.partnerUserId, name, email, api: loggedIn(url, email, PASSWORD) };
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
