import { reasonOf } from "@doppelwerk/world";
import { parentPort, workerData } from "node:worker_threads";
import { createHighsSolver } from "@doppelwerk/engines/highs";
import type { BlendWish } from "@doppelwerk/client";
import { answerBlend } from "./blend.ts";

answerBlend(workerData as BlendWish, createHighsSolver()).then(
  (answer) => parentPort!.postMessage({ answer }),
  (error: Error) => parentPort!.postMessage({ failure: reasonOf(error) }),
);
