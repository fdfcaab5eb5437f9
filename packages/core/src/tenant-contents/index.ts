export type {
  ContentsPart,
  ContentsPlace,
  ContentsRepository,
  ContentsRow,
  ContentsStore,
} from "./repository.ts";
