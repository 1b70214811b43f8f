import * as ports from "@doppelwerk/ports";
import { builtInFeatures } from "../../apps/doppelwerk/src/features.ts";
import { checkMessages } from "../messages.ts";
import type { Tree } from "./levels.ts";
import type { Source } from "./sources.ts";

/** What this repository has of features: their manifests as the product lists them. */
export function productTree(root: string, files: readonly string[], sources: readonly Source[]): Tree {
  const tokens = new Map(
    Object.entries(ports).flatMap(([name, value]) => (typeof value === "object" && "key" in value ? [[name, value.key] as const] : [])),
  );
  return { root, files, sources, tokens, messages: checkMessages(root), features: builtInFeatures.map(({ feature }) => feature) };
}
