import type { Playbook, PlaybookVersion } from "@concord/core/playbook";
import {
  AT,
  type Exercise,
  event,
  exercise,
  FIRST_PAGE,
  type Stores,
  SYSTEM,
} from "./access-patterns.ts";

const page = { slug: "how-to-prepare", chapter: "Sessions", title: "How to prepare" };
const steps = { session: [page.slug] };
const draft = (changes: Partial<Playbook> = {}): Playbook => ({
  ...{ pages: [{ ...page, text: "Bring the figures." }], steps, published: 0 },
  ...{ version: 1, updatedAt: AT, updatedBy: SYSTEM, ...changes },
});
const published: PlaybookVersion = {
  ...{ number: 1, note: "The first", steps, publishedAt: AT, publishedBy: SYSTEM },
  pages: [{ ...page, textSince: 1, digest: "0".repeat(43) }],
  changes: { added: [page.slug], changed: [], removed: [], steps: ["session"] },
};
const text = { slug: page.slug, number: 1, text: "Bring the figures." };

const nothing = async () => undefined;
const write = ({ tenant: { playbook } }: Stores) =>
  playbook.save(draft(), event("playbook.draft-written"));
const publish = ({ tenant: { playbook } }: Stores) =>
  playbook.publish(draft({ published: 1, version: 2 }), event("playbook.published"), published, [
    text,
  ]);
const writeAndPublish = async (stores: Stores) => {
  await write(stores);
  await publish(stores);
};

export const playbookExercises: readonly Exercise[] = [
  exercise("AP-520", write, ({ tenant: { playbook } }) => playbook.get()),
  exercise("AP-521", nothing, write),
  exercise("AP-522", write, publish),
  exercise("AP-523", writeAndPublish, ({ tenant: { playbook } }) => playbook.version(1)),
  exercise("AP-524", writeAndPublish, ({ tenant: { playbook } }) => playbook.latest()),
  exercise("AP-525", writeAndPublish, ({ tenant: { playbook } }) => playbook.versions(FIRST_PAGE)),
  exercise("AP-526", writeAndPublish, ({ tenant: { playbook } }) => playbook.text(page.slug, 1)),
];
