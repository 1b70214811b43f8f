import { UnstyledButton } from "@mantine/core";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { CSSProperties, ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import type { JsonFault } from "./json-fault.ts";
import type { JsonView, JsonWords, PlacedFault } from "./json-view.ts";
import "./json-editor.css";

export interface JsonEditorProps {
  readonly label: string;
  /** The label is for screen readers only. */
  readonly hidesLabel?: boolean;
  readonly description?: string;
  readonly placeholder?: string | undefined;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Ctrl or Command with Enter; without it the form around the editor is submitted. */
  readonly onSubmit?: () => void;
  readonly readOnly?: boolean;
  /** No text is none that is wrong. */
  readonly mayBeEmpty?: boolean;
  /** What is wrong with what the text says; that it is no JSON the editor finds itself. */
  readonly faults?: readonly JsonFault[];
  /** Lines that are shown at least and at most; more are scrolled. */
  readonly rows?: readonly [least: number, most: number];
}

const NO_FAULTS: readonly JsonFault[] = [];

/** JSON as it is written: its parts told apart, each fault marked at its line and listed beneath. Until the editor is loaded the text can be read. */
export function JsonEditor({ rows: [least, most] = [3, 18], readOnly = false, faults = NO_FAULTS, ...props }: JsonEditorProps): ReactNode {
  const { label, hidesLabel = false, description, placeholder, text, mayBeEmpty = false } = props;
  const { t } = useWords();
  const host = useRef<HTMLDivElement>(null);
  const words = useJsonWords(label, placeholder);
  const { view, isMissing } = useView(host, { ...props, words, readOnly });
  const [placed, setPlaced] = useState<readonly PlacedFault[]>([]);
  useEffect(() => view?.describe(words, readOnly), [view, words, readOnly]);
  useEffect(() => {
    if (view === undefined) return;
    view.write(text);
    setPlaced(view.mark(faults, mayBeEmpty));
  }, [view, text, faults, mayBeEmpty, words]);
  return (
    <div
      className="dw-json-editor"
      style={{ "--rows-least": `${least * 1.5 + 1}em`, "--rows-most": `${most * 18 + 12}px` } as CSSProperties}
    >
      {!hidesLabel && <span className="dw-json-editor-label">{label}</span>}
      {description !== undefined && <small className="dw-json-editor-note">{description}</small>}
      {view === undefined && (
        <textarea
          className="dw-json-editor-plain"
          aria-label={label}
          aria-busy={!isMissing}
          readOnly={readOnly || !isMissing}
          rows={Math.max(least, Math.min(most, text.split("\n").length))}
          spellCheck={false}
          value={text}
          onChange={(event) => props.onText(event.currentTarget.value)}
        />
      )}
      <div ref={host} className={placed.length > 0 ? "dw-json-editor-host is-wrong" : "dw-json-editor-host"} hidden={view === undefined} />
      {placed.length > 0 && (
        <div role="status" className="dw-note is-trouble dw-json-editor-faults">
          <ul>
            {placed.map(({ line, from, text: fault }) => (
              <li key={`${from} ${fault}`}>
                <UnstyledButton className="dw-json-editor-line" onClick={() => view?.goTo(from)}>
                  {t("json.line", { line })}
                </UnstyledButton>{" "}
                {fault}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function useJsonWords(label: string, placeholder: string | undefined): JsonWords {
  const { t } = useWords();
  return useMemo(
    () => ({
      label,
      placeholder,
      hint: t("json.leave"),
      noJson: t("json.noJson"),
      phrases: {
        Diagnostics: t("json.errors"),
        "No diagnostics": t("json.noErrors"),
        close: t("json.close"),
        "Selection deleted": t("json.deleted"),
        "Control character": t("json.control"),
      },
    }),
    [label, placeholder, t],
  );
}

/** The editor once its code is there; where that cannot be loaded a plain field stays in its place. */
function useView(
  host: { readonly current: HTMLDivElement | null },
  given: JsonEditorProps & { readonly words: JsonWords; readonly readOnly: boolean },
): { readonly view: JsonView | undefined; readonly isMissing: boolean } {
  const [view, setView] = useState<JsonView | undefined>(undefined);
  const [isMissing, setMissing] = useState(false);
  const latest = useRef(given);
  useLayoutEffect(() => {
    latest.current = given;
  });
  useEffect(() => {
    let opened: JsonView | undefined;
    let isGone = false;
    import("./json-view.ts").then(
      ({ openJsonView }) => {
        if (isGone || host.current === null) return;
        const element = host.current;
        opened = openJsonView({
          host: element,
          text: latest.current.text,
          words: latest.current.words,
          readOnly: latest.current.readOnly,
          onText: (text) => latest.current.onText(text),
          onSubmit: () => (latest.current.onSubmit === undefined ? element.closest("form")?.requestSubmit() : latest.current.onSubmit()),
        });
        setView(opened);
      },
      () => setMissing(true),
    );
    return () => {
      isGone = true;
      opened?.close();
      setView(undefined);
    };
  }, [host]);
  return { view, isMissing };
}
