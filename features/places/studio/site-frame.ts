import { stateSignalId } from "@doppelwerk/operations";
import { stateLook } from "@doppelwerk/kit/studio";
import type { StationFrame, StationState } from "@doppelwerk/kit/studio/viewer";
import type { Cause, Summary } from "../contract.ts";

/** A station of a line in the scene, and the signal that keeps its state. */
export interface SceneStation {
  /** In the scene. */
  readonly id: string;
  /** As alarms name it. */
  readonly station: string;
  readonly signal: string;
}

export function sceneStations(lines: readonly { readonly place: string; readonly stations: readonly string[] }[]): readonly SceneStation[] {
  return lines.flatMap(({ place, stations }) =>
    stations.map((station) => ({ id: `${place}/${station}`, station, signal: stateSignalId(station) })),
  );
}

export interface SiteFrameInput {
  readonly summary: Pick<Summary, "causes" | "stations">;
  readonly stations: readonly SceneStation[];
  /** Areas, lines and things: what bears a label of its own. */
  readonly grounds: readonly string[];
  /** What the label of a place says beside its name. */
  wordOf(cause: Cause, place: string): string | undefined;
}

/** What a site looks like now: states by pattern, alarms by their shape, places that need attention framed. A state that is not known is shown as such. */
export function siteFrame({
  summary: { causes, stations: known },
  stations,
  grounds,
  wordOf,
}: SiteFrameInput): ReadonlyMap<string, StationFrame> {
  const frames = new Map<string, StationFrame>();
  const states = new Map(known.map(({ signal, state }) => [signal, state]));
  const alarms = new Map<string, Cause["chain"][number]>();
  for (const alarm of causes.flatMap(({ chain }) => chain)) {
    const known = alarms.get(alarm.station);
    if (known === undefined || alarm.priority < known.priority) alarms.set(alarm.station, alarm);
  }
  for (const { id, station, signal } of stations) {
    const alarm = alarms.get(station);
    frames.set(id, {
      state: drawnState(states.get(signal) ?? "unknown"),
      ...(alarm && { beacon: alarm.priority, acknowledged: alarm.isAcknowledged }),
    });
  }
  for (const ground of grounds) {
    const cause = causes.find(
      ({ place, row, follows }) => place === ground || row === ground || follows?.some((line) => line.place === ground) === true,
    );
    const word = cause && wordOf(cause, ground);
    frames.set(ground, {
      state: "running",
      ...(cause?.priority !== undefined && { beacon: cause.priority, frame: cause.priority, acknowledged: true }),
      ...(word !== undefined && { value: word }),
      relevance: cause === undefined ? 20 : 120,
    });
  }
  return frames;
}

/** The viewer draws no micro-stop of its own: a machine that stands for a moment is idle. */
function drawnState(state: string): StationState {
  const look = stateLook(state);
  return look === "stopped" ? "idle" : look;
}
