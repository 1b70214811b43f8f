import type { ComponentType } from "react";
import type { MergeRequestDetail } from "@doppelwerk/client";
import { slot } from "./slot.ts";

/** What a merge request rests on, below what it changes. */
export const requestEvidence = slot<{ readonly order: number }, ComponentType<{ readonly request: MergeRequestDetail }>>()(
  "changes.evidence",
  1,
);
