export { isAllowed } from "../rights/index.ts";
export { figure } from "./figure.ts";
export { seeded } from "./seeded.ts";
export { type Served, TEST_PASSWORD, type TestApi, testApi } from "./test-api.ts";
export { actorOf, type TestPartnership, testPartnership } from "./test-partnership.ts";
export { ACME, GLOBEX, NOON, type TestStore, testStore } from "./test-store.ts";
export { isJavaThere, type TestTable, testTable } from "./test-table.ts";
export { discreet, toldSecrets } from "./told-secrets.ts";
export { totpOf } from "./totp.ts";
