import type { AccountPorts } from "./account/ports.ts";
import { billingPublicRoutes, billingRoutes } from "./billing/routes.ts";
import type { Manifest } from "./http/app.ts";
import { inboxRoutes } from "./inbox/routes.ts";
import { invitationPublicRoutes } from "./invitation/public-routes.ts";
import { invitationRoutes } from "./invitation/routes.ts";
import { loginLinkRoutes } from "./login/link-routes.ts";
import { passwordRoutes } from "./login/password-routes.ts";
import { loginPublicRoutes } from "./login/public-routes.ts";
import { secondFactorPublicRoutes, secondFactorRoutes } from "./login/second-factor-routes.ts";
import { loginSessionRoutes } from "./login/session-routes.ts";
import { referenceRoutes } from "./openapi/public-routes.ts";
import { personErasureRoutes } from "./person-erasure/routes.ts";
import { personExportRoutes } from "./person-export/routes.ts";
import { signUpPublicRoutes } from "./sign-up/public-routes.ts";
import { singleSignOnPublicRoutes } from "./single-sign-on/public-routes.ts";
import { singleSignOnRoutes } from "./single-sign-on/routes.ts";

/**
 * What the account function answers. Its addresses are those that `infra/account-paths.ts` names; a
 * test compares the two.
 */
export const accountManifest: Manifest<AccountPorts> = {
  routes: [
    ...billingRoutes,
    ...inboxRoutes,
    ...invitationRoutes,
    ...passwordRoutes,
    ...loginSessionRoutes,
    ...personErasureRoutes,
    ...secondFactorRoutes,
    ...personExportRoutes,
    ...singleSignOnRoutes,
  ],
  publicRoutes: [
    ...billingPublicRoutes,
    ...invitationPublicRoutes,
    ...loginPublicRoutes,
    ...loginLinkRoutes,
    ...referenceRoutes,
    ...secondFactorPublicRoutes,
    ...signUpPublicRoutes,
    ...singleSignOnPublicRoutes,
  ],
};
