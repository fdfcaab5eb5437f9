import {
  type PartnerConfidentiality,
  type ReadToRecord,
  usualRules,
} from "@concord/core/confidentiality";
import { MemberId, OpportunityId, PartnerId } from "@concord/core/id";
import {
  AT,
  type Exercise,
  event,
  exercise,
  FIRST_PAGE,
  idOf,
  LATER,
  NOW,
  type Stores,
} from "./access-patterns.ts";

const DAY = "2027-01-15";
const days = { from: DAY, to: DAY };
const partnerId = idOf(PartnerId);
const memberId = idOf(MemberId);
const rules = { ...usualRules, version: 1, updatedAt: AT };
const ofPartner: PartnerConfidentiality = {
  partnerId,
  tightened: { "opportunity.amount": "confidential" },
  agreement: null,
  version: 1,
  updatedAt: AT,
};
const read: ReadToRecord = {
  ...{ at: AT, day: DAY, by: { kind: "member", memberId }, partnerId },
  ...{ record: "opportunity", fields: ["amount"], classification: "confidential" },
  ...{ objectIds: [idOf(OpportunityId)], operationId: "getOpportunity", expiresAt: LATER },
};

const nothing = async () => undefined;
const save = ({ tenant: { confidentiality } }: Stores) =>
  confidentiality.save(rules, event("confidentiality.rules-set"));
const savePartner = ({ tenant: { confidentiality } }: Stores) =>
  confidentiality.savePartner(ofPartner, event("partner-confidentiality.tightened"));
const record = ({ tenant: { confidentialReads } }: Stores) => confidentialReads.record(read);

export const confidentialityExercises: readonly Exercise[] = [
  exercise("AP-380", save, ({ tenant: { confidentiality } }) => confidentiality.get()),
  exercise("AP-381", nothing, save),
  exercise("AP-382", savePartner, ({ tenant: { confidentiality } }) =>
    confidentiality.getPartner(partnerId),
  ),
  exercise("AP-383", nothing, savePartner),
  exercise(
    "AP-384",
    async (stores) => {
      await savePartner(stores);
      // What every request asks already.
      await stores.tenant.subscriptions.state(NOW);
    },
    ({ tenant: { confidentiality } }) => confidentiality.inForce(NOW),
  ),
  exercise("AP-385", nothing, record),
  exercise("AP-386", record, ({ tenant: { confidentialReads } }) =>
    confidentialReads.listDay(DAY, FIRST_PAGE),
  ),
  exercise("AP-387", record, ({ tenant: { confidentialReads } }) =>
    confidentialReads.listOfPartner(partnerId, days, FIRST_PAGE),
  ),
  exercise("AP-388", record, ({ tenant: { confidentialReads } }) =>
    confidentialReads.listOfActor(memberId, days, FIRST_PAGE),
  ),
];
