/// <reference path=".sst/platform/config.d.ts" />

export default $config({
  app(input) {
    const isProduction = input.stage === "production";
    return {
      name: "concord",
      home: "aws",
      removal: isProduction ? "retain" : "remove",
      protect: isProduction || input.stage === "staging",
      providers: { aws: { region: process.env["CONCORD_REGION"] ?? "eu-west-1" } },
    };
  },
  async run() {
    const { concord } = await import("./stacks/concord.ts");
    return concord({
      wantsTenantRole: process.env["TENANT_ROLE"] === "on",
      domain: process.env["API_DOMAIN"],
      region: $app.providers?.aws?.region,
    });
  },
});
