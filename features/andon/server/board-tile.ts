import { message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { TileKind } from "@doppelwerk/ports";
import type { Instant, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import type { AndonCalls } from "./calls.ts";

const titleOf = (key: string) => textsOf(message(`andon.tile.${key}` as "andon.tile.open"));

/** Andons that are open, or were at an instant of the past: where, for what, since when, and who owns each. The longest waiting is first. */
export function andonTile(calls: AndonCalls, view: (principal: Principal) => PlantView, now: () => Instant): TileKind {
  return {
    id: "andon.open",
    title: titleOf("open"),
    about: titleOf("openAbout"),
    shape: "table",
    fields: [],
    least: { width: 240, height: 140 },
    async read({ principal, at = now() }) {
      const open = calls
        .held(view(principal))
        .filter(({ raisedAt, closedAt = Infinity }) => raisedAt <= at && closedAt > at)
        .toReversed();
      const shown = await Promise.all(open.map(async (call) => ({ call, andon: await calls.shown(call) })));
      return {
        columns: [
          { key: "station", title: titleOf("station"), kind: "text" },
          { key: "what", title: titleOf("what"), kind: "text" },
          { key: "since", title: titleOf("since"), kind: "instant" },
          { key: "owner", title: titleOf("owner"), kind: "text" },
        ],
        rows: shown.map(({ call: { takenAt = Infinity }, andon: { title, reason, text, raisedAt, owner } }) => ({
          station: title,
          what: text ?? textsOf(message(`andon.reason.${reason}`)),
          since: raisedAt,
          owner: owner === undefined || takenAt > at ? null : owner.name,
        })),
        at,
        isSimulated: false,
        ...(open.length === 0 && { note: titleOf("none") }),
      };
    },
  };
}
