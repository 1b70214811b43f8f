import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import {
  createLineEngine,
  flowFold,
  flowInstance,
  statesOfFormer,
  zoneOffsetOf,
  type AlarmDefinition,
  type LineDefinition,
  type LineEngine,
} from "@doppelwerk/operations";
import type { FeatureLog, FoldPlace, Folds } from "@doppelwerk/kit/server";

const END = ".checkpoint";

/**
 * States and alarms of a line were one engine once, whose states lie in `derived/`. Those of the line and rules as they are now become states of the
 * two folds, so that nothing is derived again of which the samples may be thinned; then the files go. `alarms` is the instance as it is set.
 */
export function takeFormerCheckpoints(
  directory: string,
  folds: Pick<Folds, "before" | "keep">,
  line: LineDefinition,
  alarms: FoldPlace,
  log: FeatureLog,
): void {
  const names = readdirSync(directory).filter((name) => name.endsWith(END));
  if (names.length === 0) return;
  const flow: FoldPlace = { fold: flowFold.id, ...flowInstance(line) };
  const engine = formerEngine(line, alarms.definition as AlarmDefinition);
  const prefix = `${hashOf(engine)}-`;
  // where the folds have states of their own these are later ones, and know of late samples
  const isFirst = folds.before([flow], Number.POSITIVE_INFINITY).now() === 0;
  for (const name of names) {
    if (isFirst && name.startsWith(prefix))
      try {
        const state = JSON.parse(inflateSync(readFileSync(join(directory, name))).toString("utf8")) as ReturnType<LineEngine["snapshot"]>;
        engine.restore(state);
        const states = statesOfFormer(engine, state, alarms.inputs);
        folds.keep(flow, states.flow);
        folds.keep(alarms, states.alarms);
      } catch (error) {
        log.warn({ err: error, file: name }, "a checkpoint of an earlier release cannot be read; the past is derived again");
      }
    rmSync(join(directory, name), { force: true });
  }
}

function formerEngine(line: LineDefinition, { rules, since }: AlarmDefinition): LineEngine {
  return createLineEngine(line, {
    zoneOffset: zoneOffsetOf(line.timeZone),
    rules,
    rulesSince: new Map(Object.entries(since)),
    extract: true,
  });
}

/** A state fits an engine of the same definition and rules, that hold since the same instants. */
function hashOf({ definition, rules, rulesSince }: LineEngine): string {
  return createHash("sha256")
    .update(JSON.stringify([definition, rules, ...(rulesSince.size === 0 ? [] : [[...rulesSince]])]))
    .digest("hex")
    .slice(0, 16);
}
