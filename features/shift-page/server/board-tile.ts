import { message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { lineOfTile, type LineFlow, type TileKind } from "@doppelwerk/ports";
import type { BranchId, Instant, Principal } from "@doppelwerk/world";
import type { ShiftPage } from "../contract.ts";
import type {} from "../message-codes.ts";

const titleOf = (key: string) => textsOf(message(`shiftPage.tile.${key}` as "shiftPage.tile.result"));

/** The shift at an instant in a few numbers: good against plan and the median of like shifts, OEE, scrap, rework, what is open. */
export function shiftTile(sources: {
  readonly flow: LineFlow;
  now(): Instant;
  view(principal: Principal): PlantView;
  page(view: PlantView, branch: BranchId, asked: { readonly line: string; readonly t: Instant | undefined }): Promise<ShiftPage>;
}): TileKind {
  return {
    id: "shiftPage.overview",
    title: titleOf("result"),
    about: titleOf("resultAbout"),
    shape: "table",
    fields: [{ key: "line", title: titleOf("line"), kind: "line" }],
    least: { width: 200, height: 160 },
    async read({ principal, branch, at, settings }) {
      const view = sources.view(principal);
      const empty = {
        columns: [
          { key: "name", title: titleOf("name"), kind: "text" as const },
          { key: "value", title: titleOf("value"), kind: "number" as const },
          { key: "unit", title: titleOf("unit"), kind: "text" as const },
        ],
        rows: [],
        at: at ?? sources.now(),
        isSimulated: false,
      };
      const { lines } = await sources.flow.lines(branch);
      const mayRead = (shell: string): boolean =>
        view.documents.reader(branch).query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 }).length > 0;
      const line = lineOfTile(lines, settings, mayRead);
      if (line === undefined) return { ...empty, note: titleOf("noLine") };
      const page = await sources.page(view, branch, { line: line.id, t: at });
      const { shift } = page;
      if (shift === undefined) return { ...empty, note: titleOf("noShift") };
      const row = (key: string, value: number | undefined, unit = "") => ({ name: titleOf(key), value: value ?? null, unit });
      return {
        ...empty,
        from: shift.from,
        rows: [
          { name: titleOf("shift"), value: shift.name, unit: "" },
          row("good", shift.good),
          row(shift.isRunning ? "due" : "plan", page.plan),
          row("median", page.median),
          row("oee", shift.oee === undefined ? undefined : shift.oee * 100, "%"),
          row("scrap", shift.scrap),
          row("reworked", shift.reworked),
          row("unknown", shift.unknownS / 60, "min"),
          row("open", page.items.filter(({ done }) => done === undefined).length),
        ],
      };
    },
  };
}
