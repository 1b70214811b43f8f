export * from "./parts/part-kind.ts";
export * from "./stage/stage.ts";
