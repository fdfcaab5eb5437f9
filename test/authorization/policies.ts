const actions = (names: string): string =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `Action::"${name}"`)
    .join(", ");

const everyMember = `
  me:read me:erase login-session:end tenant:read edition:read member:read partner-user:read partner:read source:read import:read
  data-quality-flag:read opportunity:read figure:read indicator-rating:read goal:read goal:update fact-report:read program:read program-version:read
  scorecard:read assignment:read review:read cycle:read ranking:read ranking-position:read action-item:read
  development-plan:read development-plan:approve confidentiality:read information-handling:read dispute:read
  tier:read target:read waiting-target:read playbook:read cadence:read`;
const everyPartnerUser = `
  me:read me:erase login-session:end tenant:read partner-user:read partner:read opportunity:read fact-report:read
  fact-report:create figure:read figure:put indicator-rating:read indicator-rating:put goal:read goal:propose goal:update program-version:read scorecard:read review:read review:contribute cycle:read
  ranking-position:read assignment:read action-item:read action-item:create action-item:update development-plan:read
  development-plan:write development-plan:submit information-handling:read dispute:read dispute:file
  tier:read target:read playbook:read cadence:read`;
const leadsReviews = `
  review:contribute review:conduct review:sign indicator-rating:put goal:propose goal:agree action-item:create action-item:update
  development-plan:write development-plan:submit`;
const looksAfterPartners = `
  assignment:manage moderator:assign plan-signatory:assign figure:put cadence:manage target:propose target:acknowledge
  partner:update partner-user:log-out partner-user:invite partner-user:update invitation:read invitation:manage`;
const shapesPrograms =
  "playbook:write program:write program:publish goal:manage partner:create scorecard:revise dispute:decide tier:evaluate tier:decide calibration:read calibration:conduct calibration:adjust";
const keepsData = `
  assignment:manage data-collector:assign source:manage import:create data-quality-flag:waive opportunity:correct fact-report:resolve
  scorecard:revise figure:put`;
const administers = `
  tenant:update subscription:read member:invite member:update member:handover member:erase partner-user:erase member:log-out rollup:repair audit:read audit:verify single-sign-on:read
  api-key:read api-key:create api-key:revoke confidentiality:manage partner-confidentiality:tighten
  partner-confidentiality:agree confidential-read:read retention:read retention:manage legal-hold:read legal-hold:manage`;
const owns = "tenant:close tenant:export subscription:change single-sign-on:manage";

const role = (name: string, names: string): string =>
  `permit(principal in Role::"${name}", action in [${actions(names)}], resource)
   when { principal.tenant == resource.tenant };`;
/** Whoever belongs to a partner reaches that partner alone, in their own tenant. */
const partnerRole = (name: string, names: string): string =>
  `permit(principal in Role::"${name}", action in [${actions(names)}], resource)
   when { principal.tenant == resource.tenant && principal.partner == resource.partner };`;

/** What is assigned to somebody of one side at a partner, or in a program; facts are of every program. */
const duty = (side: "member" | "partner-user", name: string, names: string): string =>
  `permit(principal, action in [${actions(names)}], resource)
   when { principal.tenant == resource.tenant && principal.side == "${side}" && (
     principal.duties.contains({ duty: "${name}", partner: resource.partner }) ||
     (if resource has program
      then principal.duties.contains({ duty: "${name}", program: resource.program })
      else principal.inPrograms.contains("${name}"))) };`;

/** What a key may at most; that its issuer may too is asked for beside it. */
const scope = (name: string, names: string): string =>
  `permit(principal in Scope::"${name}", action in [${actions(names)}], resource)
   when { principal.tenant == resource.tenant };`;

/** The rules of who may do what in Cedar, written by hand, role by role and scope by scope. */
export const policies = [
  role("owner", everyMember + leadsReviews + looksAfterPartners),
  role("owner", `${shapesPrograms} ${keepsData} ${administers} ${owns}`),
  role("admin", everyMember + leadsReviews + looksAfterPartners),
  role("admin", `${shapesPrograms} ${keepsData} ${administers}`),
  role("program-manager", `${everyMember} ${leadsReviews} ${looksAfterPartners} ${shapesPrograms}`),
  role("partner-manager", everyMember + leadsReviews + looksAfterPartners),
  role(
    "executive-sponsor",
    `${everyMember} ${leadsReviews} dispute:decide tier:evaluate tier:decide calibration:read calibration:adjust`,
  ),
  role("data-steward", `${everyMember} ${keepsData} confidential-read:read`),
  role("moderator", `${everyMember} confidential-read:read`),
  role("viewer", everyMember),
  partnerRole("partner-user", everyPartnerUser),
  partnerRole(
    "partner-exec",
    `${everyPartnerUser} review:sign goal:agree goal:manage development-plan:accept
     partner-user:invite partner-user:update invitation:read invitation:manage
     assignment:manage plan-signatory:assign partner-confidentiality:agree target:acknowledge`,
  ),
  role(
    "system",
    `tenant:create tenant:read subscription:bill subscription:run member:create partner-user:create
     partner:create source:read source:manage import:run rollup:repair program-version:read
     scorecard:freeze review:close tier:evaluate dispute:track cycle:run ranking:project timer:run development-plan:track
     notification:send audit:record audit:verify tenant-export:run tenant:erase person:erase
     retention:run`,
  ),
  duty(
    "member",
    "data-collector",
    "import:create opportunity:correct fact-report:resolve figure:put",
  ),
  duty(
    "partner-user",
    "data-collector",
    "import:create import:read opportunity:correct figure:put",
  ),
  duty("member", "moderator", "review:conduct"),
  duty("partner-user", "plan-signatory", "development-plan:accept"),
  scope("figures:read", "figure:read"),
  scope("figures:write", "figure:read figure:put"),
  scope("opportunities:read", "opportunity:read"),
  scope("opportunities:write", "source:read import:create import:read data-quality-flag:read"),
  scope("partners:read", "partner:read"),
  scope("partners:write", "partner:create partner:update"),
  scope("rankings:read", "ranking:read ranking-position:read"),
  scope("reviews:read", "review:read cycle:read"),
  scope("scorecards:read", "scorecard:read program-version:read"),
].join("\n");
