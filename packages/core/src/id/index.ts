export * from "./id.ts";
