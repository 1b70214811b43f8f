import type { HandlersOf } from "@doppelwerk/kit/server";
import type { simulate } from "../feature.ts";

/** The operations of this feature by their ids. */
export type SimulateHandlers = HandlersOf<(typeof simulate)["contract"]>;
