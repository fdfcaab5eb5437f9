import { SFNClient } from "@aws-sdk/client-sfn";
import { openVault, VaultKey } from "@concord/core/vault";
import { z } from "zod";
import { openDeployment } from "../entry-point.ts";
import { registerStep } from "./register-step.ts";
import { sfnAnswers } from "./sfn-workflow.ts";

const env = z
  .object({ TABLE_NAME: z.string().min(1), STEP_TOKEN_KEY: VaultKey })
  .parse(process.env);

const contextOf = openDeployment(env.TABLE_NAME).contextOf("workflow");
const workflow = sfnAnswers(new SFNClient({}));
const vault = openVault(env.STEP_TOKEN_KEY);

export const handler = (payload: unknown) => registerStep({ contextOf, vault, workflow }, payload);
