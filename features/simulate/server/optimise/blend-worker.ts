import { reasonOf } from "@doppelwerk/world";
import { parentPort, workerData } from "node:worker_threads";
import { createHighsSolver } from "@doppelwerk/engines/highs";
import type { BlendRequest } from "@doppelwerk/client";
import { answerBlend } from "./blend.ts";

answerBlend(workerData as BlendRequest, createHighsSolver()).then(
  (answer) => parentPort!.postMessage({ answer }),
  (error: Error) => parentPort!.postMessage({ failure: reasonOf(error) }),
);
