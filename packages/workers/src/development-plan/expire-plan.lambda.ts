import { z } from "zod";
import { openDeployment } from "../entry-point.ts";
import { expirePlan } from "./expire-plan.ts";

const { TABLE_NAME } = z.object({ TABLE_NAME: z.string().min(1) }).parse(process.env);
const contextOf = openDeployment(TABLE_NAME).contextOf("workflow");

export const handler = (payload: unknown) => expirePlan({ contextOf }, payload);
