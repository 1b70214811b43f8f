import { parentPort, workerData } from "node:worker_threads";
import { createHighsSolver } from "@doppelwerk/engines/highs";
import { reasonOf } from "@doppelwerk/world";
import { rotationOf } from "../model/rotation.ts";
import type { RotationRequest } from "./rotations.ts";

const { input, pairs, seconds } = workerData as RotationRequest;

const may = new Set(pairs.map(([worker, place]) => `${worker} ${place}`));
const at = new Map(input.stations.map((place, index) => [place, index]));

rotationOf({ ...input, mayWork: (worker, place) => may.has(`${worker} ${at.get(place)!}`) }, createHighsSolver(), seconds).then(
  (answer) => parentPort!.postMessage({ answer }),
  (error: Error) => parentPort!.postMessage({ failure: reasonOf(error) }),
);
