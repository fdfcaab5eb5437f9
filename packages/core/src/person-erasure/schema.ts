import { z } from "zod";
import { MAX_PASSWORD_LENGTH } from "../person/index.ts";

export const ErasePerson = z
  .strictObject({
    password: z.string().min(1).max(MAX_PASSWORD_LENGTH).optional(),
    /** Of who has no password, or is logged in by single sign-on: the token of a log-in link, as the mail has it. */
    linkToken: z.string().min(1).max(200).optional(),
  })
  .meta({ id: "ErasePerson" });
export type ErasePerson = z.infer<typeof ErasePerson>;
