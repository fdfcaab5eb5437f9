import type { Table } from "@concord/storage";

/** A table whose process dies as soon as a password is changed: it is written, and nothing comes after it. */
export const diesAfterNewPassword = (table: Table): Table => ({
  ...table,
  async transact(writes) {
    const failed = await table.transact(writes);
    if (JSON.stringify(writes).includes("password-changed")) throw new Error("died");
    return failed;
  },
  metered: (meter) => diesAfterNewPassword(table.metered(meter)),
});
