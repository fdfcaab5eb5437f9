export { eraseTenant } from "./erase-tenant.ts";
export { Erasure, type ErasureRepository, type ErasureStore } from "./repository.ts";
