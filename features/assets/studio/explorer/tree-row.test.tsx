import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import { TreeRowView } from "./tree-row.tsx";

afterEach(() => {
  cleanup();
  closePages();
});

const style = { top: 0 };
const nothing = (): void => {};

test("[AH6] submodels of one name show which station they are of, also beside a display name; the title has all of it", async () => {
  const ends = ["submodel:S090:Nameplate", "shell:S120/name-plate"];
  const rows = ends.map((end) => ({
    key: end,
    depth: 0,
    kind: "submodel" as const,
    label: "Nameplate",
    names: [{ language: "en", text: "Digital nameplate" }],
    submodel: `urn:doppelwerk:demo-plant:${end}`,
    opens: true,
    open: false,
  }));
  const view = (
    <div role="tree">
      {rows.map((row) => (
        <TreeRowView
          key={row.key}
          row={row}
          style={style}
          isSelected={false}
          isActive={false}
          find={undefined}
          hasNamesake
          onChoose={nothing}
          onToggle={nothing}
          onRetry={nothing}
        />
      ))}
    </div>
  );
  await openPage(view, { answers: {} });
  const items = screen.getAllByRole("treeitem");
  expect(items.map((item) => item.querySelector(".is-end")?.textContent)).toEqual([
    expect.stringMatching(/^….*S090$/),
    expect.stringMatching(/^….*S120$/),
  ]);
  expect(items[0]!.title).toBe("Nameplate\nDigital nameplate\nurn:doppelwerk:demo-plant:submodel:S090:Nameplate");
  expect(items[0]!.textContent).toContain("Digital nameplate");
});
