export * from "./parts/part-kind.ts";
export * from "./stage/stage.ts";
export * from "./layout/line-sketch.ts";
