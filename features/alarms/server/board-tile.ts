import { message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { AlarmFold, LineFlow, TileKind } from "@doppelwerk/ports";
import type { Instant, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { isOfLine } from "./alarms-of-line.ts";

const MAX_ROWS = 100;
/** As they ask for attention. */
const STATES = ["unacknowledged", "returnedUnacknowledged", "latched", "acknowledged"];

const titleOf = (key: string) => textsOf(message(`alarms.tile.${key}` as "alarms.tile.active"));

/** Active alarms, the most urgent first: those whose signals the viewer may read. */
export function activeAlarmsTile(sources: {
  readonly fold: AlarmFold;
  readonly flow: LineFlow;
  now(): Instant;
  view(principal: Principal): PlantView;
}): TileKind {
  return {
    id: "alarms.active",
    title: titleOf("active"),
    about: titleOf("activeAbout"),
    shape: "table",
    fields: [{ key: "line", title: titleOf("line"), kind: "line" }],
    least: { width: 280, height: 140 },
    async read({ principal, at, settings }) {
      const view = sources.view(principal);
      const line = typeof settings["line"] === "string" && settings["line"] !== "" ? settings["line"] : undefined;
      const isAsked = isOfLine(await sources.flow.folded(), line);
      const all = (await sources.fold.at(at))
        .filter(({ inputs }) => inputs.every((signal) => view.mayReadSignal(signal)))
        .map(({ alarm }) => alarm)
        .filter((alarm) => isAsked(alarm) && STATES.includes(alarm.state))
        .toSorted((a, b) => a.priority - b.priority || STATES.indexOf(a.state) - STATES.indexOf(b.state) || a.since - b.since);
      const note = all.length === 0 ? titleOf("none") : all.length > MAX_ROWS ? more(all.length - MAX_ROWS) : undefined;
      return {
        columns: [
          { key: "priority", title: titleOf("priority"), kind: "number" },
          { key: "name", title: titleOf("alarm"), kind: "text" },
          { key: "station", title: titleOf("station"), kind: "text" },
          { key: "state", title: titleOf("state"), kind: "text" },
          { key: "since", title: titleOf("since"), kind: "instant" },
        ],
        rows: all.slice(0, MAX_ROWS).map(({ priority, title, station, state, since }) => ({
          priority,
          name: { ...title },
          station,
          state: titleOf(`state.${state}`),
          since,
        })),
        at: at ?? sources.now(),
        isSimulated: false,
        ...(note && { note }),
      };
    },
  };
}

const more = (count: number) => textsOf(message("alarms.tile.more", { count }));
