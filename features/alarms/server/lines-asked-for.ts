import { stationsOfRule, type AlarmRule, type LineDefinition, type StationDefinition, type StationState } from "@doppelwerk/operations";
import type { RecordId } from "@doppelwerk/world";

/** What a station that waits is concluded to be in from what its neighbours do, where its controller has no bit for it. */
const OF_NEIGHBOURS: ReadonlySet<StationState> = new Set(["idle", "blocked", "starved"]);
const STATE_ROLES = ["ItemState", "OperationMode", "VendorState", "Blocked", "Starved"] as const;

/**
 * What has to be followed of lines so that these rules know the states that they ask for: each station by itself, from its own signals; a line as a whole only
 * where a rule asks for a state that follows from the neighbours of its station. The states come out as those of the whole line.
 */
export function linesAskedFor(rules: readonly AlarmRule[], lines: readonly LineDefinition[]): readonly LineDefinition[] {
  const asked = statesAskedFor(rules);
  return lines.flatMap((line) => {
    const stations = line.stations.filter(({ id }) => asked.has(id));
    const isWhole = stations.some((station) => [...asked.get(station.id)!].some((state) => OF_NEIGHBOURS.has(state)) && concludes(station));
    return isWhole ? [line] : stations.map((station) => alone(line, station));
  });
}

/** By station the states whose beginning or end means something to a rule. */
function statesAskedFor(rules: readonly AlarmRule[]): ReadonlyMap<string, ReadonlySet<StationState>> {
  const asked = new Map<string, Set<StationState>>();
  for (const rule of rules) {
    if (!rule.enabled) continue;
    for (const { station, states } of stationsOfRule(rule)) {
      const known = asked.get(station) ?? new Set();
      for (const state of states) known.add(state as StationState);
      asked.set(station, known);
    }
  }
  return asked;
}

function concludes({ mapping }: StationDefinition): boolean {
  return [mapping, ...(mapping.later ?? [])].some(({ neighbours, blockedBit, starvedBit }) => neighbours && !(blockedBit && starvedBit));
}

/** A line of this station only, with what its state follows from; where silence means something, with everything that breaks it. */
function alone(line: LineDefinition, station: StationDefinition): LineDefinition {
  const { carriers: _carriers, constraint: _constraint, ...rest } = line;
  const bindings = [...Object.values(station.signals), ...(station.placeSignals ?? []), ...station.processValues];
  const isWatched = bindings.some((binding) => binding?.aliveS !== undefined);
  const states = Object.fromEntries(
    STATE_ROLES.flatMap((role) => (station.signals[role] === undefined ? [] : [[role, station.signals[role]]])),
  );
  const { rejectTo: _rejectTo, ...itself } = station;
  const own = isWatched ? itself : { ...itself, signals: states, processValues: [] };
  const id: RecordId = `${line.id}/${station.id}`;
  return { ...rest, id, stations: [own], flows: [] };
}
