import { message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { boardTiles, lineOfTile, spanOfTile, type LineFlow, type TileKind } from "@doppelwerk/ports";
import type { BranchId, Instant, Principal } from "@doppelwerk/world";
import type { LossBudget, LossRow } from "../contract.ts";
import type {} from "../message-codes.ts";

const MAX_ROWS = 12;

const titleOf = (key: string) => textsOf(message(`losses.tile.${key}` as "losses.tile.pareto"));

/** Where the planned time of the constraint went, the largest loss first; on a branch by the reasons that hold there. */
export function paretoTile(sources: {
  readonly flow: LineFlow;
  now(): Instant;
  view(principal: Principal): PlantView;
  budget(
    view: PlantView,
    branch: BranchId,
    span: { readonly from: Instant; readonly to: Instant; readonly line: string },
  ): Promise<LossBudget>;
}): { readonly key: string; readonly value: TileKind } {
  const value: TileKind = {
    id: "losses.pareto",
    title: titleOf("pareto"),
    about: titleOf("paretoAbout"),
    shape: "bars",
    fields: [
      { key: "line", title: titleOf("line"), kind: "line" },
      { key: "hours", title: titleOf("hours"), kind: "hours" },
    ],
    least: { width: 240, height: 150 },
    async read({ principal, branch, at, settings }) {
      const view = sources.view(principal);
      const to = at ?? sources.now();
      const from = to - spanOfTile(settings);
      const empty = {
        columns: [
          { key: "name", title: titleOf("loss"), kind: "text" as const },
          { key: "value", title: titleOf("time"), kind: "seconds" as const },
          { key: "count", title: titleOf("count"), kind: "number" as const, digits: 0 },
        ],
        rows: [],
        at: to,
        from,
        isSimulated: false,
      };
      const { lines } = await sources.flow.lines(branch);
      const line = lineOfTile(lines, settings, (shell) => isReadable(view, branch, shell));
      if (line === undefined) return { ...empty, note: titleOf("noLine") };
      const { rows, shifts } = await sources.budget(view, branch, { from, to, line: line.id });
      if (shifts === 0) return { ...empty, note: titleOf("noShift") };
      const sorted = rows.filter(({ seconds }) => seconds > 0).toSorted((a, b) => b.seconds - a.seconds);
      return {
        ...empty,
        rows: sorted.slice(0, MAX_ROWS).map((row) => ({ name: nameOf(row), value: row.seconds, count: row.count ?? null })),
        ...(sorted.length === 0 && { note: titleOf("none") }),
      };
    },
  };
  return { key: boardTiles.key, value };
}

function nameOf({ reason, state, station }: LossRow) {
  const what = textsOf(message("losses.tile.state", { state }));
  const known = reason === undefined ? what : reason.title;
  return station === undefined ? known : { en: `${known.en} · ${station}`, zh: `${known.zh} · ${station}` };
}

function isReadable(view: PlantView, branch: BranchId, shell: string): boolean {
  return view.documents.reader(branch).query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 }).length > 0;
}
