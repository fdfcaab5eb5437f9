import { createHmac, timingSafeEqual } from "node:crypto";
import { raise } from "@concord/core/error";

/** What a cursor belongs to; used anywhere else it is refused. */
export interface CursorScope {
  readonly tenantId: string;
  readonly principal: string;
  readonly operationId: string;
  /** The path and the filter of the list, without limit and cursor. */
  readonly filter: string;
}

const mac = (secret: Uint8Array, scope: CursorScope, position: string): Buffer =>
  createHmac("sha256", secret)
    .update(
      JSON.stringify([scope.tenantId, scope.principal, scope.operationId, scope.filter, position]),
    )
    .digest();

export const signCursor = (secret: Uint8Array, scope: CursorScope, position: string): string =>
  `${position}.${mac(secret, scope, position).toString("base64url")}`;

/** @throws DomainError cursor-invalid */
export function openCursor(secret: Uint8Array, scope: CursorScope, cursor: string): string {
  const dot = cursor.lastIndexOf(".");
  const position = cursor.slice(0, Math.max(0, dot));
  const given = Buffer.from(cursor.slice(dot + 1), "base64url");
  const wanted = mac(secret, scope, position);
  if (dot < 1 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    raise("cursor-invalid");
  }
  return position;
}
