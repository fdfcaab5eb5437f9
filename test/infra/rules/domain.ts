import { regions } from "../../../infra/region.ts";
import {
  at,
  environmentOf,
  examine,
  input,
  list,
  nameOf,
  ofType,
  type Resource,
  type Rule,
  regionOf,
} from "./graph.ts";

const apis = "aws:apigatewayv2/api:Api";

const records = (all: readonly Resource[], type: string, name: string): Resource[] =>
  all.filter((each) => input(each, "type") === type && input(each, "name") === name);

/** Where a stage has a domain it is reached there alone, by TLS 1.2 and a certificate of its own; elsewhere by AWS's address. */
export const domainIsTheOnlyAddress: Rule = (graph) => {
  const domain: string | undefined =
    environmentOf[graph.app.stage as keyof typeof environmentOf]["API_DOMAIN"];
  const domains = ofType(graph, "aws:apigatewayv2/domainName:DomainName");
  const found = examine("API", ofType(graph, apis), nameOf, (api) => [
    (input(api, "disableExecuteApiEndpoint") === true) !== (domain !== undefined) &&
      "wrong second address",
  ]);
  if (domain === undefined) {
    return [...found, ...domains.map(({ name }) => `${name}: nobody asked for it`)];
  }
  const certificates = ofType(graph, "aws:acm/certificate:Certificate");
  const all = ofType(graph, "aws:route53/record:Record");
  return [
    ...found,
    ...examine("domain", domains, nameOf, (each) => {
      const arn = String(input(each, "domainNameConfiguration", "certificateArn"));
      const certificate = certificates.find(({ name }) => arn.endsWith(`:certificate/${name}`));
      return [
        input(each, "domainName") !== domain && `is ${input(each, "domainName")}`,
        input(each, "domainNameConfiguration", "securityPolicy") !== "TLS_1_2" && "old TLS",
        input(each, "domainNameConfiguration", "endpointType") !== "REGIONAL" && "not regional",
        !arn.startsWith(`arn:aws:acm:${regionOf(graph)}:`) && "certificate of another Region",
        (!certificate || input(certificate, "domainName") !== domain) && "certificate of another",
        certificate && input(certificate, "validationMethod") !== "DNS" && "certificate by mail",
      ];
    }),
    ...examine("certificate", certificates, nameOf, () => [
      records(all, "CNAME", `_validation.${domain}.`).length !== 1 && "cannot be validated",
      ofType(graph, "aws:acm/certificateValidation:CertificateValidation").length !== 1 &&
        "nobody waits for its validation",
    ]),
    ...examine(
      "mapping",
      ofType(graph, "aws:apigatewayv2/apiMapping:ApiMapping"),
      nameOf,
      (one) => [
        input(one, "domainName") !== domain && "maps another domain",
        input(one, "apiMappingKey") !== undefined && "below a path",
      ],
    ),
    ...["A", "AAAA"].flatMap((type) =>
      examine(`record ${type}`, records(all, type, domain), nameOf, (record) => [
        list(input(record, "aliases")).some(
          (alias) => at(alias, "name") === "d-rehearsed.execute-api.invalid",
        )
          ? false
          : "leads elsewhere",
        input(record, "zoneId") !== "ZOFTHEDOMAIN" && "in another zone",
      ]),
    ),
  ];
};

/** What people are told and tokens are issued for is the address at which the API is reached. */
export const addressesAreTheDomain: Rule = (graph) => {
  const domain: string | undefined =
    environmentOf[graph.app.stage as keyof typeof environmentOf]["API_DOMAIN"];
  const told = graph.resources.flatMap((each) =>
    ["TOKEN_ISSUER", "BASE_URL"].flatMap((name) => {
      const value = input(each, "environment", "variables", name);
      return value === undefined ? [] : [{ each, name, value: String(value) }];
    }),
  );
  return examine(
    "address",
    told,
    ({ each, name }) => `${each.name}, ${name}`,
    ({ value }) => [
      domain === undefined
        ? !value.includes(".execute-api.") && `is ${value}`
        : value !== `https://${domain}` && `is ${value}`,
    ],
  );
};

/** Everything is in the one Region that was asked for, and that is one which somebody looked at. */
export const regionIsOne: Rule = (graph) => {
  const region = regionOf(graph);
  const wanted =
    environmentOf[graph.app.stage as keyof typeof environmentOf]["CONCORD_REGION"] ?? "eu-west-1";
  return [
    ...(region === wanted ? [] : [`the app is in ${region}, not ${wanted}`]),
    ...((regions as readonly string[]).includes(region) ? [] : [`${region} is not known`]),
    ...examine("resource", graph.resources, nameOf, ({ inputs }) =>
      [...JSON.stringify(inputs).matchAll(/arn:aws:[a-z0-9-]+:([a-z]+-[a-z]+-\d):/g)].map(
        ([arn, found]) => found !== region && `names ${arn}`,
      ),
    ),
  ];
};
