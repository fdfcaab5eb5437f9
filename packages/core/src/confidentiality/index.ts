export { handlingOf, isForEverybody, isUsual, readsOf, usualRules } from "./confidentiality.ts";
export {
  ConfidentialReadQuery,
  exportConfidentialReads,
  listConfidentialReads,
} from "./list-confidential-reads.ts";
export {
  acknowledgeConfidentialityAgreement,
  endConfidentialityAgreement,
  getConfidentiality,
  proposeConfidentialityAgreement,
  readInformationHandling,
  setConfidentiality,
  tightenConfidentiality,
} from "./manage-confidentiality.ts";
export type {
  ConfidentialityRepository,
  ConfidentialityStore,
  ConfidentialReadRepository,
} from "./repository.ts";
export {
  ConfidentialityRules,
  ConfidentialRead,
  InformationHandling,
  PartnerConfidentiality,
  ProposeAgreement,
  type ReadToRecord,
  type RulesInForce,
  SetConfidentialityRules,
  TightenConfidentiality,
} from "./schema.ts";
