import type { DomainEvent } from "../event/index.ts";
import type { ExportId } from "../id/index.ts";
import type { ContentsPlace } from "../tenant-contents/index.ts";
import type { Timer } from "../timer/index.ts";
import type { TenantExport } from "./schema.ts";

export type ExportEvent = DomainEvent<
  "tenant-export.requested" | "tenant-export.completed",
  { readonly files: number }
>;

export interface ExportRepository {
  get(exportId: ExportId): Promise<TenantExport | undefined>;
  /** Every export of the tenant, oldest first. */
  list(): Promise<TenantExport[]>;
  /** With its first timer where it is requested. @throws DomainError version-stale */
  save(next: TenantExport, event: ExportEvent, timers?: readonly Timer[]): Promise<void>;
  /** @returns false where another run of the job was faster */
  saveProgress(next: TenantExport): Promise<boolean>;
  putPart(exportId: ExportId, part: number, places: readonly ContentsPlace[]): Promise<void>;
  part(exportId: ExportId, part: number): Promise<readonly ContentsPlace[] | undefined>;
}

export interface ExportStore {
  readonly exports: ExportRepository;
}

/** Where the files of exports lie. */
export interface ExportFiles {
  put(key: string, content: Uint8Array): Promise<void>;
}

/** Opens single files for a while. */
export interface DownloadTargets {
  urlOf(key: string): Promise<string>;
}
