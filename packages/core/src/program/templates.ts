import type { Currency } from "../money/index.ts";
import { managedServiceTemplate } from "./managed-service-template.ts";
import { referralTemplate } from "./referral-template.ts";
import { resellerTemplate } from "./reseller-template.ts";
import type { ProgramDefinition, ProgramTemplate } from "./schema.ts";
import { technologyAllianceTemplate } from "./technology-alliance-template.ts";

/** A draft to start from, by its name. @param name of the program; the template's own without it */
export const programTemplates: Readonly<
  Record<ProgramTemplate, (currency: Currency, name?: string) => ProgramDefinition>
> = {
  "reseller-template": resellerTemplate,
  "technology-alliance-template": technologyAllianceTemplate,
  "referral-template": referralTemplate,
  "managed-service-template": managedServiceTemplate,
};
