import { type MintId, mintIds } from "@concord/core/id";

export const mint: MintId = mintIds(Date.now, Math.random);
