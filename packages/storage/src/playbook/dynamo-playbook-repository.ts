import {
  Playbook,
  type PlaybookRepository,
  PlaybookVersion,
  StoredPageText,
} from "@concord/core/playbook";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { isNew } from "../dynamo-table/condition.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { page } from "../position.ts";

export const playbookAggregate = (keys: TenantKeys): Aggregate<Playbook> => ({
  name: "Playbook",
  schema: Playbook,
  schemaVersion: 1,
  id: () => keys.tenantId,
  key: () => keys.playbook(),
});

const versionEntity = (keys: TenantKeys): Entity<PlaybookVersion> => ({
  name: "PlaybookVersion",
  schema: PlaybookVersion,
  schemaVersion: 1,
  key: ({ number }) => keys.playbookVersion(number),
});

const textEntity = (keys: TenantKeys): Entity<StoredPageText> => ({
  name: "PlaybookText",
  schema: StoredPageText,
  schemaVersion: 1,
  key: ({ slug, number }) => keys.playbookText(slug, number),
});

export function dynamoPlaybookRepository(tenant: TenantTable): PlaybookRepository {
  const { table, keys } = tenant;
  const playbook = playbookAggregate(keys);
  const versions = versionEntity(keys);
  const texts = textEntity(keys);
  const newestFirst = {
    pk: keys.playbook().pk,
    sort: { prefix: keys.playbookVersionPrefix },
    order: "descending",
  } as const;

  return {
    /** AP-520 */
    get: () => load(tenant, playbook, keys.playbook()),

    /** AP-521 */
    save: (next, event) => save(tenant, playbook, next, event),

    /** AP-522 */
    publish: (next, event, published, brought) =>
      save(tenant, playbook, next, event, {
        also: [toItem(versions, published), ...brought.map((text) => toItem(texts, text))].map(
          (put) => ({ write: { put, condition: isNew }, otherwise: "version-stale" }),
        ),
      }),

    /** AP-523 */
    version: (number) => load(tenant, versions, keys.playbookVersion(number)),

    /** AP-524 */
    async latest() {
      const found = await page(table, versions, newestFirst, { limit: 1 }, keys.prefix);
      return found.items[0];
    },

    /** AP-525 */
    versions: (request) => page(table, versions, newestFirst, request, keys.prefix),

    /** AP-526 */
    text: (slug, number) => load(tenant, texts, keys.playbookText(slug, number)),
  };
}
