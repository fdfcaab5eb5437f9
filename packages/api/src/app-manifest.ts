import { actionItemRoutes } from "./action-item/routes.ts";
import { apiKeyRoutes } from "./api-key/routes.ts";
import { assignmentRoutes } from "./assignment/routes.ts";
import { auditRoutes } from "./audit/routes.ts";
import { backTestRoutes } from "./back-test/routes.ts";
import { cadenceRoutes } from "./cadence/routes.ts";
import { calibrationRoutes } from "./calibration/routes.ts";
import { confidentialityRoutes } from "./confidentiality/routes.ts";
import { cycleRoutes } from "./cycle/routes.ts";
import { developmentPlanRoutes } from "./development-plan/routes.ts";
import { disputeRoutes } from "./dispute/routes.ts";
import { editionRoutes } from "./edition/routes.ts";
import { figureRoutes } from "./figure/routes.ts";
import { goalRoutes } from "./goal/routes.ts";
import { handoverRoutes } from "./handover/routes.ts";
import type { Manifest } from "./http/app.ts";
import type { ApiPorts } from "./http/context.ts";
import { probeRoutes } from "./http/probe-routes.ts";
import { importRoutes } from "./import/routes.ts";
import { teamListRoutes } from "./import/team-list-routes.ts";
import { legalHoldRoutes } from "./legal-hold/routes.ts";
import { logOutRoutes } from "./login/log-out-routes.ts";
import { loginRoutes } from "./login/routes.ts";
import { moderatorRoutes } from "./member/moderator-routes.ts";
import { partnerUserRoutes } from "./member/partner-user-routes.ts";
import { memberRoutes } from "./member/routes.ts";
import { factReportRoutes } from "./opportunity/fact-report-routes.ts";
import { opportunityRoutes } from "./opportunity/routes.ts";
import { partnerRoutes } from "./partner/routes.ts";
import { playbookRoutes } from "./playbook/routes.ts";
import { processMeasureRoutes } from "./process-measure/routes.ts";
import { programRoutes } from "./program/routes.ts";
import { rankingRoutes } from "./ranking/routes.ts";
import { ratingRoutes } from "./rating/routes.ts";
import { reScoringRoutes } from "./re-scoring/routes.ts";
import { retentionRoutes } from "./retention/routes.ts";
import { reviewRoutes } from "./review/routes.ts";
import { reviewCalendarRoutes } from "./review-calendar/routes.ts";
import { scorecardRoutes } from "./scorecard/routes.ts";
import { flagRoutes } from "./source/flag-routes.ts";
import { sourceRoutes } from "./source/routes.ts";
import { targetRoutes } from "./target/routes.ts";
import { tenantRoutes } from "./tenant/routes.ts";
import { exportRoutes } from "./tenant-export/routes.ts";
import { tierRoutes } from "./tier/routes.ts";
import { tickRoutes } from "./timer/public-routes.ts";
import { whatIfRoutes } from "./what-if/routes.ts";

/** What the app function answers: everything that the account function does not. */
export const appManifest: Manifest<ApiPorts> = {
  routes: [
    ...actionItemRoutes,
    ...apiKeyRoutes,
    ...assignmentRoutes,
    ...auditRoutes,
    ...backTestRoutes,
    ...cadenceRoutes,
    ...calibrationRoutes,
    ...confidentialityRoutes,
    ...cycleRoutes,
    ...developmentPlanRoutes,
    ...disputeRoutes,
    ...editionRoutes,
    ...exportRoutes,
    ...factReportRoutes,
    ...figureRoutes,
    ...flagRoutes,
    ...goalRoutes,
    ...handoverRoutes,
    ...importRoutes,
    ...legalHoldRoutes,
    ...loginRoutes,
    ...logOutRoutes,
    ...memberRoutes,
    ...moderatorRoutes,
    ...opportunityRoutes,
    ...partnerRoutes,
    ...partnerUserRoutes,
    ...playbookRoutes,
    ...processMeasureRoutes,
    ...programRoutes,
    ...rankingRoutes,
    ...retentionRoutes,
    ...ratingRoutes,
    ...reScoringRoutes,
    ...reviewCalendarRoutes,
    ...reviewRoutes,
    ...scorecardRoutes,
    ...sourceRoutes,
    ...targetRoutes,
    ...teamListRoutes,
    ...tenantRoutes,
    ...tierRoutes,
    ...whatIfRoutes,
  ],
  publicRoutes: [...probeRoutes, ...tickRoutes],
};
