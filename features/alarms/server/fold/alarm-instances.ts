import {
  alarmDefinition,
  alarmFold,
  inputsOfAlarms,
  inputsOfFlow,
  linesOfAlarms,
  signalsOfRule,
  stationsOfRule,
  type AlarmRule,
} from "@doppelwerk/operations";
import type { FoldPlace } from "@doppelwerk/kit/server";
import type { FoldedLine } from "@doppelwerk/ports";
import type { Instant, RecordId } from "@doppelwerk/world";

/** What is judged in one instance of the fold. */
export interface AlarmInstance {
  readonly place: FoldPlace;
  readonly rules: readonly AlarmRule[];
}

/** The instance of the first line and of what belongs to no line: it was there before there were several. */
export const FIRST = "alarms";

export interface InstancesOptions {
  readonly rules: readonly AlarmRule[];
  readonly lines: readonly FoldedLine[];
  /** Since when rules hold that did not always, by id. */
  readonly since: Readonly<Record<string, Instant>>;
  readonly attendedFrom: Instant;
  /** Signals that are no more, and since when. */
  readonly gone?: ReadonlyMap<RecordId, Instant>;
}

/**
 * The rules of a world by the line that each is of: one instance for the first line and the rest of the plant, one for each further line that has rules. So a
 * line that is added or edited derives its own alarms, and the others stay as they are.
 */
export function instancesOfAlarms({ rules, lines, since, attendedFrom, gone = new Map() }: InstancesOptions): readonly AlarmInstance[] {
  const definitions = lines.map(({ definition }) => definition);
  const lineOf = new Map<string, number>();
  for (const [at, { stations }] of definitions.entries()) for (const { id } of stations) if (!lineOf.has(id)) lineOf.set(id, at);
  const shippedBy = new Map(lines.flatMap(({ shippedRules }, at) => shippedRules.map(({ id }) => [id, at] as const)).toReversed());
  const homeOf = (rule: AlarmRule): number =>
    shippedBy.get(rule.id) ?? stationsOf(rule).flatMap((station) => lineOf.get(station) ?? [])[0] ?? 0;
  return [undefined, ...definitions.slice(1)].flatMap((line, at) => {
    const own = rules.filter((rule) => homeOf(rule) === at);
    if (line !== undefined && own.length === 0) return [];
    // its own line first; a rule may ask for the state of a station of another
    const wanted = new Set([at, ...own.flatMap((rule) => stationsOf(rule).flatMap((station) => lineOf.get(station) ?? []))]);
    const followed = [...wanted].flatMap((each) => definitions[each] ?? []);
    const { flows, lineOf: among } = linesOfAlarms(followed);
    const first = followed.flatMap((each) => inputsOfFlow({ line: each }).flatMap((input) => ("signal" in input ? [input.signal] : [])));
    const held = new Set(own.map(({ id }) => id));
    const missing = Object.fromEntries(own.flatMap(signalsOfRule).flatMap((id) => (gone.has(id) ? [[id, gone.get(id)!]] : [])));
    const definition = alarmDefinition(
      {
        rules: own,
        since: Object.fromEntries(Object.entries(since).filter(([id]) => held.has(id))),
        attendedFrom,
        ...among,
        ...(Object.keys(missing).length > 0 && { gone: missing }),
      },
      first,
    );
    const subject: RecordId = line === undefined ? FIRST : `${FIRST}:${line.id}`;
    return [{ rules: own, place: { fold: alarmFold.id, subject, definition, inputs: inputsOfAlarms(definition, flows) } }];
  });
}

/** Those whose state a rule asks for, then the one that it names. */
function stationsOf(rule: AlarmRule): readonly string[] {
  const { station } = rule;
  const asked = stationsOfRule(rule).flatMap((each) => (each.station === station ? [] : [each.station]));
  return station === undefined ? asked : [...asked, station];
}
