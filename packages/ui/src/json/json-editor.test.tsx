import { EditorView } from "@codemirror/view";
import { act, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import type { ReactNode } from "react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../studio/src/app/page.fixture.tsx";
import { JsonEditor } from "./json-editor.tsx";
import type { JsonEditorProps } from "./json-editor.tsx";

afterEach(closePages);

// of a browser, what the editor measures with and jsdom has not
Range.prototype.getClientRects = () => [] as never;
document.execCommand = () => false;

const written: string[] = [];
let rewrite: (text: string) => void;
function Form({
  first,
  faultsOf = () => [],
  ...props
}: { readonly first: string; readonly faultsOf?: (text: string) => JsonEditorProps["faults"] } & Partial<JsonEditorProps>): ReactNode {
  const [text, setText] = useState(first);
  rewrite = setText;
  return (
    <form onSubmit={(event) => (event.preventDefault(), written.push(`sent ${text}`))}>
      <JsonEditor
        label="Settings"
        {...props}
        text={text}
        faults={faultsOf(text)}
        onText={(next) => {
          written.push(next);
          setText(next);
        }}
      />
    </form>
  );
}

/** The editor of the page, once it is loaded. */
async function editor(): Promise<{ readonly view: EditorView; readonly field: HTMLElement }> {
  const root = await waitFor(() => {
    const found = document.querySelector(".dw-json-editor-host")?.shadowRoot;
    expect(found?.querySelector(".cm-editor")).toBeTruthy();
    return found!;
  });
  const view = EditorView.findFromDOM(root.querySelector<HTMLElement>(".cm-editor")!)!;
  return { view, field: view.contentDOM };
}
const type = (view: EditorView, insert: string, from: number, to = from): Promise<void> =>
  act(async () => view.dispatch({ changes: { from, to, insert }, userEvent: "input.type" }));

test("[U110] faults stand at their lines while it is written, and what comes from elsewhere is no writing", async () => {
  written.length = 0;
  const faultsOf = (text: string) => (text.includes('"port": 0') ? [{ path: "plant.port", text: "must be at least 1" }] : []);
  await openPage(<Form first={'{\n  "plant": {\n    "port": 1\n  }\n}'} faultsOf={faultsOf} />, { answers: {} });
  const { view } = await editor();
  expect(screen.queryByRole("status")).toBeNull();
  const one = view.state.doc.toString().indexOf("1");
  await type(view, "0", one, one + 1);
  const status = within(await screen.findByRole("status"));
  status.getByText("must be at least 1");
  await act(async () => status.getByRole("button", { name: "Line 3" }).click());
  expect(view.state.doc.lineAt(view.state.selection.main.head).number).toBe(3);
  await waitFor(() => expect(view.dom.querySelector(".cm-lintRange-error")?.textContent).toBe('"port"'));
  await type(view, "}", one);
  status.getByText("From here on the text is not valid JSON.");
  expect(written).toHaveLength(2);
  await act(async () => rewrite("{}"));
  expect(view.state.doc.toString()).toBe("{}");
  expect(screen.queryByRole("status")).toBeNull();
  expect(written).toHaveLength(2);
});

test("[U110] who types faster than the page is drawn loses nothing", async () => {
  const late: (() => void)[] = [];
  function Late(): ReactNode {
    const [text, setText] = useState("");
    return <JsonEditor label="Settings" text={text} onText={(next) => late.push(() => setText(next))} />;
  }
  await openPage(<Late />, { answers: {} });
  const { view } = await editor();
  for (const [at, letter] of ["[", "1", "]"].entries()) await type(view, letter, at);
  for (const draw of late.splice(0)) {
    await act(async () => draw());
    expect(view.state.doc.toString()).toBe("[1]");
  }
  await type(view, "2", 2);
  expect(view.state.doc.toString()).toBe("[12]");
  await act(async () => late.splice(0).forEach((draw) => draw()));
  expect(view.state.doc.toString()).toBe("[12]");
});

test("[U110] where nothing need be written, no text is no fault", async () => {
  await openPage(<Form first="" mayBeEmpty placeholder="{}" />, { answers: {} });
  const { view } = await editor();
  expect(screen.queryByRole("status")).toBeNull();
  await type(view, "{", 0);
  await screen.findByRole("status");
});

test("[U111] it is named in the reader's language, says how it is left, sends its form, and can be read only", async () => {
  written.length = 0;
  const page = await openPage(<Form first="{}" />, { answers: {}, language: "zh" });
  const { view, field } = await editor();
  expect(field.getAttribute("aria-label")).toBe("Settings");
  expect(field.getAttribute("aria-description")).toContain("Escape");
  expect(field.getAttribute("aria-description")).toMatch(/离开/);
  expect(view.state.phrase("Diagnostics")).toBe("错误");
  await act(
    async () =>
      void field.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true, cancelable: true }),
      ),
  );
  expect(written).toEqual(["sent {}"]);
  await type(view, "[", 0);
  await screen.findByText("从这里起不是有效的 JSON。");
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  await openPage(<Form first="{}" readOnly />, { answers: {} });
  expect((await editor()).view.state.readOnly).toBe(true);
});
