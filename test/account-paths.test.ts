import { readdirSync } from "node:fs";
import { join } from "node:path";
import { accountManifest, appManifest } from "@concord/api";
import { describe, expect, it } from "vitest";
import { accountPaths, isAccountPath } from "../infra/account-paths.ts";

const addressesOf = ({ routes, publicRoutes }: typeof accountManifest | typeof appManifest) => [
  ...routes.map(({ definition }) => `/v1${definition.path}`),
  ...publicRoutes.map(({ path }) => path),
];

/** Every list of routes that a feature exports, whether a manifest took it or not. */
async function exportedRoutes(): Promise<readonly object[]> {
  const folder = join(import.meta.dirname, "../packages/api/src");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => /routes\.ts$/.test(file) && !/^openapi\/describe/.test(file),
  );
  const modules = await Promise.all(files.map((file) => import(join(folder, file))));
  return modules
    .flatMap((module) => Object.values(module as Record<string, unknown>))
    .filter((value) => Array.isArray(value))
    .flat() as object[];
}

describe("the two functions of the API", () => {
  it("share out every route: each belongs to exactly one", async () => {
    const app: readonly object[] = [...appManifest.routes, ...appManifest.publicRoutes];
    const account: readonly object[] = [...accountManifest.routes, ...accountManifest.publicRoutes];
    const exported = await exportedRoutes();
    expect(exported.length).toBeGreaterThan(50);
    const timesOf = (route: object) => [...app, ...account].filter((each) => each === route).length;
    expect(exported.filter((route) => timesOf(route) !== 1)).toEqual([]);
    expect(new Set([...app, ...account]).size).toBe(new Set(exported).size);
  });

  it("are told apart by the gateway as their manifests say", () => {
    const account = addressesOf(accountManifest);
    expect(account.length).toBeGreaterThan(1);
    expect(account.filter((path) => !isAccountPath(path))).toEqual([]);
    expect(addressesOf(appManifest).filter(isAccountPath)).toEqual([]);
  });

  it("leave no address of the gateway without a route", () => {
    const account = addressesOf(accountManifest);
    const unused = accountPaths.filter(
      (prefix) => !account.some((path) => path === prefix || path.startsWith(`${prefix}/`)),
    );
    expect(unused).toEqual([]);
  });

  it.each([
    ["/v1/login", true],
    ["/v1/login/", true],
    ["/v1/login/anything/below", true],
    ["/v1/logins", false],
    ["/v1", false],
    ["/login", false],
    ["/v1/me", false],
  ])("%s goes to the account function: %s", (path, expected) => {
    expect(isAccountPath(path)).toBe(expected);
  });
});
