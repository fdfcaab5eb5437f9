/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    const production = input?.stage === "production";
    return {
      name: "concord",
      home: "aws",
      removal: production ? "retain" : "remove",
      protect: production,
      providers: { aws: { region: "eu-west-1" } },
    };
  },
  async run() {
    const { hasTenantRole } = await import("./infra/tenant-role.ts");
    const { dataStack, tenantRoleStack } = await import("./stacks/data.ts");
    const { apiStack } = await import("./stacks/api.ts");
    const { cyclesStack } = await import("./stacks/cycles.ts");
    const { importsStack } = await import("./stacks/imports.ts");
    const { approvalsStack } = await import("./stacks/approvals.ts");
    const { auditStack } = await import("./stacks/audit.ts");
    const { mailStack } = await import("./stacks/mail.ts");

    const data = dataStack({
      hasTenantRole: hasTenantRole($app.stage, process.env["TENANT_ROLE"] === "on"),
    });
    const { api, tokenSecret, functions } = apiStack(data);
    tenantRoleStack(data, functions);
    cyclesStack(data);
    importsStack(data);
    const { stateMachine } = approvalsStack(data);
    auditStack(data);
    mailStack(data, { baseUrl: api.url, tokenSecret });

    return { api: api.url, table: data.table.name, planApproval: stateMachine.arn };
  },
});
