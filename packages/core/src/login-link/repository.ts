import type { LoginLinkId } from "../id/index.ts";
import type { LoginLink } from "./schema.ts";

export interface LoginLinkRepository {
  add(link: LoginLink): Promise<void>;
  get(linkId: LoginLinkId): Promise<LoginLink | undefined>;
  /** @returns whether this call used it; of several at once one does. */
  use(linkId: LoginLinkId, at: Date): Promise<boolean>;
}
