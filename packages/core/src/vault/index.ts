export { openVault, type Vault, VaultKey } from "./vault.ts";
