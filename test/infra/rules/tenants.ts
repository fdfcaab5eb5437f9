import {
  examine,
  functions,
  type Graph,
  grants,
  input,
  isTenantRole,
  named,
  nameOf,
  number,
  type Resource,
  type Rule,
  roles,
  type Statement,
  statementsOf,
} from "./graph.ts";

/** Where each tenant has credentials of its own; the stage `test` has not asked for them. */
const hasTenantRole = ({ app }: Graph): boolean => app.stage !== "test";

/** Functions that open tenants for who sent a request. */
const openers = ["HttpAppFunction", "HttpAccountFunction"];

const variable = (each: Resource) => input(each, "environment", "variables", "TENANT_ROLE_ARN");
const roleOf = (graph: Graph, each: Resource) => named(roles(graph), input(each, "role"));
const openersIn = (graph: Graph) => functions(graph).filter(({ name }) => openers.includes(name));
const ofTable = ({ Action }: Statement) => Action.some((action) => /^dynamodb:/.test(action));

const valuesOf = (statement: Statement, operator: string, key: string): string[] =>
  [statement.Condition?.[operator]?.[key] ?? []].flat();

/** A stage has one tenant role, and the functions in front know it, or it has neither. */
export const tenantRoleIsThere: Rule = (graph) => {
  const found = roles(graph).filter(isTenantRole);
  const arns = found.map((role) => `arn:aws:iam::123456789012:role/${input(role, "name")}`);
  return [
    ...(found.length === (hasTenantRole(graph) ? 1 : 0) ? [] : [`${found.length} tenant roles`]),
    ...examine("function", functions(graph), nameOf, (each) => {
      const wanted = openers.includes(each.name) ? arns[0] : undefined;
      return [variable(each) !== wanted && `opens tenants with ${variable(each)}, not ${wanted}`];
    }),
  ];
};

/** Nobody takes it on but the roles of those functions, for one tenant, for an hour. */
export const tenantRoleIsForItsFunctions: Rule = (graph) => {
  if (!hasTenantRole(graph)) return [];
  const trusted = openersIn(graph).map(
    (each) => `arn:aws:iam::123456789012:role/${input(roleOf(graph, each) ?? each, "name")}`,
  );
  return examine("tenant role", roles(graph).filter(isTenantRole), nameOf, (role) => [
    !(number(input(role, "maxSessionDuration")) <= 3600) && "sessions longer than an hour",
    ...examine(
      "statement of trust",
      statementsOf(input(role, "assumeRolePolicy")),
      ({ Action }) => [Action].flat().join(),
      (statement) => {
        const { AWS, ...others } = statement.Principal as { AWS?: string | string[] };
        const principals = [AWS ?? [], Object.keys(others)].flat().sort().join();
        return [
          statement.Effect !== "Allow" && "is no grant",
          principals !== trusted.sort().join() && `trusts ${principals}`,
          [statement.Action].flat().sort().join() !== "sts:AssumeRole,sts:TagSession" &&
            "does not let a session be taken on with tags",
          valuesOf(statement, "StringLike", "aws:RequestTag/tenantId").join() !== "ten_*" &&
            "without a tenant in the tag",
          valuesOf(statement, "ForAllValues:StringEquals", "aws:TagKeys").join() !== "tenantId" &&
            "with other tags",
          valuesOf(statement, "ForAnyValue:StringEquals", "sts:TransitiveTagKeys").join() !==
            "tenantId" && "with a tag that a next session may change",
        ];
      },
    ),
  ]);
};

/** Of the table, every statement of it is bound to the partitions that a request names, and to the tag where they are a tenant's. */
export const tenantSessionsReachOneTenant: Rule = (graph) =>
  hasTenantRole(graph)
    ? examine("tenant role", roles(graph).filter(isTenantRole), nameOf, (role) => [
        ...boundTo(grants(role), (pattern) =>
          /^(T#\$\{aws:PrincipalTag\/tenantId\}#\*|SYSTEM#(INVITED#\*|LOGIN#\*|PERSON#\*|TENANTS|TIMER#\*))$/.test(
            pattern,
          ),
        ),
        !grants(role).every(({ Action }) => Action.every((one) => /^dynamodb:/.test(one))) &&
          "may do more than use the table",
      ])
    : [];

/** What takes the tenant role on may do so, and has no right of its own to a row of a tenant. */
export const openersReachTenantsByTheRole: Rule = (graph) => {
  if (!hasTenantRole(graph)) return [];
  return examine("function that opens tenants", openersIn(graph), nameOf, (each) => {
    const role = roleOf(graph, each);
    const statements = role ? grants(role) : [];
    const taking = statements.filter(({ Action }) => Action.some((one) => /^sts:/.test(one)));
    const may = (action: string) =>
      taking.some(
        ({ Action, Resource }) =>
          Action.includes(action) && Resource.length === 1 && Resource[0] === variable(each),
      );
    return [
      ...["sts:AssumeRole", "sts:TagSession"].map((action) => !may(action) && `may not ${action}`),
      taking.length > 1 && "may take on more than one role",
      ...boundTo(statements.filter(ofTable), (pattern) => /^SYSTEM#[A-Z-]+(#\*)?$/.test(pattern)),
    ];
  });
};

function boundTo(statements: readonly Statement[], isFine: (pattern: string) => boolean) {
  const key = "dynamodb:LeadingKeys";
  return examine(
    "statement on the table",
    statements,
    ({ Action }) => Action.join(),
    (statement) => {
      const patterns = valuesOf(statement, "ForAllValues:StringLike", key);
      return [
        patterns.length === 0 && "is bound to no partition",
        valuesOf(statement, "Null", key).join() !== "false" && "allows what names no partition",
        ...patterns.map((pattern) => !isFine(pattern) && `reaches ${pattern}`),
      ];
    },
  );
}

/** Only those functions may become somebody else. */
export const nobodyElseTakesRolesOn: Rule = (graph) => {
  const fine = openersIn(graph).map((each) => roleOf(graph, each)?.name);
  return examine("role", roles(graph), nameOf, (role) =>
    grants(role).map(
      ({ Action }) =>
        Action.some((action) => /^sts:/.test(action)) &&
        !(hasTenantRole(graph) && fine.includes(role.name)) &&
        `may ${Action}`,
    ),
  );
};
